//! The edge engine on wide networks that are still mostly full: a whole batch at a time, as products of matrices.
//!
//! Products are blocked for registers and caches ([`dense`]). If most inputs are 0, as in images, those of the first
//! layer go over the nonzero inputs only ([`sparse`]). Only units on a path from an input to an output are computed.
//! [`is_wide`] decides by shapes alone, so a round is computed alike wherever it runs.

mod dense;
mod sparse;

use pulp::{Simd, WithSimd};

use self::dense::{Left, turn};
use self::sparse::Lists;
use super::edges::{Adam, Aligned};
use super::engine::{Evaluation, Gradients, Learner};
use super::inputs::Inputs;
use super::kernel_class::{KernelClass, Vectors};
use super::live::{self, Live};
use super::{Hyperparameters, loss};
use crate::network::Network;
use crate::task::{Rows, Task};

/// From this many kept weights on a network is wide, if its batches have at least so many rows, and if at least this
/// share of the weights is kept. At 13% of `1568,392,392,20` it still takes 0.7 of the time of edge by edge.
const WIDE: (usize, usize, f64) = (100_000, 64, 0.12);

/// Is a round on a network with `kept` of `weights` weights, in batches of so many rows, computed here?
pub(crate) fn is_wide(kept: usize, weights: usize, batch_size: usize) -> bool {
    kept >= WIDE.0 && batch_size >= WIDE.1 && kept as f64 >= WIDE.2 * weights as f64
}

/// From this share of zeros among the live inputs on, the first layer's products go over the others only.
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
    /// The live inputs of training and of validation rows.
    inputs: [Inputs; 2],
    /// The batch's inputs: lists if most of them are 0, else `[rows, inputs]` in `activations[0]`.
    lists: Option<Lists>,
    /// For each layer `[rows, units]`.
    activations: Vec<Vec<f32>>,
    deltas: Vec<Vec<f32>>,
    targets: Vec<f32>,
    /// The weights of a matrix, transposed.
    turned: Vec<f32>,
    /// Room for products.
    room: Aligned,
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
        slots = (slots + live.idle.len()).next_multiple_of(vectors.lanes());
        let inputs = [&task.training, &task.validation].map(|rows| Inputs::new(rows, &live.units[0], sparse::TILE));
        // Noise leaves no zeros.
        let lists = settings.noise == 0.0 && inputs[0].zeros(&task.training) >= MOSTLY_ZERO;
        let room = dense::room(padded[1..].iter().copied().max().unwrap_or(0)).max(sparse::ROOM);
        let mut values = Aligned::zeros(slots);
        parameters(&live, start, &matrices).for_each(|(place, slot)| values[slot] = live::parameter(start, place));
        Self {
            inputs,
            lists: lists.then(Lists::default),
            activations: vec![Vec::new(); padded.len()],
            deltas: vec![Vec::new(); padded.len()],
            targets: Vec::new(),
            turned: Vec::new(),
            room: Aligned::zeros(room),
            values,
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
        }
    }

    /// Loads rows of the task; `noise` has one value per input of each row, or is empty.
    fn load(&mut self, part: Part, order: impl ExactSizeIterator<Item = usize> + Clone, noise: &[f32]) {
        let rows = part.of(self.task);
        let inputs = &self.inputs[part as usize];
        self.targets.clear();
        self.targets.extend(order.clone().flat_map(|row| rows.output(row)));
        if let Some(lists) = &mut self.lists {
            lists.load(inputs, rows, order);
            return;
        }
        let padded = self.matrices[0].inputs;
        let loaded = sized(&mut self.activations[0], order.len() * padded);
        inputs.copy(rows, order, loaded, padded);
        for (inputs, noise) in loaded.chunks_exact_mut(padded).zip(noise.chunks_exact(rows.input_width())) {
            for (input, &column) in inputs.iter_mut().zip(&self.live.units[0]) {
                *input += noise[column];
            }
        }
    }

    /// Computes the activations of `rows` loaded rows, and returns their logits, `[rows, outputs]`.
    fn forward(&mut self, rows: usize) -> Vec<f32> {
        let last = self.matrices.len() - 1;
        for (number, matrix) in self.matrices.iter().enumerate() {
            let (before, after) = self.activations.split_at_mut(number + 1);
            let sums = sized(&mut after[0], rows * matrix.outputs);
            let (weights, room) = (&self.values[matrix.weights..matrix.biases], &mut *self.room);
            match &self.lists {
                Some(lists) if number == 0 => {
                    let (lists, factor, width) = (lists.rows(), weights, matrix.outputs);
                    self.vectors.run(sparse::Product { lists, factor, width, sums, room });
                }
                _ => {
                    let (left, depth) = (Left::Rows(&before[number][..rows * matrix.inputs]), matrix.inputs);
                    let (right, columns) = (weights, matrix.outputs);
                    self.vectors.run(dense::Product { left, right, depth, columns, sums, room });
                }
            }
            let biases = &self.values[matrix.biases..][..matrix.outputs];
            for row in after[0][..rows * matrix.outputs].chunks_exact_mut(matrix.outputs) {
                if number < last {
                    row.iter_mut().zip(biases).for_each(|(sum, bias)| *sum = (*sum + bias).max(0.0));
                } else {
                    row.iter_mut().zip(biases).for_each(|(sum, bias)| *sum += bias);
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
            let Matrix { inputs, outputs, .. } = *matrix;
            let (before, here) = self.deltas.split_at_mut(number + 1);
            let here = &here[0][..rows * outputs];
            let (sums, biases) = self.gradients[matrix.weights..].split_at_mut(matrix.biases - matrix.weights);
            let room = &mut *self.room;
            match &mut self.lists {
                Some(lists) if number == 0 => {
                    lists.turn(inputs);
                    let (lists, factor, width) = (lists.columns(), here, outputs);
                    self.vectors.run(sparse::Product { lists, factor, width, sums, room });
                }
                _ => {
                    let left = Left::Columns(&self.activations[number][..rows * inputs]);
                    let (right, depth, columns) = (here, rows, outputs);
                    self.vectors.run(dense::Product { left, right, depth, columns, sums, room });
                }
            }
            for (gradient, &kept) in sums.iter_mut().zip(&matrix.mask) {
                *gradient *= kept;
            }
            let biases = &mut biases[..outputs];
            biases.fill(0.0);
            for row in here.chunks_exact(outputs) {
                biases.iter_mut().zip(row).for_each(|(sum, delta)| *sum += delta);
            }
            if number > 0 {
                let right = sized(&mut self.turned, inputs * outputs);
                turn(&self.values[matrix.weights..matrix.biases], outputs, right);
                let (left, depth, columns) = (Left::Rows(here), outputs, inputs);
                let sums = sized(&mut before[number], rows * inputs);
                self.vectors.run(dense::Product { left, right, depth, columns, sums, room });
                for (delta, &activation) in before[number][..rows * inputs].iter_mut().zip(&self.activations[number]) {
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
        live::with_parameters(
            self.start,
            parameters(&self.live, self.start, &self.matrices).map(|(place, slot)| (place, values[slot])),
        )
    }
}

/// The parameters that can change: the layer and the index, as in [`live::parameter`], and the slot.
fn parameters(live: &Live, start: &Network, matrices: &[Matrix]) -> impl Iterator<Item = ((usize, usize), usize)> {
    let of_layer = move |(layer, matrix): (usize, &Matrix)| {
        let (weights, biases, kept) = (matrix.weights, matrix.biases, start.mask.layer(layer));
        let slots = live.slots(layer, matrix.outputs).filter(|(_, index)| kept[*index]);
        let units = live.units[layer + 1].iter().enumerate();
        slots
            .map(move |(slot, index)| ((layer, index), weights + slot))
            .chain(units.map(move |(slot, unit)| ((layer, kept.len() + unit), biases + slot)))
    };
    let idle = matrices.last().map_or(0, |matrix| matrix.biases + matrix.outputs);
    matrices.iter().enumerate().flat_map(of_layer).chain(live.idle.iter().copied().zip(idle..))
}

/// The training rows or the validation rows.
#[derive(Clone, Copy)]
enum Part {
    Training,
    Validation,
}

impl Part {
    fn of(self, task: &Task) -> &Rows {
        match self {
            Self::Training => &task.training,
            Self::Validation => &task.validation,
        }
    }
}

impl Learner for WideLearner<'_> {
    fn epoch(&mut self, order: &[u32], noise: &[f32]) {
        let task = self.task;
        let mut noise = noise.chunks(self.batch_size * task.training.input_width());
        for order in order.chunks(self.batch_size) {
            self.load(Part::Training, order.iter().map(|&row| row as usize), noise.next().unwrap_or_default());
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
            self.load(Part::Validation, range, &[]);
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
        self.load(Part::Training, order.iter().map(|&row| row as usize), noise);
        self.gradients.fill(0.0);
        self.differentiate(order.len());
        let zeros = Network::zeros(self.start.architecture());
        let gradients =
            parameters(&self.live, self.start, &self.matrices).map(|(place, slot)| (place, self.gradients[slot]));
        let (weights, biases) = live::with_parameters(&zeros, gradients);
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

/// The first `length` values, after growing the buffer with zeros if it has fewer.
fn sized(buffer: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    &mut buffer[..length]
}
