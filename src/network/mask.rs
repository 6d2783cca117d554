//! Which weights of a network are kept.

use serde::{Deserialize, Serialize};

use super::Architecture;

/// One bit a weight: `true` where the weight is kept. Laid out as the weights are, see [`super::Network`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    architecture: Architecture,
    layers: Vec<Vec<bool>>,
}

impl Mask {
    /// Every weight kept.
    #[must_use]
    pub fn full(architecture: &Architecture) -> Self {
        let layers = architecture.matrices().map(|(outputs, inputs)| vec![true; outputs * inputs]).collect();
        Self { architecture: architecture.clone(), layers }
    }

    /// A mask from one `[outputs, inputs]` matrix a layer.
    ///
    /// # Panics
    /// When the matrices do not have the shapes of `architecture`.
    #[must_use]
    pub fn from_layers(architecture: &Architecture, layers: Vec<Vec<bool>>) -> Self {
        assert!(
            layers.len() == architecture.matrices().len()
                && architecture
                    .matrices()
                    .zip(&layers)
                    .all(|((outputs, inputs), layer)| layer.len() == outputs * inputs),
            "mask matrices do not fit {architecture}"
        );
        Self { architecture: architecture.clone(), layers }
    }

    /// The widths of the masked network.
    #[must_use]
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The `[outputs, inputs]` matrix from layer `layer` to the next, row by row.
    #[must_use]
    pub fn layer(&self, layer: usize) -> &[bool] {
        &self.layers[layer]
    }

    /// Is the weight from unit `from` of `layer` to unit `to` of the next layer kept?
    #[must_use]
    pub fn is_kept(&self, layer: usize, from: usize, to: usize) -> bool {
        self.layers[layer][to * self.architecture.widths()[layer] + from]
    }

    /// Number of weights kept, whether on a path or not.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.layers.iter().map(|layer| layer.iter().filter(|&&kept| kept).count()).sum()
    }

    /// Does each matrix keep a weight?
    #[must_use]
    pub fn every_layer_keeps_a_weight(&self) -> bool {
        self.layers.iter().all(|layer| layer.contains(&true))
    }

    /// Masks the weights into and out of unit `unit` of hidden layer `layer` (1 is the first hidden layer).
    ///
    /// # Panics
    /// When `layer` is not a hidden layer.
    pub fn prune_unit(&mut self, layer: usize, unit: usize) {
        let inputs = self.architecture.widths()[layer - 1];
        self.layers[layer - 1][unit * inputs..(unit + 1) * inputs].fill(false);
        let width = self.architecture.widths()[layer];
        for row in self.layers[layer].chunks_exact_mut(width) {
            row[unit] = false;
        }
    }

    /// For each layer, inputs first, which units a path from an input reaches.
    #[must_use]
    pub fn reached_from_inputs(&self) -> Vec<Vec<bool>> {
        let mut reached = vec![vec![true; self.architecture.inputs()]];
        for (layer, (_, inputs)) in self.layers.iter().zip(self.architecture.matrices()) {
            let before = &reached[reached.len() - 1];
            let next = layer
                .chunks_exact(inputs)
                // Without leaving early: whole vectors of bits at once.
                .map(|row| {
                    row.iter().zip(before).fold(0, |any, (&kept, &from)| any | u8::from(kept) & u8::from(from)) != 0
                })
                .collect();
            reached.push(next);
        }
        reached
    }

    /// For each layer, inputs first, which units lie on a path from an input to an output; output units all do.
    #[must_use]
    pub fn on_a_path(&self) -> Vec<Vec<bool>> {
        self.on_a_path_among(&self.reached_from_inputs())
    }

    /// As [`Self::on_a_path`], where [`Self::reached_from_inputs`] is known.
    #[must_use]
    pub fn on_a_path_among(&self, reached: &[Vec<bool>]) -> Vec<Vec<bool>> {
        let mut alive = reached.to_vec();
        let last = alive.len() - 1;
        alive[last].fill(true);
        for (layer, weights) in self.layers.iter().enumerate().rev() {
            let mut leads = vec![false; alive[layer].len()];
            for (row, _) in weights.chunks_exact(leads.len()).zip(&alive[layer + 1]).filter(|(_, alive)| **alive) {
                for (leads, &kept) in leads.iter_mut().zip(row) {
                    *leads |= kept;
                }
            }
            for (alive, leads) in alive[layer].iter_mut().zip(leads) {
                *alive &= leads;
            }
        }
        alive
    }

    /// Hidden units, and weights, on a path from an input to an output.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let alive = self.on_a_path();
        let hidden = alive[1..alive.len() - 1].iter().flatten().filter(|&&alive| alive).count();
        let weights = self.layers.iter().zip(alive.windows(2)).map(|(weights, alive)| {
            let rows = weights.chunks_exact(alive[0].len()).zip(&alive[1]).filter(|(_, alive)| **alive);
            let edges = |row: &[bool]| {
                row.iter().zip(&alive[0]).map(|(&kept, &alive)| usize::from(kept & alive)).sum::<usize>()
            };
            rows.map(|(row, _)| edges(row)).sum::<usize>()
        });
        (hidden, weights.sum())
    }
}
