//! Runs: processes that work through a queue of trials, and how others see that they are alive.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::{Catalog, Error, FORMAT, Presence, Process, Result, RunId, TrialId, Utc, json};

/// A run on another machine counts as dead once its heartbeat is older than this, in seconds.
const SILENCE_ELSEWHERE_S: f64 = 120.0;

/// The same for a run on a machine with our name but another boot id, in seconds. It is most likely a run of this
/// machine before its last reboot; only if two machines share the name does its heartbeat continue.
const SILENCE_REBOOTED_S: f64 = 15.0;

/// What a run is going to do.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RunPlan {
    /// The experiments that the trials belong to.
    pub experiments: Vec<String>,
    /// The trials, in the order in which they are started.
    pub queue: Vec<TrialId>,
    /// The number of worker threads, at least 1.
    pub jobs: usize,
}

/// `run.json`, written when the run starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The file's version, see [`FORMAT`].
    pub format: u32,
    /// The run's id.
    pub id: RunId,
    /// The experiments that the trials belong to.
    pub experiments: Vec<String>,
    /// The trials, in the order in which they are started.
    pub queue: Vec<TrialId>,
    /// The initial number of worker threads.
    pub jobs: usize,
    /// The run's process.
    pub process: Process,
    /// When the run started.
    pub created: Utc,
}

/// `heartbeat`: a run's status, written every few seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// When the file was written.
    pub updated: Utc,
    /// The current number of worker threads.
    pub jobs: usize,
    /// The trials that are being worked on.
    pub running: Vec<TrialId>,
    /// What the run does apart from trials, in a few words; empty if nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// `ended.json`: how a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Why the run ended.
    pub outcome: RunEnd,
    /// A message for the user; empty if there is none.
    pub message: String,
    /// When the run ended.
    pub utc: Utc,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunEnd {
    /// No trial was left to run.
    Completed,
    /// A request stopped the run.
    Stopped,
    /// A signal interrupted the run.
    Interrupted,
    /// An error ended the run.
    Failed,
}

/// A run as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// The content of `run.json`.
    pub info: RunInfo,
    /// The last heartbeat.
    pub heartbeat: Option<Heartbeat>,
    /// How the run ended; `None` if it is alive or died.
    pub ended: Option<Ended>,
    /// Whether the run is alive.
    pub alive: bool,
}

impl Catalog {
    /// Starts a run of this process.
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

    /// The run `id`, alive or not.
    ///
    /// # Errors
    /// There is no such run, or its files cannot be read.
    pub fn run(&self, id: &RunId) -> Result<RunView> {
        self.view_run(id)?.ok_or_else(|| Error::Unknown { what: "run", name: id.to_string() })
    }

    /// All runs in the catalog, oldest first, without damaged ones.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn runs(&self) -> Result<Vec<RunView>> {
        Ok(self.run_ids()?.iter().filter_map(|id| self.view_run(id).ok().flatten()).collect())
    }

    /// The runs that are alive.
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

    /// Removes the oldest runs that are not alive, so that `keep` of them remain. Returns the number of removed runs.
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

    /// Whether `process` is still working on `run`.
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

    /// Seconds since the run's last heartbeat; infinite if there is none.
    ///
    /// Because clocks differ between machines, this is measured from the file's modification time or from the time
    /// written in it, whichever is later.
    fn silence(&self, run: &RunId) -> f64 {
        let path = self.run_path(run).join("heartbeat");
        let Ok(Some(heartbeat)) = json::read::<Heartbeat>(&path) else { return f64::INFINITY };
        let since_written = Utc::now().seconds_since(heartbeat.updated);
        let modified = fs::metadata(&path).and_then(|data| data.modified());
        let since_modified =
            modified.ok().map(|time| SystemTime::now().duration_since(time).map_or(0.0, |age| age.as_secs_f64()));
        since_modified.map_or(since_written, |seconds| seconds.min(since_written))
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

/// The live runs at one moment.
#[derive(Clone, Debug, Default)]
pub struct LiveRuns {
    runs: Vec<RunView>,
    /// For each queued trial the runs that have it in their queue, as indices into `runs`.
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

    /// The live runs that have trial `id` in their queue, whether it is done or not.
    pub fn queuing<'a>(&'a self, id: &TrialId) -> impl Iterator<Item = &'a RunId> + use<'a> {
        self.queues.get(id).into_iter().flatten().map(|&index| &self.runs[index].info.id)
    }

    /// Whether `process` is still working on `run`, which need not be one of these runs.
    pub(super) fn is_alive(&self, catalog: &Catalog, run: &RunId, process: &Process) -> bool {
        let known = |live: &RunView| live.info.id == *run && live.info.process == *process;
        self.runs.iter().any(known) || catalog.is_alive(run, process)
    }
}

/// A run of this process. It lasts until [`Self::end`] is called or the process ends.
#[derive(Debug)]
pub struct ActiveRun {
    path: PathBuf,
    info: RunInfo,
}

impl ActiveRun {
    /// The content of the run's `run.json`.
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

    /// Writes the heartbeat, to be done every 2 to 5 seconds: the number of worker threads and the trials that are being
    /// worked on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn beat(&self, jobs: usize, running: &[TrialId]) -> Result<()> {
        self.beat_with(jobs, running, "")
    }

    /// Like [`Self::beat`], with a few words on what the run does apart from trials.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn beat_with(&self, jobs: usize, running: &[TrialId], note: &str) -> Result<()> {
        let heartbeat = Heartbeat { updated: Utc::now(), jobs, running: running.to_vec(), note: note.to_owned() };
        json::write(&self.path.join("heartbeat"), &heartbeat, Durability::Fleeting)
    }

    /// Ends the run. All its trials should have been released before.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end(self, outcome: RunEnd, message: &str) -> Result<()> {
        let ended = Ended { outcome, message: message.to_owned(), utc: Utc::now() };
        json::write(&self.path.join("ended.json"), &ended, Durability::Synced)
    }
}
