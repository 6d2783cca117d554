//! `sculpt pause`, `resume` and `cancel`: trials of any process's runs.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use clap::Args;

use super::{Global, Usage, run};
use crate::catalog::{Catalog, Marker, Request, RunId, Selection, State, TrialId};
use crate::experiment::orders;
use crate::experiment::runner::Options;
use crate::report::text::counted;

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
    /// Worker threads [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Leave the work to a process of its own and return at once
    #[arg(long)]
    detach: bool,
    /// This is the process that --detach leaves the work to.
    #[arg(long, hide = true, conflicts_with = "detach")]
    background: bool,
    /// Print one JSON line a trial as it is done
    #[arg(long)]
    json: bool,
}

/// Pause trials: they keep their state.
pub(super) fn pause(global: &Global, args: &SelectArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let ids = select(&catalog, args, |state| matches!(state, State::Running | State::Queued))?;
    let count = ask(&catalog, &ids, Marker::Paused, &Request::Pause)?;
    println!("{} to pause; `sculpt resume` goes on with them", counted(count, "trial"));
    Ok(ExitCode::SUCCESS)
}

/// Cancel trials.
pub(super) fn cancel(global: &Global, args: &SelectArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let ids = select(&catalog, args, |state| !state.is_done() && state != State::Cancelled)?;
    let count = ask(&catalog, &ids, Marker::Cancelled, &Request::Cancel)?;
    println!("{} cancelled; what they had is kept, `sculpt resume` takes it up again", counted(count, "trial"));
    Ok(ExitCode::SUCCESS)
}

/// Go on with trials: where a live run has them, by asking it, else in this process.
pub(super) fn resume(global: &Global, args: &ResumeArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open()?;
    let wanted = |state| matches!(state, State::Paused | State::Stale) || (!args.select.all && !State::is_done(state));
    let ids = select(&catalog, &args.select, wanted)?;
    let (asked, own) = request_resume(&catalog, ids)?;
    if asked > 0 {
        println!("{} asked to go on in the run that has them", counted(asked, "trial"));
    }
    if own.is_empty() {
        if asked == 0 {
            println!("Nothing to resume: no trial is paused or interrupted.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.detach {
        return detach(&catalog, "resume", own.len());
    }
    if args.background {
        leave_session();
    }
    let mut all = Vec::new();
    for id in &own {
        let experiments = catalog.experiments_naming(id)?;
        let detection = experiments.first().map(orders::detection_of).unwrap_or_default();
        all.push(orders::read_back(&catalog.trial(id), detection)?);
    }
    let options = Options { experiments: Vec::new(), jobs: args.jobs.unwrap_or_else(run::default_jobs), force: false };
    run::work(&catalog, all, &options, args.json, global.ascii)
}

/// The trials meant: those named, or all whose state is wanted.
fn select(catalog: &Catalog, args: &SelectArgs, wanted: impl Fn(State) -> bool) -> anyhow::Result<Vec<TrialId>> {
    let live = catalog.live_runs()?;
    if args.all {
        let mut ids = Vec::new();
        for id in catalog.trial_ids()? {
            // One damaged trial does not keep the others from being found; `list` tells of it.
            if catalog.trial(&id).state(&live).is_ok_and(&wanted) {
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

/// Asks the live runs that have the trials; marks those that no live run has.
pub(crate) fn ask(
    catalog: &Catalog,
    ids: &[TrialId],
    marker: Marker,
    request: &dyn Fn(Selection) -> Request,
) -> crate::catalog::Result<usize> {
    let (by_run, free) = by_run(catalog, ids.to_vec())?;
    for (run, ids) in by_run {
        catalog.send(&run, &request(Selection::Trials(ids)))?;
    }
    for id in free {
        catalog.trial(&id).put_mark(marker, None)?;
    }
    Ok(ids.len())
}

/// Asks live runs to go on with the trials that they have; answers with how many, and with those nobody has.
pub(crate) fn request_resume(catalog: &Catalog, ids: Vec<TrialId>) -> crate::catalog::Result<(usize, Vec<TrialId>)> {
    let (by_run, free) = by_run(catalog, ids)?;
    let asked = by_run.iter().map(|(_, ids)| ids.len()).sum();
    for (run, ids) in by_run {
        catalog.send(&run, &Request::Resume(Selection::Trials(ids)))?;
    }
    Ok((asked, free))
}

type ByRun = Vec<(RunId, Vec<TrialId>)>;

/// The trials by the live run that has each, and those that none has.
fn by_run(catalog: &Catalog, ids: Vec<TrialId>) -> crate::catalog::Result<(ByRun, Vec<TrialId>)> {
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

/// How long to wait for a process that was left the work to show itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts this command again as a process of its own and waits until its run shows in the catalog.
pub(super) fn detach(catalog: &Catalog, name: &str, trials: usize) -> anyhow::Result<ExitCode> {
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| if argument == "--detach" { "--background".into() } else { argument })
        .collect();
    let pid = start(catalog, &arguments)?;
    println!(
        "{name}: {} left to process {pid}; `sculpt` shows how it goes, `sculpt pause --all` stops it",
        counted(trials, "trial")
    );
    Ok(ExitCode::SUCCESS)
}

/// Starts `sculpt` with `arguments` in a process of its own; answers with its id once its run shows.
pub(crate) fn start(catalog: &Catalog, arguments: &[std::ffi::OsString]) -> anyhow::Result<u32> {
    let program = std::env::current_exe()?;
    let log = catalog.root().join("runs").join("background.log");
    let errors = std::fs::File::create(&log)?;
    let mut command = Command::new(program);
    command.args(arguments).env("SCULPT_CATALOG", catalog.root());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn()?;
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        if catalog.live_runs()?.runs().iter().any(|run| run.info.process.pid == child.id()) {
            return Ok(child.id());
        }
        if let Some(status) = child.try_wait()? {
            if status.success() {
                return Ok(child.id());
            }
            anyhow::bail!("the run ended at once: {}", last_line(&log));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(child.id())
}

fn last_line(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().last().unwrap_or("it left no message").to_owned()
}

/// Leaves the terminal's session, so that its end does not touch this process.
pub(super) fn leave_session() {
    // It fails where the process leads its group already, and then a hang-up ends the run, which keeps its state.
    let _ = rustix::process::setsid();
}
