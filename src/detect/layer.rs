//! The clusters of one layer (Algorithm 3, design 3.5.2 and 3.5.3).

use super::dendrogram::Dendrogram;
use super::distance::Distances;
use super::quality::{LayerView, Quality};
use super::{DecidedBy, DetectionSettings, QualityAt, SeparabilityTest, separability};

/// What is found in one layer.
pub(crate) struct LayerResult {
    pub k: usize,
    pub quality: Vec<QualityAt>,
    /// The cluster of each unit, numbered by first appearance.
    pub clusters: Vec<usize>,
    pub decided_by: DecidedBy,
    pub separate: Option<SeparabilityTest>,
    pub single: Option<SeparabilityTest>,
}

/// Clusters the units whose features are `rows`; `g` is the number of units the features can name.
pub(crate) fn cluster(rows: &[&[u64]], g: usize, settings: &DetectionSettings) -> LayerResult {
    let units = rows.len();
    let distances = Distances::new(rows, settings.distance);
    let tree = Dendrogram::new(&distances, settings.linkage);
    let quality = settings.quality.of_cuts(&LayerView { rows, distances: &distances, tree: &tree });
    if units < 2 {
        let clusters = vec![0; units];
        return LayerResult {
            k: units,
            quality,
            clusters,
            decided_by: DecidedBy::Single,
            separate: None,
            single: None,
        };
    }
    let separate = nearest_pair(rows, &tree, g);
    let single = two_sides(rows, &tree, g);
    let best = settings.quality.best(&quality);
    // Without a defined value the larger k wins, as it does among equal ones; for two units that would be 1.
    let k = best.map_or((units - 1).max(2), |best| best.k);
    let (k, decided_by) = if tests_decide(k, units, best, settings) {
        verdict(&separate, &single, units).unwrap_or((k, DecidedBy::Quality))
    } else {
        (k, DecidedBy::Quality)
    };
    LayerResult { k, quality, clusters: tree.cut(k), decided_by, separate: Some(separate), single: Some(single) }
}

/// The tests decide at either end of the range, and where even the best modularity metric is near 0.
fn tests_decide(k: usize, units: usize, best: Option<QualityAt>, settings: &DetectionSettings) -> bool {
    let weak = settings.quality == Quality::Modularity
        && best.and_then(|best| best.m).is_some_and(|least| least > settings.modularity_threshold);
    k == 2 || k + 1 == units || weak
}

/// One positive test wins; of two the greater Z, a tie being a single cluster.
fn verdict(separate: &SeparabilityTest, single: &SeparabilityTest, units: usize) -> Option<(usize, DecidedBy)> {
    match (separate.positive, single.positive) {
        (false, false) => None,
        (true, false) => Some((units, DecidedBy::Separate)),
        (true, true) if separate.z > single.z => Some((units, DecidedBy::Separate)),
        (_, true) => Some((1, DecidedBy::Single)),
    }
}

/// Test 1 on the first two units that are merged.
fn nearest_pair(rows: &[&[u64]], tree: &Dendrogram, g: usize) -> SeparabilityTest {
    let mut pair = (0, 1);
    tree.replay(|merge| {
        if merge.clusters_left + 1 == tree.units() {
            pair = (merge.first[0], merge.second[0]);
        }
    });
    separability::separate(rows[pair.0.min(pair.1)], rows[pair.0.max(pair.1)], g)
}

/// Test 2 on the two sides that are merged last, that of the first unit first.
fn two_sides(rows: &[&[u64]], tree: &Dendrogram, g: usize) -> SeparabilityTest {
    let mut sides = [vec![0; rows[0].len()], vec![0; rows[0].len()]];
    for (row, side) in rows.iter().zip(tree.cut(2)) {
        for (word, more) in sides[side].iter_mut().zip(*row) {
            *word |= more;
        }
    }
    separability::single(&sides[0], &sides[1], g)
}
