//! How far two clusterings of the same units agree.

use std::collections::HashMap;

use crate::detect::Detection;

/// The adjusted Rand index of two clusterings of the same things (Hubert and Arabie, 1985): 1 where they are the same up
/// to the names of the clusters, about 0 where they agree no more than chance would, less where they agree less.
///
/// `a[i]` and `b[i]` are the clusters of thing `i`. Two clusterings without a pair to disagree on agree: 1.
///
/// # Panics
/// When the two are not of the same length.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "pairs of units are far below 2^52")]
pub fn adjusted_rand_index(a: &[usize], b: &[usize]) -> f64 {
    assert_eq!(a.len(), b.len(), "clusterings of the same things");
    let pairs = |count: u64| count * count.saturating_sub(1) / 2;
    let together = |labels: &mut dyn Iterator<Item = (usize, usize)>| -> u64 {
        let mut counts: HashMap<(usize, usize), u64> = HashMap::new();
        for label in labels {
            *counts.entry(label).or_default() += 1;
        }
        counts.into_values().map(pairs).sum()
    };
    let both = together(&mut a.iter().copied().zip(b.iter().copied()));
    let (in_a, in_b) =
        (together(&mut a.iter().map(|&label| (label, 0))), together(&mut b.iter().map(|&label| (label, 0))));
    let all = pairs(a.len() as u64);
    // Pairs together in both, in one only, in the other only, and in neither.
    let [tp, fp, fn_, tn] = [both, in_a - both, in_b - both, all + both - in_a - in_b].map(|count| count as f64);
    if fp == 0.0 && fn_ == 0.0 {
        return 1.0;
    }
    2.0 * (tp * tn - fn_ * fp) / ((tp + fn_) * (fn_ + tn) + (tp + fp) * (fp + tn))
}

/// How the clusters of one layer agree in two networks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerAgreement {
    /// The layer in the first network, 0 for the inputs.
    pub layer: usize,
    /// Number of units that both networks keep.
    pub common: usize,
    /// Number of clusters in each, among all units that it keeps.
    pub clusters: [usize; 2],
    /// The adjusted Rand index over the common units; `None` where the units of the two do not correspond, or fewer
    /// than two are kept by both.
    pub index: Option<f64>,
}

/// Which units of two networks are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correspondence {
    /// Input `i` of one is input `i` of the other.
    pub inputs: bool,
    /// Output `i` of one is output `i` of the other.
    pub outputs: bool,
    /// Hidden unit `i` of a layer of one is that of the other: they were trained from the same weights. Between
    /// different seeds, hidden units have nothing to do with each other.
    pub hidden: bool,
}

/// How the clusters agree, layer by layer. Outputs are clustered by their modules, as each is a cluster of its own.
/// Hidden layers are compared where both networks have as many of them.
#[must_use]
pub fn by_layer(a: &Detection, b: &Detection, same: Correspondence) -> Vec<LayerAgreement> {
    let (depth_a, depth_b) = (a.kept_units.len(), b.kept_units.len());
    let layers = |depth: usize| depth.saturating_sub(1);
    (0..depth_a)
        .filter_map(|layer| {
            let (other, same) = match layer {
                0 => (0, same.inputs),
                last if last == layers(depth_a) => (layers(depth_b), same.outputs),
                hidden if depth_a == depth_b => (hidden, same.hidden),
                _ => return None,
            };
            Some(agreement(layer, (a, layer), (b, other), same))
        })
        .collect()
}

fn agreement(layer: usize, a: (&Detection, usize), b: (&Detection, usize), same: bool) -> LayerAgreement {
    let (a, b) = (labels(a.0, a.1), labels(b.0, b.1));
    let common: Vec<(usize, usize)> =
        if same { a.iter().filter_map(|(unit, label)| Some((*label, *b.get(unit)?))).collect() } else { Vec::new() };
    let (first, second): (Vec<usize>, Vec<usize>) = common.iter().copied().unzip();
    let count = |labels: &HashMap<usize, usize>| labels.values().collect::<std::collections::HashSet<_>>().len();
    LayerAgreement {
        layer,
        common: common.len(),
        clusters: [count(&a), count(&b)],
        index: (common.len() >= 2).then(|| adjusted_rand_index(&first, &second)),
    }
}

/// The cluster of each unit of a layer, by its index in the original network.
fn labels(detection: &Detection, layer: usize) -> HashMap<usize, usize> {
    let clusters = detection.layers.iter().find(|found| found.layer == layer).map(|found| &found.clusters);
    let clusters = clusters.or_else(|| detection.modules.get(layer));
    detection.kept_units[layer].iter().copied().zip(clusters.into_iter().flatten().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_scikit_learn_documents() {
        // From the documentation of sklearn.metrics.adjusted_rand_score.
        assert_eq!(adjusted_rand_index(&[0, 0, 1, 1], &[0, 0, 1, 1]), 1.0);
        assert_eq!(adjusted_rand_index(&[0, 0, 1, 1], &[1, 1, 0, 0]), 1.0);
        assert!((adjusted_rand_index(&[0, 0, 1, 2], &[0, 0, 1, 1]) - 0.571_428_571_428_571_4).abs() < 1e-12);
        assert!((adjusted_rand_index(&[0, 0, 1, 1], &[0, 0, 1, 2]) - 0.571_428_571_428_571_4).abs() < 1e-12);
        assert_eq!(adjusted_rand_index(&[0, 0, 0, 0], &[0, 1, 2, 3]), 0.0);
        assert_eq!(adjusted_rand_index(&[0, 0, 1, 1], &[0, 1, 0, 1]), -0.5);
    }

    #[test]
    fn a_case_by_hand() {
        // Six things, {1,2,3}{4,5,6} and {1,2}{3,4}{5,6}: pairs together in both 2, in the first 6, in the second 3, of
        // 15: (2 - 18/15) / (4.5 - 18/15) = 0.8 / 3.3.
        let index = adjusted_rand_index(&[0, 0, 0, 1, 1, 1], &[7, 7, 8, 8, 9, 9]);
        assert!((index - 0.8 / 3.3).abs() < 1e-12, "{index}");
    }

    #[test]
    fn without_a_pair_to_disagree_on_they_agree() {
        for labels in [&[][..], &[3], &[1, 1, 1]] {
            assert_eq!(adjusted_rand_index(labels, labels), 1.0);
        }
        assert_eq!(adjusted_rand_index(&[0, 1, 2], &[2, 1, 0]), 1.0);
    }
}
