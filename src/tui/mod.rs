//! The dashboard: launch, monitor and browse trials in a terminal.
//!
//! It reads the catalog's files and sends requests to runs; no part of it reaches into training.
//!
//! 1. [`snapshot`] is all there is to show, as plain data. The [`source`], a thread, fills it from files alone.
//! 2. [`state`] is where the user is. [`update`](fn@update) looks up each key in the one table of [`keys`], changes the
//!    state and returns [`command`]s, which another thread executes.
//! 3. [`view`] draws every screen as a pure function of the two.
//!
//! [`run`] connects them to a terminal. It draws only when something has changed: at most ten times a second, or thirty
//! while keys are pressed.

mod app;
pub mod command;
mod executor;
pub mod filter;
pub mod format;
pub mod input;
pub mod keys;
pub mod loaded_report;
pub mod settings;
pub mod snapshot;
pub mod sort;
pub mod source;
pub mod state;
mod target_trial;
mod terminal;
pub mod theme;
mod update;
pub mod view;
pub mod wake;

use std::path::PathBuf;

pub use app::run;
pub use update::{Input, update};

/// How to open the dashboard.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The catalog's folder; `None` for the user's default.
    pub catalog: Option<PathBuf>,
    /// Draw with ASCII characters only.
    pub ascii: bool,
    /// Scroll with the mouse wheel. Selecting text in the terminal then needs shift.
    pub mouse: bool,
    /// Ring the bell when all runs have finished.
    pub bell: bool,
}
