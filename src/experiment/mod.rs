//! Experiments: presets and files, the plan of trials they ask for, and the runner that works through it.

pub mod definition;
pub mod hyperparameters;
pub mod estimate;
pub mod orders;
mod plan;
pub mod runner;
pub mod store;
pub mod presets;

pub use plan::{Overrides, Planned, PlannedTrial, expand, seeds, single};
