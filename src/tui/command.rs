//! Commands: the only way in which keys affect anything outside the screen.

use crate::catalog::{TagChange, TrialId};
use crate::experiment::launch_request::LaunchRequest;

/// Something to be done outside the dashboard's own state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Run an experiment in a new process.
    Launch(LaunchRequest),
    /// Pause trials; they keep their state.
    Pause(Target),
    /// Resume trials, in a new process if no run has them.
    Resume(Target),
    /// Cancel trials.
    Cancel(Target),
    /// Add and remove tags.
    Tag {
        /// The trials.
        trials: Vec<TrialId>,
        /// The tags to add and to remove.
        change: TagChange,
    },
    /// Set the note of trials.
    Note {
        /// The trials.
        trials: Vec<TrialId>,
        /// The note; an empty one removes it.
        text: String,
    },
    /// Move trials to the trash.
    Delete(Vec<TrialId>),
    /// Restore the trials that were deleted last.
    Undelete,
    /// Set the number of a run's workers.
    Workers {
        /// The run.
        run: String,
        /// The number of worker threads, at least 1.
        workers: usize,
    },
    /// Copy a text to the clipboard of the user's machine.
    Copy(String),
    /// Suspend the dashboard.
    Suspend,
    /// Redraw the whole screen.
    Redraw,
    /// Quit the dashboard.
    Quit,
}

/// The trials that a command applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One trial.
    Trial(TrialId),
    /// All trials in a state that the command applies to.
    All,
}
