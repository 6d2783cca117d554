//! The state of a trial, derived from its files and the live runs each time it is read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::atomic;
use super::owner::{self, Owner};
use super::{Catalog, Completion, Error, LiveRuns, Mark, Marker, Result, RunId, TrialFolder};

/// The state of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In the queue of a live run.
    Queued,
    /// Being worked on by a live process.
    Running,
    /// Paused by the user; resuming continues where it stopped.
    Paused,
    /// Done, with a result.
    Finished,
    /// Done: the dense network missed the required accuracy, so nothing was pruned.
    Untrained,
    /// Cancelled by the user.
    Cancelled,
    /// Stopped by an error, which is recorded.
    Failed,
    /// Not done, and no live run has it: its run died, or ended before the trial's turn.
    Stale,
}

impl State {
    /// All states, in display order.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Running,
        Self::Paused,
        Self::Finished,
        Self::Untrained,
        Self::Cancelled,
        Self::Failed,
        Self::Stale,
    ];

    /// The state's name, as shown and stored everywhere.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Untrained => "untrained",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Stale => "stale",
        }
    }

    /// Whether the trial has a result.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Finished | Self::Untrained)
    }

    /// Whether the trial is paused, stale or failed. `sculpt resume --all` resumes these trials.
    #[must_use]
    pub fn is_interrupted(self) -> bool {
        matches!(self, Self::Paused | Self::Stale | Self::Failed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for State {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| Error::Unknown { what: "state", name: text.to_owned() })
    }
}

/// What a trial's folder says about its state. Together with the live runs it determines the state.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// How the trial ended; `None` without a result.
    pub result: Option<Completion>,
    /// Set if the trial failed.
    pub failed: Option<Mark>,
    /// Set if the trial was cancelled.
    pub cancelled: Option<Mark>,
    /// Set if the trial was paused.
    pub paused: Option<Mark>,
    /// The last owner, unless it released the trial.
    pub owner: Option<Owner>,
}

impl Evidence {
    /// The state of the trial in `folder` while the runs `live` are alive.
    ///
    /// A result decides. Otherwise a failure, cancellation or pause holds, unless another live run owns the trial or has
    /// it in its queue. Without those, the trial is running if a live process owns it, queued if a live run has it in its
    /// queue, and stale otherwise.
    #[must_use]
    pub fn state(&self, folder: &TrialFolder, live: &LiveRuns) -> State {
        match self.result {
            Some(Completion::Finished) => return State::Finished,
            Some(Completion::Untrained) => return State::Untrained,
            None => {}
        }
        let works =
            |owner: &&Owner| owner.released.is_none() && live.is_alive(folder.catalog(), &owner.run, &owner.process);
        let owner = self.owner.as_ref().filter(works);
        let holds = |mark: &Mark| {
            let same = |run: &RunId| mark.run.as_ref() == Some(run);
            owner.is_none_or(|owner| same(&owner.run)) && live.queuing(folder.id()).all(same)
        };
        if self.failed.as_ref().is_some_and(holds) {
            State::Failed
        } else if self.cancelled.as_ref().is_some_and(holds) {
            State::Cancelled
        } else if self.paused.as_ref().is_some_and(holds) {
            State::Paused
        } else if owner.is_some() {
            State::Running
        } else if live.queuing(folder.id()).next().is_some() {
            State::Queued
        } else {
            State::Stale
        }
    }
}

impl TrialFolder {
    /// Reads the evidence that the trial's state is derived from.
    ///
    /// # Errors
    /// A file cannot be read, or `result.json` is damaged. A damaged mark still counts as a mark.
    pub fn evidence(&self) -> Result<Evidence> {
        let names = atomic::names(self.path())?;
        let result = self.result()?;
        self.collect_evidence(&names, result.map(|result| result.status))
    }

    /// The evidence in this folder, given the names of its files and how the trial ended.
    pub(super) fn collect_evidence(&self, names: &[String], result: Option<Completion>) -> Result<Evidence> {
        Ok(Evidence {
            result,
            failed: self.failed_mark(names)?,
            cancelled: self.mark(names, Marker::Cancelled)?,
            paused: self.mark(names, Marker::Paused)?,
            owner: owner::unreleased(self, names)?,
        })
    }

    /// The trial's state while the runs `live` are alive.
    ///
    /// # Errors
    /// See [`Self::evidence`].
    pub fn state(&self, live: &LiveRuns) -> Result<State> {
        Ok(self.evidence()?.state(self, live))
    }
}

impl Catalog {
    /// The state of one trial. For many, call [`Self::live_runs`] once and then [`TrialFolder::state`] on each.
    ///
    /// # Errors
    /// See [`TrialFolder::evidence`].
    pub fn state(&self, id: &super::TrialId) -> Result<State> {
        self.trial(id).state(&self.live_runs()?)
    }
}
