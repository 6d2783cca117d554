//! Structure tests of networks with weights: path products, input separability, reuse (sections 2, 3 and G).
//!
//! [`analyze`] reads as the method does:
//!
//! 1. `products`: pi(i, j), how much of all that the weights carry leads from input i to output j.
//! 2. `welch`: for each group of inputs and outputs, are the products of these inputs to the *other* outputs smaller
//!    than to these?
//! 3. `reuse`: N_P, the least number of units of each hidden layer that carry P % of the products to the outputs.

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

/// What is computed: the groups to test, and the percentage of reuse.
#[derive(Clone, Debug, PartialEq)]
pub struct PathSettings {
    /// Which inputs and outputs are tested for belonging together.
    pub groups: Vec<UnitGroup>,
    /// P, above 0 and at most 100.
    pub percent: f64,
}

impl Default for PathSettings {
    fn default() -> Self {
        Self { groups: Vec::new(), percent: 90.0 }
    }
}

/// Why the structure of a network cannot be told.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PathError {
    /// A group does not fit the network.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// More path products than can be held.
    #[error("{inputs} inputs times {outputs} outputs are more than {max} path products; test a narrower network",
        max = products::MAX_PRODUCTS)]
    TooWide {
        /// Number of inputs.
        inputs: usize,
        /// Number of outputs.
        outputs: usize,
    },
}

/// The structure of a network: the schema of `sculpt structure --json`, less the id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathAnalysis {
    /// Path products, one row an input, one column an output. Infinite ones are `null` in JSON.
    pub pi: Vec<Vec<f64>>,
    /// One test a group.
    pub welch: Vec<Welch>,
    /// For each hidden layer the least number of units that carry P % of the products to the outputs.
    pub n90: Vec<usize>,
}

impl PathAnalysis {
    /// Are all null hypotheses rejected, so that the inputs of each group belong to its outputs (Table 1)? `None` where
    /// nothing was tested.
    #[must_use]
    pub fn is_separable(&self) -> Option<bool> {
        (!self.welch.is_empty()).then(|| self.welch.iter().all(|test| test.reject))
    }
}

/// Computes path products, tests and reuse of `network`.
///
/// # Errors
/// A group that names units the network does not have or leaves no other output; more than 100,000,000 products.
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
