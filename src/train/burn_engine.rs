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
