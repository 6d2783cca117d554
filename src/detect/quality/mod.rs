//! Indices of the quality of a cut (section I.1 of the paper). Each has its own file and one line in `Quality::index`.

mod calinski_harabasz;
mod davies_bouldin;
mod modularity;
mod silhouette;

use super::choice::choices;
use super::dendrogram::Dendrogram;
use super::detection::QualityAt;
use super::distance::Distances;

choices! {
    /// The index that chooses the number of clusters of a layer.
    "quality index" Quality {
        Modularity = "modularity": "The paper's modularity metric M of the distances: lowest is best, 0 for one cluster",
        Silhouette = "silhouette": "Mean silhouette under the chosen distance, from -1 to 1: highest is best",
        CalinskiHarabasz = "calinski-harabasz": "Calinski-Harabasz index of the feature vectors: highest is best",
        DaviesBouldin = "davies-bouldin": "Davies-Bouldin index of the feature vectors: lowest is best",
    }
}

/// What the indices know of a layer.
pub(crate) struct LayerView<'a> {
    /// The feature of each unit.
    pub rows: &'a [&'a [u64]],
    /// The distance of each pair.
    pub distances: &'a Distances,
    /// The merges.
    pub tree: &'a Dendrogram,
}

/// An index: whether low or high values are good, and its values for k = 1 .. N, `None` where undefined.
struct Index {
    best: Best,
    values: fn(&LayerView<'_>) -> Vec<Option<f64>>,
}

#[derive(Clone, Copy)]
enum Best {
    Least,
    Greatest,
}

impl Quality {
    fn index(self) -> Index {
        match self {
            Self::Modularity => Index { best: Best::Least, values: modularity::values },
            Self::Silhouette => Index { best: Best::Greatest, values: silhouette::values },
            Self::CalinskiHarabasz => Index { best: Best::Greatest, values: calinski_harabasz::values },
            Self::DaviesBouldin => Index { best: Best::Least, values: davies_bouldin::values },
        }
    }

    /// The values of the index for k = 1 .. N, rounded to 8 decimals.
    pub(crate) fn of_cuts(self, layer: &LayerView<'_>) -> Vec<QualityAt> {
        let values = (self.index().values)(layer);
        values.into_iter().zip(1..).map(|(value, k)| QualityAt { k, m: value.map(rounded) }).collect()
    }

    /// The best cut with k from 2 to N - 1; of equal ones, that with the largest k. `None` if no such value is defined.
    #[must_use]
    pub(crate) fn best(self, cuts: &[QualityAt]) -> Option<QualityAt> {
        let sign = match self.index().best {
            Best::Least => 1.0,
            Best::Greatest => -1.0,
        };
        let inner = cuts.iter().filter(|cut| cut.k >= 2 && cut.k < cuts.len() && cut.m.is_some());
        inner.rev().min_by(|a, b| (sign * a.m.unwrap_or(0.0)).total_cmp(&(sign * b.m.unwrap_or(0.0)))).copied()
    }
}

/// Rounds to 8 decimals, so that values that differ only by rounding errors are equal. Never returns -0.
pub(crate) fn rounded(value: f64) -> f64 {
    let value = (value * 1e8).round() / 1e8;
    if value == 0.0 { 0.0 } else { value }
}
