//! Clusters of adjacent layers that are one module (section 4, design 3.5.4).

use crate::network::Condensed;

/// The module of each kept unit, layer by layer, given the cluster of each unit of all layers but the last.
///
/// Modules are numbered as they are found, from the inputs on. `clusters` may number as it likes; among several
/// modules that qualify for a cluster the one with the lowest number wins.
pub(crate) fn modules(network: &Condensed, clusters: &[Vec<usize>], merge_threshold: f64) -> Vec<Vec<usize>> {
    let widths = network.widths();
    let last = widths.len() - 1;
    let mut modules = vec![clusters[0].clone()];
    let mut found = clusters[0].iter().max().map_or(0, |&greatest| greatest + 1);
    for layer in 0..last {
        let joins_alone: Vec<usize> = (0..widths[last]).collect();
        let next = if layer + 1 == last { &joins_alone } else { &clusters[layer + 1] };
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
    /// Of all that the module sends and of all that the cluster receives.
    Both,
    /// Of all that the output receives.
    Incoming,
}

/// Edges from the modules of one layer to the clusters of the next, with their sums.
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

    /// The module of each cluster: the first that qualifies, else a new one.
    fn joined(&self, threshold: f64, rule: Rule, found: &mut usize) -> Vec<usize> {
        let join = |cluster: usize| {
            let qualifies = |&module: &usize| {
                let edges = self.counts[cluster * self.modules + module];
                let enough = |of: usize| edges as f64 >= threshold * of as f64 - SLACK;
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

/// A share that is exactly the threshold counts as reaching it: 9 of 10 edges reach 0.9, whatever 0.9 * 10 rounds to.
const SLACK: f64 = 1e-9;
