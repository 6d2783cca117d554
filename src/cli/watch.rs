//! `sculpt watch`: what any process's runs do, as plain lines.

use std::collections::{BTreeSet, HashMap};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use super::Global;
use crate::catalog::{Catalog, LiveRuns, Presence, Process, Progress, RunInfo, RunView, State, TrialId, TrialRow, Utc};
use crate::report::numbers::{counted, estimate};

/// Follow what runs, in plain lines, until nothing runs any more.
#[derive(Args, Debug)]
pub struct WatchArgs {
    /// Only the runs of this experiment
    #[arg(value_name = "EXPERIMENT")]
    experiment: Option<String>,
    /// Seconds between two lines on how far a trial is
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Ring the terminal's bell and send it a notification (OSC 9) at the end
    #[arg(long)]
    bell: bool,
}

/// How often it is looked.
const PACE: Duration = Duration::from_secs(1);

/// Follows runs.
pub(super) fn run(global: &Global, args: &WatchArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.look()?;
    let mut seen: HashMap<TrialId, State> = HashMap::new();
    let mut watched = BTreeSet::new();
    let mut processes: Vec<Process> = Vec::new();
    let mut told: Option<Instant> = None;
    let mut out = std::io::stdout();
    loop {
        let live = catalog.live_runs()?;
        let runs = meant(&live, args.experiment.as_deref());
        let queue: Vec<TrialId> = runs.iter().flat_map(|run| run.info.queue.iter().cloned()).collect();
        for RunInfo { process, .. } in runs.iter().map(|run| &run.info) {
            if !processes.contains(process) {
                processes.push(process.clone());
            }
        }
        processes.retain(|process| process.presence(Process::current()) == Presence::Alive);
        // A process that has searched hyperparameters, or tried a depth, makes another run of what follows.
        let at_work = !runs.is_empty() || !processes.is_empty();
        // The end of a trial is told even when that was the end of its run.
        let all: Vec<TrialId> = if queue.is_empty() { seen.keys().cloned().collect() } else { queue };
        let due = told.is_none_or(|told| told.elapsed() >= Duration::from_secs(args.every));
        for id in all {
            if seen.get(&id).is_some_and(|state| state.is_done()) {
                continue;
            }
            let folder = catalog.trial(&id);
            let Ok(state) = folder.state(&live) else { continue };
            let before = seen.insert(id, state);
            let news = before.is_some_and(|before| before != state) || (before.is_none() && state == State::Running);
            let Ok(row) = (if news || (due && state == State::Running) { TrialRow::read(&folder) } else { continue })
            else {
                continue;
            };
            let text = match (state, folder.progress()) {
                (State::Running, Some(progress)) => far(&progress),
                _ => ended(state, &row),
            };
            writeln!(out, "{}  {} {} seed {}: {text}", clock(), row.task, row.architecture, row.seed)?;
        }
        watched.extend(runs.iter().flat_map(|run| run.info.experiments.iter().cloned()));
        if due {
            for run in runs {
                if let Some(note) = run.heartbeat.as_ref().map(|beat| &beat.note).filter(|note| !note.is_empty()) {
                    writeln!(out, "{}  {}: {note}", clock(), run.info.experiments.join(", "))?;
                }
            }
            told = Some(Instant::now());
        }
        if !at_work {
            if seen.is_empty() {
                // A search was watched, and its trials were over between two looks.
                let experiments = watched.iter().filter_map(|name| catalog.experiment(name).ok());
                let state = |id: TrialId| catalog.trial(&id).state(&live).ok().map(|state| (id, state));
                seen.extend(experiments.flat_map(|experiment| experiment.trials).filter_map(state));
            }
            return the_end(&catalog, args, &seen);
        }
        thread::sleep(PACE);
    }
}

/// The live runs that are meant.
fn meant<'a>(live: &'a LiveRuns, experiment: Option<&str>) -> Vec<&'a RunView> {
    let is_meant =
        |run: &&RunView| experiment.is_none_or(|experiment| run.info.experiments.iter().any(|name| name == experiment));
    live.runs().iter().filter(is_meant).collect()
}

fn clock() -> String {
    Utc::now().to_string().get(11..19).unwrap_or_default().to_owned()
}

fn far(progress: &Progress) -> String {
    let left = progress.eta_s.map_or_else(String::new, |seconds| format!(", {} left", estimate(seconds)));
    format!(
        "walk {} of {}, {} left, accuracy {:.4}, {:.0} %{left}",
        progress.walk,
        progress.walks_total,
        counted(usize::try_from(progress.edges).unwrap_or(usize::MAX), "edge"),
        progress.accuracy,
        (100.0 * progress.fraction).floor()
    )
}

fn ended(state: State, row: &TrialRow) -> String {
    match (state, row.edges) {
        (State::Finished, Some(edges)) => format!("finished with {edges} edges"),
        (State::Untrained, _) => "untrained: the dense network missed the required accuracy".to_owned(),
        (state, _) => state.to_string(),
    }
}

/// Tells what there is when nothing runs any more.
fn the_end(catalog: &Catalog, args: &WatchArgs, seen: &HashMap<TrialId, State>) -> anyhow::Result<ExitCode> {
    let of = |wanted: fn(State) -> bool| seen.values().filter(|&&state| wanted(state)).count();
    let mut out = std::io::stdout();
    if seen.is_empty() {
        let place = catalog.root().display();
        let what = args.experiment.as_ref().map_or_else(String::new, |name| format!(" of {name}"));
        writeln!(out, "Nothing{what} is running in {place}; `sculpt list` shows what there is.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let left = of(|state| !state.is_done());
    let rest = if left > 0 { format!(", {left} left; `sculpt resume --all` goes on with them") } else { String::new() };
    writeln!(out, "{}  nothing runs any more: {} done{rest}", clock(), counted(of(State::is_done), "trial"))?;
    if args.bell && out.is_terminal() {
        write!(out, "\x1b]9;sculpt: nothing runs any more\x07\x07")?;
    }
    Ok(ExitCode::SUCCESS)
}
