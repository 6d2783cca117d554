//! The engine made for what pruning leaves: it computes with the edges that are left and nothing else.
//!
//! Activations are laid out unit by unit with the rows of the batch in the vector lanes, so that an edge is one scalar
//! times vectors, whatever the batch (design 4). A matrix that is still mostly full is computed as a block instead
//! ([`block`]), one that is not edge by edge ([`sparse`]); [`layout`] says which is which and where each parameter
//! lies. Nothing is allocated between the start of a round and its end.

mod adam;
mod aligned;
mod block;
mod layout;
mod pass;
mod sparse;
mod strip;

use pulp::{Simd, WithSimd};

use self::adam::Adam;
use self::aligned::Aligned;
use self::layout::Layout;
use self::strip::{MOST_VECTORS, Strip};
use super::engine::{Evaluation, Gradients, Learner};
use super::kernel_class::{KernelClass, Vectors};
use super::round::Hyperparameters;
use crate::network::Network;
use crate::task::{Rows, Task};

/// Batches of at most this many rows are computed with vectors of 8 lanes even where there are vectors of 16, half of
/// which would be empty.
const NARROW_BATCH: usize = 8;

/// A network in training, as the parameters that can change.
pub(super) struct EdgeLearner<'a> {
    class: KernelClass,
    vectors: Vectors,
    task: &'a Task,
    start: &'a Network,
    batch_size: usize,
    layout: Layout,
    adam: Adam,
    values: Aligned,
    gradients: Aligned,
    kept: Vec<f32>,
    strip: Strip,
    validation: Strip,
}

impl<'a> EdgeLearner<'a> {
    pub(super) fn new(class: KernelClass, task: &'a Task, start: &'a Network, settings: &Hyperparameters) -> Self {
        let batch_size = settings.batch_size.min(task.training.count);
        let vectors = class.vectors(batch_size <= NARROW_BATCH);
        let layout = Layout::new(start, vectors.lanes());
        let mut values = Aligned::zeros(layout.parameters);
        for place in &layout.places {
            let (layer, index) = (place.layer as usize, place.index as usize);
            let weights = &start.weights[layer];
            values[place.slot as usize] =
                weights.get(index).copied().unwrap_or_else(|| start.biases[layer][index - weights.len()]);
        }
        Self {
            adam: Adam::new(layout.parameters, settings),
            gradients: Aligned::zeros(layout.parameters),
            kept: Vec::new(),
            strip: Strip::new(&layout, &task.training, vectors.lanes(), batch_size),
            validation: Strip::new(&layout, &task.validation, class.vectors(false).lanes(), task.validation.count),
            vectors,
            class,
            task,
            start,
            batch_size,
            layout,
            values,
        }
    }

    /// The gradients of the mean loss of a batch, in place of those before.
    #[inline(always)]
    fn differentiate<S: Simd>(&mut self, simd: S, order: &[u32], noise: &[f32]) {
        let rows = &*self.task.training;
        let outputs = rows.output_width();
        self.gradients.fill(0.0);
        #[allow(clippy::cast_precision_loss)] // a batch of outputs, far below 2^24
        let scale = 1.0 / (order.len() * outputs) as f32;
        let most = MOST_VECTORS * S::F32_LANES;
        let mut noise = noise.chunks(rows.input_width() * most);
        for order in order.chunks(most) {
            self.strip.load::<S>(&self.layout, rows, order, noise.next().unwrap_or_default());
            pass::forward(simd, &self.layout, &self.values, &mut self.strip);
            if is_fused::<S>() {
                self.strip.slopes_of_outputs::<true>(scale);
            } else {
                self.strip.slopes_of_outputs::<false>(scale);
            }
            pass::backward(simd, &self.layout, &self.values, &mut self.gradients, &mut self.strip);
        }
        for &bias in &self.layout.silent {
            self.gradients[bias] = 0.0;
        }
    }

    /// A network with the given parameters in place of those it started from.
    fn network(&self, values: &[f32]) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
        let (mut weights, mut biases) = (self.start.weights.clone(), self.start.biases.clone());
        for place in &self.layout.places {
            let (layer, index, value) = (place.layer as usize, place.index as usize, values[place.slot as usize]);
            let count = weights[layer].len();
            match weights[layer].get_mut(index) {
                Some(weight) => *weight = value,
                None => biases[layer][index - count] = value,
            }
        }
        (weights, biases)
    }
}

impl Learner for EdgeLearner<'_> {
    fn epoch(&mut self, order: &[u32], noise: &[f32]) {
        let (batch, vectors) = (self.batch_size, self.vectors);
        let mut noise = noise.chunks(batch * self.task.training.input_width());
        for order in order.chunks(batch) {
            vectors.run(Step { learner: self, order, noise: noise.next().unwrap_or_default(), update: true });
        }
    }

    fn evaluate(&mut self) -> Evaluation {
        self.class.vectors(false).run(Evaluate { learner: self })
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
        self.vectors.run(Step { learner: self, order, noise, update: false });
        let (weights, biases) = self.network(&self.gradients);
        Gradients { weights, biases }
    }
}

/// Every class but the plain one, whose vectors have one lane, multiplies and adds in one step.
const fn is_fused<S: Simd>() -> bool {
    S::F32_LANES > 1
}

/// The gradients of a batch, and, if `update`, a step of Adam along them.
struct Step<'l, 'a, 'd> {
    learner: &'l mut EdgeLearner<'a>,
    order: &'d [u32],
    noise: &'d [f32],
    update: bool,
}

impl WithSimd for Step<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { learner, order, noise, update } = self;
        learner.differentiate(simd, order, noise);
        if update {
            learner.adam.step(&mut learner.values, &learner.gradients);
        }
    }
}

struct Evaluate<'l, 'a> {
    learner: &'l mut EdgeLearner<'a>,
}

impl WithSimd for Evaluate<'_, '_> {
    type Output = Evaluation;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Evaluation {
        let EdgeLearner { task, layout, values, validation: strip, .. } = self.learner;
        let rows: &Rows = &task.validation;
        let most = MOST_VECTORS * S::F32_LANES;
        let mut evaluation = Evaluation { right: 0, loss: 0.0 };
        for first in (0..rows.count).step_by(most) {
            strip.load_range::<S>(layout, rows, first..rows.count.min(first + most));
            pass::forward(simd, layout, values, strip);
            let part = if is_fused::<S>() { strip.evaluate::<true>() } else { strip.evaluate::<false>() };
            evaluation.right += part.right;
            evaluation.loss += part.loss;
        }
        #[allow(clippy::cast_precision_loss)]
        let count = rows.outputs.len() as f64;
        evaluation.loss /= count;
        evaluation
    }
}
