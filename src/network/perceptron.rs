//! The network itself: mask, weights and biases.

use serde::{Deserialize, Serialize};

use super::architecture::Architecture;
use super::mask::Mask;

/// A multi-layer perceptron with ReLU hidden units and linear outputs (logits).
///
/// Each layer of weights is a matrix of shape `[outputs, inputs]`, stored row by row: the weight from unit `i` of layer
/// `l` to unit `j` of layer `l + 1` is `weights[l][j * inputs + i]`. A masked weight is exactly 0.
///
/// ```
/// use neural_sculpting::network::{Mask, Network};
///
/// let mut network = Network::zeros(&"2,1".parse()?);
/// network.weights[0] = vec![0.5, -1.5];
/// network.apply_mask(Mask::from_layers(&"2,1".parse()?, vec![vec![true, false]]));
/// assert_eq!(network.weights, [[0.5, 0.0]]);
/// # Ok::<(), neural_sculpting::network::ArchitectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Which weights are kept.
    pub mask: Mask,
    /// One `[outputs, inputs]` matrix per layer of weights, row by row.
    pub weights: Vec<Vec<f32>>,
    /// For each of these matrices, one bias per row.
    pub biases: Vec<Vec<f32>>,
}

impl Network {
    /// A dense network whose weights and biases are 0.
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

    /// Replaces the mask and zeroes what it removes: masked weights, and the biases of units that no input reaches.
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
