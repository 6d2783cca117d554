//! What a run reports: events while it works, and a summary at its end.

use crate::catalog::{Progress, TrialId, TrialResult, Verdict};

/// An event during a run.
#[derive(Clone, Debug)]
pub enum Event {
    /// Work on a trial started or resumed.
    Began {
        /// The trial's id.
        id: TrialId,
        /// The number of rounds trained in earlier sessions.
        resumed_rounds: u64,
    },
    /// A trial made progress. Sent several times a second at most.
    Progress {
        /// The trial's id.
        id: TrialId,
        /// The trial's progress.
        progress: Box<Progress>,
    },
    /// A trial is done.
    Done {
        /// The trial's id.
        id: TrialId,
        /// The summary of its best network.
        result: Box<TrialResult>,
        /// The verdict on its modules.
        verdict: Option<Verdict>,
        /// The wall-clock time spent on it in all sessions, in seconds; `None` if it was done before this run.
        wall_s: Option<f64>,
    },
    /// A live process of another run has the trial.
    Held {
        /// The trial's id.
        id: TrialId,
    },
    /// A trial was paused or resumed.
    Paused {
        /// The trial's id.
        id: TrialId,
        /// Whether the trial is paused now.
        paused: bool,
    },
    /// A trial was cancelled.
    Cancelled {
        /// The trial's id.
        id: TrialId,
    },
    /// A trial failed.
    Failed {
        /// The trial's id.
        id: TrialId,
        /// Why, in one sentence.
        message: String,
    },
    /// A problem that does not stop the run.
    Warning(String),
}

/// What became of the trials of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Trials finished by this run.
    pub done: usize,
    /// Trials finished before, or meanwhile by another run.
    pub before: usize,
    /// Finished trials that are untrained.
    pub untrained: usize,
    /// Finished trials that find the true modules.
    pub right: usize,
    /// Finished trials for which the true modules are known.
    pub judged: usize,
    /// Failed trials.
    pub failed: usize,
    /// Cancelled trials.
    pub cancelled: usize,
    /// Unfinished trials, because the run was stopped or another run has paused them.
    pub left: usize,
    /// Whether a signal interrupted the run.
    pub interrupted: bool,
}
