//! A round: one training run from the current weights, for the full number of epochs.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::Hyperparameters;
use super::engine::{Computed, Engine, Evaluation};
use super::random::Stream;
use crate::network::{Architecture, Network};
use crate::task::{Rows, Task};

/// Accuracy as a number of output bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Bits that are right.
    pub right: u64,
    /// All bits: rows times outputs.
    pub of: u64,
}

impl Accuracy {
    /// The share of bits right, 0 to 1.
    #[must_use]
    pub fn fraction(self) -> f64 {
        self.right as f64 / self.of as f64
    }

    /// Whether every bit is right.
    #[must_use]
    pub fn is_perfect(self) -> bool {
        self.right == self.of
    }
}

/// The result of a round: its best epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundResult {
    /// The parameters after the best epoch.
    pub network: Network,
    /// The best epoch.
    pub best: Epoch,
    /// The engine that computed the round.
    pub engine: Computed,
}

/// The evaluation after an epoch, on the validation rows, without noise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Accuracy over all output bits.
    pub accuracy: Accuracy,
    /// Mean binary cross-entropy.
    pub loss: f64,
}

impl Epoch {
    /// Whether this epoch, which is later than `best`, is at least as good: by accuracy, then by loss.
    fn beats(&self, best: &Self) -> bool {
        (self.accuracy.right, -self.loss) >= (best.accuracy.right, -best.loss)
    }
}

/// A network with random weights (Kaiming's normal distribution, standard deviation `sqrt(2 / fan_in)`) and zero
/// biases.
#[must_use]
pub fn initial_network(architecture: &Architecture, stream: &mut Stream) -> Network {
    let mut network = Network::zeros(architecture);
    for (weights, (_, inputs)) in network.weights.iter_mut().zip(architecture.matrices()) {
        stream.normals(weights);
        let deviation = (2.0 / inputs as f32).sqrt();
        for weight in weights {
            *weight *= deviation;
        }
    }
    network
}

/// Trains `start` for one round and returns its best epoch; `None` if `watch` breaks the round off.
///
/// For each epoch, `stream` draws the shuffle and then the noise, and `watch` sees the evaluation.
pub fn round(
    engine: &dyn Engine,
    task: &Task,
    start: &Network,
    settings: &Hyperparameters,
    stream: &mut Stream,
    watch: &mut dyn FnMut(&Epoch) -> ControlFlow<()>,
) -> Option<RoundResult> {
    let mut learner = engine.learner(task, start, settings);
    let mut draw = Draw::new(&task.training, settings.noise);
    let mut best: Option<Epoch> = None;
    for number in 1..=settings.epochs {
        draw.next(stream);
        learner.epoch(&draw.order, &draw.noise);
        let Evaluation { right, loss } = learner.evaluate();
        let accuracy = Accuracy { right, of: task.validation.outputs.len() as u64 };
        let epoch = Epoch { epoch: number, accuracy, loss };
        if best.as_ref().is_none_or(|best| epoch.beats(best)) {
            learner.keep();
            best = Some(epoch);
        }
        if watch(&epoch).is_break() {
            return None;
        }
    }
    Some(RoundResult { network: learner.into_kept(), best: best?, engine: engine.kind() })
}

/// The random draws of an epoch.
struct Draw {
    /// The rows, in the order in which they are used.
    order: Vec<u32>,
    /// `[rows, inputs]`, in that order; empty if there is no noise.
    noise: Vec<f32>,
    deviation: f32,
}

impl Draw {
    fn new(rows: &Rows, deviation: f64) -> Self {
        let count = u32::try_from(rows.count).expect("tables are checked to have fewer than 2^32 rows");
        let noise = if deviation > 0.0 { vec![0.0; rows.count * rows.input_width()] } else { Vec::new() };
        #[expect(clippy::cast_possible_truncation, reason = "engines compute with f32")]
        let deviation = deviation as f32;
        Self { order: (0..count).collect(), noise, deviation }
    }

    fn next(&mut self, stream: &mut Stream) {
        // Shuffles the rows from their original order, so that the order depends only on the draws of this epoch.
        self.order.iter_mut().zip(0..).for_each(|(slot, index)| *slot = index);
        stream.shuffle(&mut self.order);
        stream.normals(&mut self.noise);
        for noise in &mut self.noise {
            *noise *= self.deviation;
        }
    }
}
