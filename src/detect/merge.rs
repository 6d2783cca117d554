//! Merges clusters of adjacent layers into modules (section 4 of the paper).

use crate::network::Condensed;

/// The module of each kept unit, layer by layer. `clusters` has the cluster of each unit of all layers but the last.
///
/// Modules are numbered as they are found, starting at the inputs. If several modules qualify for a cluster, the one
/// with the lowest number gets it.
pub(crate) fn modules(network: &Condensed, clusters: &[Vec<usize>], merge_threshold: f64) -> Vec<Vec<usize>> {
    let widths = network.widths();
    let last = widths.len() - 1;
    let mut modules = vec![clusters[0].clone()];
    let mut found = clusters[0].iter().max().map_or(0, |&greatest| greatest + 1);
    for layer in 0..last {
        let outputs: Vec<usize> = (0..widths[last]).collect();
        let next = if layer + 1 == last { &outputs } else { &clusters[layer + 1] };
        let edges = EdgeCounts::new(&modules[layer], found, network.feeders(layer), next);
        let rule = if layer + 1 == last { Rule::Incoming } else { Rule::Both };
        let of_cluster = edges.joined(merge_threshold, rule, &mut found);
        modules.push(next.iter().map(|&cluster| of_cluster[cluster]).collect());
    }
    modules
}

/// Which shares of edges must reach the threshold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// The share of the edges from the module and the share of the edges to the cluster.
    Both,
    /// The share of the edges to the output.
    Incoming,
}

/// Numbers of edges from the modules of a layer to the clusters of the next, with their sums.
struct EdgeCounts {
    modules: usize,
    /// `[cluster, module]`.
    counts: Vec<usize>,
    sent: Vec<usize>,
    received: Vec<usize>,
}

impl EdgeCounts {
    fn new(from: &[usize], modules: usize, feeders: &[Vec<usize>], to: &[usize]) -> Self {
        let clusters = to.iter().max().map_or(0, |&greatest| greatest + 1);
        let mut edges =
            Self { modules, counts: vec![0; clusters * modules], sent: vec![0; modules], received: vec![0; clusters] };
        for (unit, feeders) in feeders.iter().enumerate() {
            for &feeder in feeders {
                edges.counts[to[unit] * modules + from[feeder]] += 1;
                edges.sent[from[feeder]] += 1;
                edges.received[to[unit]] += 1;
            }
        }
        edges
    }

    /// The module of each cluster: the first that qualifies, or a new one.
    fn joined(&self, threshold: f64, rule: Rule, found: &mut usize) -> Vec<usize> {
        let join = |cluster: usize| {
            let qualifies = |&module: &usize| {
                let edges = self.counts[cluster * self.modules + module];
                // A quotient is rounded like the decimals of the threshold, so 9 of 10 edges reach 0.9 exactly.
                let enough = |of: usize| edges as f64 / of as f64 >= threshold;
                edges > 0 && enough(self.received[cluster]) && (rule == Rule::Incoming || enough(self.sent[module]))
            };
            (0..self.modules).find(qualifies).unwrap_or_else(|| {
                *found += 1;
                *found - 1
            })
        };
        (0..self.received.len()).map(join).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::network;
    use super::*;

    /// Modules of one hidden unit that is fed by `inside` inputs of cluster 0 and one of cluster 1.
    fn shares(inside: usize, threshold: f64) -> Vec<Vec<usize>> {
        let (row, clusters) = ("1".repeat(inside + 1), [vec![0; inside], vec![1]].concat());
        let network = network(&[inside + 1, 1, 1], &[&[&row], &["1"]]);
        modules(&network, &[clusters, vec![0]], threshold)
    }

    #[test]
    fn reaching_the_threshold_is_enough() {
        // 9 of 10 edges: 0.9 exactly.
        assert_eq!(shares(9, 0.9)[1], [0]);
        assert_eq!(shares(8, 0.9)[1], [2]);
        // With a product, 7 of 25 would miss 0.28: 0.28 * 25 > 7 in floating point.
        let network = network(&[25, 1, 1], &[&[&"1".repeat(25)], &["1"]]);
        let clusters = [vec![0; 7], vec![1; 6], vec![2; 6], vec![3; 6]].concat();
        assert_eq!(modules(&network, &[clusters, vec![0]], 0.28)[1], [0]);
    }

    #[test]
    fn both_shares_count_except_for_outputs() {
        // The input feeds two hidden clusters, which have no other source.
        let network = network(&[1, 2, 2], &[&["1", "1"], &["10", "11"]]);
        let found = modules(&network, &[vec![0], vec![0, 1]], 0.9);
        assert_eq!(found, [vec![0], vec![1, 2], vec![1, 3]]);
    }

    #[test]
    fn the_first_module_that_qualifies_wins() {
        let network = network(&[2, 1, 1], &[&["11"], &["1"]]);
        assert_eq!(modules(&network, &[vec![0, 1], vec![0]], 0.5)[1], [0]);
        assert_eq!(modules(&network, &[vec![1, 0], vec![0]], 0.5)[1], [0]);
    }
}
