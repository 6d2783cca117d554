//! Percentiles with linear interpolation.

/// The `percent`-th percentile of `values` and `zeros` more values of 0, interpolated linearly between the two nearest
/// ranks as numpy does.
///
/// All values are at least 0, `percent` is 0 to 100. Reorders `values`. NaN counts as greater than any number. Without
/// any values the percentile is 0.
pub(super) fn percentile(zeros: usize, values: &mut [f64], percent: f64) -> f64 {
    let last = (zeros + values.len()).saturating_sub(1);
    let rank = (last as f64 * (percent / 100.0)).clamp(0.0, last as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0..=last")]
    let below = rank.floor() as usize;
    let share = rank - below as f64;
    let (low, above) = match below.checked_sub(zeros) {
        None => (0.0, if below + 1 < zeros { &[0.0] } else { &*values }),
        Some(at) if at < values.len() => {
            let (_, &mut low, above) = values.select_nth_unstable_by(at, f64::total_cmp);
            (low, &*above)
        }
        Some(_) => (0.0, &[][..]),
    };
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    // numpy measures from the nearer end, which makes both ends exact.
    if share >= 0.5 { high - (high - low) * (1.0 - share) } else { low + (high - low) * share }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], q)`, numpy 1.26.
    #[test]
    fn equals_numpy() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for (percent, expected) in
            [(0.0, 1.0), (5.0, 1.0), (12.5, 1.0), (30.0, 2.1), (50.0, 3.5), (75.0, 5.25), (92.0, 7.32), (100.0, 9.0)]
        {
            assert!((percentile(0, &mut values.clone(), percent) - expected).abs() < 1e-12, "{percent}%");
        }
    }

    #[test]
    fn zeros_can_be_given_as_a_count() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0];
        for zeros in 0..4 {
            let mut all = [vec![0.0; zeros], values.to_vec()].concat();
            for percent in (0..=100).map(f64::from) {
                let (expected, found) =
                    (percentile(0, &mut all, percent), percentile(zeros, &mut values.clone(), percent));
                assert_eq!(found.to_bits(), expected.to_bits(), "{zeros} zeros, {percent}%");
            }
        }
    }

    #[test]
    fn of_one_value_or_none() {
        assert_eq!(percentile(0, &mut [2.5], 70.0), 2.5);
        assert_eq!(percentile(1, &mut [], 70.0), 0.0);
        assert_eq!(percentile(0, &mut [], 70.0), 0.0);
    }
}
