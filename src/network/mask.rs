//! Masks: which weights of a network are kept.

use serde::{Deserialize, Serialize};

use super::architecture::Architecture;

/// Which weights are kept: one `bool` per weight, in the layout of [`Network::weights`](super::Network::weights).
///
/// ```
/// use neural_sculpting::network::{Architecture, Mask};
///
/// let architecture: Architecture = "2,2,1".parse()?;
/// // Each input feeds one hidden unit; only the first hidden unit feeds the output.
/// let mask = Mask::from_layers(&architecture, vec![vec![true, false, false, true], vec![true, false]]);
/// assert_eq!(mask.kept(), 3);
/// assert_eq!(mask.counts(), (1, 2), "the second hidden unit leads nowhere");
/// # Ok::<(), neural_sculpting::network::ArchitectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    architecture: Architecture,
    layers: Vec<Vec<bool>>,
}

impl Mask {
    /// The mask that keeps every weight.
    #[must_use]
    pub fn full(architecture: &Architecture) -> Self {
        let layers = architecture.matrices().map(|(outputs, inputs)| vec![true; outputs * inputs]).collect();
        Self { architecture: architecture.clone(), layers }
    }

    /// A mask from one `[outputs, inputs]` matrix per layer of weights, each row by row.
    ///
    /// # Panics
    /// If the matrices do not have the shapes of `architecture`.
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

    /// The `[outputs, inputs]` matrix between `layer` (0 for the inputs) and the next, row by row.
    #[must_use]
    pub fn layer(&self, layer: usize) -> &[bool] {
        &self.layers[layer]
    }

    /// Is the weight from unit `from` of `layer` to unit `to` of the next layer kept?
    #[must_use]
    pub fn is_kept(&self, layer: usize, from: usize, to: usize) -> bool {
        self.layers[layer][to * self.architecture.widths()[layer] + from]
    }

    /// Number of kept weights, whether or not they are on a path.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.layers.iter().map(|layer| layer.iter().filter(|&&kept| kept).count()).sum()
    }

    /// Does every matrix keep at least one weight?
    #[must_use]
    pub(crate) fn every_layer_keeps_a_weight(&self) -> bool {
        self.layers.iter().all(|layer| layer.contains(&true))
    }

    /// Masks all weights into and out of a unit of a hidden `layer` (1 for the first hidden layer).
    ///
    /// # Panics
    /// If `layer` is not a hidden layer.
    pub(crate) fn prune_unit(&mut self, layer: usize, unit: usize) {
        let inputs = self.architecture.widths()[layer - 1];
        self.layers[layer - 1][unit * inputs..(unit + 1) * inputs].fill(false);
        let width = self.architecture.widths()[layer];
        for row in self.layers[layer].chunks_exact_mut(width) {
            row[unit] = false;
        }
    }

    /// For each layer, inputs first: which units can be reached from an input.
    #[must_use]
    pub(crate) fn reached_from_inputs(&self) -> Vec<Vec<bool>> {
        let mut reached = vec![vec![true; self.architecture.inputs()]];
        for (layer, (_, inputs)) in self.layers.iter().zip(self.architecture.matrices()) {
            let before = &reached[reached.len() - 1];
            let next = layer
                .chunks_exact(inputs)
                // No early exit, so that the compiler can use vector instructions.
                .map(|row| {
                    row.iter().zip(before).fold(0, |any, (&kept, &from)| any | u8::from(kept) & u8::from(from)) != 0
                })
                .collect();
            reached.push(next);
        }
        reached
    }

    /// For each layer, inputs first: which units are on a path from an input to an output. Output units always count.
    #[must_use]
    pub(crate) fn on_a_path(&self) -> Vec<Vec<bool>> {
        self.on_a_path_among(&self.reached_from_inputs())
    }

    /// Like [`Self::on_a_path`], given the result of [`Self::reached_from_inputs`].
    #[must_use]
    pub(crate) fn on_a_path_among(&self, reached: &[Vec<bool>]) -> Vec<Vec<bool>> {
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

    /// Number of hidden units and number of edges: what is on a path from an input to an output.
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
