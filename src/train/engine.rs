//! What an engine must do, and which engines there are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::KernelClass;
use super::burn_engine::BurnLearner;
use super::edges::EdgeLearner;
use super::round::Hyperparameters;
use crate::network::{Mask, Network};
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

/// Makes learners.
pub trait Engine: Send + Sync {
    /// Starts a round on `network`.
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a>;

    /// The engine that computes a round on a network with this mask: a fixed rule, never a matter of timing.
    fn chosen(&self, mask: &Mask, settings: &Hyperparameters) -> Computed;
}

/// What computed a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Computed {
    /// The engine that works on the edges left.
    Edges,
    /// burn.
    Burn,
}

/// The devices of burn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// burn-ndarray.
    Ndarray,
    /// burn-flex.
    Flex,
}

/// The engines to choose from, by the names used in files and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum EngineChoice {
    /// The edge engine, or burn where a wide network still has many edges, by a fixed rule.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// The edge engine.
    #[serde(rename = "edges")]
    Edges,
    /// burn on its ndarray device.
    #[serde(rename = "burn-ndarray")]
    BurnNdarray,
    /// burn on its flex device.
    #[serde(rename = "burn-flex")]
    BurnFlex,
}

impl EngineChoice {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Edges, Self::BurnNdarray, Self::BurnFlex];

    /// The name used in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Edges => "edges",
            Self::BurnNdarray => "burn-ndarray",
            Self::BurnFlex => "burn-flex",
        }
    }
}

/// Text that names no engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no engine `{0}`; choose one of {names}", names = EngineChoice::ALL.map(EngineChoice::name).join(", "))]
pub struct UnknownEngine(String);

/// The edge engine with the vector instructions of a class, which the processor must have.
#[derive(Clone, Copy, Debug)]
pub struct EdgeEngine(pub KernelClass);

impl Engine for EdgeEngine {
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a> {
        Box::new(EdgeLearner::new(self.0, task, network, settings))
    }

    fn chosen(&self, _mask: &Mask, _settings: &Hyperparameters) -> Computed {
        Computed::Edges
    }
}

impl Engine for EngineChoice {
    fn learner<'a>(&self, task: &'a Task, network: &'a Network, settings: &Hyperparameters) -> Box<dyn Learner + 'a> {
        match (self, self.chosen(&network.mask, settings)) {
            (_, Computed::Edges) => Box::new(EdgeLearner::new(KernelClass::detect(), task, network, settings)),
            (Self::BurnNdarray, Computed::Burn) => Box::new(BurnLearner::new(Device::Ndarray, task, network, settings)),
            (_, Computed::Burn) => Box::new(BurnLearner::new(Device::Flex, task, network, settings)),
        }
    }

    fn chosen(&self, _mask: &Mask, _settings: &Hyperparameters) -> Computed {
        match self {
            Self::Edges | Self::Auto => Computed::Edges,
            Self::BurnNdarray | Self::BurnFlex => Computed::Burn,
        }
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
