//! Reading and comparing trials during a refresh.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use super::changes::{Changes, Known};
use super::progress::RefreshProgress;
use super::schema::{Fingerprint, UNSETTLED};
use crate::catalog::filter::joined;
use crate::catalog::{Catalog, Error, Evidence, LiveRuns, RowReading, TrialId, TrialRow};

/// The largest number of reading threads. More than most processors have cores, for slow network file systems.
const READERS: usize = 8;

/// The smallest number of trials per thread. Reading fewer takes no longer than starting a thread.
const SHARE: usize = 32;

/// Reads trials. Holds what is the same for all trials of a refresh.
pub(super) struct TrialReader {
    pub(super) catalog: Catalog,
    pub(super) live: LiveRuns,
    /// The experiments of each trial, sorted.
    pub(super) memberships: HashMap<TrialId, Vec<String>>,
    /// Where the progress of [`Self::read`] is shown.
    pub(super) progress: Arc<RefreshProgress>,
}

/// A trial's row, if it could be read, and what could not be read.
type ReadTrial = (Option<(TrialRow, Fingerprint)>, Option<Error>);

impl TrialReader {
    /// Adds to `changes` what has changed about a trial whose folder has not changed.
    pub(super) fn compare(&self, id: &TrialId, known: &Known, changes: &mut Changes) {
        let experiments = joined(self.memberships.get(id).map_or(&[], Vec::as_slice));
        if experiments != known.experiments {
            changes.experiments.push((id.clone(), experiments));
        }
        if !known.status.is_done() {
            let evidence: Evidence = serde_json::from_str(&known.fingerprint.evidence).unwrap_or_default();
            let state = evidence.state(&self.catalog.trial(id), &self.live);
            if state != known.status {
                changes.statuses.push((id.clone(), state));
            }
        }
    }

    /// Reads trials with several threads. Each trial comes with the modification time of its folder.
    pub(super) fn read(&self, trials: &[(TrialId, i64)], changes: &mut Changes, problems: &mut Vec<Error>) {
        let read = |trials: &[(TrialId, i64)]| {
            let read = |(id, mtime): &(TrialId, i64)| {
                let trial = self.read_trial(id, *mtime);
                self.progress.one_more();
                trial
            };
            trials.iter().map(read).collect::<Vec<ReadTrial>>()
        };
        self.progress.begin(trials.len());
        let share = trials.len().div_ceil(READERS).max(SHARE);
        let read: Vec<ReadTrial> = thread::scope(|scope| {
            let readers: Vec<_> = trials.chunks(share).map(|trials| scope.spawn(move || read(trials))).collect();
            // If a reader panics, its trials are read at the next refresh.
            readers.into_iter().flat_map(|reader| reader.join().unwrap_or_default()).collect()
        });
        self.progress.begin(0);
        for (row, problem) in read {
            changes.rows.extend(row);
            problems.extend(problem);
        }
    }

    fn read_trial(&self, id: &TrialId, mtime: i64) -> ReadTrial {
        let folder = self.catalog.trial(id);
        match RowReading::of(&folder) {
            Ok(RowReading { mut row, evidence, problem, labels_problem, .. }) => {
                row.status = evidence.state(&folder, &self.live);
                row.experiments = self.memberships.get(id).cloned().unwrap_or_default();
                let evidence = serde_json::to_string(&evidence).unwrap_or_default();
                let problem = problem.or(labels_problem);
                // An incomplete trial is read again at the next refresh.
                let mtime = if problem.is_some() { UNSETTLED } else { mtime };
                (Some((row, Fingerprint { mtime, evidence })), problem)
            }
            // The folder holds no trial: it is just being created or deleted.
            Err(Error::Unknown { .. }) => (None, None),
            Err(error) => (None, Some(error)),
        }
    }
}
