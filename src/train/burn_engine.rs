//! The dense engine: burn's tensors, with masks. All of burn that the program uses is in this file.
//!
//! The backward pass of a perceptron is three lines a layer, written out below: it takes half the time of burn's
//! automatic differentiation at these sizes (45 against 84 microseconds a step on `4,24,24,16`, batch 8; 131 against
//! 273 on `8,48,48,48,48,16`, batch 32). The tests hold it against burn's automatic differentiation.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::{Adam, AdamConfig, AdamState, Optimizer};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use super::engine::{EngineChoice, Gradients, Learner};
use super::loss;
use crate::network::{Mask, Network};

/// A network as burn tensors: weights `[inputs, outputs]` (burn's order, the transpose of [`Network`]'s), biases
/// `[1, outputs]`.
pub(super) struct BurnLearner {
    device: Device,
    adam: Adam,
    learning_rate: f64,
    mask: Mask,
    layers: Vec<Layer>,
    kept: Option<Vec<(Tensor<2>, Tensor<2>)>>,
    scratch: Vec<f32>,
}

struct Layer {
    weights: Parameter,
    biases: Parameter,
}

/// A tensor with what Adam remembers of it, and 1 where it may change.
struct Parameter {
    value: Tensor<2>,
    kept: Tensor<2>,
    state: Option<AdamState<2>>,
}

impl Parameter {
    fn step(&mut self, adam: &Adam, learning_rate: f64, gradient: Tensor<2>) {
        let (value, state) = adam.step(learning_rate, self.value.clone(), gradient, self.state.take());
        self.value = value;
        self.state = state;
    }
}

impl BurnLearner {
    pub(super) fn new(choice: EngineChoice, network: &Network, learning_rate: f64, weight_decay: f64) -> Self {
        let device = device(choice);
        #[allow(clippy::cast_possible_truncation)] // burn takes the coefficient as f32
        let decay = WeightDecayConfig::new(weight_decay as f32);
        let adam = AdamConfig::new().with_epsilon(1e-8).with_weight_decay(Some(decay)).build();
        let reached = network.mask.reached_from_inputs();
        let parameter = |value: Tensor<2>, kept: Tensor<2>| Parameter { value, kept, state: None };
        let layers = network.architecture().matrices().enumerate().map(|(layer, (outputs, inputs))| Layer {
            weights: parameter(
                transposed(&network.weights[layer], outputs, inputs, &device),
                transposed(&ones_where(network.mask.layer(layer)), outputs, inputs, &device),
            ),
            biases: parameter(
                tensor(network.biases[layer].clone(), 1, outputs, &device),
                tensor(ones_where(&reached[layer + 1]), 1, outputs, &device),
            ),
        });
        let layers = layers.collect();
        Self { adam, learning_rate, mask: network.mask.clone(), layers, kept: None, scratch: Vec::new(), device }
    }

    /// The activations of each layer, the batch first, the logits last.
    fn forward(&self, inputs: &[f32]) -> Vec<Tensor<2>> {
        let width = self.mask.architecture().inputs();
        let mut activations = vec![tensor(inputs.to_vec(), inputs.len() / width, width, &self.device)];
        for (index, layer) in self.layers.iter().enumerate() {
            let sums = activations[index].clone().matmul(layer.weights.value.clone()) + layer.biases.value.clone();
            activations.push(if index + 1 < self.layers.len() { relu(sums) } else { sums });
        }
        activations
    }

    /// Runs a batch forward and backward, and hands each layer's gradients to `take`, outputs first.
    fn backward(
        &mut self,
        inputs: &[f32],
        outputs: &[f32],
        mut take: impl FnMut(&mut Self, usize, Tensor<2>, Tensor<2>),
    ) {
        let mut activations = self.forward(inputs);
        let Some(logits) = activations.pop() else { return };
        let [rows, width] = logits.dims();
        loss::slopes(&host(logits), outputs, &mut self.scratch);
        let mut slopes = tensor(self.scratch.clone(), rows, width, &self.device);
        for index in (0..self.layers.len()).rev() {
            let Some(activation) = activations.pop() else { return };
            let layer = &self.layers[index];
            let weights = activation.clone().transpose().matmul(slopes.clone()) * layer.weights.kept.clone();
            let biases = slopes.clone().sum_dim(0) * layer.biases.kept.clone();
            if index > 0 {
                let silent = activation.equal_elem(0.0);
                slopes = slopes.matmul(layer.weights.value.clone().transpose()).mask_fill(silent, 0.0);
            }
            take(self, index, weights, biases);
        }
    }
}

impl Learner for BurnLearner {
    fn step(&mut self, inputs: &[f32], outputs: &[f32]) {
        self.backward(inputs, outputs, |learner, index, weights, biases| {
            let layer = &mut learner.layers[index];
            layer.weights.step(&learner.adam, learner.learning_rate, weights);
            layer.biases.step(&learner.adam, learner.learning_rate, biases);
        });
    }

    fn logits(&mut self, inputs: &[f32], logits: &mut Vec<f32>) {
        logits.clear();
        if let Some(last) = self.forward(inputs).pop() {
            logits.extend(host(last));
        }
    }

    fn keep(&mut self) {
        let values = |layer: &Layer| (layer.weights.value.clone(), layer.biases.value.clone());
        self.kept = Some(self.layers.iter().map(values).collect());
    }

    fn into_kept(mut self: Box<Self>) -> Network {
        if self.kept.is_none() {
            self.keep();
        }
        let (weights, biases) = self
            .kept
            .unwrap_or_default()
            .into_iter()
            .map(|(weights, biases)| (host(weights.transpose()), host(biases)))
            .unzip();
        Network { mask: self.mask, weights, biases }
    }

    fn gradients(&mut self, inputs: &[f32], outputs: &[f32]) -> Gradients {
        let mut gradients = Gradients { weights: Vec::new(), biases: Vec::new() };
        self.backward(inputs, outputs, |_, _, weights, biases| {
            gradients.weights.insert(0, host(weights.transpose()));
            gradients.biases.insert(0, host(biases));
        });
        gradients
    }
}

#[allow(deprecated)] // ndarray is kept beside flex: it is what the published figures of this program ran on
fn device(choice: EngineChoice) -> Device {
    match choice {
        EngineChoice::BurnNdarray => Device::ndarray(),
        EngineChoice::BurnFlex => Device::flex(),
    }
}

fn tensor(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// An `[outputs, inputs]` matrix as a contiguous tensor `[inputs, outputs]`.
fn transposed(values: &[f32], outputs: usize, inputs: usize, device: &Device) -> Tensor<2> {
    let values = (0..inputs * outputs).map(|index| values[index % outputs * inputs + index / outputs]);
    tensor(values.collect(), inputs, outputs, device)
}

fn ones_where(kept: &[bool]) -> Vec<f32> {
    kept.iter().map(|&kept| f32::from(u8::from(kept))).collect()
}

/// The values of a tensor, row by row.
fn host(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("every tensor here is made of f32")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Architecture;
    use crate::train::{Engine, Stage, Stream, StreamName, initial_network};

    /// A network with biases and some weights and a whole unit masked, and a batch for it.
    fn case(widths: &str, rows: usize) -> (Network, Vec<f32>, Vec<f32>) {
        let architecture: Architecture = widths.parse().unwrap();
        let mut stream = Stream::new(&StreamName { seed: 3, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 });
        let mut network = initial_network(&architecture, &mut stream);
        network.biases.iter_mut().for_each(|biases| stream.normals(biases));
        let mut mask = Mask::full(&architecture);
        mask.prune_unit(1, 2);
        let layers = (0..architecture.matrices().len())
            .map(|layer| mask.layer(layer).iter().enumerate().map(|(index, &kept)| kept && index % 7 != 3).collect());
        let mask = Mask::from_layers(&architecture, layers.collect());
        network.apply_mask(mask);
        let mut inputs = vec![0.0; rows * architecture.inputs()];
        stream.normals(&mut inputs);
        let outputs = (0..rows * architecture.outputs()).map(|index| f32::from(u8::from(index % 3 == 0))).collect();
        (network, inputs, outputs)
    }

    /// The loss in double precision, straight from its definition.
    fn loss_of(network: &Network, inputs: &[f32], outputs: &[f32]) -> f64 {
        let (width, out) = (network.architecture().inputs(), network.architecture().outputs());
        let mut sum = 0.0;
        for (row, targets) in inputs.chunks(width).zip(outputs.chunks(out)) {
            let mut activations: Vec<f64> = row.iter().map(|&x| f64::from(x)).collect();
            for (layer, (weights, biases)) in network.weights.iter().zip(&network.biases).enumerate() {
                let sums = weights.chunks(activations.len()).zip(biases).map(|(weights, &bias)| {
                    let terms = weights.iter().zip(&activations).map(|(&weight, x)| f64::from(weight) * x);
                    f64::from(bias) + terms.sum::<f64>()
                });
                let last = layer + 1 == network.weights.len();
                activations = sums.map(|sum| if last { sum } else { sum.max(0.0) }).collect();
            }
            for (z, &y) in activations.iter().zip(targets) {
                let probability = 1.0 / (1.0 + (-z).exp());
                sum -= if y > 0.5 { probability.ln() } else { (1.0 - probability).ln() };
            }
        }
        sum / outputs.len() as f64
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let (network, inputs, outputs) = case("4,6,5,3", 8);
        for choice in EngineChoice::ALL {
            let gradients = choice.learner(&network, 0.1, 1e-4).gradients(&inputs, &outputs);
            let reached = network.mask.reached_from_inputs();
            for layer in 0..network.weights.len() {
                for index in 0..network.weights[layer].len() {
                    let slope = difference(&network, &inputs, &outputs, |network| &mut network.weights[layer][index]);
                    let expected = if network.mask.layer(layer)[index] { slope } else { 0.0 };
                    assert!((f64::from(gradients.weights[layer][index]) - expected).abs() < 2e-5, "{choice}");
                }
                for (unit, &reached) in reached[layer + 1].iter().enumerate() {
                    let slope = difference(&network, &inputs, &outputs, |network| &mut network.biases[layer][unit]);
                    let expected = if reached { slope } else { 0.0 };
                    assert!((f64::from(gradients.biases[layer][unit]) - expected).abs() < 2e-5, "{choice}");
                }
            }
        }
    }

    fn difference(network: &Network, inputs: &[f32], outputs: &[f32], at: impl Fn(&mut Network) -> &mut f32) -> f64 {
        let shifted = |shift: f32| {
            let mut moved = network.clone();
            *at(&mut moved) += shift;
            (f64::from(*at(&mut moved)), loss_of(&moved, inputs, outputs))
        };
        let ((low, below), (high, above)) = (shifted(-1e-3), shifted(1e-3));
        (above - below) / (high - low)
    }

    #[test]
    fn gradients_equal_automatic_differentiation() {
        let (network, inputs, outputs) = case("8,48,48,16", 32);
        let ours = EngineChoice::BurnNdarray.learner(&network, 0.1, 0.0).gradients(&inputs, &outputs);
        let device = device(EngineChoice::BurnNdarray).autodiff();
        let weights: Vec<_> = network
            .architecture()
            .matrices()
            .enumerate()
            .map(|(layer, (out, from))| transposed(&network.weights[layer], out, from, &device).require_grad())
            .collect();
        let mut activation = tensor(inputs, 32, 8, &device);
        for (layer, weights) in weights.iter().enumerate() {
            let biases = tensor(network.biases[layer].clone(), 1, network.biases[layer].len(), &device);
            let sums = activation.matmul(weights.clone()) + biases;
            activation = if layer + 1 < network.weights.len() { relu(sums) } else { sums };
        }
        let targets = tensor(outputs, 32, 16, &device);
        // Cross-entropy from logits: ln(1 + e^z) - z y.
        let loss = (activation.clone().exp().log1p() - activation * targets).mean();
        let gradients = loss.backward();
        for (layer, weights) in weights.iter().enumerate() {
            let theirs = host(weights.grad(&gradients).unwrap().transpose());
            for (index, (ours, theirs)) in ours.weights[layer].iter().zip(theirs).enumerate() {
                let expected = if network.mask.layer(layer)[index] { theirs } else { 0.0 };
                assert!((ours - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn steps_of_adam_equal_those_worked_by_hand() {
        // One weight 0.5 and one bias 0; input 1, output 0, step length 0.1, L2 1e-4. The gradient of both is
        // sigmoid(weight + bias), plus 1e-4 times the parameter; after one step each has moved by 0.1.
        let mut network = Network::zeros(&"1,1".parse().unwrap());
        network.weights[0][0] = 0.5;
        for choice in EngineChoice::ALL {
            for (steps, weight, bias) in [(1, 0.400_000_002, -0.099_999_998), (2, 0.300_289_404, -0.199_710_565)] {
                let mut learner = choice.learner(&network, 0.1, 1e-4);
                (0..steps).for_each(|_| learner.step(&[1.0], &[0.0]));
                let left = learner.into_kept();
                assert!((f64::from(left.weights[0][0]) - weight).abs() < 1e-6, "{choice}, {steps} steps");
                assert!((f64::from(left.biases[0][0]) - bias).abs() < 1e-6, "{choice}, {steps} steps");
            }
        }
    }

    #[test]
    fn what_is_masked_stays_zero() {
        let (network, inputs, outputs) = case("4,6,5,3", 8);
        for choice in EngineChoice::ALL {
            let mut learner = choice.learner(&network, 0.1, 1e-4);
            (0..20).for_each(|_| learner.step(&inputs, &outputs));
            let left = learner.into_kept();
            for layer in 0..left.weights.len() {
                let masked = left.weights[layer].iter().zip(network.mask.layer(layer)).filter(|(_, kept)| !**kept);
                assert!(masked.clone().count() > 0 && masked.into_iter().all(|(weight, _)| *weight == 0.0));
            }
            assert_eq!(left.biases[0][2], 0.0, "the bias of a pruned unit");
        }
    }
}
