//! Runs: a process that works through a queue of trials, and how others see that it lives.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::{Catalog, Error, FORMAT, Owner, Presence, Process, Result, RunId, TrialId, Utc, json};

/// A run on another machine is dead if its heartbeat is older than this, seconds.
const SILENCE_ELSEWHERE_S: f64 = 120.0;

/// As above, if the machine has the name of ours but was started at another time: it is ours before a restart, unless
/// two machines share the name, and then its heart still beats.
const SILENCE_REBOOTED_S: f64 = 15.0;

/// What a run sets out to do.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RunPlan {
    /// The experiments that the trials belong to.
    pub experiments: Vec<String>,
    /// The trials, in the order in which they are taken.
    pub queue: Vec<TrialId>,
    /// Number of trials that are worked on at once, at least 1.
    pub jobs: usize,
}

/// `run.json`, written once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Version of the file, see [`FORMAT`].
    pub format: u32,
    /// The run's id.
    pub id: RunId,
    /// The experiments that the trials belong to.
    pub experiments: Vec<String>,
    /// The trials, in the order in which they are taken.
    pub queue: Vec<TrialId>,
    /// Number of trials that are worked on at once, at the start.
    pub jobs: usize,
    /// The process that works.
    pub process: Process,
    /// When the run began.
    pub created: Utc,
}

/// `heartbeat`: what a run shows of itself every few seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// When it was written.
    pub updated: Utc,
    /// Number of trials that may be worked on at once.
    pub jobs: usize,
    /// The trials that are being worked on.
    pub running: Vec<TrialId>,
    /// What it does beside trials, in a few words; empty for nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// `ended.json`: how a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How.
    pub outcome: RunEnd,
    /// What is to be told of it, empty for nothing.
    pub message: String,
    /// When.
    pub utc: Utc,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunEnd {
    /// Every trial had its turn.
    Completed,
    /// It was asked to stop.
    Stopped,
    /// A signal ended it.
    Interrupted,
    /// It could not go on.
    Failed,
}

/// A run as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// What it set out to do.
    pub info: RunInfo,
    /// Its last sign of life.
    pub heartbeat: Option<Heartbeat>,
    /// How it ended; `None` if it did not, or died.
    pub ended: Option<Ended>,
    /// Is it at work?
    pub alive: bool,
}

impl Catalog {
    /// Begins a run by this process.
    ///
    /// # Errors
    /// The run's folder cannot be written.
    pub fn start_run(&self, plan: RunPlan) -> Result<ActiveRun> {
        let info = RunInfo {
            format: FORMAT,
            id: RunId::new(),
            experiments: plan.experiments,
            queue: plan.queue,
            jobs: plan.jobs.max(1),
            process: Process::current().clone(),
            created: Utc::now(),
        };
        let run = ActiveRun { path: self.run_path(&info.id), info };
        atomic::create_folder(&run.path.join("control"))?;
        run.beat(run.info.jobs, &[])?;
        json::write(&run.path.join("run.json"), &run.info, Durability::Synced)?;
        Ok(run)
    }

    /// One run, alive or not.
    ///
    /// # Errors
    /// There is no such run, or its files cannot be read.
    pub fn run(&self, id: &RunId) -> Result<RunView> {
        self.view_run(id)?.ok_or_else(|| Error::Unknown { what: "run", name: id.to_string() })
    }

    /// All runs that are kept, oldest first.
    ///
    /// # Errors
    /// A folder cannot be read. Runs that are damaged are left out.
    pub fn runs(&self) -> Result<Vec<RunView>> {
        Ok(self.run_ids()?.iter().filter_map(|id| self.view_run(id).ok().flatten()).collect())
    }

    /// The runs that are at work now.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn live_runs(&self) -> Result<LiveRuns> {
        let mut runs = Vec::new();
        for id in self.run_ids()? {
            if !self.has_ended(&id) {
                runs.extend(self.view_run(&id).ok().flatten().filter(|run| run.alive));
            }
        }
        Ok(LiveRuns::new(runs))
    }

    /// Removes the oldest runs that are not at work, so that `keep` of them stay; answers with how many went.
    ///
    /// # Errors
    /// A folder cannot be read or removed.
    pub fn clean_runs(&self, keep: usize) -> Result<usize> {
        let mut over = Vec::new();
        for id in self.run_ids()? {
            let alive = !self.has_ended(&id) && self.view_run(&id).map_or(true, |run| run.is_none_or(|run| run.alive));
            if !alive {
                over.push(id);
            }
        }
        over.truncate(over.len().saturating_sub(keep));
        for id in &over {
            let path = self.run_path(id);
            match fs::remove_dir_all(&path) {
                Err(error) if !atomic::is_absent(&error) => return Err(Error::io("remove", &path)(error)),
                _ => {}
            }
        }
        Ok(over.len())
    }

    /// Does `process` still work on `run`?
    pub(super) fn is_alive(&self, run: &RunId, process: &Process) -> bool {
        if self.has_ended(run) {
            return false;
        }
        match process.presence(Process::current()) {
            Presence::Alive => true,
            Presence::Dead => false,
            Presence::Rebooted => self.silence(run) < SILENCE_REBOOTED_S,
            Presence::Elsewhere => self.silence(run) < SILENCE_ELSEWHERE_S,
        }
    }

    /// Seconds since the run's last sign of life, infinite if there is none.
    ///
    /// Clocks differ between machines: the time of the file counts, or the time in it if that is later.
    fn silence(&self, run: &RunId) -> f64 {
        let path = self.run_path(run).join("heartbeat");
        let Ok(Some(heartbeat)) = json::read::<Heartbeat>(&path) else { return f64::INFINITY };
        let told = Utc::now().seconds_since(heartbeat.updated);
        let modified = fs::metadata(&path).and_then(|data| data.modified());
        let seen =
            modified.ok().map(|time| SystemTime::now().duration_since(time).map_or(0.0, |age| age.as_secs_f64()));
        seen.map_or(told, |seen| told.min(seen))
    }

    fn has_ended(&self, run: &RunId) -> bool {
        self.run_path(run).join("ended.json").exists()
    }

    fn view_run(&self, id: &RunId) -> Result<Option<RunView>> {
        let path = self.run_path(id);
        let Some(info) = json::read_versioned::<RunInfo>(&path.join("run.json"), FORMAT)? else { return Ok(None) };
        let heartbeat = json::read(&path.join("heartbeat")).unwrap_or_default();
        let ended = json::read(&path.join("ended.json"))?;
        let alive = self.is_alive(id, &info.process);
        Ok(Some(RunView { info, heartbeat, ended, alive }))
    }

    /// The ids of all runs, oldest first.
    fn run_ids(&self) -> Result<Vec<RunId>> {
        let mut ids: Vec<RunId> =
            atomic::names(&self.runs_path())?.into_iter().filter_map(|name| name.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

/// The runs that are at work, as seen at one moment.
#[derive(Clone, Debug, Default)]
pub struct LiveRuns {
    runs: Vec<RunView>,
    /// For each queued trial, the runs that queue it, as indices into `runs`.
    queues: HashMap<TrialId, Vec<usize>>,
}

impl LiveRuns {
    fn new(runs: Vec<RunView>) -> Self {
        let mut queues: HashMap<TrialId, Vec<usize>> = HashMap::new();
        for (index, run) in runs.iter().enumerate() {
            for id in &run.info.queue {
                queues.entry(id.clone()).or_default().push(index);
            }
        }
        Self { runs, queues }
    }

    /// The runs, oldest first.
    #[must_use]
    pub fn runs(&self) -> &[RunView] {
        &self.runs
    }

    /// The live runs that have trial `id` in their queue, done or not.
    pub fn queuing<'a>(&'a self, id: &TrialId) -> impl Iterator<Item = &'a RunId> + use<'a> {
        self.queues.get(id).into_iter().flatten().map(|&index| &self.runs[index].info.id)
    }

    /// Does the process of `owner` still work on its trial?
    pub(super) fn is_alive(&self, catalog: &Catalog, owner: &Owner) -> bool {
        let known = |run: &RunView| run.info.id == owner.run && run.info.process == owner.process;
        owner.released.is_none() && (self.runs.iter().any(known) || owner.is_alive(catalog))
    }
}

/// A run by this process. It is over when [`Self::end`] is called, or when the process ends without that.
#[derive(Debug)]
pub struct ActiveRun {
    path: PathBuf,
    info: RunInfo,
}

impl ActiveRun {
    /// What the run set out to do.
    #[must_use]
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// The run's id.
    #[must_use]
    pub fn id(&self) -> &RunId {
        &self.info.id
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Shows that the run lives; to be called every 2 to 5 seconds. `jobs` trials may be worked on at once, `running`
    /// are.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn beat(&self, jobs: usize, running: &[TrialId]) -> Result<()> {
        self.beat_with(jobs, running, "")
    }

    /// As [`Self::beat`], and says in a few words what the run does beside trials.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn beat_with(&self, jobs: usize, running: &[TrialId], note: &str) -> Result<()> {
        let heartbeat = Heartbeat { updated: Utc::now(), jobs, running: running.to_vec(), note: note.to_owned() };
        json::write(&self.path.join("heartbeat"), &heartbeat, Durability::Fleeting)
    }

    /// Ends the run; all its trials should have been released.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end(self, outcome: RunEnd, message: &str) -> Result<()> {
        let ended = Ended { outcome, message: message.to_owned(), utc: Utc::now() };
        json::write(&self.path.join("ended.json"), &ended, Durability::Synced)
    }
}
