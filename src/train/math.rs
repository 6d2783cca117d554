//! Exponentials, logarithms and sines from plain additions and multiplications.
//!
//! A system's mathematics library rounds as it likes, so results would differ between machines. These functions are
//! sequences of IEEE operations without fused steps: the same bits everywhere, and simple enough for the compiler to
//! vectorise. Errors stay within a few units in the last place of `f32`, checked against `f64` in the tests.

use std::f32::consts::{LN_2, LOG2_E};

/// Adding and subtracting this rounds a small `f32` to the nearest whole number, ties to even.
const ROUNDING: f32 = 12_582_912.0;

/// `a b + c`: in one fused step where `FUSED`, which is for vector units that have it.
#[inline(always)]
fn multiply_add<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// `e^x`; 0 below -87, finite up to 88.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    exp_with::<false>(x)
}

/// As [`exp`], with fused steps where `FUSED`.
#[inline(always)]
#[must_use]
pub fn exp_with<const FUSED: bool>(x: f32) -> f32 {
    // ln 2 in two parts, so that x - k ln 2 is exact to more than f32.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let vanishes = x < -87.0;
    let x = if x > 88.0 { 88.0 } else { x };
    let x = if vanishes { 0.0 } else { x };
    let shifted = multiply_add::<FUSED>(x, LOG2_E, ROUNDING);
    let k = shifted - ROUNDING;
    let r = multiply_add::<FUSED>(k, -LN_2_LOW, multiply_add::<FUSED>(k, -LN_2_HIGH, x));
    // Taylor's series around 0 on |r| <= ln 2 / 2: the next term is below 1e-8.
    let mut series = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        series = multiply_add::<FUSED>(series, r, coefficient);
    }
    // k is whole and within -126 ..= 127; it is also the low bits of `shifted`. So the exponent field is in range.
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    if vanishes { 0.0 } else { series * power }
}

/// `2 atanh(s)` for `|s| <= 1/3`, which is `ln((1 + s) / (1 - s))`.
#[inline(always)]
fn twice_atanh<const FUSED: bool>(s: f32) -> f32 {
    let square = s * s;
    let mut series = 1.0 / 17.0;
    for coefficient in [1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 0.2, 1.0 / 3.0] {
        series = multiply_add::<FUSED>(series, square, coefficient);
    }
    let s = s + s;
    multiply_add::<FUSED>(s, series * square, s)
}

/// `ln(1 + e)` for `0 <= e <= 1`, accurate for small `e` too.
#[inline(always)]
#[must_use]
pub fn ln_1p(e: f32) -> f32 {
    ln_1p_with::<false>(e)
}

/// As [`ln_1p`], with fused steps where `FUSED`.
#[inline(always)]
#[must_use]
pub fn ln_1p_with<const FUSED: bool>(e: f32) -> f32 {
    twice_atanh::<FUSED>(e / (2.0 + e))
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
    #[allow(clippy::cast_precision_loss)] // |k| < 150
    let exponent = k as f32;
    exponent * LN_2 + twice_atanh::<false>((m - 1.0) / (m + 1.0))
}

/// Sine and cosine of `turns` whole turns, `0 <= turns < 1`.
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
    // Its number, 0 ..= 4, is in the low bits of `shifted`.
    let quarter = shifted.to_bits();
    let (sine, cosine) = if quarter & 1 == 1 { (cosine, -sine) } else { (sine, cosine) };
    if quarter & 2 == 2 { (-sine, -cosine) } else { (sine, cosine) }
}

/// The logistic function `1 / (1 + e^-z)`, without overflow.
#[inline(always)]
#[must_use]
pub fn sigmoid(z: f32) -> f32 {
    sigmoid_with::<false>(z)
}

/// As [`sigmoid`], with fused steps where `FUSED`.
#[inline(always)]
#[must_use]
pub fn sigmoid_with<const FUSED: bool>(z: f32) -> f32 {
    let e = exp_with::<FUSED>(-z.abs());
    let positive = 1.0 / (1.0 + e);
    if z >= 0.0 { positive } else { e * positive }
}

#[cfg(test)]
mod tests {
    use super::*;

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
