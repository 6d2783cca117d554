//! Fisher's exact test: may two shares come from the same one?

use statrs::function::factorial::ln_binomial;

/// The two-sided p value of Fisher's exact test (R. A. Fisher, "Statistical methods for research workers", 1934): how
/// probable a split of the successes over both samples is that is at most as probable as this one, the sums given. Each
/// sample is its successes and its trials, successes at most trials. 1 where a sample is empty.
#[must_use]
#[allow(clippy::cast_precision_loss)] // counts of trials
pub fn exact(one: (u64, u64), other: (u64, u64)) -> f64 {
    let ((a, trials), (b, more)) = (one, other);
    let successes = a + b;
    let total = ln_binomial(trials + more, successes);
    let probability = |a: u64| (ln_binomial(trials, a) + ln_binomial(more, successes - a) - total).exp();
    // What is as probable but for rounding counts as that, as R has it.
    let limit = probability(a) * (1.0 + 1e-7);
    let splits = successes.saturating_sub(more)..=successes.min(trials);
    splits.map(probability).filter(|probability| *probability <= limit).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_values() {
        // R's fisher.test: the tea tasting of its documentation; and the example of scipy.stats.fisher_exact; by hand:
        // 5 of 5 against 0 of 5 is one split of 252, and so is its mirror image.
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
