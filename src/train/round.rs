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

/// Trains `start` for one round and returns its best epoch; `None` if `watch` breaks the round off. With
/// [`Hyperparameters::patience`], the round may end before its last epoch.
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
    let mut patience = Patience::new(settings.patience);
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
        if patience.ends_after(&epoch) {
            break;
        }
    }
    Some(RoundResult { network: learner.into_kept(), best: best?, engine: engine.kind() })
}

/// How long the validation loss has not fallen.
struct Patience {
    /// The most epochs in a row without a lower loss.
    most: usize,
    lowest: f64,
    /// The epoch with the lowest loss; 0 before the first loss that is a number.
    reached: usize,
}

impl Patience {
    fn new(most: Option<usize>) -> Self {
        Self { most: most.unwrap_or(usize::MAX), lowest: f64::INFINITY, reached: 0 }
    }

    /// Whether the round ends after this epoch, which follows those that were passed before.
    fn ends_after(&mut self, epoch: &Epoch) -> bool {
        if epoch.loss < self.lowest {
            (self.lowest, self.reached) = (epoch.loss, epoch.epoch);
        }
        epoch.epoch - self.reached >= self.most
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::builtin;
    use crate::train::{Gradients, Learner, Stage, StreamName};

    /// An engine whose epochs have these losses and numbers of right output bits. The first bias of a kept network is
    /// the number of its epoch.
    struct Scripted(Vec<(f64, u64)>);

    struct Script {
        epochs: Vec<(f64, u64)>,
        done: usize,
        network: Network,
    }

    impl Engine for Scripted {
        fn learner<'a>(&self, _: &'a Task, network: &'a Network, _: &Hyperparameters) -> Box<dyn Learner + 'a> {
            Box::new(Script { epochs: self.0.clone(), done: 0, network: network.clone() })
        }

        fn kind(&self) -> Computed {
            Computed::Edges
        }
    }

    impl Learner for Script {
        fn epoch(&mut self, _: &[u32], _: &[f32]) {
            self.done += 1;
        }

        fn evaluate(&mut self) -> Evaluation {
            let (loss, right) = self.epochs[self.done - 1];
            Evaluation { right, loss }
        }

        fn keep(&mut self) {
            self.network.biases[0][0] = f32::from(u8::try_from(self.done).unwrap());
        }

        fn into_kept(self: Box<Self>) -> Network {
            self.network
        }

        fn gradients(&mut self, _: &[u32], _: &[f32]) -> Gradients {
            unreachable!("a round needs no gradients")
        }
    }

    /// The number of epochs that a round with this patience trains, and its best epoch.
    fn trained(epochs: &[(f64, u64)], patience: Option<usize>) -> (usize, usize) {
        let settings = Hyperparameters {
            learning_rate: 0.1,
            batch_size: 8,
            epochs: epochs.len(),
            weight_decay: 0.0,
            noise: 0.0,
            patience,
        };
        let start = Network::zeros(&"4,4".parse().unwrap());
        let name = StreamName { seed: 0, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 };
        let mut seen = 0;
        let mut watch = |_: &Epoch| {
            seen += 1;
            ControlFlow::Continue(())
        };
        let task = builtin::get("4-2-4").unwrap();
        let engine = Scripted(epochs.to_vec());
        let result = round(&engine, &task, &start, &settings, &mut Stream::new(&name), &mut watch).unwrap();
        assert_eq!(result.network.biases[0][0], f32::from(u8::try_from(result.best.epoch).unwrap()));
        (seen, result.best.epoch)
    }

    #[test]
    fn patience_ends_a_round() {
        let losses = [0.9, 0.5, 0.6, 0.5, 0.4, 0.7, 0.4, 0.4, 0.3, 0.2];
        let epochs = losses.map(|loss| (loss, 60));
        assert_eq!(trained(&epochs, None), (10, 10));
        // Epoch 3 is the first without a lower loss; 3 and 4 are the first two in a row, because 0.5 is not lower.
        assert_eq!(trained(&epochs, Some(1)), (3, 2));
        assert_eq!(trained(&epochs, Some(2)), (4, 4), "of equal losses the later epoch is the best, as always");
        assert_eq!(trained(&epochs, Some(3)), (8, 8), "the lowest loss is that of epoch 5");
        assert_eq!(trained(&epochs, Some(4)), (10, 10));
        assert_eq!(trained(&epochs, Some(9)), (10, 10));
    }

    #[test]
    fn accuracy_chooses_the_best_epoch_and_not_the_end() {
        let epochs = [(0.5, 10), (0.6, 64), (0.4, 20), (0.5, 30), (0.6, 40), (0.1, 64)];
        assert_eq!(trained(&epochs, Some(2)), (5, 2));
        assert_eq!(trained(&epochs, None), (6, 6));
    }

    #[test]
    fn a_loss_that_is_no_number_is_not_lower() {
        assert_eq!(trained(&[(f64::NAN, 0); 6], Some(2)).0, 2);
        assert_eq!(
            trained(&[(f64::NAN, 0), (0.5, 0), (f64::NAN, 0), (0.4, 0), (0.5, 0), (0.5, 0), (0.1, 0)], Some(2)).0,
            6
        );
    }
}
