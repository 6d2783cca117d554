//! Experiments: presets and files, the plan of trials they ask for, and the runner that works through it.

pub mod asked;
pub mod control;
pub mod definition;
pub mod details;
pub mod estimate;
pub mod hyperparameters;
pub mod orders;
mod plan;
pub mod presets;
pub mod runner;
pub mod store;

pub use plan::{Overrides, Planned, PlannedTrial, expand, seeds, single};

/// Worker threads where none are asked for: one a core.
#[must_use]
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
