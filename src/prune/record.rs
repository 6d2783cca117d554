//! The record of a finished walk.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Trajectory;
use crate::network::{Architecture, Mask, Network};
use crate::train::Epoch;

/// A finished walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalkRecord {
    /// Initial step of the unit walk, in percent; `None` if the trial has no unit walks.
    pub p_u: Option<f64>,
    /// Initial step of the edge walk, in percent; `None` for a unit walk.
    pub p_e: Option<f64>,
    /// The evaluation of the final network.
    pub best: Epoch,
    /// Edges: weights on a path from an input to an output.
    pub edges: usize,
    /// Hidden units on a path from an input to an output.
    pub hidden_units: usize,
    /// Rounds that this walk trained, without those of the unit walk above it.
    pub rounds: u32,
    /// The rounds among them that burn computed; the edge engine computed the others.
    pub burn_rounds: u32,
    /// The final network.
    pub network: SparseNetwork,
    /// The rounds that led there; `None` if the walk has many more edges than the trial's best
    /// ([`NEAR_BEST_EDGES`](super::NEAR_BEST_EDGES)).
    pub trajectory: Option<Trajectory>,
}

/// A network in compact form: only its kept weights and its nonzero biases.
///
/// ```
/// use neural_sculpting::network::{Architecture, Mask, Network};
/// use neural_sculpting::prune::SparseNetwork;
///
/// let architecture: Architecture = "2,1".parse()?;
/// let mut network = Network::zeros(&architecture);
/// network.weights[0] = vec![0.5, -1.0];
/// network.apply_mask(Mask::from_layers(&architecture, vec![vec![true, false]]));
/// let sparse = SparseNetwork::new(&network);
/// assert_eq!(sparse.network(&architecture), Some(network));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparseNetwork {
    /// One entry per weight matrix.
    layers: Vec<SparseLayer>,
}

/// The kept weights of a matrix, and its biases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SparseLayer {
    /// Positions in the `[outputs, inputs]` matrix, row by row, ascending.
    kept: Vec<u32>,
    /// The weight at each position.
    weights: Vec<f32>,
    /// Output units whose bias is not 0, ascending.
    biased: Vec<u32>,
    /// Their biases.
    biases: Vec<f32>,
}

impl SparseNetwork {
    /// The compact form of `network`.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let layers = network.weights.iter().zip(&network.biases).enumerate().map(|(layer, (weights, biases))| {
            let positions = |kept: &dyn Fn(usize) -> bool, count: usize| -> Vec<u32> {
                (0_u32..).zip(0..count).filter(|&(_, index)| kept(index)).map(|(position, _)| position).collect()
            };
            let kept = positions(&|index| network.mask.layer(layer)[index], weights.len());
            // -0 and 0 have different bits, so a bias of -0 is kept.
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

    /// The full network, bit for bit; `None` if the layers do not fit `architecture`.
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

/// Orders walks from best to worst: by edges, then hidden units, then validation loss. Remaining ties go to grid order,
/// which a stable sort keeps.
#[must_use]
pub fn rank(a: &WalkRecord, b: &WalkRecord) -> Ordering {
    (a.edges, a.hidden_units).cmp(&(b.edges, b.hidden_units)).then(a.best.loss.total_cmp(&b.best.loss))
}
