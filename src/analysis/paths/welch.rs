//! Input separability: Welch's test on path products (sections 2 and G of the paper).

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::UnitGroup;

/// The level at which equal means are rejected.
pub const SIGNIFICANCE: f64 = 0.05;

/// Standard deviations and differences of means below this share of the mean are rounding errors.
const ROUNDING: f64 = 1e-12;

/// Welch's one-sided two-sample test: are the path products of the group's inputs to the other outputs smaller than
/// those to the group's outputs?
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Welch {
    /// Inputs of the group, numbered from 1.
    pub inputs: Vec<usize>,
    /// Outputs of the group, numbered from 1.
    pub outputs: Vec<usize>,
    /// (mean to the other outputs - mean to the group's outputs) / standard error. `None` if both variances are 0, a
    /// sample has only one product, or products are infinite.
    pub t: Option<f64>,
    /// Degrees of freedom (Welch and Satterthwaite); `None` if t is.
    pub df: Option<f64>,
    /// Probability of a t this small or smaller if the means are equal; `None` if t is.
    pub p: Option<f64>,
    /// Whether equal means are rejected in favor of smaller products to the other outputs, at the level
    /// [`SIGNIFICANCE`]. If both variances are 0, the means decide.
    pub reject: bool,
    /// Mean product to the group's outputs.
    #[serde(skip)]
    pub own_mean: f64,
    /// Mean product to the other outputs.
    #[serde(skip)]
    pub other_mean: f64,
}

/// Tests `group` on the products `pi`, `[inputs, outputs]`, which it must fit.
pub(super) fn separability(pi: &[Vec<f64>], group: &UnitGroup) -> Welch {
    let (mut own, mut other) = (Vec::new(), Vec::new());
    for &input in group.inputs() {
        for (output, &product) in (1..).zip(&pi[input - 1]) {
            let sample = if group.outputs().binary_search(&output).is_ok() { &mut own } else { &mut other };
            sample.push(product);
        }
    }
    let (own, other) = (Sample::new(&own), Sample::new(&other));
    let statistic = other.welch(&own);
    let p = statistic.and_then(|(t, df)| left_tail(t, df));
    Welch {
        inputs: group.inputs().to_vec(),
        outputs: group.outputs().to_vec(),
        t: p.and(statistic).map(|(t, _)| t),
        df: p.and(statistic).map(|(_, df)| df),
        p,
        reject: match p {
            Some(p) => p < SIGNIFICANCE,
            None => other.is_surely_below(&own),
        },
        own_mean: own.mean,
        other_mean: other.mean,
    }
}

/// P(T <= t) for Student's t with `df` degrees of freedom.
fn left_tail(t: f64, df: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, df).ok().filter(|_| t.is_finite())?;
    Some(student.cdf(t))
}

/// Size, mean and variance of a sample.
struct Sample {
    size: f64,
    mean: f64,
    /// With n - 1 in the denominator; `None` for a single value, 0 if the values differ only by rounding errors.
    variance: Option<f64>,
}

impl Sample {
    fn new(values: &[f64]) -> Self {
        let size = values.len() as f64;
        let mean = values.iter().sum::<f64>() / size;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let variance = squares / (size - 1.0);
        let rounding = ROUNDING * mean.abs();
        let variance = if variance <= rounding * rounding { 0.0 } else { variance };
        Self { size, mean, variance: (values.len() > 1).then_some(variance) }
    }

    /// t and the degrees of freedom of this sample against `other`.
    fn welch(&self, other: &Self) -> Option<(f64, f64)> {
        let (own, others) = (self.variance? / self.size, other.variance? / other.size);
        let squared_error = own + others;
        if squared_error == 0.0 {
            return None;
        }
        let df = squared_error * squared_error / (own * own / (self.size - 1.0) + others * others / (other.size - 1.0));
        Some(((self.mean - other.mean) / squared_error.sqrt(), df))
    }

    /// Whether both samples are constant and this one is below `other`.
    fn is_surely_below(&self, other: &Self) -> bool {
        let constant = self.variance == Some(0.0) && other.variance == Some(0.0);
        constant && other.mean - self.mean > ROUNDING * other.mean.abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test of input 1 and the first `own.len()` outputs, on one row of products.
    fn test(own: &[f64], other: &[f64]) -> Welch {
        let outputs: Vec<String> = (1..=own.len()).map(|output| output.to_string()).collect();
        let group = format!("1:{}", outputs.join(",")).parse().unwrap();
        separability(&[[own, other].concat()], &group)
    }

    fn close(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| ((found - expected) / expected).abs() < 1e-9)
    }

    /// `own`, `other`, t, degrees of freedom, p.
    type Case<'a> = (&'a [f64], &'a [f64], f64, f64, f64);

    #[test]
    fn equals_scipy() {
        // SciPy 1.17.1: ttest_ind(other, own, equal_var=False, alternative="less").
        let cases: [Case<'_>; 5] = [
            (
                &[5.1, 4.9, 6.2, 5.8],
                &[3.0, 3.3, 2.9, 4.1],
                -5.344_367_516_455_376,
                5.932_186_155_651_153,
                0.000_908_936_234_815_895_6,
            ),
            (
                &[1.0, 2.0, 3.0],
                &[1.5, 2.5, 1.0, 0.0, 3.5],
                -0.358_996_213_939_522_97,
                5.487_953_360_789_614,
                0.366_500_628_681_035_8,
            ),
            (&[10.0, 12.0], &[0.0; 4], -11.0, 1.0, 0.028_857_938_376_304_477),
            (
                &[1.0, 1.1, 0.9, 1.05],
                &[2.0, 2.5, 1.75],
                4.768_261_391_257_075,
                2.150_796_128_629_409_5,
                0.982_129_326_160_776_5,
            ),
            (
                &[100.0, 101.0, 99.5, 100.5, 99.0, 100.2],
                &[1.0, 2.0, 1.5, 0.5, 1.25, 0.75],
                -271.039_998_126_754_6,
                9.323_761_998_033_175,
                8.696_647_988_540_254e-20,
            ),
        ];
        for (own, other, t, df, p) in cases {
            let found = test(own, other);
            assert!(close(found.t, t) && close(found.df, df) && close(found.p, p), "{found:?}");
            assert_eq!(found.reject, p < 0.05);
        }
    }

    #[test]
    fn by_hand() {
        // Own 4, 6 (mean 5, variance 2), other 1, 3 (mean 2, variance 2): t = -3 / sqrt(1 + 1), 2 degrees of freedom,
        // where P(T <= t) = 1/2 + t / (2 sqrt(2 + t^2)).
        let found = test(&[4.0, 6.0], &[1.0, 3.0]);
        let t = -3.0 / 2.0_f64.sqrt();
        assert!(close(found.t, t) && close(found.df, 2.0), "{found:?}");
        assert!(close(found.p, 0.5 + t / (2.0 * (2.0 + t * t).sqrt())), "{found:?}");
        assert!(!found.reject && (found.own_mean, found.other_mean) == (5.0, 2.0));
    }

    #[test]
    fn without_variance_the_means_decide() {
        let rejects = |own: &[f64], other: &[f64]| {
            let found = test(own, other);
            assert_eq!((found.t, found.df, found.p), (None, None, None));
            found.reject
        };
        assert!(!rejects(&[2.0, 2.0], &[2.0, 2.0]));
        assert!(!rejects(&[0.3, 0.3], &[0.1 + 0.2, 0.1 + 0.2]), "equal except for rounding");
        assert!(rejects(&[2.0, 2.0], &[0.0, 0.0]));
        assert!(!rejects(&[2.0, 2.0], &[3.0, 3.0]));
        assert!(!rejects(&[0.0, 0.0], &[0.0, 0.0]));
    }

    #[test]
    fn too_few_or_infinite_products_cannot_be_tested() {
        for (own, other) in [(&[2.0][..], &[1.0][..]), (&[2.0], &[0.0, 1.0]), (&[f64::INFINITY, 1.0], &[0.0, 1.0])] {
            let found = test(own, other);
            assert_eq!((found.t, found.p, found.reject), (None, None, false), "{own:?}");
        }
    }

    #[test]
    fn all_inputs_of_a_group_count() {
        let pi = [vec![4.0, 1.0], vec![9.0, 9.0], vec![6.0, 3.0]];
        let found = separability(&pi, &"1,3:1".parse().unwrap());
        assert_eq!(found.t, test(&[4.0, 6.0], &[1.0, 3.0]).t);
    }
}
