//! How well two clusterings of the same units agree.

use std::collections::HashMap;

use crate::detect::Detection;

/// The adjusted Rand index of two clusterings (Hubert and Arabie, 1985): 1 if they are the same up to the names of the
/// clusters, about 0 if they agree as much as chance would, negative if they agree less.
///
/// `a[i]` and `b[i]` are the clusters of item `i`. Clusterings without a pair to disagree on have index 1.
///
/// # Panics
/// If the two differ in length.
#[must_use]
pub fn adjusted_rand_index(a: &[usize], b: &[usize]) -> f64 {
    assert_eq!(a.len(), b.len(), "clusterings of the same items");
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
    /// The layer in the first network; 0 is the inputs.
    pub layer: usize,
    /// Number of units kept by both networks.
    pub common: usize,
    /// Number of clusters in each network, among all units that it keeps.
    pub clusters: [usize; 2],
    /// The adjusted Rand index over the common units; `None` if the units do not correspond, or if fewer than two are
    /// common.
    pub index: Option<f64>,
}

/// Which units of two networks are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correspondence {
    /// Input `i` of one network is input `i` of the other.
    pub inputs: bool,
    /// Output `i` of one network is output `i` of the other.
    pub outputs: bool,
    /// Hidden unit `i` of a layer of one network is hidden unit `i` of that layer in the other, because both were
    /// trained from the same initial weights. Hidden units of different seeds are unrelated.
    pub hidden: bool,
}

/// How the clusters agree, layer by layer. Outputs, each of which is a cluster of its own, are compared by their
/// modules. Hidden layers are compared only if both networks have the same depth.
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

/// The cluster of each unit of a layer, by the unit's index in the original network.
fn labels(detection: &Detection, layer: usize) -> HashMap<usize, usize> {
    let clusters = detection.layers.iter().find(|found| found.layer == layer).map(|found| &found.clusters);
    let clusters = clusters.or_else(|| detection.modules.get(layer));
    detection.kept_units[layer].iter().copied().zip(clusters.into_iter().flatten().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_in_scikit_learns_documentation() {
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
        // {1,2,3}{4,5,6} and {1,2}{3,4}{5,6}: of 15 pairs, 2 are together in both, 6 in the first, 3 in the second:
        // (2 - 18/15) / (4.5 - 18/15) = 0.8 / 3.3.
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

    /// A detection of these modules; `kept` are the units of each layer in the original network.
    fn detection(kept: &[&[usize]], modules: &[&[usize]]) -> Detection {
        let own = |layers: &[&[usize]]| layers.iter().map(|layer| layer.to_vec()).collect::<Vec<_>>();
        Detection {
            condensed_arch: kept.iter().map(|layer| layer.len()).collect(),
            kept_units: own(kept),
            tied: false,
            layers: Vec::new(),
            modules: own(modules),
            module_count: modules.concat().iter().max().map_or(0, |last| last + 1),
            hierarchy: crate::detect::Hierarchy { nodes: Vec::new(), edges: Vec::new() },
        }
    }

    #[test]
    fn layers_are_compared_over_common_units() {
        let a = detection(&[&[0, 1, 2, 3], &[0, 5], &[0, 1]], &[&[0, 0, 1, 1], &[0, 1], &[0, 1]]);
        // Input 2 is pruned, and hidden unit 7 has taken the place of 5.
        let b = detection(&[&[0, 1, 3], &[0, 7], &[0, 1]], &[&[0, 0, 1], &[0, 1], &[0, 0]]);
        let all = Correspondence { inputs: true, outputs: true, hidden: true };
        let layer = |layer, common, clusters, index| LayerAgreement { layer, common, clusters, index };
        assert_eq!(
            by_layer(&a, &b, all),
            [layer(0, 3, [2, 2], Some(1.0)), layer(1, 1, [2, 2], None), layer(2, 2, [2, 1], Some(0.0))]
        );
        // Without correspondence there is nothing to compare but the numbers of clusters.
        let none = Correspondence { inputs: false, outputs: false, hidden: false };
        assert!(by_layer(&a, &b, none).iter().all(|layer| (layer.common, layer.index) == (0, None)));
        // Hidden layers of networks of different depth are left out.
        let deep = detection(&[&[0, 1], &[0], &[0], &[0, 1]], &[&[0, 1], &[0], &[0], &[0, 1]]);
        let layers: Vec<usize> = by_layer(&a, &deep, all).iter().map(|agreement| agreement.layer).collect();
        assert_eq!(layers, [0, 2]);
    }
}
