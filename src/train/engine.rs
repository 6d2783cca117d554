//! The traits of an engine: it starts a learner, which takes optimizer steps, evaluates, and keeps the best parameters.

use serde::{Deserialize, Serialize};

use super::Hyperparameters;
use crate::network::Network;
use crate::task::Task;

/// A network in training, in the engine's own form, with a fresh Adam optimizer.
pub trait Learner {
    /// One pass over the training rows in batches. Each batch is one step of Adam on its mean loss, with L2 added to
    /// the gradient.
    ///
    /// `order` lists the rows in the order in which they are used. `noise`, `[rows, inputs]` in that order, is added to
    /// their inputs; it is empty if there is no noise.
    fn epoch(&mut self, order: &[u32], noise: &[f32]);

    /// Evaluates the current parameters on the validation rows.
    fn evaluate(&mut self) -> Evaluation;

    /// Keeps the current parameters, replacing those kept before.
    fn keep(&mut self);

    /// The kept parameters; the current ones if none were kept.
    fn into_kept(self: Box<Self>) -> Network;

    /// The gradient of the mean loss of one batch, whose rows are `order`, without L2; 0 for masked parameters. `noise`
    /// is as for [`Self::epoch`].
    fn gradients(&mut self, order: &[u32], noise: &[f32]) -> Gradients;
}

/// The evaluation of a network on the validation rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Number of output bits that are right, over all rows.
    pub right: u64,
    /// Mean binary cross-entropy.
    pub loss: f64,
}

/// Gradients, laid out like the parameters of a [`Network`].
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// One `[outputs, inputs]` matrix per layer, row by row.
    pub weights: Vec<Vec<f32>>,
    /// One bias per output unit of each matrix.
    pub biases: Vec<Vec<f32>>,
}

/// Trains networks, by starting a [`Learner`] for each round.
pub trait Engine: Send + Sync {
    /// Starts a round on `network`.
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a>;

    /// How the records of a round name this engine.
    fn kind(&self) -> Computed;
}

/// The engine that computed a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Computed {
    /// The edge engine.
    Edges,
    /// burn.
    Burn,
}
