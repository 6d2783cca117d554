//! Experiments: presets and files, the trials that they expand to, and the runner that works through these.

pub mod calibration;
pub mod definition;
pub mod depths;
pub mod details;
pub mod estimate;
pub mod hyperparameters;
pub mod launch_request;
mod plan;
pub mod presets;
pub mod queued;
pub mod run_control;
pub mod runner;
mod source;
pub mod space;
pub mod store;
mod tables;
pub mod tuning;

pub use plan::{Cell, Networks, Outline, Overrides, Planned, PlannedTrial};
pub use source::{Source, SourceError, TaskHashes};
pub use tables::TaskReader;

/// The default number of worker threads: one per core.
#[must_use]
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
