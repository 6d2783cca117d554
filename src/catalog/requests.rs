//! Requests to a run: small files that the run polls for.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::ids::random;
use super::{ActiveRun, Catalog, Error, Result, RunId, TrialId, Utc, json};

/// How many requests this process has sent.
static SENT: AtomicU64 = AtomicU64::new(0);

/// A request to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    /// Pause trials; they keep their progress.
    Pause(Selection),
    /// Resume paused trials.
    Resume(Selection),
    /// Cancel trials.
    Cancel(Selection),
    /// Change the number of worker threads, at least 1.
    Workers(usize),
    /// Save the progress of running trials and end the run.
    Stop,
}

/// Which trials of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Selection {
    /// All trials of the run.
    All,
    /// The trials with these ids.
    Trials(Vec<TrialId>),
}

impl Selection {
    /// Whether the trial `id` is selected.
    #[must_use]
    pub fn contains(&self, id: &TrialId) -> bool {
        match self {
            Self::All => true,
            Self::Trials(ids) => ids.contains(id),
        }
    }
}

impl Catalog {
    /// Sends `request` to `run`.
    ///
    /// # Errors
    /// The run is unknown or has ended, or the file cannot be written.
    pub fn send(&self, run: &RunId, request: &Request) -> Result<()> {
        if !self.run(run)?.alive {
            return Err(Error::Ended(run.to_string()));
        }
        // File names sort by time, then by the order of sending within a process.
        let sent = SENT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{sent:012}-{:016x}.json", Utc::now().compact(), random());
        json::write(&self.run_path(run).join("control").join(name), request, Durability::Fleeting)
    }
}

impl ActiveRun {
    /// The requests that arrived since the last call, oldest first. Files that are not requests are removed and returned
    /// as errors.
    ///
    /// # Errors
    /// The folder cannot be read, or a request cannot be removed.
    pub fn requests(&self) -> Result<Vec<Result<Request>>> {
        let folder = self.path().join("control");
        let mut names = atomic::names(&folder)?;
        names.retain(|name| !atomic::is_temporary(name));
        names.sort_unstable();
        let mut requests = Vec::new();
        for path in names.into_iter().map(|name| folder.join(name)) {
            let request = json::read(&path);
            atomic::remove(&path)?;
            requests.extend(request.transpose());
        }
        Ok(requests)
    }
}
