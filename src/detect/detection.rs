//! The result of detection, as `sculpt detect --json` prints it.

use serde::{Deserialize, Serialize};

/// The modules of a network and how they were determined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Widths of the condensed network, inputs first.
    pub condensed_arch: Vec<usize>,
    /// For each layer: the indices in the original network of the kept units.
    pub kept_units: Vec<Vec<usize>>,
    /// Could another numbering of the hidden units change the result, because of a tie?
    pub tied: bool,
    /// The clusters of each layer but the last. Empty if no path leads from an input to an output.
    pub layers: Vec<LayerClusters>,
    /// The module of each kept unit, layer by layer. Modules are numbered by first appearance.
    pub modules: Vec<Vec<usize>>,
    /// Number of modules.
    pub module_count: usize,
    /// Which module feeds which.
    pub hierarchy: Hierarchy,
}

/// The clusters of a layer and how their number was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerClusters {
    /// The layer; 0 for the inputs.
    pub layer: usize,
    /// Number of kept units in the layer.
    pub units: usize,
    /// The chosen number of clusters.
    pub k: usize,
    /// The quality of the cut into k clusters, for each k from 1 to the number of units, by the chosen index.
    #[serde(rename = "modularity")]
    pub quality: Vec<QualityAt>,
    /// The cluster of each kept unit. Clusters are numbered by first appearance.
    pub clusters: Vec<usize>,
    /// What decided the number of clusters.
    pub decided_by: DecidedBy,
    /// Test 1: are the two units that share a cluster at k = N - 1 separable? `None` if N = 1.
    pub separate: Option<SeparabilityTest>,
    /// Test 2: do the two clusters at k = 2 belong together? `None` if N = 1.
    pub single: Option<SeparabilityTest>,
}

/// The quality of a cut by the chosen index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualityAt {
    /// Number of clusters.
    pub k: usize,
    /// The value of the index; `None` if it is undefined.
    pub m: Option<f64>,
}

/// What decided the number of clusters of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecidedBy {
    /// The best value of the quality index.
    Quality,
    /// Test 1: each unit is a cluster.
    Separate,
    /// Test 2, or a layer of a single unit: one cluster.
    Single,
}

/// A separability test of two feature vectors (sections 4 and I.2 of the paper).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeparabilityTest {
    /// Number of units in later layers that the first reaches.
    pub o_i: usize,
    /// Number of units in later layers that the second reaches.
    pub o_j: usize,
    /// Number of units in later layers that both reach.
    pub o_ij: usize,
    /// Number of units in later layers.
    pub g: usize,
    /// Expected number of common units, `o_i * o_j / g`.
    pub expected: f64,
    /// Deviation from the expectation in standard deviations; positive values support the test's claim.
    pub z: f64,
    /// Is the claim accepted?
    pub positive: bool,
}

/// The graph of modules. It may contain cycles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hierarchy {
    /// One node per module, ordered by number.
    pub nodes: Vec<ModuleNode>,
    /// Edges between different modules.
    pub edges: Vec<ModuleEdge>,
}

/// A module: its units in each layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleNode {
    /// The number of the module.
    pub module: usize,
    /// For each layer, inputs first: the units, by their indices in the original network.
    pub units: Vec<Vec<usize>>,
}

/// The edges of the network from one module to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleEdge {
    /// The module that they come from.
    pub from: usize,
    /// The module that they lead to.
    pub to: usize,
    /// Number of edges in the condensed network.
    pub edges: usize,
}
