//! `sculpt pause`, `resume` and `cancel`: control of trials, whichever process runs them.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::global::Global;
use super::usage::Usage;
use super::work::{Show, WorkArgs, exit_code, interrupts, work};
use crate::catalog::{Catalog, Marker, Request, State, TrialId};
use crate::experiment::queued;
use crate::experiment::run_control::{self, PATIENCE};
use crate::experiment::runner::Options;
use crate::report::numbers::counted;

/// Which trials: those named, or all.
#[derive(Args, Debug)]
pub struct SelectArgs {
    /// Trials, each by a unique prefix of its id
    #[arg(value_name = "TRIAL", required_unless_present = "all", conflicts_with = "all")]
    trials: Vec<String>,
    /// All trials that are not done
    #[arg(long)]
    all: bool,
}

/// Continue paused, interrupted, cancelled or failed trials
#[derive(Args, Debug)]
pub struct ResumeArgs {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    work: WorkArgs,
}

/// Pauses trials, which keep their state.
pub(super) fn pause(global: &Global, args: &SelectArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let ids = select(&catalog, args, |state| matches!(state, State::Running | State::Queued))?;
    let stopped = stop_searches(&catalog, args)?;
    if ids.is_empty() && stopped {
        return Ok(ExitCode::SUCCESS);
    }
    if ids.is_empty() {
        println!("Nothing to pause: no trial is running or queued.");
        return Ok(ExitCode::SUCCESS);
    }
    let count = run_control::ask(&catalog, &ids, Marker::Paused, &Request::Pause)?;
    let all = wait_until(&catalog, &ids, |state| !matches!(state, State::Running | State::Queued))?;
    let word = if all { "paused" } else { "will pause after the current epoch" };
    println!("{} {word}; `sculpt resume --all` continues all paused trials", counted(count, "trial"));
    Ok(ExitCode::SUCCESS)
}

/// Cancels trials.
pub(super) fn cancel(global: &Global, args: &SelectArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let ids = select(&catalog, args, |state| !state.is_done() && state != State::Cancelled)?;
    let stopped = stop_searches(&catalog, args)?;
    if ids.is_empty() && stopped {
        return Ok(ExitCode::SUCCESS);
    }
    if ids.is_empty() {
        println!("Nothing to cancel: every trial is done or already cancelled.");
        return Ok(ExitCode::SUCCESS);
    }
    let count = run_control::ask(&catalog, &ids, Marker::Cancelled, &Request::Cancel)?;
    let all = wait_until(&catalog, &ids, |state| state.is_done() || state == State::Cancelled)?;
    let word = if all { "cancelled" } else { "will be cancelled after the current epoch" };
    println!("{} {word}; progress is kept, and `sculpt resume TRIAL` continues a trial", counted(count, "trial"));
    Ok(ExitCode::SUCCESS)
}

/// Continues trials: by a request to the live run that has them, or else in this process.
pub(super) fn resume(global: &Global, args: &ResumeArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let wanted = |state| State::is_interrupted(state) || (!args.select.all && !State::is_done(state));
    let ids = select(&catalog, &args.select, wanted)?;
    let (asked, own) = run_control::resume(&catalog, ids)?;
    if asked > 0 {
        println!("{} resumed by the run that has {}", counted(asked, "trial"), if asked == 1 { "it" } else { "them" });
    }
    if own.is_empty() {
        if asked == 0 {
            println!("Nothing to resume: no trial is paused, interrupted or failed.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.work.detach {
        return detach(&catalog, &format!("{} resumed", counted(own.len(), "trial")));
    }
    if args.work.background {
        leave_session();
    }
    let mut all = Vec::new();
    for queued in queued::read_back_all(&catalog, own)? {
        match queued {
            Ok(queued) => all.push(queued),
            // The others continue.
            Err(error) if args.select.all => eprintln!("sculpt: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    let options = Options { experiments: Vec::new(), jobs: args.work.jobs(), force: false };
    let show = Show { json: args.work.json, ascii: global.ascii };
    let interrupt = interrupts()?;
    Ok(exit_code(&work(&catalog, all, &options, &interrupt, show)?))
}

/// With `--all`, stops the searches of hyperparameters, which have no trials yet. Returns whether there were any.
fn stop_searches(catalog: &Catalog, args: &SelectArgs) -> anyhow::Result<bool> {
    let stopped = args.all && run_control::stop_searches(catalog)? > 0;
    if stopped {
        println!("hyperparameter search stopped; its results are kept, and the same `sculpt run` continues it");
    }
    Ok(stopped)
}

/// The selected trials: those named, or all whose state is `wanted`.
fn select(catalog: &Catalog, args: &SelectArgs, wanted: impl Fn(State) -> bool) -> anyhow::Result<Vec<TrialId>> {
    let live = catalog.live_runs()?;
    if args.all {
        let mut ids = Vec::new();
        for id in catalog.trial_ids()? {
            let folder = catalog.trial(&id);
            // A damaged trial does not hide the others; `list` reports it. A folder without a trial was left by a process
            // that was killed while it created one.
            if folder.exists() && folder.state(&live).is_ok_and(&wanted) {
                ids.push(id);
            }
        }
        return Ok(ids);
    }
    let mut ids = Vec::new();
    for prefix in &args.trials {
        let id = catalog.resolve(prefix)?;
        let state = catalog.trial(&id).state(&live)?;
        if !wanted(state) {
            return Err(Usage::error(format!("trial {id} is {state}: nothing to do")));
        }
        ids.push(id);
    }
    Ok(ids)
}

/// Waits until the states of all these trials are as `wanted`, or until patience runs out: a live run answers in its own
/// time. Returns whether they are.
fn wait_until(catalog: &Catalog, ids: &[TrialId], wanted: impl Fn(State) -> bool) -> crate::catalog::Result<bool> {
    let since = Instant::now();
    let mut left = ids;
    loop {
        let live = catalog.live_runs()?;
        while let Some((first, rest)) = left.split_first() {
            if !wanted(catalog.trial(first).state(&live)?) {
                break;
            }
            left = rest;
        }
        if left.is_empty() || since.elapsed() > PATIENCE {
            return Ok(left.is_empty());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Starts this command again in a background process, waits until its run appears in the catalog, and reports that as
/// `what`.
pub(super) fn detach(catalog: &Catalog, what: &str) -> anyhow::Result<ExitCode> {
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| if argument == "--detach" { "--background".into() } else { argument })
        .collect();
    let pid = run_control::start(catalog, &arguments)?;
    println!("{what} in background process {pid}; `sculpt watch` follows progress, `sculpt pause --all` pauses it");
    Ok(ExitCode::SUCCESS)
}

/// Leaves the terminal's session, so that this process survives the end of it.
pub(super) fn leave_session() {
    // This fails if the process already leads its group; then a hang-up ends the run, which keeps its state.
    let _ = rustix::process::setsid();
}
