//! A round: one training from the current weights for the full number of epochs (design 3.1).

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::Hyperparameters;
use super::engine::{Computed, Engine, Evaluation};
use super::random::Stream;
use crate::network::{Architecture, Network};
use crate::task::{Rows, Task};

/// Output bits that are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Bits right.
    pub right: u64,
    /// Bits in all: rows times outputs.
    pub of: u64,
}

impl Accuracy {
    /// The share of bits right, 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn fraction(self) -> f64 {
        self.right as f64 / self.of as f64
    }

    /// Is every bit right?
    #[must_use]
    pub fn is_perfect(self) -> bool {
        self.right == self.of
    }
}

/// What a round leaves: its best epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundResult {
    /// The parameters after the best epoch.
    pub network: Network,
    /// The best epoch.
    pub best: Epoch,
    /// What computed the round.
    pub engine: Computed,
}

/// The evaluation after an epoch, on the noise-free validation rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Output bits right.
    pub accuracy: Accuracy,
    /// Mean binary cross-entropy.
    pub loss: f64,
}

impl Epoch {
    /// Higher accuracy wins, then lower loss, then the later epoch (`self` is later than `best`).
    fn beats(&self, best: &Self) -> bool {
        (self.accuracy.right, -self.loss) >= (best.accuracy.right, -best.loss)
    }
}

/// Kaiming's normal weights, standard deviation `sqrt(2 / fan_in)`, and zero biases.
#[must_use]
pub fn initial_network(architecture: &Architecture, stream: &mut Stream) -> Network {
    let mut network = Network::zeros(architecture);
    for (weights, (_, inputs)) in network.weights.iter_mut().zip(architecture.matrices()) {
        stream.normals(weights);
        #[allow(clippy::cast_precision_loss)]
        let deviation = (2.0 / inputs as f32).sqrt();
        for weight in weights {
            *weight *= deviation;
        }
    }
    network
}

/// Trains `start` for one round and returns its best epoch; `None` when `watch` broke it off.
///
/// `stream` gives, epoch by epoch, the shuffle and then the noise; `watch` sees each epoch's evaluation.
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

/// What chance decides about an epoch.
struct Draw {
    /// The rows in the order they are taken.
    order: Vec<u32>,
    /// `[rows, inputs]`, row by row in that order; empty where there is no noise.
    noise: Vec<f32>,
    deviation: f32,
}

impl Draw {
    fn new(rows: &Rows, deviation: f64) -> Self {
        let count = u32::try_from(rows.count).expect("tables are checked to have fewer than 2^32 rows");
        let noise = if deviation > 0.0 { vec![0.0; rows.inputs.len()] } else { Vec::new() };
        #[allow(clippy::cast_possible_truncation)]
        let deviation = deviation as f32;
        Self { order: (0..count).collect(), noise, deviation }
    }

    fn next(&mut self, stream: &mut Stream) {
        // Each epoch shuffles the rows anew from their own order, so that an epoch's draw is all that orders it.
        self.order.iter_mut().zip(0..).for_each(|(slot, index)| *slot = index);
        stream.shuffle(&mut self.order);
        stream.normals(&mut self.noise);
        for noise in &mut self.noise {
            *noise *= self.deviation;
        }
    }
}
