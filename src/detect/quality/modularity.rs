//! The modularity metric of the paper (equation 2), in one pass over the merges.

use super::LayerView;

/// M is the sum over clusters of A_aa - r_a^2. With all distances scaled to sum 1, A_ab is the total distance between
/// clusters a and b, and r_a the total distance between a and all units.
///
/// Merging a and b turns A_aa + A_bb into A_aa + A_bb + 2 A_ab and r_a^2 + r_b^2 into (r_a + r_b)^2, so M grows by
/// 2 (A_ab - r_a r_b). Each pair of units is visited once, in the merge that joins it. If all distances are 0, so is M.
pub(super) fn values(layer: &LayerView<'_>) -> Vec<Option<f64>> {
    let (distances, units) = (layer.distances, layer.tree.units());
    let total = 2.0 * distances.condensed().iter().sum::<f64>();
    let scale = if total > 0.0 { total.recip() } else { 1.0 };
    let mut share: Vec<f64> =
        (0..units).map(|i| scale * (0..units).map(|j| distances.get(i, j)).sum::<f64>()).collect();
    let mut metric = -share.iter().map(|share| share * share).sum::<f64>();
    let mut values = vec![Some(metric); units];
    layer.tree.replay(|merge| {
        let pairs = merge.first.iter().flat_map(|&i| merge.second.iter().map(move |&j| distances.get(i, j)));
        let between = scale * pairs.sum::<f64>();
        let [a, b] = merge.numbers.map(|number| share[number]);
        metric += 2.0 * (between - a * b);
        share.push(a + b);
        values[merge.remaining - 1] = Some(metric);
    });
    values
}
