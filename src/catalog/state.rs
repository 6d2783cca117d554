//! The state of a trial, derived from evidence each time it is read (design 6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::owner::{self, Owner};
use super::{Catalog, Completion, Error, LiveRuns, Result, RunId, TrialFolder, Utc, json};

/// The state of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A live run has it in its queue.
    Queued,
    /// A live process works on it.
    Running,
    /// The user paused it; it goes on from where it was.
    Paused,
    /// It has a result.
    Finished,
    /// Its dense network missed the required accuracy, which is a result too.
    Untrained,
    /// The user cancelled it.
    Cancelled,
    /// It failed, with a message.
    Failed,
    /// Nobody works on it or will: its owner is gone, or its run ended before its turn.
    Stale,
}

impl State {
    /// All states, in the order in which they are listed to the user.
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

    /// The name as it is written everywhere.
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

    /// Does the trial have a result?
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Finished | Self::Untrained)
    }

    /// Did it stop before its end without being cancelled: paused, left behind, or failed? To go on with all means these.
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

/// What the user asked of a trial, for as long as no later run takes it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// `paused`
    Paused,
    /// `cancelled`
    Cancelled,
}

impl Marker {
    fn file_name(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Who put a mark, and when: the content of a marker.
///
/// A mark holds until another live run has the trial in its queue or owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The run that put it; `None` where no run had the trial.
    #[serde(default)]
    pub run: Option<RunId>,
    /// When.
    pub utc: Utc,
}

/// All that a state is derived from, but for who is alive.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// How the trial ended, if it has a result.
    pub result: Option<Completion>,
    /// Set if it failed.
    pub failed: Option<Mark>,
    /// Set if it was cancelled.
    pub cancelled: Option<Mark>,
    /// Set if it was paused.
    pub paused: Option<Mark>,
    /// The owner, if it did not release the trial.
    pub owner: Option<Owner>,
}

impl Evidence {
    /// The state of trial `folder` that this evidence shows while `live` runs are alive.
    ///
    /// A result is the last word. A failure, cancellation or pause holds unless another live run owns the trial or
    /// has it in its queue. Else it is running if a live process owns it, queued if a live run will come to it, and
    /// stale if nobody will.
    #[must_use]
    pub fn state(&self, folder: &TrialFolder, live: &LiveRuns) -> State {
        match self.result {
            Some(Completion::Finished) => return State::Finished,
            Some(Completion::Untrained) => return State::Untrained,
            None => {}
        }
        let owner = self.owner.as_ref().filter(|owner| live.is_alive(folder.catalog(), owner));
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
    /// What the trial's state is derived from, as its folder shows it now.
    ///
    /// # Errors
    /// A file cannot be read, or `result.json` is damaged. A damaged marker counts as one.
    pub fn evidence(&self) -> Result<Evidence> {
        let names = atomic::names(self.path())?;
        let result = self.result()?;
        self.collect_evidence(&names, result.map(|result| result.status))
    }

    /// The evidence in a folder with files `names` and this result.
    pub(super) fn collect_evidence(&self, names: &[String], result: Option<Completion>) -> Result<Evidence> {
        let mark = |name: &str| if names.iter().any(|other| other == name) { self.mark(name) } else { Ok(None) };
        Ok(Evidence {
            result,
            failed: mark("failed.json")?,
            cancelled: mark(Marker::Cancelled.file_name())?,
            paused: mark(Marker::Paused.file_name())?,
            owner: owner::unreleased(self, names)?,
        })
    }

    /// The trial's state while `live` runs are alive.
    ///
    /// # Errors
    /// As [`Self::evidence`].
    pub fn state(&self, live: &LiveRuns) -> Result<State> {
        Ok(self.evidence()?.state(self, live))
    }

    /// Marks the trial as paused or cancelled, on behalf of `run` or of none. For the run that has the trial, or for
    /// a command if no live run does. Does not wait for the disk, so that many are marked in no time: the loss of a
    /// mark with the machine's power makes the trial stale, from where it goes on just as well.
    ///
    /// # Errors
    /// There is no such trial, or the marker cannot be written.
    pub fn put_mark(&self, marker: Marker, run: Option<&RunId>) -> Result<()> {
        self.must_exist()?;
        let mark = Mark { run: run.cloned(), utc: Utc::now() };
        json::write(&self.file(marker.file_name()), &mark, Durability::Fleeting)
    }

    /// Takes a mark away again; `false` if there was none.
    ///
    /// # Errors
    /// The marker cannot be removed.
    pub fn remove_mark(&self, marker: Marker) -> Result<bool> {
        atomic::remove(&self.file(marker.file_name()))
    }

    /// Forgets that the trial was paused, cancelled or failed.
    pub(super) fn clear_marks(&self) -> Result<()> {
        for name in [Marker::Paused.file_name(), Marker::Cancelled.file_name(), "failed.json"] {
            atomic::remove(&self.file(name))?;
        }
        Ok(())
    }

    fn mark(&self, name: &str) -> Result<Option<Mark>> {
        match json::read(&self.file(name)) {
            Err(Error::Invalid { .. }) => Ok(Some(Mark { run: None, utc: Utc::from_millisecond(0) })),
            other => other,
        }
    }
}

impl Catalog {
    /// The state of one trial; for many, take [`Self::live_runs`] once and ask each folder.
    ///
    /// # Errors
    /// As [`TrialFolder::evidence`].
    pub fn state(&self, id: &super::TrialId) -> Result<State> {
        self.trial(id).state(&self.live_runs()?)
    }
}
