//! Unit reuse: how few units of a layer carry most of what reaches the outputs (section 3 of the paper).

use super::products::sums_to_outputs;
use crate::network::Network;

/// Sums that differ by less than this share count as equal, because summing in another order changes them that much.
const ROUNDING: f64 = 1e-12;

/// N_P of each hidden layer: the fewest units whose products to the outputs sum to `share` of the layer's total, with
/// `share` = P / 100. It is 0 if nothing reaches the outputs.
pub(super) fn least_units(network: &Network, share: f64) -> Vec<usize> {
    (1..=network.architecture().depth()).map(|layer| least(sums_to_outputs(network, layer), share)).collect()
}

fn least(mut sums: Vec<f64>, share: f64) -> usize {
    sums.sort_by(|a, b| b.total_cmp(a));
    let total: f64 = sums.iter().sum();
    if total <= 0.0 {
        return 0;
    }
    let enough = share * total * (1.0 - ROUNDING);
    let mut sum = 0.0;
    let reaches = |product: &f64| {
        sum += product;
        sum >= enough
    };
    sums.iter().position(reaches).map_or(sums.len(), |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_first() {
        assert_eq!(least(vec![1.0, 6.0, 0.0, 3.0], 0.9), 2, "6 + 3 is 90% of 10");
        assert_eq!(least(vec![1.0, 6.0, 0.0, 3.0], 0.91), 3);
        assert_eq!(least(vec![1.0, 6.0, 0.0, 3.0], 1.0), 3, "a unit without a path is not needed");
        assert_eq!(least(vec![1.0, 6.0, 0.0, 3.0], 0.6), 1);
        assert_eq!(least(vec![0.0, 0.0], 0.9), 0);
    }

    #[test]
    fn equal_shares_are_counted_exactly() {
        for units in [10, 20, 30, 70, 1000] {
            assert_eq!(least(vec![0.1; units], 0.9), units * 9 / 10, "{units}");
            assert_eq!(least(vec![0.1; units], 1.0), units);
        }
    }
}
