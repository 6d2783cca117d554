//! Binary cross-entropy of sigmoid outputs, computed from logits: what any [`Engine`](super::Engine) minimizes.
//!
//! ```
//! use neural_sculpting::train::loss;
//!
//! let (logits, targets) = ([2.0, -0.5], [1.0, 1.0]);
//! assert_eq!(loss::bits_right(&logits, &targets), 1);
//! assert!((loss::mean(&logits, &targets) - 0.550_5).abs() < 1e-4);
//! let mut deltas = Vec::new();
//! loss::deltas(&logits, &targets, &mut deltas);
//! assert!((deltas[0] - -0.059_6).abs() < 1e-4);
//! ```

use super::math;

/// The delta of each logit: `(sigmoid(z) - y) / count`, for a loss that is the mean of `count` terms.
///
/// `logits` and `targets` have the same length, `count`; `deltas` is overwritten.
pub fn deltas(logits: &[f32], targets: &[f32], deltas: &mut Vec<f32>) {
    let scale = 1.0 / logits.len() as f32;
    deltas.clear();
    deltas.extend(logits.iter().zip(targets).map(|(&z, &y)| (math::sigmoid(z) - y) * scale));
}

/// The loss: the mean over all outputs of `max(z, 0) - z y + ln(1 + e^-|z|)`, summed in double precision.
#[must_use]
pub fn mean(logits: &[f32], targets: &[f32]) -> f64 {
    let count = logits.len() as f64;
    logits.iter().zip(targets).map(|(&z, &y)| f64::from(term(z, y))).sum::<f64>() / count
}

/// The loss of one output: `max(z, 0) - z y + ln(1 + e^-|z|)`.
fn term(z: f32, y: f32) -> f32 {
    z.max(0.0) - z * y + math::ln_1p(math::exp(-z.abs()))
}

/// The most outputs whose logarithms [`ln_grown`] takes together.
pub(super) const MOST_GROWN: usize = 64;

/// The sum of `ln(1 + e^-|z|)` over at most [`MOST_GROWN`] outputs, given their product of `1 + e^-|z|`, less 1: in
/// this form, small factors are not lost to rounding.
#[inline(always)]
#[must_use]
pub(super) fn ln_grown(grown: f32) -> f32 {
    if grown <= 1.0 { math::ln_1p(grown) } else { math::ln(1.0 + grown) }
}

/// Number of output bits that are right; the prediction is 1 if the logit is above 0.
#[must_use]
pub fn bits_right(logits: &[f32], targets: &[f32]) -> u64 {
    logits.iter().zip(targets).map(|(&z, &y)| u64::from((z > 0.0) == (y > 0.5))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_of_a_worked_case() {
        // ln(1 + e^-2) for the right answer, 2 + ln(1 + e^-2) for the wrong one, ln 2 at 0.
        let expected = (2.0 * 0.126_928_011_042_972_5 + 2.0 + std::f64::consts::LN_2) / 3.0;
        assert!((mean(&[2.0, 2.0, 0.0], &[1.0, 0.0, 1.0]) - expected).abs() < 1e-7);
    }

    #[test]
    fn logarithms_taken_together_equal_their_sum() {
        let sum = |logits: &[f32]| logits.iter().map(|&z| (-f64::from(z.abs())).exp().ln_1p()).sum::<f64>();
        let wavy: Vec<f32> = (0..MOST_GROWN).map(|number| 9.0 * (number as f32).sin()).collect();
        for logits in [&[0.0; MOST_GROWN][..], &[40.0, -41.0, 60.0], &[-0.1, 17.0], &wavy] {
            let grown = logits.iter().map(|&z| math::exp(-z.abs())).fold(0.0, |grown, e| grown * e + (grown + e));
            let expected = sum(logits);
            assert!((f64::from(ln_grown(grown)) / expected - 1.0).abs() < 2e-6, "{logits:?}");
        }
    }

    #[test]
    fn a_logit_of_zero_predicts_zero() {
        assert_eq!(bits_right(&[0.0, 0.0, 1.0, -1.0], &[0.0, 1.0, 1.0, 1.0]), 2);
    }

    #[test]
    fn deltas_are_the_derivative_of_the_loss() {
        let (logits, targets) = ([0.3_f32, -1.2, 4.0], [1.0, 0.0, 1.0]);
        let mut delta = Vec::new();
        deltas(&logits, &targets, &mut delta);
        for index in 0..3 {
            let at = |shift: f32| {
                let mut moved = logits;
                moved[index] += shift;
                mean(&moved, &targets)
            };
            let difference = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((difference - f64::from(delta[index])).abs() < 2e-5);
        }
    }
}
