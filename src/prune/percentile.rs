//! Percentiles with linear interpolation.

/// The `percent`-th percentile of `values`, interpolated linearly between the two nearest ranks as numpy does.
///
/// `percent` is 0 to 100. Reorders `values`. NaN counts as greater than every number.
///
/// # Panics
/// When `values` is empty.
pub fn percentile(values: &mut [f64], percent: f64) -> f64 {
    let last = values.len() - 1;
    #[allow(clippy::cast_precision_loss)]
    let rank = (last as f64 * (percent / 100.0)).clamp(0.0, last as f64);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within 0 ..= last
    let below = rank.floor() as usize;
    #[allow(clippy::cast_precision_loss)]
    let share = rank - below as f64;
    let (_, &mut low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    // numpy measures from the nearer end, so that both ends come out exactly.
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
            assert!((percentile(&mut values.clone(), percent) - expected).abs() < 1e-12, "{percent} %");
        }
    }

    #[test]
    fn of_one_value() {
        assert_eq!(percentile(&mut [2.5], 70.0), 2.5);
    }
}
