//! Bringing the index up to date: which trials there are, which have changed, and what state each is in.
//!
//! Every change of a trial renames a file in its folder and so updates the folder's modification time. A folder whose
//! time is in the index need not be read again. Only the state can change without that, when an owner dies or a run
//! starts; it is derived again from the evidence in the index.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params_from_iter};

use super::changes::{Changes, Known};
use super::progress::RefreshProgress;
use super::reader::TrialReader;
use super::schema::{self, Fingerprint, UNSETTLED};
use crate::catalog::{Catalog, Error, Result, State, TrialId, atomic};

/// A folder that changed less than this many nanoseconds ago can change again without a new modification time, because
/// file systems have coarse clocks.
const SETTLING_NS: i64 = 2_000_000_000;

/// How thorough a refresh is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Looks at every trial. Needed at the start and from time to time.
    All,
    /// Looks at new, removed and unfinished trials, and at those of changed experiments. Skips trials with a result, which
    /// can only get new labels, detections and verdicts. Made for displays that follow runs.
    Live,
}

/// What a refresh found.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// The number of new and changed trials.
    pub changed: usize,
    /// The number of removed trials.
    pub removed: usize,
    /// What is damaged or was written by a newer program. Such trials and experiments are left out or shown in part.
    pub problems: Vec<Error>,
}

/// Finds out what has changed since the last refresh.
#[derive(Debug)]
pub(super) struct Refresher {
    catalog: Catalog,
    /// The modification times of the shard folders, as of the last refresh.
    shards: HashMap<String, i64>,
    /// Each experiment's modification time and trials, as of the last refresh.
    experiments: HashMap<String, (i64, Vec<TrialId>)>,
    pub(super) progress: Arc<RefreshProgress>,
}

impl Refresher {
    pub(super) fn new(catalog: &Catalog) -> Self {
        Self { catalog: catalog.clone(), shards: HashMap::new(), experiments: HashMap::new(), progress: Arc::default() }
    }

    /// Compares the index with the folders. The caller writes the changes and then passes them to [`Self::written`].
    ///
    /// # Errors
    /// A folder of the catalog or the index cannot be read.
    pub(super) fn find_changes(&mut self, index: &Connection, scope: Scope) -> Result<(Changes, Refreshed)> {
        let mut refreshed = Refreshed::default();
        let experiments_changed = self.read_experiments(&mut refreshed)?;
        let live = self.catalog.live_runs()?;
        let shards = self.changed_shards(if experiments_changed { Scope::All } else { scope })?;
        // The index is read before the folders. In between, another process may add trials to it that this process would
        // otherwise take for removed.
        let known = known(index, &shards)?;
        let found = self.find(&shards, &known)?;
        let (catalog, memberships) = (self.catalog.clone(), self.memberships());
        let reader = TrialReader { catalog, live, memberships, progress: Arc::clone(&self.progress) };
        let mut changes = Changes::default();
        let mut to_read = Vec::new();
        for (id, mtime) in &found {
            match known.get(id) {
                Some(known) if known.fingerprint.mtime == *mtime && *mtime != UNSETTLED => {
                    reader.compare(id, known, &mut changes);
                }
                _ => to_read.push((id.clone(), *mtime)),
            }
        }
        changes.removed = known.into_keys().filter(|id| !found.contains_key(id)).collect();
        reader.read(&to_read, &mut changes, &mut refreshed.problems);
        changes.shards = shards.changed;
        refreshed.changed = changes.rows.len() + changes.statuses.len();
        refreshed.removed = changes.removed.len();
        Ok((changes, refreshed))
    }

    /// Remembers that `changes` have been written.
    pub(super) fn written(&mut self, changes: Changes) {
        self.shards.extend(changes.shards);
    }

    /// The experiments that each trial belongs to, sorted.
    fn memberships(&self) -> HashMap<TrialId, Vec<String>> {
        let mut memberships: HashMap<TrialId, Vec<String>> = HashMap::new();
        let mut names: Vec<&String> = self.experiments.keys().collect();
        names.sort_unstable();
        for name in names {
            for id in &self.experiments[name].1 {
                memberships.entry(id.clone()).or_default().push(name.clone());
            }
        }
        memberships
    }

    /// Reads the experiments that changed. Returns whether any did.
    fn read_experiments(&mut self, refreshed: &mut Refreshed) -> Result<bool> {
        let names = self.catalog.experiment_names()?;
        let before = self.experiments.len();
        self.experiments.retain(|name, _| names.contains(name));
        let mut changed = self.experiments.len() != before;
        for name in names {
            let mtime = settled_time(&self.catalog.experiments_path().join(&name)).unwrap_or(UNSETTLED);
            if mtime != UNSETTLED && self.experiments.get(&name).is_some_and(|known| known.0 == mtime) {
                continue;
            }
            match self.catalog.experiment(&name) {
                Ok(experiment) => {
                    let known = self.experiments.insert(name, (mtime, experiment.trials.clone()));
                    changed |= known.is_none_or(|known| known.1 != experiment.trials);
                }
                Err(Error::Unknown { .. }) => {}
                Err(error) => refreshed.problems.push(error),
            }
        }
        Ok(changed)
    }

    /// The shards to search.
    fn changed_shards(&self, scope: Scope) -> Result<Shards> {
        let trials = self.catalog.trials_path();
        let mut names = atomic::names(&trials)?;
        names.retain(|name| name.len() == 2);
        let times = names.into_iter().map(|name| {
            let time = settled_time(&trials.join(&name)).unwrap_or(UNSETTLED);
            (name, time)
        });
        let same = |(name, time): &(String, i64)| *time != UNSETTLED && self.shards.get(name) == Some(time);
        let changed = times.filter(|shard| scope == Scope::All || !same(shard)).collect();
        Ok(Shards { changed, all: scope == Scope::All })
    }

    /// The trials in `shards`, and those of the `known` trials elsewhere that still exist, with the modification times of
    /// their folders.
    fn find(&self, shards: &Shards, known: &HashMap<TrialId, Known>) -> Result<HashMap<TrialId, i64>> {
        let trials = self.catalog.trials_path();
        let mut ids: Vec<TrialId> =
            known.keys().filter(|id| !shards.changed.contains_key(id.shard())).cloned().collect();
        for shard in shards.changed.keys() {
            let names = atomic::names(&trials.join(shard))?.into_iter().filter(|name| name.starts_with(&**shard));
            ids.extend(names.filter_map(|name| name.parse().ok()));
        }
        let time = |id: TrialId| settled_time(&self.catalog.trial_path(&id)).map(|time| (id, time));
        Ok(ids.into_iter().filter_map(time).collect())
    }
}

/// What the index knows about the trials in `shards`, and about unfinished trials elsewhere.
fn known(index: &Connection, shards: &Shards) -> rusqlite::Result<HashMap<TrialId, Known>> {
    let mut known = HashMap::new();
    let mut take = |condition: &str, parameters: &[&str]| -> rusqlite::Result<()> {
        let sql = format!(
            "SELECT id, mtime, evidence, status, experiments FROM trial JOIN seen USING (number) WHERE {condition}"
        );
        let mut statement = index.prepare_cached(&sql)?;
        let mut lines = statement.query(params_from_iter(parameters))?;
        while let Some(line) = lines.next()? {
            let fingerprint = Fingerprint { mtime: line.get(1)?, evidence: line.get(2)? };
            let status = schema::status(line, 3)?;
            known.insert(schema::id(line, 0)?, Known { fingerprint, status, experiments: line.get(4)? });
        }
        Ok(())
    };
    if shards.all {
        take("1", &[])?;
        return Ok(known);
    }
    for state in State::ALL.into_iter().filter(|state| !state.is_done()) {
        take("status = ?", &[state.as_str()])?;
    }
    for shard in shards.changed.keys() {
        // The numbers of a shard's trials are a range, because they start with the shard's digits.
        let Ok(first) = i64::from_str_radix(shard, 16) else { continue };
        take("number >= ?1 << 52 AND number < (?1 + 1) << 52", &[&first.to_string()])?;
    }
    Ok(known)
}

/// Shards: the folders that contain the trials' folders.
struct Shards {
    /// The shards to search, with their modification times.
    changed: HashMap<String, i64>,
    /// Whether these are all shards.
    all: bool,
}

/// When `folder` last changed, in nanoseconds since 1970; [`UNSETTLED`] if that was just now; `None` if it is not a folder.
fn settled_time(folder: &Path) -> Option<i64> {
    let data = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    let since =
        |time: SystemTime| time.duration_since(UNIX_EPOCH).ok().and_then(|age| i64::try_from(age.as_nanos()).ok());
    let (Some(changed), Some(now)) = (data.modified().ok().and_then(since), since(SystemTime::now())) else {
        return Some(UNSETTLED);
    };
    Some(if now.saturating_sub(changed) < SETTLING_NS { UNSETTLED } else { changed })
}
