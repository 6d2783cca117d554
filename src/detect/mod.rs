//! Detection of modules in a sparse network: clusters within layers, modules across layers, and their hierarchy
//! (sections 4 and I of the paper).
//!
//! [`detect`] takes these steps, each in a file of its own:
//!
//! 1. `order` puts units into an order that does not depend on how hidden units are numbered.
//! 2. `features` determines which later units each unit reaches.
//! 3. `layer` clusters the units of each layer: a `dendrogram` of their `distance`s is cut where `quality` is best,
//!    unless the tests of `separability` overrule it.
//! 4. `merge` joins clusters of adjacent layers into modules.
//! 5. `hierarchy` determines which module feeds which.
//!
//! The other types are plain data: parts of a [`Detection`] or choices in [`DetectionSettings`].

mod bits;
mod choice;
mod dendrogram;
mod detection;
mod distance;
mod features;
mod hierarchy;
mod layer;
mod merge;
#[allow(clippy::cast_possible_truncation)] // counts of units: an architecture has at most 10^8 weights
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
pub use detection::{
    DecidedBy, Detection, Hierarchy, LayerClusters, ModuleEdge, ModuleNode, QualityAt, SeparabilityTest,
};
pub use distance::Distance;
pub use quality::Quality;
pub use settings::{DetectionSettings, SettingsError};

use crate::network::Condensed;
pub(crate) use dendrogram::by_first_appearance;
use layer::LayerResult;
use order::UnitOrder;

/// Detects the modules of a network.
///
/// `settings` should have passed [`DetectionSettings::checked`]. The result does not depend on how hidden units are
/// numbered, unless it is marked as [`tied`](Detection::tied).
///
/// ```
/// use neural_sculpting::detect::{DetectionSettings, detect};
/// use neural_sculpting::network::{Condensed, Mask};
///
/// // x1 and x2 feed h1, x3 and x4 feed h2; h1 feeds y1, h2 feeds y2.
/// let bits = |bits: &str| bits.chars().map(|bit| bit == '1').collect::<Vec<_>>();
/// let mask = Mask::from_layers(&"4,2,2".parse()?, vec![bits("11000011"), bits("1001")]);
///
/// let detection = detect(&Condensed::new(&mask), &DetectionSettings::default());
/// assert_eq!(detection.module_count, 2);
/// assert_eq!(detection.modules, [vec![0, 0, 1, 1], vec![0, 1], vec![0, 1]]);
/// assert!(detection.hierarchy.edges.is_empty(), "neither module feeds the other");
/// # Ok::<(), neural_sculpting::network::ArchitectureError>(())
/// ```
#[must_use]
pub fn detect(network: &Condensed, settings: &DetectionSettings) -> Detection {
    let order = UnitOrder::new(network);
    let clustered = cluster_layers(network, &order, settings);
    // Merging uses canonical cluster numbers; the resulting modules are numbered in the original order of units.
    let clusters: Vec<Vec<usize>> = clustered.iter().map(|layer| layer.clusters.clone()).collect();
    let modules = by_first_appearance_over_layers(&merge::modules(network, &clusters, settings.merge_threshold));
    let module_count = modules.iter().flatten().max().map_or(0, |&greatest| greatest + 1);
    let tied = order.leaves_open(&modules.concat()) || order.leaves_open(&cluster_numbers(&clusters, network));
    Detection {
        condensed_arch: network.widths(),
        kept_units: network.kept().to_vec(),
        tied,
        layers: clustered.into_iter().enumerate().filter(|(_, found)| found.k > 0).map(layer_clusters).collect(),
        hierarchy: hierarchy::hierarchy(network, &modules, module_count),
        modules,
        module_count,
    }
}

/// The clusters of each layer but the last. Units are in original order; clusters are numbered in canonical order.
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

fn layer_clusters((layer, found): (usize, LayerResult)) -> LayerClusters {
    LayerClusters {
        layer,
        units: found.clusters.len(),
        k: found.k,
        quality: found.quality,
        clusters: by_first_appearance(&found.clusters),
        decided_by: found.decided_by,
        separate: found.separate,
        single: found.single,
    }
}

/// Renumbers the labels of all layers by first appearance, inputs first.
fn by_first_appearance_over_layers(labels: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut renumbered = by_first_appearance(&labels.concat()).into_iter();
    labels.iter().map(|layer| renumbered.by_ref().take(layer.len()).collect()).collect()
}

/// The cluster of each unit, numbered across layers. Each output is a cluster of its own.
fn cluster_numbers(clusters: &[Vec<usize>], network: &Condensed) -> Vec<usize> {
    let mut numbers = Vec::new();
    let outputs: Vec<usize> = (0..network.widths()[clusters.len()]).collect();
    for layer in clusters.iter().chain([&outputs]) {
        let first = numbers.iter().max().map_or(0, |&greatest| greatest + 1);
        numbers.extend(layer.iter().map(|cluster| first + cluster));
    }
    numbers
}
