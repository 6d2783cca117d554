//! Exponentials, logarithms and sines from plain additions and multiplications.
//!
//! Mathematics libraries round differently, so results would differ between systems. These functions are sequences of
//! IEEE operations without fused steps: they give the same bits everywhere, and compilers can vectorize them. The
//! functions for vectors use fused operations, so their bits depend on the kernel class. Errors are at most a few units
//! in the last place of `f32`; the tests compare them with `f64`.

use std::f32::consts::{LN_2, LOG2_E};

use pulp::Simd;

/// Adding and then subtracting this rounds a small `f32` to the nearest integer, ties to even.
const ROUNDING: f32 = 12_582_912.0;

/// ln 2 in two parts, so that `x - k ln 2` is exact to more than `f32`.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// The highest coefficient of the Taylor series of `e^r` around 0, then the lower ones. For `|r| <= ln 2 / 2`, the next
/// term is below 1e-8.
const EXP_HIGHEST: f32 = 1.0 / 5040.0;
const EXP_SERIES: [f32; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];

/// `e^x`; 0 below -87, finite up to 88.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    let vanishes = x < -87.0;
    let x = if x > 88.0 { 88.0 } else { x };
    let x = if vanishes { 0.0 } else { x };
    let shifted = x * LOG2_E + ROUNDING;
    let k = shifted - ROUNDING;
    let r = x - k * LN_2_HIGH - k * LN_2_LOW;
    let mut series = EXP_HIGHEST;
    for coefficient in EXP_SERIES {
        series = series * r + coefficient;
    }
    // k is an integer in -126..=127, and it is also in the low bits of `shifted`. So the exponent field is in range.
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    if vanishes { 0.0 } else { series * power }
}

/// `e^-|z|` for a vector, at least 2e-38; with fused operations where they are as fast.
#[inline(always)]
pub fn exp_of_negated<S: Simd>(simd: S, z: S::f32s) -> S::f32s {
    let splat = |value: f32| simd.splat_f32s(value);
    let x = simd.max_f32s(simd.neg_f32s(simd.abs_f32s(z)), splat(-87.0));
    let shifted = simd.mul_add_e_f32s(x, splat(LOG2_E), splat(ROUNDING));
    let k = simd.sub_f32s(shifted, splat(ROUNDING));
    let r = simd.mul_add_e_f32s(k, splat(-LN_2_HIGH), x);
    let r = simd.mul_add_e_f32s(k, splat(-LN_2_LOW), r);
    let mut series = splat(EXP_HIGHEST);
    for coefficient in EXP_SERIES {
        series = simd.mul_add_e_f32s(series, r, splat(coefficient));
    }
    // As in `exp`.
    let exponent = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(shifted), simd.splat_u32s(23));
    let power = simd.add_u32s(exponent, simd.splat_u32s(1.0_f32.to_bits()));
    simd.mul_f32s(series, simd.transmute_f32s_u32s(power))
}

/// `2 atanh(s)` for `|s| <= 1/3`, which is `ln((1 + s) / (1 - s))`.
#[inline(always)]
fn twice_atanh(s: f32) -> f32 {
    let square = s * s;
    let mut series = 1.0 / 17.0;
    for coefficient in [1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 0.2, 1.0 / 3.0] {
        series = series * square + coefficient;
    }
    let s = s + s;
    s * (series * square) + s
}

/// `ln(1 + e)` for `0 <= e <= 1`, accurate for small `e` too.
#[inline(always)]
#[must_use]
pub fn ln_1p(e: f32) -> f32 {
    twice_atanh(e / (2.0 + e))
}

/// Natural logarithm of a positive normal number.
#[inline(always)]
#[must_use]
pub fn ln(x: f32) -> f32 {
    // x = m 2^k with m in [2/3, 4/3), so that s below stays within 1/5.
    let bits = x.to_bits();
    let shifted = bits.wrapping_sub(0x3f2a_aaab);
    let k = shifted.cast_signed() >> 23;
    let m = f32::from_bits(bits.wrapping_sub((k << 23).cast_unsigned()));
    let exponent = k as f32;
    exponent * LN_2 + twice_atanh((m - 1.0) / (m + 1.0))
}

/// Sine and cosine of an angle in turns (of 360 degrees), `0 <= turns < 1`.
#[inline(always)]
#[must_use]
pub fn sin_cos_turns(turns: f32) -> (f32, f32) {
    // The nearest quarter turn, and an angle of at most an eighth of a turn from it.
    let shifted = turns * 4.0 + ROUNDING;
    let quarter = shifted - ROUNDING;
    let angle = (turns - quarter * 0.25) * std::f32::consts::TAU;
    let square = angle * angle;
    let mut sine = 1.0 / 362_880.0;
    for coefficient in [-1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0] {
        sine = sine * square + coefficient;
    }
    sine *= angle;
    let mut cosine = 1.0 / 40_320.0;
    for coefficient in [-1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0] {
        cosine = cosine * square + coefficient;
    }
    // The number of the quarter, 0..=4, is in the low bits of `shifted`.
    let quarter = shifted.to_bits();
    let (sine, cosine) = if quarter & 1 == 1 { (cosine, -sine) } else { (sine, cosine) };
    if quarter & 2 == 2 { (-sine, -cosine) } else { (sine, cosine) }
}

/// The logistic function `1 / (1 + e^-z)`, without overflow.
#[inline(always)]
#[must_use]
pub fn sigmoid(z: f32) -> f32 {
    let e = exp(-z.abs());
    let positive = 1.0 / (1.0 + e);
    if z >= 0.0 { positive } else { e * positive }
}

/// [`sigmoid`] for a vector.
#[inline(always)]
pub fn sigmoids<S: Simd>(simd: S, z: S::f32s) -> S::f32s {
    let e = exp_of_negated(simd, z);
    let one = simd.splat_f32s(1.0);
    let above = simd.select_f32s(simd.less_than_f32s(z, simd.splat_f32s(0.0)), e, one);
    simd.div_f32s(above, simd.add_f32s(one, e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::kernel_class::KernelClass;

    /// Largest error over a range, in units of the last place of the largest of |expected| and `floor`.
    fn worst(range: (f64, f64), floor: f64, ours: impl Fn(f32) -> f32, theirs: impl Fn(f64) -> f64) -> f64 {
        let steps = 200_000;
        (0..=steps).fold(0.0_f64, |worst, step| {
            #[allow(clippy::cast_possible_truncation)]
            let x = (range.0 + (range.1 - range.0) * f64::from(step) / f64::from(steps)) as f32;
            let expected = theirs(f64::from(x));
            worst.max((f64::from(ours(x)) - expected).abs() / (expected.abs().max(floor) * f64::from(f32::EPSILON)))
        })
    }

    #[test]
    fn functions_agree_with_double_precision() {
        assert!(worst((-86.0, 88.0), 0.0, exp, f64::exp) < 2.0);
        assert!(worst((1e-30, 1.0), 0.0, ln_1p, f64::ln_1p) < 3.0);
        assert!(worst((6e-8, 1.0), 1e-2, ln, f64::ln) < 3.0);
        assert!(worst((0.0, 0.999_999), 1.0, |x| sin_cos_turns(x).0, |x| (x * std::f64::consts::TAU).sin()) < 2.0);
        assert!(worst((0.0, 0.999_999), 1.0, |x| sin_cos_turns(x).1, |x| (x * std::f64::consts::TAU).cos()) < 2.0);
        assert!(worst((-80.0, 80.0), 0.0, sigmoid, |z| 1.0 / (1.0 + (-z).exp())) < 4.0);
    }

    struct Vectors(f32);

    impl pulp::WithSimd for Vectors {
        type Output = (f32, f32);

        fn with_simd<S: Simd>(self, simd: S) -> (f32, f32) {
            let z = simd.splat_f32s(self.0);
            let lanes = S::F32_LANES as f32;
            let first = |vector: S::f32s| simd.reduce_sum_f32s(vector) / lanes;
            (first(exp_of_negated(simd, z)), first(sigmoids(simd, z)))
        }
    }

    #[test]
    fn vectors_agree_with_double_precision() {
        for class in KernelClass::ALL.into_iter().filter(|class| class.is_here()) {
            let at = |z: f32| class.vectors(false).run(Vectors(z));
            assert!(worst((-86.0, 86.0), 0.0, |z| at(z).0, |z| (-z.abs()).exp()) < 3.0, "{class}");
            assert!(worst((-80.0, 80.0), 0.0, |z| at(z).1, |z| 1.0 / (1.0 + (-z).exp())) < 4.0, "{class}");
            assert!(at(1e30).0 < 2e-38 && at(-200.0).1 < 2e-38 && at(200.0).1 == 1.0, "{class}");
        }
    }

    #[test]
    fn extremes_stay_finite() {
        assert_eq!(exp(-1e30), 0.0);
        assert!(exp(1e30).is_finite());
        assert_eq!(sigmoid(-200.0), 0.0);
        assert_eq!(sigmoid(200.0), 1.0);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(ln(1.0), 0.0);
    }
}
