//! Marks on trials: paused, cancelled, failed.

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::{Error, Result, RunId, TrialFolder, Utc, json};

/// The name of the file that marks a trial as failed.
const FAILED: &str = "failed.json";

/// A mark that the user sets on a trial. It holds until a later run takes the trial up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// The trial is paused; file `paused`.
    Paused,
    /// The trial is cancelled; file `cancelled`.
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

/// The content of a marker file: which run set the mark, and when.
///
/// A mark holds until another live run owns the trial or has it in its queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The run that set the mark; `None` if no run had the trial.
    #[serde(default)]
    pub run: Option<RunId>,
    /// When the mark was set.
    pub utc: Utc,
}

impl Mark {
    /// Stands for a mark whose file is damaged.
    pub(super) fn unreadable() -> Self {
        Self { run: None, utc: Utc::from_millisecond(0) }
    }
}

impl TrialFolder {
    /// Marks the trial as paused or cancelled, on behalf of `run` or of no run. Called by the run that has the trial, or
    /// by a command if no live run has it.
    ///
    /// Does not wait for the disk, so marking many trials is fast. A mark lost in a power failure leaves the trial stale,
    /// and a stale trial can be resumed just as well.
    ///
    /// # Errors
    /// There is no such trial, or the file cannot be written.
    pub fn put_mark(&self, marker: Marker, run: Option<&RunId>) -> Result<()> {
        self.must_exist()?;
        let mark = Mark { run: run.cloned(), utc: Utc::now() };
        json::write(&self.file(marker.file_name()), &mark, Durability::Fleeting)
    }

    /// Removes a mark. Returns `false` if the trial did not have it.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn remove_mark(&self, marker: Marker) -> Result<bool> {
        atomic::remove(&self.file(marker.file_name()))
    }

    /// Removes all marks: paused, cancelled and failed.
    pub(super) fn clear_marks(&self) -> Result<()> {
        for name in [Marker::Paused.file_name(), Marker::Cancelled.file_name(), FAILED] {
            atomic::remove(&self.file(name))?;
        }
        Ok(())
    }

    /// The mark `marker`, given the names of the files in the folder.
    pub(super) fn mark(&self, names: &[String], marker: Marker) -> Result<Option<Mark>> {
        self.read_mark(names, marker.file_name())
    }

    /// The mark of a failed trial, given the names of the files in the folder.
    pub(super) fn failed_mark(&self, names: &[String]) -> Result<Option<Mark>> {
        self.read_mark(names, FAILED)
    }

    fn read_mark(&self, names: &[String], name: &str) -> Result<Option<Mark>> {
        if !names.iter().any(|other| other == name) {
            return Ok(None);
        }
        match json::read(&self.file(name)) {
            Err(Error::Invalid { .. }) => Ok(Some(Mark::unreadable())),
            other => other,
        }
    }
}
