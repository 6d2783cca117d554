//! The clusters of a layer (Algorithm 3 of the paper).

use super::dendrogram::Dendrogram;
use super::detection::{DecidedBy, QualityAt, SeparabilityTest};
use super::distance::Distances;
use super::quality::{LayerView, Quality};
use super::separability;
use super::settings::DetectionSettings;

/// The clusters of a layer and how their number was chosen.
pub(crate) struct LayerResult {
    /// The chosen number of clusters.
    pub k: usize,
    /// The quality of the cut at each k.
    pub quality: Vec<QualityAt>,
    /// The cluster of each unit, numbered by first appearance.
    pub clusters: Vec<usize>,
    pub decided_by: DecidedBy,
    pub separate: Option<SeparabilityTest>,
    pub single: Option<SeparabilityTest>,
}

/// Clusters units with the features `rows`; `g` is the number of units that the features cover.
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
    // If no value is defined the largest k wins, as among equal values; for two units that would be 1, which is too
    // few.
    let k = best.map_or((units - 1).max(2), |best| best.k);
    let (k, decided_by) = if tests_decide(k, units, best, settings) {
        verdict(&separate, &single, units).unwrap_or((k, DecidedBy::Quality))
    } else {
        (k, DecidedBy::Quality)
    };
    LayerResult { k, quality, clusters: tree.cut(k), decided_by, separate: Some(separate), single: Some(single) }
}

/// The tests decide at either end of the range of k, and if even the best modularity metric is close to 0.
fn tests_decide(k: usize, units: usize, best: Option<QualityAt>, settings: &DetectionSettings) -> bool {
    let weak = settings.quality == Quality::Modularity
        && best.and_then(|best| best.m).is_some_and(|least| least > settings.modularity_threshold);
    k == 2 || k + 1 == units || weak
}

/// The verdict of the positive test. If both are positive, the greater Z wins; a tie means a single cluster.
fn verdict(separate: &SeparabilityTest, single: &SeparabilityTest, units: usize) -> Option<(usize, DecidedBy)> {
    match (separate.positive, single.positive) {
        (false, false) => None,
        (true, false) => Some((units, DecidedBy::Separate)),
        (true, true) if separate.z > single.z => Some((units, DecidedBy::Separate)),
        (_, true) => Some((1, DecidedBy::Single)),
    }
}

/// Test 1, on the two units that are merged first.
fn nearest_pair(rows: &[&[u64]], tree: &Dendrogram, g: usize) -> SeparabilityTest {
    let mut pair = (0, 1);
    tree.replay(|merge| {
        if merge.remaining + 1 == tree.units() {
            pair = (merge.first[0], merge.second[0]);
        }
    });
    separability::separate(rows[pair.0.min(pair.1)], rows[pair.0.max(pair.1)], g)
}

/// Test 2, on the two clusters that are merged last, starting with that of the first unit.
fn two_sides(rows: &[&[u64]], tree: &Dendrogram, g: usize) -> SeparabilityTest {
    let mut sides = [vec![0; rows[0].len()], vec![0; rows[0].len()]];
    for (row, side) in rows.iter().zip(tree.cut(2)) {
        for (word, more) in sides[side].iter_mut().zip(*row) {
            *word |= more;
        }
    }
    separability::single(&sides[0], &sides[1], g)
}
