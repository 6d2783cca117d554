//! Path products: the product of the matrices of absolute weights (section 2 of the paper).

use super::PathError;
use crate::network::Network;

/// The most path products that are computed; they take 8 bytes each.
pub(super) const MAX_PRODUCTS: usize = 100_000_000;

/// pi(i, j), the sum over all paths from input i to output j of the product of their absolute weights, `[inputs,
/// outputs]`. Computed from whichever of inputs and outputs are fewer.
pub(super) fn products(network: &Network) -> Result<Vec<Vec<f64>>, PathError> {
    let (inputs, outputs) = (network.architecture().inputs(), network.architecture().outputs());
    if inputs.checked_mul(outputs).is_none_or(|products| products > MAX_PRODUCTS) {
        return Err(PathError::TooWide { inputs, outputs });
    }
    if inputs <= outputs {
        return Ok((0..inputs).map(|input| forward(network, unit(input, inputs))).collect());
    }
    let mut pi = vec![vec![0.0; outputs]; inputs];
    for output in 0..outputs {
        let column = backward(network, 0, unit(output, outputs));
        for (row, product) in pi.iter_mut().zip(column) {
            row[output] = product;
        }
    }
    Ok(pi)
}

/// For each unit of `layer` (0 is the inputs), the sum of its path products to all outputs.
pub(super) fn sums_to_outputs(network: &Network, layer: usize) -> Vec<f64> {
    backward(network, layer, vec![1.0; network.architecture().outputs()])
}

/// `units` values: 1 for one unit, 0 for the others.
fn unit(one: usize, units: usize) -> Vec<f64> {
    (0..units).map(|unit| f64::from(u8::from(unit == one))).collect()
}

/// Carries values from the inputs to the outputs.
fn forward(network: &Network, mut values: Vec<f64>) -> Vec<f64> {
    for weights in &network.weights {
        let sum = |row: &[f32]| row.iter().zip(&values).map(|(&weight, &value)| carried(weight, value)).sum();
        values = weights.chunks_exact(values.len()).map(sum).collect();
    }
    values
}

/// Carries values from the outputs back to `layer`.
fn backward(network: &Network, layer: usize, mut values: Vec<f64>) -> Vec<f64> {
    let widths = network.architecture().widths();
    for (matrix, weights) in network.weights.iter().enumerate().skip(layer).rev() {
        let mut sums = vec![0.0; widths[matrix]];
        for (row, value) in weights.chunks_exact(widths[matrix]).zip(&values) {
            for (sum, &weight) in sums.iter_mut().zip(row) {
                *sum += carried(weight, *value);
            }
        }
        values = sums;
    }
    values
}

/// The value times the absolute weight; 0 for a weight of 0, even if the value is infinite.
fn carried(weight: f32, value: f64) -> f64 {
    if weight == 0.0 { 0.0 } else { f64::from(weight.abs()) * value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Architecture;

    /// 2 inputs, 2 hidden units, `outputs` outputs.
    fn network(outputs: Vec<f32>) -> Network {
        let mut network = Network::zeros(&Architecture::new(vec![2, 2, outputs.len() / 2]).unwrap());
        network.weights = vec![vec![1.0, -2.0, 0.5, 0.0], outputs];
        network
    }

    #[test]
    fn products_by_hand() {
        // Paths x1-h1, x2-h1 and x1-h2 carry 1, 2 and 0.5; h1 reaches y1 with 3 and y2 with 4, h2 y2 with 8.
        let pi = products(&network(vec![-3.0, 0.0, 4.0, -8.0])).unwrap();
        assert_eq!(pi, [[3.0, 8.0], [6.0, 8.0]]);
        let pi = products(&network(vec![-3.0, 0.0])).unwrap();
        assert_eq!(pi, [[3.0], [6.0]], "from the outputs");
    }

    #[test]
    fn sums_by_hand() {
        let network = network(vec![-3.0, 0.0, 4.0, -8.0]);
        assert_eq!(sums_to_outputs(&network, 1), [7.0, 8.0]);
        assert_eq!(sums_to_outputs(&network, 0), [11.0, 14.0]);
        assert_eq!(sums_to_outputs(&network, 2), [1.0, 1.0]);
    }

    #[test]
    fn products_that_overflow_are_infinite_and_the_others_exact() {
        let mut network = Network::zeros(&Architecture::new(vec![2; 11]).unwrap());
        network.weights.fill(vec![f32::MAX, 0.0, 0.0, 1.0]);
        assert_eq!(products(&network).unwrap(), [[f64::INFINITY, 0.0], [0.0, 1.0]]);
        assert_eq!(sums_to_outputs(&network, 1), [f64::INFINITY, 1.0]);
    }

    #[test]
    fn too_many_products_are_refused() {
        let network = Network::zeros(&Architecture::new(vec![20_000, 1, 20_000]).unwrap());
        let message = products(&network).unwrap_err().to_string();
        assert!(message.starts_with("20000 inputs times 20000 outputs are more than 100000000"), "{message}");
    }
}
