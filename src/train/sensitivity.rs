//! Loss sensitivity of hidden units (equation 1 of the paper).

use super::loss;
use crate::network::Network;
use crate::task::Rows;

/// The score of each hidden unit, layer by layer: mean over `rows` of `|dL/da * a|`, `a` being its activation.
///
/// `L` is the mean loss over rows and outputs, so each row contributes with weight `1 / rows`. Computed here, not by
/// an engine, so that every engine prunes by the same arithmetic.
#[must_use]
pub fn unit_sensitivity(network: &Network, rows: &Rows) -> Vec<Vec<f64>> {
    let widths = network.architecture().widths();
    let mut scores: Vec<Vec<f64>> = network.architecture().hidden().iter().map(|&width| vec![0.0; width]).collect();
    let (inputs, outputs) = (widths[0], widths[widths.len() - 1]);
    let mut slopes = Vec::new();
    for row in 0..rows.count {
        let activations = forward(network, &rows.inputs[row * inputs..(row + 1) * inputs]);
        let logits = &activations[activations.len() - 1];
        loss::slopes(logits, &rows.outputs[row * outputs..(row + 1) * outputs], &mut slopes);
        let mut slope = slopes.clone();
        for layer in (1..widths.len() - 1).rev() {
            slope = back(network, layer, &slope);
            for (unit, slope) in slope.iter_mut().enumerate() {
                let activation = activations[layer][unit];
                scores[layer - 1][unit] += f64::from((*slope * activation).abs());
                // ReLU passes no slope where the unit is silent.
                if activation <= 0.0 {
                    *slope = 0.0;
                }
            }
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let squared = (rows.count * rows.count) as f64;
    scores.iter_mut().flatten().for_each(|score| *score /= squared);
    scores
}

/// The activations of every layer for one row, logits last.
fn forward(network: &Network, row: &[f32]) -> Vec<Vec<f32>> {
    let mut activations = vec![row.to_vec()];
    let last = network.weights.len() - 1;
    for (layer, (weights, biases)) in network.weights.iter().zip(&network.biases).enumerate() {
        let before = &activations[layer];
        let sums = weights.chunks_exact(before.len()).zip(biases).map(|(row, bias)| {
            let sum = row.iter().zip(before).fold(*bias, |sum, (weight, activation)| sum + weight * activation);
            if layer < last { sum.max(0.0) } else { sum }
        });
        let sums = sums.collect();
        activations.push(sums);
    }
    activations
}

/// The slopes of the activations of `layer`, from those of the sums of the next.
fn back(network: &Network, layer: usize, slopes: &[f32]) -> Vec<f32> {
    let width = network.architecture().widths()[layer];
    let mut before = vec![0.0; width];
    for (row, slope) in network.weights[layer].chunks_exact(width).zip(slopes) {
        for (sum, weight) in before.iter_mut().zip(row) {
            *sum += weight * slope;
        }
    }
    before
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
        let rows = Rows { count: 1, inputs: vec![1.0], outputs: vec![0.0] };
        let scores = unit_sensitivity(&network, &rows);
        // dL/dz = sigmoid(1); dL/da = 0.5 sigmoid(1); times the activation 2.
        assert!((scores[0][0] - 0.731_058_578_630_004_9).abs() < 1e-6);
        assert!(scores[0][1].abs() < f64::EPSILON);
    }
}
