//! What an engine must do: start a learner, which takes steps, evaluates, and keeps the best parameters.

use serde::{Deserialize, Serialize};

use super::Hyperparameters;
use crate::network::Network;
use crate::task::Task;

/// A network in training, in whatever form its engine keeps it, with a fresh Adam optimiser.
pub trait Learner {
    /// One pass over the training rows in batches, one step of Adam a batch on its mean loss, with L2 added to the
    /// gradient.
    ///
    /// `order` names the rows in the order they are taken; `noise`, `[rows, input units]` row by row in that order, is
    /// added to their inputs, and is empty where there is none.
    fn epoch(&mut self, order: &[u32], noise: &[f32]);

    /// How the network does on the validation rows as it is now.
    fn evaluate(&mut self) -> Evaluation;

    /// Remembers the parameters as they are now, in place of any kept before.
    fn keep(&mut self);

    /// The kept parameters; those now, where none were kept.
    fn into_kept(self: Box<Self>) -> Network;

    /// The gradient of the mean loss of one batch, the rows named by `order`, without L2; masked parameters have
    /// gradient 0. `noise` as for [`Self::epoch`].
    fn gradients(&mut self, order: &[u32], noise: &[f32]) -> Gradients;
}

/// What an evaluation gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Output bits right, over all validation rows.
    pub right: u64,
    /// Mean binary cross-entropy.
    pub loss: f64,
}

/// Gradients, laid out as the parameters of a [`Network`] are.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// One `[outputs, inputs]` matrix a layer, row by row.
    pub weights: Vec<Vec<f32>>,
    /// One bias an output unit of each matrix.
    pub biases: Vec<Vec<f32>>,
}

/// Starts learners.
pub trait Engine: Send + Sync {
    /// Starts a round on `network`.
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a>;

    /// What the records of a round call this engine.
    fn kind(&self) -> Computed;
}

/// What computed a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Computed {
    /// The engine that works on the remaining edges.
    Edges,
    /// burn.
    Burn,
}
