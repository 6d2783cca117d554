//! From the matrices of a file to a network.

use std::path::Path;

use super::architecture::Architecture;
use super::mask::Mask;
use super::perceptron::Network;
use super::read_error::Problem;

/// The file name without its extension: the id of a network whose file does not name one.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The architecture whose weight matrices have these `(outputs, inputs)` shapes.
pub(super) fn chained(shapes: &[(usize, usize)]) -> Result<Architecture, Problem> {
    for (index, pair) in shapes.windows(2).enumerate() {
        let (outputs, inputs) = (pair[0].0, pair[1].1);
        if inputs != outputs {
            return Err(Problem::Chain { matrix: index + 2, inputs, outputs });
        }
    }
    let first = shapes.first().map(|shape| shape.1);
    Ok(Architecture::new(first.into_iter().chain(shapes.iter().map(|shape| shape.0)).collect())?)
}

/// A network of matrices with the shapes of `architecture`. Without masks, weights of 0 are masked; without biases,
/// biases are 0.
pub(super) fn assembled(
    architecture: &Architecture,
    weights: Vec<Vec<f32>>,
    masks: Option<Vec<Vec<bool>>>,
    biases: Option<Vec<Vec<f32>>>,
) -> Result<Network, Problem> {
    let masks = masks.unwrap_or_else(|| {
        weights.iter().map(|weights| weights.iter().map(|&weight| weight != 0.0).collect()).collect()
    });
    let mut network = Network { weights, ..Network::zeros(architecture) };
    if let Some(biases) = biases {
        let fits = |(biases, zeros): (&Vec<f32>, &Vec<f32>)| {
            biases.len() == zeros.len() && biases.iter().all(|b| b.is_finite())
        };
        let fitting = biases.iter().zip(&network.biases).take_while(|&pair| fits(pair)).count();
        if fitting < network.biases.len() || biases.len() > fitting {
            return Err(Problem::Shape { what: "bias", matrix: fitting + 1 });
        }
        network.biases = biases;
    }
    network.apply_mask(Mask::from_layers(architecture, masks));
    Ok(network)
}
