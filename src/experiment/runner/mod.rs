//! The runner: works through a queue of trials with several threads.
//!
//! A process is one run. Workers take jobs (the dense round, a walk, a retraining) from the open trials, and open the next
//! trial of the queue only when these have no job to give. So started trials are finished first, and few trials are in
//! memory. A keeper thread answers requests, writes the heartbeat, and waits for the end.

mod conclude;
mod context;
mod event;
mod keeper;
mod queue;
mod session;
mod shared;
#[cfg(test)]
mod tests;
mod worker;

use std::sync::atomic::AtomicBool;
use std::sync::{Condvar, Mutex};
use std::thread;

use super::queued::QueuedTrial;
use crate::catalog::{Catalog, Result, RunEnd, RunPlan};
use context::Context;
use queue::Queue;
use shared::Shared;

pub use conclude::settings_hash;
pub use context::Options;
pub use event::{Event, Summary};

/// How many ended runs to keep in the catalog.
const KEPT_RUNS: usize = 50;

/// Runs `trials` until all are done, `interrupt` becomes true, or a request stops the run.
///
/// # Errors
/// The catalog cannot be written.
pub fn run(
    catalog: &Catalog,
    trials: Vec<QueuedTrial>,
    options: &Options,
    interrupt: &AtomicBool,
    on_event: &(dyn Fn(Event) + Sync),
) -> Result<Summary> {
    let ids = trials.iter().map(|queued| queued.id.clone()).collect();
    let plan = RunPlan { experiments: options.experiments.clone(), queue: ids, jobs: options.jobs };
    let run = catalog.start_run(plan)?;
    let shared = Shared {
        context: Context { catalog, run: &run, options, on_event },
        queue: Mutex::new(Queue::new(trials, options.jobs)),
        changed: Condvar::new(),
    };
    thread::scope(|scope| keeper::keep(scope, &shared, interrupt));
    let summary = shared.lock().summary;
    let end = match (summary.interrupted, summary.left) {
        (true, _) => RunEnd::Interrupted,
        (false, 0) => RunEnd::Completed,
        _ => RunEnd::Stopped,
    };
    drop(shared);
    // A failure here loses nothing: all trials are closed, and that the run has ended shows by its process too.
    if let Err(error) = run.end(end, "").and_then(|()| catalog.clean_runs(KEPT_RUNS)) {
        on_event(Event::Warning(error.to_string()));
    }
    Ok(summary)
}
