//! Fisher's exact test: can two samples have the same share of successes?

use statrs::distribution::{Discrete, Hypergeometric};
use statrs::statistics::{Max, Min};

/// The two-sided p value of Fisher's exact test (R. A. Fisher, "Statistical methods for research workers", 1934): the
/// probability, given the totals, of a split of the successes that is at most as probable as the observed one.
///
/// Each sample is its number of successes and its number of trials. The p value is 1 if a sample is empty.
#[must_use]
pub fn exact((successes, trials): (u64, u64), (other_successes, other_trials): (u64, u64)) -> f64 {
    let total = successes + other_successes;
    // Fails only if there are more successes than trials.
    let Ok(splits) = Hypergeometric::new(trials + other_trials, trials, total) else { return 1.0 };
    let probability = |successes: u64| splits.ln_pmf(successes).exp();
    // As in R, splits count as equally probable if they differ by rounding errors only.
    let limit = probability(successes) * (1.0 + 1e-7);
    (splits.min()..=splits.max()).map(probability).filter(|probability| *probability <= limit).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_values() {
        // The tea tasting in the documentation of R's fisher.test; the example of scipy.stats.fisher_exact; and by
        // hand: 5 of 5 against 0 of 5 is one split of 252, and so is its mirror image.
        for (one, other, p) in [
            ((3, 4), (1, 4), 0.485_714_285_7),
            ((8, 10), (1, 6), 0.034_965_034_97),
            ((1, 10), (11, 14), 0.002_759_456_185),
            ((5, 5), (0, 5), 2.0 / 252.0),
        ] {
            assert!((exact(one, other) - p).abs() < 1e-9, "{one:?} {other:?}: {}", exact(one, other));
        }
        assert_eq!(exact((0, 0), (3, 7)), 1.0);
        assert_eq!(exact((12, 12), (12, 12)), 1.0);
    }

    proptest! {
        #[test]
        fn it_has_two_symmetries(a in 0..40_u64, b in 0..40_u64, c in 0..40_u64, d in 0..40_u64) {
            let p = exact((a, a + b), (c, c + d));
            prop_assert!((0.0..=1.0).contains(&p));
            prop_assert!((p - exact((c, c + d), (a, a + b))).abs() < 1e-9);
            prop_assert!((p - exact((b, a + b), (d, c + d))).abs() < 1e-9);
        }
    }
}
