//! What the dashboard asks for: the only way in which keys touch anything outside the screen.

use crate::catalog::{TagChange, TrialId};
use crate::experiment::launch_request::LaunchRequest;

/// A wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Run an experiment in a process of its own.
    Launch(LaunchRequest),
    /// Pause trials; they keep their state.
    Pause(Target),
    /// Go on with trials, in a new process where none has them.
    Resume(Target),
    /// Cancel trials.
    Cancel(Target),
    /// Change the tags of trials.
    Tag {
        /// The trials.
        trials: Vec<TrialId>,
        /// Tags to put on and to take off.
        change: TagChange,
    },
    /// Write a note on trials.
    Note {
        /// The trials.
        trials: Vec<TrialId>,
        /// The note; an empty one removes it.
        text: String,
    },
    /// Move trials to the trash.
    Delete(Vec<TrialId>),
    /// Bring back what was deleted last.
    Undelete,
    /// Let a run work on this many trials at once.
    Workers {
        /// The run.
        run: String,
        /// How many, at least 1.
        workers: usize,
    },
    /// Put a text on the clipboard of the user's own machine.
    Copy(String),
    /// Put the dashboard into the background.
    Suspend,
    /// Draw everything again.
    Redraw,
    /// End the dashboard.
    Quit,
}

/// Which trials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One.
    Trial(TrialId),
    /// All that it makes sense for.
    All,
}
