//! Modules of a sparse network: clusters within layers, merged across layers, and their hierarchy (sections 4 and I).

use serde::{Deserialize, Serialize};

/// What is found in one network under given settings: the schema of `sculpt detect --json`, less the id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Widths after condensing, inputs first.
    pub condensed_arch: Vec<usize>,
    /// For each layer, indices in the original network of the units that stay.
    pub kept_units: Vec<Vec<usize>>,
    /// Did a tie decide something that the numbering of hidden units could change?
    pub tied: bool,
    /// The clustering of each layer but the last.
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

/// The quality of a cut.
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
