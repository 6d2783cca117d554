//! What trials are looked at with: who is alive, and which experiments there are.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use super::RefreshProgress;
use super::refresh::{Changes, Known};
use super::schema::{Fingerprint, UNSETTLED};
use crate::catalog::filter::joined;
use crate::catalog::row::RowReading;
use crate::catalog::{Catalog, Error, Evidence, LiveRuns, TrialId, TrialRow};

/// The most threads that read folders; more than most processors have, for the sake of network file systems.
const READERS: usize = 8;

/// Trials a thread at least: starting one takes as long as reading some.
const SHARE: usize = 32;

/// What is the same for all trials of a refresh.
pub(super) struct TrialReader {
    pub catalog: Catalog,
    pub live: LiveRuns,
    /// The experiments of each trial, sorted.
    pub memberships: HashMap<TrialId, Vec<String>>,
    /// Where it is told how many have been read.
    pub progress: Arc<RefreshProgress>,
}

/// A trial's row, if it could be read, and what could not.
type ReadTrial = (Option<(TrialRow, Fingerprint)>, Option<Error>);

impl TrialReader {
    /// Notes what has changed about a trial whose folder has not.
    pub fn compare(&self, id: &TrialId, known: &Known, changes: &mut Changes) {
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

    /// Reads trials, with the times of their folders, several at a time.
    pub fn read(&self, trials: &[(TrialId, i64)], changes: &mut Changes, problems: &mut Vec<Error>) {
        let read = |trials: &[(TrialId, i64)]| {
            let read = |(id, mtime): &(TrialId, i64)| {
                let outcome = self.read_trial(id, *mtime);
                self.progress.one_more();
                outcome
            };
            trials.iter().map(read).collect::<Vec<ReadTrial>>()
        };
        let share = trials.len().div_ceil(READERS).max(SHARE);
        let outcomes: Vec<ReadTrial> = thread::scope(|scope| {
            let readers: Vec<_> = trials.chunks(share).map(|trials| scope.spawn(move || read(trials))).collect();
            // A reader that panics has read nothing: its trials are read at the next refresh.
            readers.into_iter().flat_map(|reader| reader.join().unwrap_or_default()).collect()
        });
        for (row, problem) in outcomes {
            changes.rows.extend(row);
            problems.extend(problem);
        }
    }

    fn read_trial(&self, id: &TrialId, mtime: i64) -> ReadTrial {
        let folder = self.catalog.trial(id);
        match RowReading::of(&folder) {
            Ok(RowReading { mut row, evidence, problem }) => {
                row.status = evidence.state(&folder, &self.live);
                row.experiments = self.memberships.get(id).cloned().unwrap_or_default();
                let evidence = serde_json::to_string(&evidence).unwrap_or_default();
                // What was done without is looked for again.
                let mtime = if problem.is_some() { UNSETTLED } else { mtime };
                (Some((row, Fingerprint { mtime, evidence })), problem)
            }
            // A folder without a trial: just being made, or deleted while we look.
            Err(Error::Unknown { .. }) => (None, None),
            Err(error) => (None, Some(error)),
        }
    }
}
