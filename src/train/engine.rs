//! What an engine must do, and which engines there are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::burn_engine::BurnLearner;
use crate::network::Network;

/// A network in training, in whatever form its engine keeps it, with a fresh Adam optimiser.
pub trait Learner {
    /// One step of Adam on the mean loss of a batch, with L2 added to the gradient.
    ///
    /// `inputs` is `[rows, input units]`, `outputs` is `[rows, output units]`, both row by row.
    fn step(&mut self, inputs: &[f32], outputs: &[f32]);

    /// The logits of `inputs`, `[rows, output units]` row by row, written to `logits`.
    fn logits(&mut self, inputs: &[f32], logits: &mut Vec<f32>);

    /// Remembers the parameters as they are now, in place of any kept before.
    fn keep(&mut self);

    /// The kept parameters; those now, where none were kept.
    fn into_kept(self: Box<Self>) -> Network;

    /// The gradient of the mean loss of a batch, without L2; masked parameters have gradient 0.
    fn gradients(&mut self, inputs: &[f32], outputs: &[f32]) -> Gradients;
}

/// Gradients, laid out as the parameters of a [`Network`] are.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// One `[outputs, inputs]` matrix a layer, row by row.
    pub weights: Vec<Vec<f32>>,
    /// One bias an output unit of each matrix.
    pub biases: Vec<Vec<f32>>,
}

/// Makes learners.
pub trait Engine: Send + Sync {
    /// Starts a round on `network` with step length `learning_rate` and L2 coefficient `weight_decay`.
    fn learner(&self, network: &Network, learning_rate: f64, weight_decay: f64) -> Box<dyn Learner>;
}

/// The engines to choose from, by the names used in files and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum EngineChoice {
    /// burn on its ndarray device.
    #[default]
    #[serde(rename = "burn-ndarray")]
    BurnNdarray,
    /// burn on its flex device.
    #[serde(rename = "burn-flex")]
    BurnFlex,
}

impl EngineChoice {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::BurnNdarray, Self::BurnFlex];

    /// The name used in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BurnNdarray => "burn-ndarray",
            Self::BurnFlex => "burn-flex",
        }
    }
}

/// Text that names no engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no engine `{0}`; choose one of {names}", names = EngineChoice::ALL.map(EngineChoice::name).join(", "))]
pub struct UnknownEngine(String);

impl Engine for EngineChoice {
    fn learner(&self, network: &Network, learning_rate: f64, weight_decay: f64) -> Box<dyn Learner> {
        Box::new(BurnLearner::new(*self, network, learning_rate, weight_decay))
    }
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EngineChoice {
    type Err = UnknownEngine;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|choice| choice.name() == text).ok_or_else(|| UnknownEngine(text.to_owned()))
    }
}
