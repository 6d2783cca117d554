//! What all parts of a run need to know.

use super::event::Event;
use crate::catalog::{ActiveRun, Catalog};

/// The options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The experiments that the trials belong to.
    pub experiments: Vec<String>,
    /// The number of worker threads, at least 1.
    pub jobs: usize,
    /// Whether to run trials again that have a result.
    pub force: bool,
}

/// A run's catalog, options and listener.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) run: &'a ActiveRun,
    pub(super) options: &'a Options,
    pub(super) on_event: &'a (dyn Fn(Event) + Sync),
}

impl Context<'_> {
    /// Reports `event`.
    pub(super) fn emit(&self, event: Event) {
        (self.on_event)(event);
    }

    /// Reports a problem that does not stop the run.
    pub(super) fn warn(&self, problem: &dyn ToString) {
        self.emit(Event::Warning(problem.to_string()));
    }
}
