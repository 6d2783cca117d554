//! What is kept of a finished walk.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Trajectory;
use crate::network::{Architecture, Mask, Network};
use crate::train::Epoch;

/// A finished walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalkRecord {
    /// First step of the unit walk, where the trial has unit walks.
    pub p_u: Option<f64>,
    /// First step of the edge walk; `None` for a unit walk.
    pub p_e: Option<f64>,
    /// The evaluation of the final network.
    pub best: Epoch,
    /// Weights on a path from an input to an output.
    pub edges: usize,
    /// Hidden units on such a path.
    pub hidden_units: usize,
    /// Rounds trained by this walk itself.
    pub rounds: u32,
    /// Those of them that burn computed; the edge engine computed the others.
    pub burn_rounds: u32,
    /// The final network.
    pub network: SparseNetwork,
    /// The way there, kept for the best and the near-best walks.
    pub trajectory: Option<Trajectory>,
}

/// A network as the weights that are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparseNetwork {
    /// One entry a weight matrix.
    pub layers: Vec<SparseLayer>,
}

/// The kept weights of one matrix, and its biases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparseLayer {
    /// Positions in the `[outputs, inputs]` matrix, row by row, ascending.
    pub kept: Vec<u32>,
    /// The weight at each position.
    pub weights: Vec<f32>,
    /// Output units whose bias is not 0, ascending.
    pub biased: Vec<u32>,
    /// Their biases.
    pub biases: Vec<f32>,
}

impl SparseNetwork {
    /// Keeps what `network` keeps.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let layers = network.weights.iter().zip(&network.biases).enumerate().map(|(layer, (weights, biases))| {
            let positions = |kept: &dyn Fn(usize) -> bool, count: usize| -> Vec<u32> {
                (0_u32..).zip(0..count).filter(|&(_, index)| kept(index)).map(|(position, _)| position).collect()
            };
            let kept = positions(&|index| network.mask.layer(layer)[index], weights.len());
            // A bias of -0 differs in its bits from 0, so it is kept.
            let biased = positions(&|index| biases[index].to_bits() != 0, biases.len());
            SparseLayer {
                weights: kept.iter().map(|&index| weights[index as usize]).collect(),
                biases: biased.iter().map(|&index| biases[index as usize]).collect(),
                kept,
                biased,
            }
        });
        Self { layers: layers.collect() }
    }

    /// The network again, bit for bit; `None` where the layers do not fit `architecture`.
    #[must_use]
    pub fn network(&self, architecture: &Architecture) -> Option<Network> {
        let mut network = Network::zeros(architecture);
        let mut masks = Vec::with_capacity(self.layers.len());
        if self.layers.len() != network.weights.len() {
            return None;
        }
        for (layer, sparse) in self.layers.iter().enumerate() {
            let mut mask = vec![false; network.weights[layer].len()];
            for (&index, &weight) in sparse.kept.iter().zip(&sparse.weights) {
                *network.weights[layer].get_mut(index as usize)? = weight;
                mask[index as usize] = true;
            }
            for (&unit, &bias) in sparse.biased.iter().zip(&sparse.biases) {
                *network.biases[layer].get_mut(unit as usize)? = bias;
            }
            masks.push(mask);
        }
        network.mask = Mask::from_layers(architecture, masks);
        Some(network)
    }
}

/// Orders walks from best to worst: fewest edges, then fewer hidden units, then lower validation loss (design 3.4).
/// What is left is grid order, which a stable sort or a first minimum gives.
#[must_use]
pub fn rank(a: &WalkRecord, b: &WalkRecord) -> Ordering {
    (a.edges, a.hidden_units).cmp(&(b.edges, b.hidden_units)).then(a.best.loss.total_cmp(&b.best.loss))
}
