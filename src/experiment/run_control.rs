//! Controlling runs of other processes: pausing, resuming and cancelling trials, and starting runs in the background.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::catalog::{Catalog, Marker, Request, Result, RunId, Selection, State, TrialId};

/// How long to wait for another process to start a run or to answer a request.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Sends `request` to the live runs that have the trials, and marks those that no live run has. Returns the number of trials.
///
/// # Errors
/// The catalog cannot be read or written.
pub fn ask(
    catalog: &Catalog,
    ids: &[TrialId],
    marker: Marker,
    request: &dyn Fn(Selection) -> Request,
) -> Result<usize> {
    let (by_run, free) = by_run(catalog, ids.to_vec())?;
    for (run, ids) in by_run {
        catalog.send(&run, &request(Selection::Trials(ids)))?;
    }
    for id in free {
        catalog.trial(&id).put_mark(marker, None)?;
    }
    Ok(ids.len())
}

/// Stops the live runs that are searching for hyperparameters, which have no trials yet to select them by. Returns their
/// number.
///
/// # Errors
/// The catalog cannot be read or written.
pub fn stop_searches(catalog: &Catalog) -> Result<usize> {
    let live = catalog.live_runs()?;
    let searching: Vec<_> = live.runs().iter().filter(|run| run.info.queue.is_empty()).collect();
    for run in &searching {
        catalog.send(&run.info.id, &Request::Stop)?;
    }
    Ok(searching.len())
}

/// Asks live runs to resume the trials that they have. Returns the number of these, and the trials that no live run has.
///
/// # Errors
/// The catalog cannot be read or written.
pub fn resume(catalog: &Catalog, ids: Vec<TrialId>) -> Result<(usize, Vec<TrialId>)> {
    let live = catalog.live_runs()?;
    let mut over = Vec::new();
    let mut held = Vec::new();
    for id in ids {
        // A live run is done with its cancelled and failed trials, so another run can take them up.
        match catalog.trial(&id).state(&live)? {
            State::Paused | State::Queued | State::Running => held.push(id),
            _ => over.push(id),
        }
    }
    let (by_run, mut free) = by_run(catalog, held)?;
    free.extend(over);
    let resumed = by_run.iter().map(|(_, ids)| ids.len()).sum();
    for (run, ids) in by_run {
        catalog.send(&run, &Request::Resume(Selection::Trials(ids)))?;
    }
    Ok((resumed, free))
}

type ByRun = Vec<(RunId, Vec<TrialId>)>;

/// The trials grouped by the live run that has them, and those that no live run has.
fn by_run(catalog: &Catalog, ids: Vec<TrialId>) -> Result<(ByRun, Vec<TrialId>)> {
    let live = catalog.live_runs()?;
    let (mut runs, mut free): (ByRun, Vec<TrialId>) = (Vec::new(), Vec::new());
    for id in ids {
        let Some(run) = live.queuing(&id).next() else {
            free.push(id);
            continue;
        };
        match runs.iter_mut().find(|(known, _)| known == run) {
            Some((_, ids)) => ids.push(id),
            None => runs.push((run.clone(), vec![id])),
        }
    }
    Ok((runs, free))
}

/// Starts `sculpt` with `arguments` in the background. Returns the process id once its run is in the catalog.
///
/// # Errors
/// The process cannot be started, or it fails at once; the message includes its last line of output.
pub fn start(catalog: &Catalog, arguments: &[OsString]) -> anyhow::Result<u32> {
    let program = std::env::current_exe()?;
    let log = catalog.root().join("runs").join("background.log");
    let errors = std::fs::File::create(&log)?;
    let mut command = Command::new(program);
    command.args(arguments).env("SCULPT_CATALOG", catalog.root());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn()?;
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        if catalog.live_runs()?.runs().iter().any(|run| run.info.process.pid == child.id()) {
            return Ok(collected(child));
        }
        if let Some(status) = child.try_wait()? {
            if status.success() {
                return Ok(child.id());
            }
            anyhow::bail!("the run failed at once: {}", last_line(&log));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(collected(child))
}

/// Waits for the process in a thread, so that it does not remain as a zombie, as this process may live for days. Returns its
/// id.
fn collected(mut child: Child) -> u32 {
    let pid = child.id();
    std::thread::spawn(move || child.wait());
    pid
}

fn last_line(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().last().unwrap_or("it left no message in runs/background.log").to_owned()
}
