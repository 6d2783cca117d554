//! `sculpt pause`, `resume` and `cancel`: trials of any process's runs.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::work::{Show, WorkArgs, exit_code, interrupts, work};
use super::{Global, Usage};
use crate::catalog::{Catalog, Marker, Request, State, TrialId};
use crate::experiment::queued;
use crate::experiment::run_control::{self, PATIENCE};
use crate::experiment::runner::Options;
use crate::report::numbers::counted;

/// Which trials: by any unique prefix of their ids, or all.
#[derive(Args, Debug)]
pub struct SelectArgs {
    /// Trials, by any unique prefix of their ids
    #[arg(value_name = "TRIAL", required_unless_present = "all", conflicts_with = "all")]
    trials: Vec<String>,
    /// All trials that are not done
    #[arg(long)]
    all: bool,
}

/// Go on with paused, interrupted, cancelled or failed trials.
#[derive(Args, Debug)]
pub struct ResumeArgs {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    work: WorkArgs,
}

/// Pause trials: they keep their state.
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
    let word = if all { "paused" } else { "will pause after the epoch under way" };
    println!("{} {word}; `sculpt resume --all` goes on with what is paused", counted(count, "trial"));
    Ok(ExitCode::SUCCESS)
}

/// Cancel trials.
pub(super) fn cancel(global: &Global, args: &SelectArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let ids = select(&catalog, args, |state| !state.is_done() && state != State::Cancelled)?;
    let stopped = stop_searches(&catalog, args)?;
    if ids.is_empty() && stopped {
        return Ok(ExitCode::SUCCESS);
    }
    if ids.is_empty() {
        println!("Nothing to cancel: every trial is done or cancelled.");
        return Ok(ExitCode::SUCCESS);
    }
    let count = run_control::ask(&catalog, &ids, Marker::Cancelled, &Request::Cancel)?;
    let all = wait_until(&catalog, &ids, |state| state.is_done() || state == State::Cancelled)?;
    let word = if all { "cancelled" } else { "will be cancelled after the epoch under way" };
    println!("{} {word}; what they had is kept, `sculpt resume TRIAL` takes it up again", counted(count, "trial"));
    Ok(ExitCode::SUCCESS)
}

/// Go on with trials: where a live run has them, by asking it, else in this process.
pub(super) fn resume(global: &Global, args: &ResumeArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let wanted = |state| State::is_interrupted(state) || (!args.select.all && !State::is_done(state));
    let ids = select(&catalog, &args.select, wanted)?;
    let (asked, own) = run_control::resume(&catalog, ids)?;
    if asked > 0 {
        println!("{} taken up again by the run at work", counted(asked, "trial"));
    }
    if own.is_empty() {
        if asked == 0 {
            println!("Nothing to resume: no trial is paused, interrupted or failed.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.work.detach {
        return detach(&catalog, "resume", own.len());
    }
    if args.work.background {
        leave_session();
    }
    let mut all = Vec::new();
    for queued in queued::read_back_all(&catalog, own)? {
        match queued {
            Ok(queued) => all.push(queued),
            // The others go on.
            Err(error) if args.select.all => eprintln!("sculpt: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    let options = Options { experiments: Vec::new(), jobs: args.work.jobs(), force: false };
    let show = Show { json: args.work.json, ascii: global.ascii };
    let interrupt = interrupts()?;
    Ok(exit_code(&work(&catalog, all, &options, &interrupt, show)?))
}

/// Where all work is meant, stops searches of hyperparameters, which have no trials yet; says whether there were any.
fn stop_searches(catalog: &Catalog, args: &SelectArgs) -> anyhow::Result<bool> {
    let stopped = args.all && run_control::stop_searches(catalog)? > 0;
    if stopped {
        println!("the search of hyperparameters stops; what it found is kept, the same `sculpt run` goes on with it");
    }
    Ok(stopped)
}

/// The trials meant: those named, or all whose state is wanted.
fn select(catalog: &Catalog, args: &SelectArgs, wanted: impl Fn(State) -> bool) -> anyhow::Result<Vec<TrialId>> {
    let live = catalog.live_runs()?;
    if args.all {
        let mut ids = Vec::new();
        for id in catalog.trial_ids()? {
            let folder = catalog.trial(&id);
            // One damaged trial does not keep the others from being found; `list` tells of it. A folder without a trial
            // is left by a process that was killed as it made one.
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
            return Err(Usage::from_text(format!("trial {id} is {state}: nothing to do")));
        }
        ids.push(id);
    }
    Ok(ids)
}

/// Waits a while until the states of all these trials are as `wanted`, since a live run answers in its own time; says
/// whether they are.
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

/// Starts this command again as a process of its own and waits until its run shows in the catalog.
pub(super) fn detach(catalog: &Catalog, name: &str, trials: usize) -> anyhow::Result<ExitCode> {
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| if argument == "--detach" { "--background".into() } else { argument })
        .collect();
    let pid = run_control::start(catalog, &arguments)?;
    println!(
        "{name}: {} left to process {pid}; `sculpt list` shows how far it is, `sculpt pause --all` halts it",
        counted(trials, "trial")
    );
    Ok(ExitCode::SUCCESS)
}

/// Leaves the terminal's session, so that its end does not touch this process.
pub(super) fn leave_session() {
    // It fails where the process leads its group already, and then a hang-up ends the run, which keeps its state.
    let _ = rustix::process::setsid();
}
