//! The feature of a unit: which units of later layers it reaches (section 4 of the paper).

use super::bits::BitRows;
use crate::network::Condensed;

/// For each layer but the last: the features of its kept units, with one bit per unit of the next `steps` layers or,
/// for `None`, of all later layers. The columns start with the last layer.
pub(crate) fn features(network: &Condensed, steps: Option<usize>) -> Vec<BitRows> {
    let widths = network.widths();
    let mut layers = reached(network, &widths);
    if let Some(steps) = steps {
        for (layer, rows) in layers.iter_mut().enumerate() {
            let too_far = widths.iter().skip(layer.saturating_add(steps).saturating_add(1)).sum();
            rows.clear_first(too_far);
        }
    }
    layers
}

/// Number of units that the features of a layer cover (g).
pub(crate) fn units_ahead(widths: &[usize], layer: usize, steps: Option<usize>) -> usize {
    widths[layer + 1..].iter().take(steps.unwrap_or(usize::MAX)).sum()
}

/// The units of all later layers that each unit reaches. Columns start with the last layer, so that a row starts with
/// the union of the rows of the units it feeds.
fn reached(network: &Condensed, widths: &[usize]) -> Vec<BitRows> {
    let mut layers: Vec<BitRows> = Vec::new();
    let mut columns = 0;
    for layer in (0..widths.len() - 1).rev() {
        let first = columns;
        columns += widths[layer + 1];
        let mut rows = BitRows::zeros(widths[layer], columns);
        for (to, feeders) in network.feeders(layer).iter().enumerate() {
            for &from in feeders {
                rows.set(from, first + to);
                if let Some(after) = layers.last() {
                    rows.union(from, after.row(to));
                }
            }
        }
        layers.push(rows);
    }
    layers.reverse();
    layers
}

#[cfg(test)]
mod tests {
    use super::super::bits::ones;
    use super::super::testing::network;
    use super::*;

    #[test]
    fn features_cover_all_later_layers_or_the_next_few() {
        // x0 -> h0 -> g0 -> y0; x1 -> h1 -> g1 -> y0, y1
        let network = network(&[2, 2, 2, 2], &[&["10", "01"], &["10", "01"], &["11", "01"]]);
        let all = features(&network, None);
        // Columns: y0 y1 g0 g1 h0 h1.
        assert_eq!(ones(all[0].row(0)).collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!(ones(all[0].row(1)).collect::<Vec<_>>(), [0, 1, 3, 5]);
        assert_eq!(ones(all[2].row(1)).collect::<Vec<_>>(), [0, 1]);
        let two = features(&network, Some(2));
        assert_eq!(ones(two[0].row(1)).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(ones(two[1].row(1)).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(units_ahead(&[2, 2, 2, 2], 0, Some(2)), 4);
        assert_eq!(units_ahead(&[2, 2, 2, 2], 0, None), 6);
    }
}
