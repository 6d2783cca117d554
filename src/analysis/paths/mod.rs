//! What the weights of a network tell without any modules: path products, input separability and unit reuse (sections
//! 2, 3 and G of the paper).
//!
//! [`analyze`] computes, in this order:
//!
//! 1. the path product pi(i, j) for each input i and output j: how much the weights carry from i to j;
//! 2. for each group of inputs and outputs, Welch's test: are the products of these inputs to the *other* outputs
//!    smaller than those to these outputs?
//! 3. N_P, the fewest units of each hidden layer that carry P % of the layer's products to the outputs.
//!
//! ```
//! use neural_sculpting::analysis::paths::{PathSettings, analyze};
//! use neural_sculpting::network::{Architecture, Network};
//!
//! // x1 to y1 and x2 to y2, each through a unit of its own, and a weak path from x1 to y2.
//! let mut network = Network::zeros(&"2,2,2".parse::<Architecture>()?);
//! network.weights = vec![vec![2.0, 0.0, 0.1, -1.0], vec![-3.0, 0.0, 0.0, 4.0]];
//! let settings = PathSettings { groups: vec!["1:1".parse()?], percent: 90.0 };
//! let found = analyze(&network, &settings)?;
//! assert_eq!(found.pi[0][0], 6.0);
//! assert_eq!(found.n90, [2]); // of products 3 and 4
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod groups;
mod products;
mod reuse;
mod truth;
mod welch;

pub use groups::{GroupError, UnitGroup};
pub use truth::true_groups;
pub use welch::{SIGNIFICANCE, Welch};

use serde::Serialize;

use crate::network::Network;

/// The groups to test, and the percentage for unit reuse.
#[derive(Clone, Debug, PartialEq)]
pub struct PathSettings {
    /// Inputs and outputs to test for belonging together.
    pub groups: Vec<UnitGroup>,
    /// P, above 0 and at most 100. Default: 90.
    pub percent: f64,
}

impl Default for PathSettings {
    fn default() -> Self {
        Self { groups: Vec::new(), percent: 90.0 }
    }
}

/// Why the paths of a network cannot be analyzed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PathError {
    /// A group does not fit the network.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// More path products than fit in memory.
    #[error("{inputs} inputs times {outputs} outputs are more than {max} path products; choose a narrower network",
        max = products::MAX_PRODUCTS)]
    TooWide {
        /// Number of inputs.
        inputs: usize,
        /// Number of outputs.
        outputs: usize,
    },
}

/// Path products, tests and reuse of a network. Its JSON is that of `sculpt paths --json`, without the id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathAnalysis {
    /// Path products, `[inputs, outputs]`. Infinite ones are `null` in JSON.
    pub pi: Vec<Vec<f64>>,
    /// One test per group.
    pub welch: Vec<Welch>,
    /// N_P of each hidden layer: the fewest units that carry P % of its products to the outputs.
    pub n90: Vec<usize>,
}

impl PathAnalysis {
    /// Whether all null hypotheses are rejected, so that the inputs of each group belong to its outputs (table 1);
    /// `None` if no group was tested.
    #[must_use]
    pub fn is_separable(&self) -> Option<bool> {
        (!self.welch.is_empty()).then(|| self.welch.iter().all(|test| test.reject))
    }
}

/// Computes path products, tests and reuse of `network`.
///
/// # Errors
/// If a group names units that the network does not have or leaves no other output, or if there are more than
/// 100,000,000 products.
pub fn analyze(network: &Network, settings: &PathSettings) -> Result<PathAnalysis, PathError> {
    let architecture = network.architecture();
    for group in &settings.groups {
        group.check(architecture.inputs(), architecture.outputs())?;
    }
    let pi = products::products(network)?;
    Ok(PathAnalysis {
        welch: settings.groups.iter().map(|group| welch::separability(&pi, group)).collect(),
        n90: reuse::least_units(network, settings.percent / 100.0),
        pi,
    })
}
