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
    /// The edge engine, or burn on its flex device where a network is wide (see `is_wide`).
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// As [`Self::Auto`], with burn on its ndarray device.
    #[serde(rename = "auto-ndarray")]
    AutoNdarray,
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

/// From so many weights on, and with batches of so many rows, burn is the faster engine: its products are blocked for
/// caches that the weights of such networks do not fit in. Measured in the bench `training` over widths and densities.
const WIDE: (usize, usize) = (2_000_000, 64);

/// Does `auto` leave a round on a network with this mask to burn?
fn is_wide(mask: &Mask, settings: &Hyperparameters) -> bool {
    settings.batch_size >= WIDE.1 && mask.architecture().weights() >= WIDE.0 && mask.kept() >= WIDE.0
}

impl EngineChoice {
    /// Every choice.
    pub const ALL: [Self; 5] = [Self::Auto, Self::AutoNdarray, Self::Edges, Self::BurnNdarray, Self::BurnFlex];

    /// The name used in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::AutoNdarray => "auto-ndarray",
            Self::Edges => "edges",
            Self::BurnNdarray => "burn-ndarray",
            Self::BurnFlex => "burn-flex",
        }
    }

    /// The choice of an engine, `auto`, `edges` or `burn`, and of burn's device, `flex` where none is given; or one of
    /// [`Self::name`]'s names.
    ///
    /// # Errors
    /// No such engine, or no such device of it.
    pub fn named(engine: &str, device: Option<&str>) -> Result<Self, UnknownEngine> {
        let full = match (engine, device) {
            ("burn", device) => format!("burn-{}", device.unwrap_or("flex")),
            ("auto", Some("flex")) => "auto".to_owned(),
            (engine, None) => engine.to_owned(),
            (engine, Some(device)) => format!("{engine}-{device}"),
        };
        full.parse()
    }

    /// burn's device, where this may come to use it.
    #[must_use]
    pub fn device(self) -> Option<Device> {
        match self {
            Self::Edges => None,
            Self::AutoNdarray | Self::BurnNdarray => Some(Device::Ndarray),
            Self::Auto | Self::BurnFlex => Some(Device::Flex),
        }
    }
}

/// Text that names no engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no engine `{0}`; choose auto, edges or burn, and for auto or burn the device ndarray or flex")]
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
        match (self.chosen(&network.mask, settings), self.device()) {
            (Computed::Burn, Some(device)) => Box::new(BurnLearner::new(device, task, network, settings)),
            _ => EdgeEngine(KernelClass::detect()).learner(task, network, settings),
        }
    }

    fn chosen(&self, mask: &Mask, settings: &Hyperparameters) -> Computed {
        match self {
            Self::BurnNdarray | Self::BurnFlex => Computed::Burn,
            Self::Auto | Self::AutoNdarray if is_wide(mask, settings) => Computed::Burn,
            Self::Auto | Self::AutoNdarray | Self::Edges => Computed::Edges,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_leaves_wide_networks_to_burn_while_they_are_full() {
        let settings = |batch_size| Hyperparameters {
            learning_rate: 0.001,
            batch_size,
            epochs: 1,
            weight_decay: 1e-4,
            noise: 0.0,
        };
        let chosen = |widths: &str, batch_size, keep: usize| {
            let architecture = widths.parse().unwrap();
            let full = Mask::full(&architecture);
            let layers = (0..architecture.matrices().len())
                .map(|layer| (0..full.layer(layer).len()).map(|index| index % keep == 0).collect());
            let mask = Mask::from_layers(&architecture, layers.collect());
            EngineChoice::Auto.chosen(&mask, &settings(batch_size))
        };
        assert_eq!(chosen("4,24,24,16", 8, 1), Computed::Edges);
        assert_eq!(chosen("1568,392,392,20", 512, 1), Computed::Edges);
        assert_eq!(chosen("1568,1568,1568,20", 256, 1), Computed::Burn);
        assert_eq!(chosen("1568,1568,1568,20", 256, 3), Computed::Edges);
        assert_eq!(chosen("1568,1568,1568,20", 8, 1), Computed::Edges);
    }

    #[test]
    fn names_of_engine_and_device() {
        for choice in EngineChoice::ALL {
            assert_eq!(EngineChoice::named(choice.name(), None).unwrap(), choice);
        }
        assert_eq!(EngineChoice::named("burn", None).unwrap(), EngineChoice::BurnFlex);
        assert_eq!(EngineChoice::named("burn", Some("ndarray")).unwrap(), EngineChoice::BurnNdarray);
        assert_eq!(EngineChoice::named("auto", Some("ndarray")).unwrap(), EngineChoice::AutoNdarray);
        assert_eq!(EngineChoice::named("auto", Some("flex")).unwrap(), EngineChoice::Auto);
        assert!(EngineChoice::named("edges", Some("flex")).is_err());
        assert!(EngineChoice::named("burn", Some("gpu")).is_err());
    }
}
