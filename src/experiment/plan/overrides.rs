//! Changes to an experiment from the command line or the dashboard.

use crate::experiment::definition::{self, Hidden, Policy};
use crate::prune::Grid;
use crate::train::EngineChoice;

/// What replaces the settings of an experiment file; `None` leaves them as they are.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The grid of every trial.
    pub grid: Option<Grid>,
    /// The depths of every block.
    pub depths: Option<Vec<usize>>,
    /// The widths of the hidden layers of every block.
    pub widths: Option<Vec<usize>>,
    /// The seeds of every block.
    pub seeds: Option<Vec<u64>>,
    /// The engine of every trial.
    pub engine: Option<EngineChoice>,
    /// Where hyperparameters come from that are not given.
    pub hyperparameters: Option<Policy>,
    /// The patience of every round.
    pub patience: Option<usize>,
    /// Whether the steps of every walk grow again.
    pub regrow: Option<bool>,
}

impl Overrides {
    /// The hidden layers of a block after these changes.
    pub(super) fn hidden(&self, hidden: &Hidden) -> Result<Hidden, String> {
        if self.depths.is_none() && self.widths.is_none() {
            return Ok(hidden.clone());
        }
        check_depths(self.depths.iter().flatten())?;
        let widths = |given: &[usize]| self.widths.clone().unwrap_or_else(|| given.to_vec());
        match (hidden, &self.depths) {
            (Hidden::Layers(_), _) => {
                Err("the file gives hidden layers as `hidden = ..`, so depths and widths cannot \
                                           be replaced; change them in the file"
                    .to_owned())
            }
            (Hidden::Auto { .. }, Some(_)) => Err(
                "the file leaves the depths open (`depths = \"auto\"`), so they cannot be replaced; change them in \
                     the file"
                    .to_owned(),
            ),
            (Hidden::Auto { most, widths: given }, None) => Ok(Hidden::Auto { most: *most, widths: widths(given) }),
            (Hidden::Uniform { depths, widths: given }, replaced) => {
                let depths = replaced.as_ref().unwrap_or(depths).clone();
                Ok(Hidden::Uniform { depths, widths: widths(given) })
            }
        }
    }
}

/// Checks that no network is too deep.
pub(super) fn check_depths<'a>(mut depths: impl Iterator<Item = &'a usize>) -> Result<(), String> {
    let most = definition::MOST;
    let too_many = depths.find(|&&depth| depth > most);
    too_many.map_or(Ok(()), |depth| Err(format!("{depth} hidden layers are too many; choose {most} at most")))
}
