//! Requests to a run: small files that its owner polls.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::ids::random;
use super::{ActiveRun, Catalog, Error, Result, RunId, TrialId, Utc, json};

/// Requests that this process has sent.
static SENT: AtomicU64 = AtomicU64::new(0);

/// What a run is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    /// Pause these trials; they keep their state.
    Pause(Selection),
    /// Go on with these paused trials.
    Resume(Selection),
    /// Cancel these trials.
    Cancel(Selection),
    /// Work with this many threads from now on, at least 1.
    Workers(usize),
    /// Stop the run: keep the state of what is running, and end.
    Stop,
}

/// Which trials of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Selection {
    /// All of them.
    All,
    /// These.
    Trials(Vec<TrialId>),
}

impl Selection {
    /// Is `id` among them?
    #[must_use]
    pub fn contains(&self, id: &TrialId) -> bool {
        match self {
            Self::All => true,
            Self::Trials(ids) => ids.contains(id),
        }
    }
}

impl Catalog {
    /// Leaves `request` for `run` to find.
    ///
    /// # Errors
    /// The run is unknown or not alive, or the file cannot be written.
    pub fn send(&self, run: &RunId, request: &Request) -> Result<()> {
        if !self.run(run)?.alive {
            return Err(Error::Ended(run.to_string()));
        }
        // Names sort by time, and by order within a process, so that requests are met as they were made.
        let sent = SENT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{sent:012}-{:016x}.json", Utc::now().compact(), random());
        json::write(&self.run_path(run).join("control").join(name), request, Durability::Fleeting)
    }
}

impl ActiveRun {
    /// The requests since the last call, oldest first, each answered once. What is not a request is removed and told.
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
