//! Multi-layer perceptrons: shape, weights, masks, and condensing to what is on a path.

mod architecture;
mod condense;
pub mod files;
pub mod jsonl;
mod mask;
mod numbers;
pub mod pytorch;
pub mod safetensors;
mod tensors;

pub use architecture::{Architecture, ArchitectureError};
pub use condense::Condensed;
pub use mask::Mask;

use serde::{Deserialize, Serialize};

/// A multi-layer perceptron with ReLU hidden units and linear outputs (logits).
///
/// Weights are kept a layer at a time, row by row: the weight from unit `i` of layer `l` to unit `j` of layer `l + 1`
/// is `weights[l][j * inputs + i]`, shape `[outputs, inputs]`. A masked weight is exactly 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Which weights are kept.
    pub mask: Mask,
    /// One `[outputs, inputs]` matrix a layer, row by row.
    pub weights: Vec<Vec<f32>>,
    /// One bias an output unit of each matrix.
    pub biases: Vec<Vec<f32>>,
}

impl Network {
    /// A network of zeros with every weight kept.
    #[must_use]
    pub fn zeros(architecture: &Architecture) -> Self {
        let weights = architecture.matrices().map(|(outputs, inputs)| vec![0.0; outputs * inputs]).collect();
        let biases = architecture.matrices().map(|(outputs, _)| vec![0.0; outputs]).collect();
        Self { mask: Mask::full(architecture), weights, biases }
    }

    /// The widths of the network.
    #[must_use]
    pub fn architecture(&self) -> &Architecture {
        self.mask.architecture()
    }

    /// Puts `mask` in place and zeroes what it takes away: masked weights, and the biases of units that no path from
    /// an input reaches (design 3.1).
    pub fn apply_mask(&mut self, mask: Mask) {
        let reached = mask.reached_from_inputs();
        for layer in 0..self.weights.len() {
            for (weight, &kept) in self.weights[layer].iter_mut().zip(mask.layer(layer)) {
                *weight = if kept { *weight } else { 0.0 };
            }
            for (bias, &reached) in self.biases[layer].iter_mut().zip(&reached[layer + 1]) {
                if !reached {
                    *bias = 0.0;
                }
            }
        }
        self.mask = mask;
    }
}
