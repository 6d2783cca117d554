//! The edge engine, made for pruned networks: it computes only with the edges that remain.
//!
//! Activations are laid out unit by unit, with the rows of the batch in the vector lanes, so that an edge is a scalar
//! times some vectors, however small the batch. A matrix that is still mostly full is computed as a block ([`block`]),
//! any other edge by edge ([`sparse`]). [`layout`] decides between the two and assigns a slot to each parameter.
//! Nothing is allocated during a round. `docs/engines.md` has more.

mod adam;
mod aligned;
mod block;
mod layout;
mod pass;
mod sparse;
mod staged;
mod strip;

use std::ops::Range;

use pulp::{Simd, WithSimd};

pub(super) use self::adam::Adam;
pub(super) use self::aligned::Aligned;
use self::layout::Layout;
use self::staged::Staged;
use self::strip::{Strip, most_rows};
use super::Hyperparameters;
use super::engine::{Computed, Engine, Evaluation, Gradients, Learner};
use super::kernel_class::{KernelClass, Vectors};
use super::live;
use super::wide::{self, WideLearner};
use crate::network::Network;
use crate::task::{Rows, Task};

/// Batches of at most this many rows are computed with vectors of 8 lanes instead of 16, half of which would be empty.
const NARROW_BATCH: usize = 8;

/// The edge engine, with the vector instructions of a class. Without them on this processor, it uses plain ones.
#[derive(Clone, Copy, Debug)]
pub struct EdgeEngine(pub KernelClass);

impl Engine for EdgeEngine {
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a> {
        if wide::is_wide(network.mask.kept(), network.architecture().weights(), settings.batch_size) {
            return Box::new(WideLearner::new(self.0, task, network, settings));
        }
        Box::new(EdgeLearner::new(self.0, task, network, settings))
    }

    fn kind(&self) -> Computed {
        Computed::Edges
    }
}

/// A network in training. Parameters that cannot change are left out.
struct EdgeLearner<'a> {
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
    staged: Staged,
    validation: Strip,
    validated: Staged,
}

impl<'a> EdgeLearner<'a> {
    fn new(class: KernelClass, task: &'a Task, start: &'a Network, settings: &Hyperparameters) -> Self {
        let batch_size = settings.batch_size.min(task.training.count);
        let vectors = class.vectors(batch_size <= NARROW_BATCH);
        let layout = Layout::new(start, vectors.lanes());
        let mut values = Aligned::zeros(layout.parameters);
        for parameter in &layout.slots {
            values[parameter.slot as usize] = live::parameter(start, parameter.place());
        }
        let wide = class.vectors(false).lanes();
        let room = (strip::width(batch_size, vectors.lanes()), strip::width(task.validation.count, wide));
        let outputs = task.training.output_width();
        Self {
            adam: Adam::new(layout.parameters, settings),
            gradients: Aligned::zeros(layout.parameters),
            kept: Vec::new(),
            strip: Strip::new(&layout, outputs, room.0),
            staged: Staged::new(&layout.inputs, &task.training, room.0, 2),
            validation: Strip::new(&layout, outputs, room.1),
            validated: Staged::new(&layout.inputs, &task.validation, room.1, task.validation.count.div_ceil(room.1)),
            vectors,
            class,
            task,
            start,
            batch_size,
            layout,
            values,
        }
    }

    /// Loads a strip into its slot.
    #[inline(always)]
    fn load<S: Simd>(&mut self, (number, part): (usize, Part), order: &[u32], noise: &[f32]) {
        let (rows, inputs) = (&*self.task.training, self.task.training.input_width());
        let noise = noise.get(part.rows.start * inputs..part.rows.end * inputs).unwrap_or_default();
        let width = strip::width(part.rows.len(), S::F32_LANES);
        self.staged.load(number, width, rows, &order[part.rows], noise);
    }

    /// Adds the gradients of a batch's mean loss, over one of its strips.
    #[inline(always)]
    fn differentiate<S: Simd>(&mut self, simd: S, (number, part): (usize, &Part)) {
        let Self { layout, values, gradients, strip, .. } = self;
        let scale = 1.0 / (part.of * self.task.training.output_width()) as f32;
        let slot = self.staged.slot(number, strip.size::<S>(part.rows.len()));
        pass::forward(simd, layout, values, slot, strip);
        strip.output_deltas(simd, slot, scale);
        pass::backward(simd, layout, values, gradients, slot, strip);
    }

    /// Weights and biases of the network it started from, with these values for the parameters that can change.
    fn network(&self, values: &[f32]) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
        let slots = self.layout.slots.iter();
        live::with_parameters(self.start, slots.map(|parameter| (parameter.place(), values[parameter.slot as usize])))
    }
}

impl Learner for EdgeLearner<'_> {
    fn epoch(&mut self, order: &[u32], noise: &[f32]) {
        self.vectors.run(Steps { learner: self, order, noise, update: true });
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
        let batch_size = std::mem::replace(&mut self.batch_size, order.len());
        self.vectors.run(Steps { learner: self, order, noise, update: false });
        self.batch_size = batch_size;
        let (weights, biases) = self.network(&self.gradients);
        Gradients { weights, biases }
    }
}

/// The rows of a batch that are computed together, as one strip.
struct Part {
    /// Their positions in the order.
    rows: Range<usize>,
    /// Number of rows of the whole batch.
    of: usize,
    is_first: bool,
    is_last: bool,
}

/// The parts of all batches of `rows` rows, with at most `most` rows each.
fn parts(rows: usize, batch_size: usize, most: usize) -> impl Iterator<Item = Part> {
    (0..rows).step_by(batch_size).flat_map(move |first| {
        let end = rows.min(first + batch_size);
        (first..end).step_by(most).map(move |start| Part {
            rows: start..end.min(start + most),
            of: end - first,
            is_first: start == first,
            is_last: end - start <= most,
        })
    })
}

/// Computes the gradients of batch after batch and, if `update`, takes a step of Adam along each.
struct Steps<'l, 'a, 'd> {
    learner: &'l mut EdgeLearner<'a>,
    order: &'d [u32],
    noise: &'d [f32],
    update: bool,
}

impl WithSimd for Steps<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { learner, order, noise, update } = self;
        let parts = || (0..).zip(parts(order.len(), learner.batch_size, most_rows(S::F32_LANES)));
        let (now, mut ahead) = (parts(), parts());
        if let Some(first) = ahead.next() {
            learner.load::<S>(first, order, noise);
        }
        for (number, part) in now {
            if let Some(next) = ahead.next() {
                learner.load::<S>(next, order, noise);
            }
            if part.is_first {
                learner.gradients.fill(0.0);
            }
            learner.differentiate(simd, (number, &part));
            if part.is_last {
                for &bias in &learner.layout.unreached {
                    learner.gradients[bias] = 0.0;
                }
                if update {
                    learner.adam.step(&mut learner.values, &learner.gradients);
                }
            }
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
        let EdgeLearner { task, layout, values, validation: strip, validated: staged, .. } = self.learner;
        let rows: &Rows = &task.validation;
        let most = most_rows(S::F32_LANES);
        let mut evaluation = Evaluation { right: 0, loss: 0.0 };
        for (number, first) in (0..rows.count).step_by(most).enumerate() {
            let range = first..rows.count.min(first + most);
            let width = strip.size::<S>(range.len());
            staged.load_range(number, width, rows, range);
            let slot = staged.slot(number, width);
            pass::forward(simd, layout, values, slot, strip);
            let part = strip.evaluate(simd, slot);
            evaluation.right += part.right;
            evaluation.loss += part.loss;
        }
        let count = rows.outputs.len() as f64;
        evaluation.loss /= count;
        evaluation
    }
}
