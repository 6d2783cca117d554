//! The separability tests: do two units, or two groups of units, belong together (sections 4 and I.2 of the paper)?

use super::bits::{count, count_common};
use super::detection::SeparabilityTest;
use super::quality::rounded;

/// The counts that both tests compare: common successors against a binomial baseline of g draws, given o_i and o_j.
struct Counts {
    o_i: usize,
    o_j: usize,
    o_ij: usize,
    g: usize,
}

impl Counts {
    fn new(first: &[u64], second: &[u64], g: usize) -> Self {
        Self { o_i: count(first), o_j: count(second), o_ij: count_common(first, second), g }
    }

    /// g times the difference of observed and expected common successors: an integer, so that its sign is exact.
    fn excess(&self) -> i128 {
        (self.o_ij * self.g) as i128 - (self.o_i * self.o_j) as i128
    }

    fn test(&self, z: f64, positive: bool) -> SeparabilityTest {
        let expected = (self.o_i * self.o_j) as f64 / self.g as f64;
        let Self { o_i, o_j, o_ij, g } = *self;
        SeparabilityTest { o_i, o_j, o_ij, g, expected, z: rounded(z), positive }
    }

    /// The difference in standard deviations of the baseline; not divided if these are 0.
    fn z(&self) -> f64 {
        let g = self.g as f64;
        let x = (self.o_i * self.o_j) as f64 / (g * g);
        let deviation = (g * x * (1.0 - x)).sqrt();
        let excess = self.excess() as f64 / g;
        if deviation > 0.0 { excess / deviation } else { excess }
    }
}

/// Test 1: are the two units that share a cluster at k = N - 1 separable? If so, each unit is a cluster. `g` is the
/// number of units in later layers, at least 1.
pub(crate) fn separate(first: &[u64], second: &[u64], g: usize) -> SeparabilityTest {
    let counts = Counts::new(first, second, g);
    let rare = counts.excess() <= 0 && counts.o_ij < counts.o_i.max(counts.o_j);
    counts.test(-counts.z(), counts.o_ij < 1 || rare)
}

/// Test 2: do the two clusters at k = 2, each with the union of its features, belong together? If so, the layer is a
/// single cluster. `g` is the number of units in later layers, at least 1.
pub(crate) fn single(first: &[u64], second: &[u64], g: usize) -> SeparabilityTest {
    let counts = Counts::new(first, second, g);
    let frequent = counts.excess() >= 0 && counts.o_ij >= 1;
    counts.test(counts.z(), counts.o_ij >= counts.o_i.max(counts.o_j) || frequent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(columns: impl IntoIterator<Item = usize>) -> [u64; 1] {
        [columns.into_iter().fold(0, |word, column| word | 1 << column)]
    }

    #[test]
    fn twins_are_not_separable() {
        // o_i = o_j = o_ij = 4 of g = 8: expected 2, variance 8 * 1/4 * 3/4 = 1.5.
        let test = separate(&bits(0..4), &bits(0..4), 8);
        assert_eq!((test.expected, test.positive), (2.0, false));
        assert_eq!(test.z, rounded(-2.0 / 1.5_f64.sqrt()));
    }

    #[test]
    fn units_without_common_successors_are_separable() {
        let (first, second) = (bits([0]), bits([1]));
        assert!(separate(&first, &second, 2).positive);
        assert!(!single(&first, &second, 2).positive);
    }

    #[test]
    fn both_tests_accept_the_expected_value() {
        // 3 * 7 / 21 = 1, but 3 / 21 * 7 is not 1 in floating point.
        let (first, second) = (bits(0..3), bits(2..9));
        let (one, two) = (separate(&first, &second, 21), single(&first, &second, 21));
        assert_eq!((one.o_ij, one.expected), (1, 1.0));
        assert!(one.positive && two.positive);
        assert_eq!((one.z, two.z), (0.0, 0.0));
    }

    #[test]
    fn z_is_the_plain_difference_without_variance() {
        let all = bits(0..5);
        let (one, two) = (separate(&all, &all, 5), single(&all, &all, 5));
        assert_eq!((one.z, one.positive), (0.0, false));
        assert_eq!((two.z, two.positive), (0.0, true));
    }
}
