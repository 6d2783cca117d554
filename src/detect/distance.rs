//! Distances between the features of the units of a layer (Table 4 of the paper).

use super::bits::{count, count_common};
use super::choice::choices;

choices! {
    /// How far apart two feature vectors are (Table 4 of the paper).
    ///
    /// Every distance is computed from integer counts: equal features are exactly 0 apart, and pairs with equal counts
    /// are exactly equally far apart.
    "distance" Distance {
        Cosine = "cosine": "1 - (units both reach) / sqrt((units one reaches) x (units the other reaches)), from 0 to 1",
        Jaccard = "jaccard": "1 - (units both reach) / (units either reaches), from 0 to 1",
        Euclidean = "euclidean": "sqrt(number of units that only one of them reaches)",
    }
}

impl Distance {
    /// The distance of two features that have `ones` bits each and `common` bits together.
    pub(crate) fn between(self, ones: [usize; 2], common: usize) -> f64 {
        let [first, second] = ones;
        let ratio = |part: usize, of: usize| if of == 0 { 1.0 } else { part as f64 / of as f64 };
        match self {
            Self::Cosine if first == 0 || second == 0 => f64::from(u8::from(first != second)),
            // The root of an integer ratio is exactly 1 if common^2 = first * second, that is, for equal features.
            Self::Cosine => 1.0 - ratio(common * common, first * second).sqrt(),
            Self::Jaccard => 1.0 - ratio(common, first + second - common),
            Self::Euclidean => ((first + second - 2 * common) as f64).sqrt(),
        }
    }
}

/// The distances of all pairs of units of a layer, each stored once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Distances {
    units: usize,
    condensed: Vec<f64>,
}

impl Distances {
    /// Computes the distance of every pair of rows.
    pub(crate) fn new(rows: &[&[u64]], distance: Distance) -> Self {
        let ones: Vec<usize> = rows.iter().map(|row| count(row)).collect();
        let mut condensed = Vec::with_capacity(rows.len() * rows.len().saturating_sub(1) / 2);
        for (i, row) in rows.iter().enumerate() {
            for (j, other) in rows.iter().enumerate().skip(i + 1) {
                condensed.push(distance.between([ones[i], ones[j]], count_common(row, other)));
            }
        }
        Self { units: rows.len(), condensed }
    }

    /// Number of units.
    pub(crate) fn units(&self) -> usize {
        self.units
    }

    /// The upper triangle of the distance matrix, row by row.
    pub(crate) fn condensed(&self) -> &[f64] {
        &self.condensed
    }

    /// The distance of two units.
    pub(crate) fn get(&self, i: usize, j: usize) -> f64 {
        let (low, high) = (i.min(j), i.max(j));
        if low == high {
            return 0.0;
        }
        self.condensed[low * (2 * self.units - low - 1) / 2 + high - low - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_of_small_vectors() {
        assert_eq!(Distance::Cosine.between([2, 8], 2), 0.5);
        assert_eq!(Distance::Jaccard.between([2, 3], 1), 0.75);
        assert_eq!(Distance::Euclidean.between([5, 6], 1), 3.0);
    }

    #[test]
    fn equal_features_have_distance_0() {
        for ones in 1..5000 {
            assert_eq!(Distance::Cosine.between([ones, ones], ones), 0.0);
            assert_eq!(Distance::Jaccard.between([ones, ones], ones), 0.0);
        }
    }

    #[test]
    fn equal_angles_have_equal_distances() {
        // cos = 1 / sqrt(2) and cos = sqrt(2 / 3), each written with several counts.
        for scale in 1..1000 {
            assert_eq!(Distance::Cosine.between([scale, 2 * scale], scale), Distance::Cosine.between([1, 2], 1));
            assert_eq!(
                Distance::Cosine.between([2 * scale, 3 * scale], 2 * scale),
                Distance::Cosine.between([2, 3], 2)
            );
        }
    }

    #[test]
    fn distances_are_found_for_either_order_of_units() {
        let rows: Vec<[u64; 1]> = (0..5).map(|unit| [(1 << (unit + 1)) - 1]).collect();
        let rows: Vec<&[u64]> = rows.iter().map(|row| &row[..]).collect();
        let distances = Distances::new(&rows, Distance::Euclidean);
        for i in 0..5_usize {
            for j in 0..5_usize {
                assert_eq!(distances.get(i, j), (i.abs_diff(j) as f64).sqrt());
            }
        }
    }
}
