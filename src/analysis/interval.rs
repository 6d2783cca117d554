//! Confidence intervals for shares.

use statrs::distribution::{ContinuousCDF, Normal};

/// The default confidence level.
pub const CONFIDENCE: f64 = 0.95;

/// Wilson's score interval for the share `part / of`, with `part` from 0 to `of`. Both may be fractions, so that
/// weighted trials can be counted by their effective number. `confidence` is above 0 and below 1. If `of` is 0, the
/// interval is from 0 to 1.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927; without correction for
/// continuity, as R. G. Newcombe recommends ("Two-sided confidence intervals for the single proportion", 1998, method
/// 3).
#[must_use]
pub fn wilson(part: f64, of: f64, confidence: f64) -> (f64, f64) {
    let unknown = (0.0, 1.0);
    let Ok(normal) = Normal::new(0.0, 1.0) else { return unknown };
    if of <= 0.0 || confidence <= 0.0 || confidence >= 1.0 {
        return unknown;
    }
    let share = (part / of).clamp(0.0, 1.0);
    let z = normal.inverse_cdf(f64::midpoint(1.0, confidence));
    let scale = 1.0 + z * z / of;
    let center = (share + z * z / (2.0 * of)) / scale;
    let half = z / scale * (share * (1.0 - share) / of + z * z / (4.0 * of * of)).sqrt();
    // For shares of 0 and 1, that end of the interval is exact; rounding would leave it slightly inside.
    let low = if share == 0.0 { 0.0 } else { (center - half).max(0.0) };
    let high = if share == 1.0 { 1.0 } else { (center + half).min(1.0) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_examples() {
        // Newcombe 1998, table I, method 3.
        for (part, of, low, high) in [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0000, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ] {
            let found = wilson(part, of, 0.95);
            assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{part} of {of}: {found:?}");
        }
    }

    #[test]
    fn without_trials_nothing_is_known() {
        assert_eq!(wilson(0.0, 0.0, 0.95), (0.0, 1.0));
        assert_eq!(wilson(12.0, 12.0, 0.95).1, 1.0);
    }

    proptest! {
        #[test]
        fn the_ends_are_where_the_score_test_just_rejects(of in 1.0..400.0_f64, share in 0.0..=1.0_f64) {
            // By definition: (share - p)^2 = z^2 p (1 - p) / n at both ends, inside the unit interval.
            let (low, high) = wilson(share * of, of, 0.95);
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
            for p in [low, high] {
                let distance = (share - p).powi(2) - 1.959_963_984_540_054_f64.powi(2) * p * (1.0 - p) / of;
                prop_assert!(distance.abs() < 1e-9, "{distance}");
            }
        }
    }
}
