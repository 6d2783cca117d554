//! The dashboard: launch, monitor and browse trials in a terminal (design 7).
//!
//! It is one of many viewers of the catalog, and none of its parts reaches into training:
//!
//! 1. [`snapshot`]: what there is to see, as plain data; the [`source`] fills it from files alone, in a thread.
//! 2. [`state`]: where the user is; [`update`](fn@update) takes keys in, by the one table of [`keys`], and answers
//!    with [`command`]s, which another thread carries out.
//! 3. [`view`]: every screen a pure function of the two.
//!
//! [`run`] connects them to a terminal: it draws only when something changed: ten times a second at most, thirty where
//! keys are pressed.

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
    /// The catalog's folder; `None` for the user's own.
    pub catalog: Option<PathBuf>,
    /// Draw with plain ASCII characters.
    pub ascii: bool,
    /// Move by the wheel of the mouse. The terminal's own marking of text needs shift then.
    pub mouse: bool,
    /// Ring when the work has ended.
    pub bell: bool,
}
