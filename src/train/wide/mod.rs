//! The edge engine on wide networks that are still mostly full: a whole batch at a time, as products of matrices.
//!
//! The products are those of the crate ndarray (its `matrixmultiply`), blocked for the caches. If most inputs are 0, as
//! in images, those of the first layer go over the nonzero inputs only ([`sparse`]). Only units on a path from an input
//! to an output are computed. [`is_wide`] decides by shapes alone, so a round is computed alike wherever it runs.

mod sparse;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use pulp::{Simd, WithSimd};

use self::sparse::{Lists, Product};
use super::edges::{Adam, Aligned};
use super::engine::{Evaluation, Gradients, Learner};
use super::kernel_class::{KernelClass, Vectors};
use super::live::Live;
use super::{Hyperparameters, loss};
use crate::network::{Mask, Network};
use crate::task::{Rows, Task};

/// From this many kept weights on a network is wide, if its batches have at least so many rows, and if at least this
/// share of the weights is kept. At 13 % of `1568,392,392,20` it still takes 0.7 of the time of edge by edge.
const WIDE: (usize, usize, f64) = (100_000, 64, 0.12);

/// Is a round on a network with this mask computed here?
pub(super) fn is_wide(mask: &Mask, settings: &Hyperparameters) -> bool {
    let (kept, weights) = (mask.kept(), mask.architecture().weights());
    kept >= WIDE.0 && settings.batch_size >= WIDE.1 && kept as f64 >= WIDE.2 * weights as f64
}

/// From this share of zeros among the inputs on, the first layer's products go over the others only.
const MOSTLY_ZERO: f64 = 0.6;

/// The most rows that are evaluated together.
const EVALUATED: usize = 512;

/// The live part of a weight matrix, with its units padded to whole vectors.
struct Matrix {
    inputs: usize,
    outputs: usize,
    /// Slot of the first weight; the weights are `[inputs, outputs]`.
    weights: usize,
    /// Slot of the first bias.
    biases: usize,
    /// Like the weights: 1 for kept ones, 0 for the others; empty if all are kept.
    mask: Vec<f32>,
}

/// A network in training.
pub(super) struct WideLearner<'a> {
    vectors: Vectors,
    task: &'a Task,
    start: &'a Network,
    batch_size: usize,
    live: Live,
    matrices: Vec<Matrix>,
    /// Slots of output biases that must stay 0, because no input reaches the output.
    unreached: Vec<usize>,
    values: Aligned,
    gradients: Aligned,
    adam: Adam,
    kept: Vec<f32>,
    /// The batch's inputs: lists if most of them are 0, else `[rows, inputs]` in `activations[0]`.
    lists: Option<Lists>,
    /// For each layer `[rows, units]`.
    activations: Vec<Vec<f32>>,
    deltas: Vec<Vec<f32>>,
    targets: Vec<f32>,
}

impl<'a> WideLearner<'a> {
    pub(super) fn new(class: KernelClass, task: &'a Task, start: &'a Network, settings: &Hyperparameters) -> Self {
        let vectors = class.vectors(false);
        let live = Live::new(&start.mask);
        let padded: Vec<usize> = live.units.iter().map(|units| units.len().next_multiple_of(vectors.lanes())).collect();
        let mut slots = 0;
        let mut matrices = Vec::new();
        let mut unreached = Vec::new();
        for (layer, widths) in padded.windows(2).enumerate() {
            let (inputs, outputs) = (widths[0], widths[1]);
            let (weights, biases) = (slots, slots + inputs * outputs);
            let mut mask = vec![0.0; inputs * outputs];
            let mut all = true;
            for (slot, index) in live.slots(layer, outputs) {
                let kept = start.mask.layer(layer)[index];
                mask[slot] = f32::from(u8::from(kept));
                all &= kept;
            }
            let off = live.units[layer + 1].iter().enumerate().filter(|(_, unit)| !live.reached[layer + 1][**unit]);
            unreached.extend(off.map(|(position, _)| biases + position));
            // Padding needs no mask: its activations and deltas are 0.
            matrices.push(Matrix { inputs, outputs, weights, biases, mask: if all { Vec::new() } else { mask } });
            slots = biases + outputs;
        }
        let idle = slots;
        slots = (slots + live.idle.len()).next_multiple_of(vectors.lanes());
        let mut learner = Self {
            lists: has_mostly_zeros(&task.training, &live.units[0], settings).then(Lists::default),
            activations: vec![Vec::new(); padded.len()],
            deltas: vec![Vec::new(); padded.len()],
            targets: Vec::new(),
            values: Aligned::zeros(slots),
            gradients: Aligned::zeros(slots),
            adam: Adam::new(slots, settings),
            kept: Vec::new(),
            batch_size: settings.batch_size.min(task.training.count),
            vectors,
            task,
            start,
            live,
            matrices,
            unreached,
        };
        for (layer, matrix) in learner.matrices.iter().enumerate() {
            for (slot, index) in learner.live.slots(layer, matrix.outputs) {
                learner.values[matrix.weights + slot] = start.weights[layer][index];
            }
            for (slot, &unit) in learner.live.units[layer + 1].iter().enumerate() {
                learner.values[matrix.biases + slot] = start.biases[layer][unit];
            }
        }
        for (slot, &(layer, index)) in (idle..).zip(&learner.live.idle) {
            let weights = &start.weights[layer];
            learner.values[slot] =
                weights.get(index).copied().unwrap_or_else(|| start.biases[layer][index - weights.len()]);
        }
        learner
    }

    /// Loads rows of the task; `noise` has one value per input of each row, or is empty.
    fn load(&mut self, rows: &Rows, order: impl ExactSizeIterator<Item = usize> + Clone, noise: &[f32]) {
        let width = rows.input_width();
        let live = &self.live.units[0];
        self.targets.clear();
        self.targets.extend(order.clone().flat_map(|row| rows.output(row)));
        if let Some(lists) = &mut self.lists {
            lists.load(order.map(|row| rows.input(row)), live, self.matrices[0].inputs);
            return;
        }
        let padded = self.matrices[0].inputs;
        let inputs = sized(&mut self.activations[0], order.len() * padded);
        for ((place, row), inputs) in order.enumerate().zip(inputs.chunks_exact_mut(padded)) {
            let from = rows.input(row);
            for (input, &column) in inputs.iter_mut().zip(live) {
                *input = from[column] + noise.get(place * width + column).unwrap_or(&0.0);
            }
        }
    }

    /// Computes the activations of `rows` loaded rows, and returns their logits, `[rows, outputs]`.
    fn forward(&mut self, rows: usize) -> Vec<f32> {
        let last = self.matrices.len() - 1;
        for (number, matrix) in self.matrices.iter().enumerate() {
            let (before, after) = self.activations.split_at_mut(number + 1);
            let here = sized(&mut after[0], rows * matrix.outputs);
            let biases = &self.values[matrix.biases..][..matrix.outputs];
            for row in here.chunks_exact_mut(matrix.outputs) {
                row.copy_from_slice(biases);
            }
            let weights = &self.values[matrix.weights..matrix.biases];
            match &self.lists {
                Some(lists) if number == 0 => {
                    self.vectors.run(Product {
                        lists: lists.rows(),
                        factor: weights,
                        width: matrix.outputs,
                        sums: here,
                    });
                }
                _ => multiply(
                    view(&before[number], rows, matrix.inputs),
                    view(weights, matrix.inputs, matrix.outputs),
                    1.0,
                    view_mut(here, rows, matrix.outputs),
                ),
            }
            if number < last {
                for activation in here {
                    *activation = activation.max(0.0);
                }
            }
        }
        let (width, outputs) = (self.matrices[last].outputs, self.live.units[last + 1].len());
        self.activations[last + 1][..rows * width]
            .chunks_exact(width)
            .flat_map(|row| &row[..outputs])
            .copied()
            .collect()
    }

    /// The gradient of the mean loss of the loaded rows.
    fn differentiate(&mut self, rows: usize) {
        let logits = self.forward(rows);
        let mut deltas = Vec::new();
        loss::deltas(&logits, &self.targets, &mut deltas);
        let last = self.matrices.len() - 1;
        let (width, outputs) = (self.matrices[last].outputs, self.live.units[last + 1].len());
        let spread = sized(&mut self.deltas[last + 1], rows * width);
        for (row, deltas) in spread.chunks_exact_mut(width).zip(deltas.chunks_exact(outputs)) {
            row[..outputs].copy_from_slice(deltas);
        }
        for (number, matrix) in self.matrices.iter().enumerate().rev() {
            let (before, here) = self.deltas.split_at_mut(number + 1);
            let here = &here[0][..rows * matrix.outputs];
            let (weights, biases) = self.gradients[matrix.weights..].split_at_mut(matrix.biases - matrix.weights);
            match &self.lists {
                Some(lists) if number == 0 => {
                    weights.fill(0.0);
                    let columns = lists.columns();
                    self.vectors.run(Product { lists: columns, factor: here, width: matrix.outputs, sums: weights });
                }
                _ => multiply(
                    view(&self.activations[number], rows, matrix.inputs).reversed_axes(),
                    view(here, rows, matrix.outputs),
                    0.0,
                    view_mut(weights, matrix.inputs, matrix.outputs),
                ),
            }
            for (gradient, &kept) in weights.iter_mut().zip(&matrix.mask) {
                *gradient *= kept;
            }
            let biases = &mut biases[..matrix.outputs];
            biases.fill(0.0);
            for row in here.chunks_exact(matrix.outputs) {
                biases.iter_mut().zip(row).for_each(|(sum, delta)| *sum += delta);
            }
            if number > 0 {
                let read = sized(&mut before[number], rows * matrix.inputs);
                multiply(
                    view(here, rows, matrix.outputs),
                    view(&self.values[matrix.weights..], matrix.inputs, matrix.outputs).reversed_axes(),
                    0.0,
                    view_mut(read, rows, matrix.inputs),
                );
                for (delta, &activation) in read.iter_mut().zip(&self.activations[number]) {
                    *delta = if activation > 0.0 { *delta } else { 0.0 };
                }
            }
        }
        for &bias in &self.unreached {
            self.gradients[bias] = 0.0;
        }
    }

    /// Weights and biases of the network it started from, with these values for the parameters that can change.
    fn network(&self, values: &[f32]) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
        let (mut weights, mut biases) = (self.start.weights.clone(), self.start.biases.clone());
        let mut idle = 0;
        for (layer, matrix) in self.matrices.iter().enumerate() {
            for (slot, index) in self.live.slots(layer, matrix.outputs) {
                if self.start.mask.layer(layer)[index] {
                    weights[layer][index] = values[matrix.weights + slot];
                }
            }
            for (slot, &unit) in self.live.units[layer + 1].iter().enumerate() {
                biases[layer][unit] = values[matrix.biases + slot];
            }
            idle = matrix.biases + matrix.outputs;
        }
        for (&(layer, index), &value) in self.live.idle.iter().zip(&values[idle..]) {
            let count = weights[layer].len();
            match weights[layer].get_mut(index) {
                Some(weight) => *weight = value,
                None => biases[layer][index - count] = value,
            }
        }
        (weights, biases)
    }
}

impl Learner for WideLearner<'_> {
    fn epoch(&mut self, order: &[u32], noise: &[f32]) {
        let task = self.task;
        let mut noise = noise.chunks(self.batch_size * task.training.input_width());
        for order in order.chunks(self.batch_size) {
            self.load(&task.training, order.iter().map(|&row| row as usize), noise.next().unwrap_or_default());
            self.differentiate(order.len());
            let Self { vectors, adam, values, gradients, .. } = self;
            vectors.run(Step { adam, values, gradients });
        }
    }

    fn evaluate(&mut self) -> Evaluation {
        let rows = &*self.task.validation;
        let mut evaluation = Evaluation { right: 0, loss: 0.0 };
        for first in (0..rows.count).step_by(EVALUATED) {
            let range = first..rows.count.min(first + EVALUATED);
            let count = range.len();
            self.load(rows, range, &[]);
            let logits = self.forward(count);
            evaluation.right += loss::bits_right(&logits, &self.targets);
            evaluation.loss += loss::mean(&logits, &self.targets) * logits.len() as f64;
        }
        evaluation.loss /= rows.outputs.len() as f64;
        evaluation
    }

    fn keep(&mut self) {
        self.kept.clear();
        self.kept.extend_from_slice(&self.values);
    }

    fn into_kept(self: Box<Self>) -> Network {
        let (weights, biases) = self.network(if self.kept.is_empty() { &self.values } else { &self.kept });
        Network { mask: self.start.mask.clone(), weights, biases }
    }

    fn gradients(&mut self, order: &[u32], noise: &[f32]) -> Gradients {
        let task = self.task;
        self.load(&task.training, order.iter().map(|&row| row as usize), noise);
        self.gradients.fill(0.0);
        self.differentiate(order.len());
        let zeros = |layers: &[Vec<f32>]| layers.iter().map(|layer| vec![0.0; layer.len()]).collect();
        let (mut weights, mut biases): (Vec<Vec<f32>>, Vec<Vec<f32>>) =
            (zeros(&self.start.weights), zeros(&self.start.biases));
        for (layer, matrix) in self.matrices.iter().enumerate() {
            for (slot, index) in self.live.slots(layer, matrix.outputs) {
                weights[layer][index] = self.gradients[matrix.weights + slot];
            }
            for (slot, &unit) in self.live.units[layer + 1].iter().enumerate() {
                biases[layer][unit] = self.gradients[matrix.biases + slot];
            }
        }
        Gradients { weights, biases }
    }
}

/// A step of Adam, in vectors.
struct Step<'l> {
    adam: &'l mut Adam,
    values: &'l mut [f32],
    gradients: &'l [f32],
}

impl WithSimd for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.adam.step(self.values, self.gradients);
    }
}

/// The most rows in which zeros are counted.
const COUNTED: usize = 1 << 10;

/// Are so many of these inputs 0, in training rows at equal distances, that lists of the others are faster? Noise leaves
/// none.
fn has_mostly_zeros(rows: &Rows, inputs: &[usize], settings: &Hyperparameters) -> bool {
    if settings.noise > 0.0 {
        return false;
    }
    let some = || (0..rows.count).step_by(rows.count.div_ceil(COUNTED).max(1));
    let zeros: usize = if let Some(coded) = rows.coded() {
        let places: Vec<(usize, usize)> = coded.places().collect();
        let is_zero: Vec<bool> = coded.values().iter().map(|&value| value == 0.0).collect();
        let zeros = |row| {
            let samples: Vec<&[u8]> = coded.row(row).collect();
            let code = |&input: &usize| samples[places[input].0][places[input].1];
            inputs.iter().filter(|input| is_zero[usize::from(code(input))]).count()
        };
        some().map(zeros).sum()
    } else {
        some()
            .map(|row| (rows.input(row), inputs))
            .map(|(row, inputs)| inputs.iter().filter(|&&input| row[input] == 0.0).count())
            .sum()
    };
    zeros as f64 >= MOSTLY_ZERO * (some().count() * inputs.len()) as f64
}

/// `sums = scale * sums + left right`.
fn multiply(left: ArrayView2<'_, f32>, right: ArrayView2<'_, f32>, scale: f32, mut sums: ArrayViewMut2<'_, f32>) {
    general_mat_mul(1.0, &left, &right, scale, &mut sums);
}

/// The first `rows * columns` values as a matrix.
fn view(values: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), &values[..rows * columns]).expect("as many values as the shape has")
}

/// [`view`], mutable.
fn view_mut(values: &mut [f32], rows: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((rows, columns), &mut values[..rows * columns]).expect("as many values as the shape has")
}

/// The first `length` values, after growing the buffer with zeros if it has fewer.
fn sized(buffer: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    &mut buffer[..length]
}
