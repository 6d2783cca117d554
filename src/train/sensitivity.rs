//! Loss sensitivity of hidden units (equation 1 of the paper), by which unit walks prune.

use std::ops::Range;

use super::math;
use crate::network::Network;
use crate::task::Rows;

/// The score of each hidden unit, layer by layer: the mean over `rows` of `|dL/da * a|`, where `a` is the unit's
/// activation and `L` is the mean loss over rows and outputs.
///
/// The scores are computed here, not by an engine, so that pruning uses the same arithmetic with every engine.
///
/// ```
/// use neural_sculpting::network::{Architecture, Network};
/// use neural_sculpting::task::Rows;
/// use neural_sculpting::train::unit_sensitivity;
///
/// // On its only row, the second hidden unit is inactive: it can be pruned.
/// let mut network = Network::zeros(&"1,2,1".parse::<Architecture>()?);
/// network.weights = vec![vec![2.0, -3.0], vec![0.5, 0.5]];
/// let rows = Rows::new(1, vec![1.0], vec![0.0]);
/// let scores = unit_sensitivity(&network, &rows);
/// assert!(scores[0][0] > 0.7 && scores[0][1] == 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn unit_sensitivity(network: &Network, rows: &Rows) -> Vec<Vec<f64>> {
    let widths = network.architecture().widths();
    let mut scores: Vec<Vec<f64>> = network.architecture().hidden().iter().map(|&width| vec![0.0; width]).collect();
    let strip = rows.count.min(MOST_ROWS);
    let mut activations: Vec<Vec<f32>> = widths.iter().map(|width| vec![0.0; width * strip]).collect();
    let mut deltas = activations.clone();
    for first in (0..rows.count).step_by(strip.max(1)) {
        let count = strip.min(rows.count - first);
        forward(network, rows, (first..first + count, strip), &mut activations);
        let last = widths.len() - 1;
        output_deltas(&activations[last], rows, (first..first + count, strip), &mut deltas[last]);
        for layer in (1..last).rev() {
            back(network, layer, strip, &mut deltas);
            let units = deltas[layer].chunks_exact_mut(strip).zip(activations[layer].chunks_exact(strip));
            for (score, (deltas, activations)) in scores[layer - 1].iter_mut().zip(units) {
                for (delta, &activation) in deltas[..count].iter_mut().zip(activations) {
                    *score += f64::from((*delta * activation).abs());
                    // From the derivative in the activation to that in the sum, which is 0 if the unit is inactive.
                    if activation <= 0.0 {
                        *delta = 0.0;
                    }
                }
            }
        }
    }
    let squared = (rows.count * rows.count) as f64;
    scores.iter_mut().flatten().for_each(|score| *score /= squared);
    scores
}

/// The most rows of a strip, which are computed together: each array holds this many values per unit.
pub(super) const MOST_ROWS: usize = 64;

/// The activations of every layer for a strip of rows, logits last.
pub(super) fn forward(
    network: &Network,
    rows: &Rows,
    (range, strip): (Range<usize>, usize),
    activations: &mut [Vec<f32>],
) {
    for (lane, row) in range.enumerate() {
        for (input, &value) in rows.input(row).iter().enumerate() {
            activations[0][input * strip + lane] = value;
        }
    }
    let last = network.weights.len() - 1;
    for (layer, (weights, biases)) in network.weights.iter().zip(&network.biases).enumerate() {
        let (before, here) = activations.split_at_mut(layer + 1);
        let before = before[layer].chunks_exact(strip);
        let rows = weights.chunks_exact(before.len()).zip(biases);
        for (sums, (row, &bias)) in here[0].chunks_exact_mut(strip).zip(rows) {
            sums.fill(bias);
            add_products(sums, row.iter().copied().zip(before.clone()));
            if layer < last {
                for sum in sums {
                    *sum = sum.max(0.0);
                }
            }
        }
    }
}

/// The deltas of the outputs, without the factor of one over the number of rows.
fn output_deltas(logits: &[f32], rows: &Rows, (range, strip): (Range<usize>, usize), deltas: &mut [f32]) {
    let outputs = rows.output_width();
    let scale = 1.0 / outputs as f32;
    for (lane, row) in range.enumerate() {
        for (output, &target) in rows.outputs[row * outputs..(row + 1) * outputs].iter().enumerate() {
            let slot = output * strip + lane;
            deltas[slot] = (math::sigmoid(logits[slot]) - target) * scale;
        }
    }
}

/// The derivatives of the loss in the activations of `layer`, from the deltas of the next layer.
fn back(network: &Network, layer: usize, strip: usize, deltas: &mut [Vec<f32>]) {
    let width = network.architecture().widths()[layer];
    let (here, after) = deltas.split_at_mut(layer + 1);
    for (unit, sums) in here[layer].chunks_exact_mut(strip).enumerate() {
        sums.fill(0.0);
        let weights = network.weights[layer][unit..].iter().copied().step_by(width);
        add_products(sums, weights.zip(after[0].chunks_exact(strip)));
    }
}

/// Adds weights times values to `sums`. Most weights of a pruned network are 0 and are skipped.
fn add_products<'v>(sums: &mut [f32], terms: impl Iterator<Item = (f32, &'v [f32])>) {
    for (weight, values) in terms.filter(|(weight, _)| *weight != 0.0) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += weight * value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Architecture;

    #[test]
    fn score_of_a_worked_case() {
        // One input 1, two hidden units of activations 2 and 0, one output of weight 0.5 each: z = 1, y = 0.
        let mut network = Network::zeros(&Architecture::new(vec![1, 2, 1]).unwrap());
        network.weights[0] = vec![2.0, -3.0];
        network.weights[1] = vec![0.5, 0.5];
        let rows = Rows::new(1, vec![1.0], vec![0.0]);
        let scores = unit_sensitivity(&network, &rows);
        // dL/dz = sigmoid(1); dL/da = 0.5 sigmoid(1); times the activation 2.
        assert!((scores[0][0] - 0.731_058_578_630_004_9).abs() < 1e-6);
        assert!(scores[0][1].abs() < f64::EPSILON);
    }
}
