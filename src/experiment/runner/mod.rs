//! The runner: works through a queue of trials with threads of its own (design 4 and 7).
//!
//! One process is one run. Workers take jobs (the dense round, a walk, a retraining) from the trials that are open,
//! and open the next trial of the queue only when those have none to give: begun trials are finished first, and few
//! are in memory. A keeper thread answers requests, shows that the run lives, and watches for the end.

mod conclude;
mod keeper;
mod queue;
mod session;
#[cfg(test)]
mod tests;
mod worker;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use super::PlannedTrial;
use crate::catalog::{ActiveRun, Catalog, Progress, RunEnd, RunPlan, TrialId, TrialResult, Verdict};
use crate::detect::DetectionSettings;
use queue::Queue;

pub use conclude::settings_hash;

/// A trial to be run.
#[derive(Clone, Debug)]
pub struct QueuedTrial {
    /// Its id, whose folder exists.
    pub id: TrialId,
    /// What to do.
    pub trial: PlannedTrial,
    /// How to detect the modules of its best network, at least one way; the first tells whether the trial is a success.
    pub detections: Arc<[DetectionSettings]>,
}

impl QueuedTrial {
    /// The settings that tell whether the trial is a success.
    #[must_use]
    pub fn detection(&self) -> DetectionSettings {
        self.detections.first().cloned().unwrap_or_default()
    }
}

/// How to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The experiments that the trials belong to.
    pub experiments: Vec<String>,
    /// Number of worker threads, at least 1.
    pub jobs: usize,
    /// Do trials again that have a result?
    pub force: bool,
}

/// What happens while a run works.
#[derive(Clone, Debug)]
pub enum Event {
    /// Work on a trial began, or goes on from where it was.
    Began {
        /// The trial.
        id: TrialId,
        /// Rounds that were done in earlier sessions.
        resumed_rounds: u64,
    },
    /// A trial moved on; several times a second at most.
    Progress {
        /// The trial.
        id: TrialId,
        /// Where it is.
        progress: Box<Progress>,
    },
    /// A trial is done.
    Done {
        /// The trial.
        id: TrialId,
        /// Its best network.
        result: Box<TrialResult>,
        /// What was detected in it.
        verdict: Option<Verdict>,
        /// Seconds that were spent on it on the clock, over all sessions; `None` where it was done before this run.
        wall_s: Option<f64>,
    },
    /// A live process of another run has the trial.
    Held {
        /// The trial.
        id: TrialId,
    },
    /// A trial was paused or goes on.
    Paused {
        /// The trial.
        id: TrialId,
        /// Is it paused now?
        paused: bool,
    },
    /// A trial was cancelled.
    Cancelled {
        /// The trial.
        id: TrialId,
    },
    /// A trial failed.
    Failed {
        /// The trial.
        id: TrialId,
        /// Why, in one sentence.
        message: String,
    },
    /// Something to be told that stops nothing.
    Warning(String),
}

/// What became of the trials of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Done by this run.
    pub done: usize,
    /// Done before, or by another run meanwhile.
    pub before: usize,
    /// Of all that are done, those that stayed untrained.
    pub untrained: usize,
    /// Of all that are done and whose true modules are known, those that were found.
    pub right: usize,
    /// Of all that are done, those whose true modules are known.
    pub judged: usize,
    /// Failed.
    pub failed: usize,
    /// Cancelled.
    pub cancelled: usize,
    /// Left unfinished, because the run was stopped or another run has them paused.
    pub left: usize,
    /// Was the run interrupted by a signal?
    pub interrupted: bool,
}

/// Everything that the threads of a run share.
struct Shared<'a> {
    catalog: &'a Catalog,
    run: &'a ActiveRun,
    options: &'a Options,
    queue: Mutex<Queue>,
    /// Told whenever a job may have become ready or nothing is left to wait for.
    changed: Condvar,
    tell: &'a (dyn Fn(Event) + Sync),
}

/// Runs `trials` to the end, or until `interrupt` becomes true or a request stops the run.
///
/// # Errors
/// The catalog cannot be written.
pub fn run(
    catalog: &Catalog,
    trials: Vec<QueuedTrial>,
    options: &Options,
    interrupt: &AtomicBool,
    tell: &(dyn Fn(Event) + Sync),
) -> crate::catalog::Result<Summary> {
    let ids = trials.iter().map(|queued| queued.id.clone()).collect();
    let plan = RunPlan { experiments: options.experiments.clone(), queue: ids, jobs: options.jobs };
    let run = catalog.start_run(plan)?;
    let shared = Shared {
        catalog,
        run: &run,
        options,
        queue: Mutex::new(Queue::new(trials, options.jobs)),
        changed: Condvar::new(),
        tell,
    };
    thread::scope(|scope| keeper::keep(scope, &shared, interrupt));
    let summary = shared.lock().summary;
    let outcome = match (summary.interrupted, summary.left) {
        (true, _) => RunEnd::Interrupted,
        (false, 0) => RunEnd::Completed,
        _ => RunEnd::Stopped,
    };
    drop(shared);
    // The trials are done or failed by now, and each has told so: that the run ended shows by its process, too.
    if let Err(error) = run.end(outcome, "").and_then(|()| catalog.clean_runs(KEPT_RUNS)) {
        tell(Event::Warning(error.to_string()));
    }
    Ok(summary)
}

/// How many runs that are over stay in the catalog.
const KEPT_RUNS: usize = 50;

impl Shared<'_> {
    /// The queue. A worker's panic is caught before it can poison the lock; if one did, the queue is still whole.
    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn tell(&self, event: Event) {
        (self.tell)(event);
    }
}
