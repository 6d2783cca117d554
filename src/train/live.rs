//! The units that are computed, and the parameters off every path.

use crate::network::{Mask, Network};

/// The units of each layer that are on a path from an input to an output; all units if there is no path.
pub(in crate::train) struct Live {
    /// Their indices, layer by layer.
    pub units: Vec<Vec<usize>>,
    /// For every unit of each layer: does an input reach it?
    pub reached: Vec<Vec<bool>>,
    /// Parameters whose gradient is 0 but which shrink under L2: the layer, and the index into its weights or, from
    /// `weights.len()` on, its biases.
    pub idle: Vec<(usize, usize)>,
    /// Widths of the layers.
    widths: Vec<usize>,
}

impl Live {
    pub(in crate::train) fn new(mask: &Mask) -> Self {
        let reached = mask.reached_from_inputs();
        let mut live = mask.on_a_path_among(&reached);
        // Empty matrices are more trouble than they are worth: if no path is left, everything is computed.
        if live.iter().any(|layer| !layer.contains(&true)) {
            for layer in &mut live {
                layer.fill(true);
            }
        }
        let units = live.iter().map(|layer| (0..layer.len()).filter(|&unit| layer[unit]).collect()).collect();
        let mut idle = Vec::new();
        for layer in 0..live.len() - 1 {
            let (weights, inputs) = (mask.layer(layer), live[layer].len());
            let off =
                |index: &usize| weights[*index] && !(live[layer][index % inputs] && live[layer + 1][index / inputs]);
            idle.extend((0..weights.len()).filter(off).map(|index| (layer, index)));
            let is_off = |unit: &usize| reached[layer + 1][*unit] && !live[layer + 1][*unit];
            idle.extend((0..live[layer + 1].len()).filter(is_off).map(|unit| (layer, weights.len() + unit)));
        }
        let widths = mask.architecture().widths().to_vec();
        Self { units, reached, idle, widths }
    }

    /// The weights of `layer` between live units, input by input: for each, its slot in a matrix `[inputs, stride]` of
    /// these units, and its index in the network's matrix.
    pub(in crate::train) fn slots(&self, layer: usize, stride: usize) -> impl Iterator<Item = (usize, usize)> {
        let (inputs, outputs) = (&self.units[layer], &self.units[layer + 1]);
        let width = self.widths[layer];
        inputs.iter().enumerate().flat_map(move |(row, &from)| {
            outputs.iter().enumerate().map(move |(column, &to)| (row * stride + column, to * width + from))
        })
    }
}

/// A parameter of `network`: of a layer, the weight `index` or, from the number of weights on, a bias.
pub(in crate::train) fn parameter(network: &Network, (layer, index): (usize, usize)) -> f32 {
    let weights = &network.weights[layer];
    weights.get(index).copied().unwrap_or_else(|| network.biases[layer][index - weights.len()])
}

/// Weights and biases of `network` with other values for some parameters, which are named as in [`parameter`].
pub(in crate::train) fn with_parameters(
    network: &Network,
    values: impl Iterator<Item = ((usize, usize), f32)>,
) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let (mut weights, mut biases) = (network.weights.clone(), network.biases.clone());
    values.for_each(|((layer, index), value)| {
        let count = weights[layer].len();
        match weights[layer].get_mut(index) {
            Some(weight) => *weight = value,
            None => biases[layer][index - count] = value,
        }
    });
    (weights, biases)
}
