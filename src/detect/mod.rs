//! Modules of a sparse network: clusters within layers, merged across layers, and their hierarchy (sections 4 and I).
//!
//! [`detect`] reads as the method does:
//!
//! 1. `order`: units in an order that does not depend on how hidden units are numbered.
//! 2. `features`: which later units each unit reaches.
//! 3. `layer`: for each layer one `dendrogram` from their `distance`s, cut where `quality` says, unless the tests of
//!    `separability` overrule it.
//! 4. `merge`: clusters of adjacent layers become modules.
//! 5. `hierarchy`: which module feeds which.

mod bits;
mod choice;
mod dendrogram;
mod distance;
mod features;
mod hierarchy;
mod layer;
mod merge;
#[allow(clippy::cast_possible_truncation)] // units are counted: an architecture has at most 10^8 weights
pub(crate) mod order;
mod quality;
mod separability;
mod settings;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use choice::UnknownChoice;
pub use dendrogram::Linkage;
pub use distance::Distance;
pub use quality::Quality;
pub use settings::{DetectionSettings, SettingsError};

use serde::{Deserialize, Serialize};

use crate::network::Condensed;
pub(crate) use dendrogram::by_first_appearance;
use layer::LayerResult;
use order::UnitOrder;

/// Finds the modules of a network.
///
/// `settings` should have passed [`DetectionSettings::checked`]. The answer does not depend on how hidden units are
/// numbered, or says that it is `tied`.
#[must_use]
pub fn detect(network: &Condensed, settings: &DetectionSettings) -> Detection {
    let order = UnitOrder::new(network);
    let clustered = cluster_layers(network, &order, settings);
    // Modules are merged under canonical numbers of clusters, then all is numbered in the original order of units.
    let clusters: Vec<Vec<usize>> = clustered.iter().map(|layer| layer.clusters.clone()).collect();
    let modules = by_first_appearance_over_layers(&merge::modules(network, &clusters, settings.merge_threshold));
    let module_count = modules.iter().flatten().max().map_or(0, |&greatest| greatest + 1);
    let tied = order.leaves_open(&modules.concat()) || order.leaves_open(&cluster_numbers(&clusters, network));
    Detection {
        condensed_arch: network.widths(),
        kept_units: network.kept().to_vec(),
        tied,
        layers: clustered.into_iter().enumerate().filter(|(_, found)| found.k > 0).map(described).collect(),
        hierarchy: hierarchy::hierarchy(network, &modules, module_count),
        modules,
        module_count,
    }
}

/// The clusters of each layer but the last, units in original order, clusters numbered in canonical order.
fn cluster_layers(network: &Condensed, order: &UnitOrder, settings: &DetectionSettings) -> Vec<LayerResult> {
    let widths = network.widths();
    let features = features::features(network, settings.feature_steps);
    let cluster_layer = |layer: usize| {
        let order = &order.layers[layer];
        let rows: Vec<&[u64]> = order.iter().map(|&unit| features[layer].row(unit)).collect();
        let mut found = layer::cluster(&rows, features::units_ahead(&widths, layer, settings.feature_steps), settings);
        let mut clusters = vec![0; order.len()];
        for (&unit, &cluster) in order.iter().zip(&found.clusters) {
            clusters[unit] = cluster;
        }
        found.clusters = clusters;
        found
    };
    (0..features.len()).map(cluster_layer).collect()
}

fn described((layer, found): (usize, LayerResult)) -> LayerClusters {
    LayerClusters {
        layer,
        units: found.clusters.len(),
        k: found.k,
        modularity: found.quality,
        clusters: by_first_appearance(&found.clusters),
        decided_by: found.decided_by,
        separate: found.separate,
        single: found.single,
    }
}

/// Renumbers labels by first appearance, inputs first.
fn by_first_appearance_over_layers(labels: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut renumbered = by_first_appearance(&labels.concat()).into_iter();
    labels.iter().map(|layer| renumbered.by_ref().take(layer.len()).collect()).collect()
}

/// The cluster of each unit, numbered through all layers; outputs are clusters of their own.
fn cluster_numbers(clusters: &[Vec<usize>], network: &Condensed) -> Vec<usize> {
    let mut numbers = Vec::new();
    let outputs: Vec<usize> = (0..network.widths()[clusters.len()]).collect();
    for layer in clusters.iter().chain([&outputs]) {
        let first = numbers.iter().max().map_or(0, |&greatest| greatest + 1);
        numbers.extend(layer.iter().map(|cluster| first + cluster));
    }
    numbers
}

/// What is found in one network under given settings: the schema of `sculpt detect --json`, less the id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Widths after condensing, inputs first.
    pub condensed_arch: Vec<usize>,
    /// For each layer, indices in the original network of the units that stay.
    pub kept_units: Vec<Vec<usize>>,
    /// Did a tie decide something that the numbering of hidden units could change?
    pub tied: bool,
    /// The clustering of each layer but the last; empty when no path from an input to an output is left.
    pub layers: Vec<LayerClusters>,
    /// The module of each kept unit, layer by layer, numbered by first appearance.
    pub modules: Vec<Vec<usize>>,
    /// Number of modules.
    pub module_count: usize,
    /// Which module feeds which.
    pub hierarchy: Hierarchy,
}

/// The clusters of one layer and how their number was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerClusters {
    /// The layer, 0 being the inputs.
    pub layer: usize,
    /// Number of kept units in the layer.
    pub units: usize,
    /// The chosen number of clusters.
    pub k: usize,
    /// The quality of the cut at each k from 1 to the number of units.
    pub modularity: Vec<QualityAt>,
    /// The cluster of each kept unit, numbered by first appearance.
    pub clusters: Vec<usize>,
    /// What settled the number of clusters.
    pub decided_by: DecidedBy,
    /// Test 1, are the two units that share a cluster at k = N - 1 separable? `None` where N = 1.
    pub separate: Option<SeparabilityTest>,
    /// Test 2, are the two sides at k = 2 one? `None` where N = 1.
    pub single: Option<SeparabilityTest>,
}

/// The quality of a cut, by the chosen index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualityAt {
    /// Number of clusters.
    pub k: usize,
    /// The metric; `None` where it is undefined.
    pub m: Option<f64>,
}

/// What settled the number of clusters of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecidedBy {
    /// The best value of the quality metric.
    Quality,
    /// Test 1: every unit is a cluster.
    Separate,
    /// Test 2, or a layer of one unit: one cluster.
    Single,
}

/// A separability test between two feature vectors (section 4, I.2).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeparabilityTest {
    /// Units in later layers that the first reaches.
    pub o_i: usize,
    /// Units in later layers that the second reaches.
    pub o_j: usize,
    /// Units in later layers that both reach.
    pub o_ij: usize,
    /// Units in later layers.
    pub g: usize,
    /// Expected common units, `o_i * o_j / g`.
    pub expected: f64,
    /// Distance from the expectation in standard deviations, positive in favour of the test's claim.
    pub z: f64,
    /// Does the test claim its case?
    pub positive: bool,
}

/// Modules as nodes, edge counts between them as weights. Can contain a cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hierarchy {
    /// One node a module, in order of its number.
    pub nodes: Vec<ModuleNode>,
    /// Edges between different modules.
    pub edges: Vec<ModuleEdge>,
}

/// A module: for each layer, its units by their index in the original network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleNode {
    /// Number of the module.
    pub module: usize,
    /// For each layer, inputs first, the units.
    pub units: Vec<Vec<usize>>,
}

/// How many network edges lead from one module to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleEdge {
    /// The module that feeds.
    pub from: usize,
    /// The module that is fed.
    pub to: usize,
    /// Number of edges of the condensed network.
    pub edges: usize,
}
