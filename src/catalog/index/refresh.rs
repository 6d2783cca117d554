//! Bringing the index up to date: which trials there are, which have changed, and what state each is in now.
//!
//! Every change of a trial renames a file in its folder, and so changes the folder's time: a folder with the time that
//! the index knows needs no reading. Only the state can change without that, when an owner dies or a run begins; it is
//! derived again from the evidence that the index keeps.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{OptionalExtension, TransactionBehavior, params, params_from_iter};

use super::Index;
use super::reader::TrialReader;
use super::schema::{self, Fingerprint, UNSETTLED};
use crate::catalog::atomic;
use crate::catalog::{Error, Result, State, TrialId, TrialRow};

/// A folder that changed less than this ago, nanoseconds, may change again within the same tick of the file system's
/// clock, unseen.
const SETTLING_NS: i64 = 2_000_000_000;

/// How many rows are written at once: whoever reads the index meanwhile gets in between.
const AT_ONCE: usize = 1000;

/// How thoroughly the index is refreshed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every trial is looked at: once at the start, and now and then.
    All,
    /// Trials that are new, removed or not done, and those of experiments that changed; not those with a result, to
    /// which nothing happens any more but new labels, detections and verdicts. For a display that follows runs.
    Live,
}

/// What a refresh found.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// Trials that are new or have changed.
    pub changed: usize,
    /// Trials that are gone.
    pub removed: usize,
    /// Trials and experiments that are damaged, or by a newer program: left out, or taken as far as they can be read.
    pub problems: Vec<Error>,
}

/// What the index knows of a trial before the refresh.
pub(super) struct Known {
    pub fingerprint: Fingerprint,
    pub status: State,
    pub experiments: String,
}

/// What is to be written.
#[derive(Default)]
pub(super) struct Changes {
    pub rows: Vec<(TrialRow, Fingerprint)>,
    pub statuses: Vec<(TrialId, State)>,
    pub experiments: Vec<(TrialId, String)>,
    pub removed: Vec<TrialId>,
}

impl Index {
    pub(super) fn refresh_once(&mut self, scope: Scope) -> Result<Refreshed> {
        let mut refreshed = Refreshed::default();
        let experiments_changed = self.read_experiments(&mut refreshed)?;
        let live = self.catalog.live_runs()?;
        let shards = self.changed_shards(if experiments_changed { Scope::All } else { scope })?;
        // What is known is read before the folders: another process may add to it meanwhile, for trials that are newer
        // than our look at the folders.
        let known = self.known(&shards)?;
        let found = self.find(&shards, &known)?;
        let (catalog, memberships) = (self.catalog.clone(), self.memberships());
        let reader = TrialReader { catalog, live, memberships, progress: self.progress() };
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
        self.progress.begin(to_read.len());
        reader.read(&to_read, &mut changes, &mut refreshed.problems);
        self.progress.begin(0);
        refreshed.changed = changes.rows.len() + changes.statuses.len();
        refreshed.removed = changes.removed.len();
        self.write(&changes)?;
        self.shards.extend(shards.changed);
        Ok(refreshed)
    }

    /// The experiments that each trial belongs to, as the index keeps them.
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

    /// Reads the experiments that changed; is there any?
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

    /// Which folders of folders are to be looked through.
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

    /// What the index knows of the trials in `shards` and of those elsewhere that are not done.
    fn known(&self, shards: &Shards) -> Result<HashMap<TrialId, Known>> {
        let mut known = HashMap::new();
        let mut take = |condition: &str, parameters: &[&str]| -> rusqlite::Result<()> {
            let sql = format!(
                "SELECT id, mtime, evidence, status, experiments FROM trial JOIN seen USING (number) WHERE {condition}"
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
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
            // The numbers of a folder of folders follow each other.
            let Ok(first) = i64::from_str_radix(shard, 16) else { continue };
            take("number >= ?1 << 52 AND number < (?1 + 1) << 52", &[&first.to_string()])?;
        }
        Ok(known)
    }

    /// The trials in `shards`, and of those `known` elsewhere the ones that still exist; with the times of their
    /// folders.
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

    fn write(&mut self, changes: &Changes) -> Result<()> {
        let Changes { rows, statuses, experiments, removed } = changes;
        if rows.is_empty() && statuses.is_empty() && experiments.is_empty() && removed.is_empty() {
            return Ok(());
        }
        self.matches.clear();
        for rows in rows.chunks(AT_ONCE) {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut insert = transaction.prepare_cached(&schema::insert())?;
                let mut insert_fingerprint = transaction.prepare_cached(schema::INSERT_FINGERPRINT)?;
                for (row, fingerprint) in rows {
                    insert.execute(schema::parameters(row))?;
                    insert_fingerprint.execute(params![row.id.number(), fingerprint.mtime, fingerprint.evidence])?;
                }
            }
            transaction.commit()?;
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut status = transaction.prepare_cached("UPDATE trial SET status = ? WHERE number = ?")?;
            for (id, state) in statuses {
                status.execute(params![state.as_str(), id.number()])?;
            }
            let mut member = transaction.prepare_cached("UPDATE trial SET experiments = ? WHERE number = ?")?;
            for (id, names) in experiments {
                member.execute(params![names, id.number()])?;
            }
            for table in ["trial", "seen"] {
                let mut remove = transaction.prepare_cached(&format!("DELETE FROM {table} WHERE number = ?"))?;
                for id in removed {
                    remove.execute([id.number()])?;
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// The row of one trial, as of the last refresh; `None` if there is no such trial.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn row(&mut self, id: &TrialId) -> Result<Option<TrialRow>> {
        let sql = format!("SELECT {} FROM trial WHERE number = ?", schema::selection());
        self.robustly(|index| Ok(index.connection.query_row(&sql, [id.number()], schema::row).optional()?))
    }
}

/// The folders of folders that are looked through, with their times.
struct Shards {
    changed: HashMap<String, i64>,
    /// Are these all there are?
    all: bool,
}

/// When `folder` last changed, nanoseconds after 1970; [`UNSETTLED`] if that was just now. `None` without a folder.
fn settled_time(folder: &Path) -> Option<i64> {
    let data = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    let since =
        |time: SystemTime| time.duration_since(UNIX_EPOCH).ok().and_then(|age| i64::try_from(age.as_nanos()).ok());
    let (Some(changed), Some(now)) = (data.modified().ok().and_then(since), since(SystemTime::now())) else {
        return Some(UNSETTLED);
    };
    Some(if now.saturating_sub(changed) < SETTLING_NS { UNSETTLED } else { changed })
}
