//! What a trial is, apart from its task's rows.

use serde::{Deserialize, Serialize};

use super::{Grid, Required, Stages};
use crate::network::Architecture;
use crate::task::Task;
use crate::train::{Engine, Hyperparameters};

/// Everything that settles a trial's course, given its task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Layer widths.
    pub architecture: Architecture,
    /// Seed of every draw.
    pub seed: u64,
    /// What each round is trained with.
    pub hyperparameters: Hyperparameters,
    /// The stages after the dense round.
    pub stages: Stages,
    /// First steps of the walks.
    pub grid: Grid,
    /// The accuracy that must hold.
    pub required: Required,
}

/// A plan with the task and the engine that it runs on.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// What is set for the trial.
    pub plan: &'a Plan,
    /// The rows.
    pub task: &'a Task,
    /// What trains.
    pub engine: &'a dyn Engine,
}
