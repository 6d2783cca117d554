//! `sculpt watch`: the progress of all runs, whichever process they are, in plain lines.

use std::collections::{BTreeSet, HashMap};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use super::global::Global;
use crate::catalog::{Catalog, LiveRuns, Presence, Process, Progress, RunInfo, RunView, State, TrialId, TrialRow, Utc};
use crate::report::numbers::{accuracy, counted, estimate, percent};
use crate::report::times;

/// Follow runs in plain lines until all have finished
#[derive(Args, Debug)]
pub struct WatchArgs {
    /// Only runs of this experiment
    #[arg(value_name = "EXPERIMENT")]
    experiment: Option<String>,
    /// Seconds between progress lines
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Ring the terminal bell and send a notification (OSC 9) when all runs have finished
    #[arg(long)]
    bell: bool,
}

/// The time between two looks at the catalog.
const INTERVAL: Duration = Duration::from_secs(1);

/// Follows runs.
pub(super) fn run(global: &Global, args: &WatchArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open_read()?;
    let mut seen: HashMap<TrialId, State> = HashMap::new();
    let mut watched = BTreeSet::new();
    let mut processes: Vec<Process> = Vec::new();
    let mut last_report: Option<Instant> = None;
    let mut out = std::io::stdout();
    loop {
        let live = catalog.live_runs()?;
        let runs = selected(&live, args.experiment.as_deref());
        let queue: Vec<TrialId> = runs.iter().flat_map(|run| run.info.queue.iter().cloned()).collect();
        for RunInfo { process, .. } in runs.iter().map(|run| &run.info) {
            if !processes.contains(process) {
                processes.push(process.clone());
            }
        }
        processes.retain(|process| process.presence(Process::current()) == Presence::Alive);
        // A process that has searched hyperparameters, or finished a depth, continues as another run.
        let at_work = !runs.is_empty() || !processes.is_empty();
        // The end of a trial is reported even if its run ended with it.
        let all: Vec<TrialId> = if queue.is_empty() { seen.keys().cloned().collect() } else { queue };
        let due = last_report.is_none_or(|last| last.elapsed() >= Duration::from_secs(args.every));
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
                (State::Running, Some(progress)) => progress_text(&progress),
                _ => state_text(state, &row),
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
            last_report = Some(Instant::now());
        }
        if !at_work {
            if seen.is_empty() {
                // A search was watched, and its trials finished between two looks.
                let experiments = watched.iter().filter_map(|name| catalog.experiment(name).ok());
                let state = |id: TrialId| catalog.trial(&id).state(&live).ok().map(|state| (id, state));
                seen.extend(experiments.flat_map(|experiment| experiment.trials).filter_map(state));
            }
            return finish(&catalog, args, &seen);
        }
        thread::sleep(INTERVAL);
    }
}

/// The live runs of `experiment`, or all.
fn selected<'a>(live: &'a LiveRuns, experiment: Option<&str>) -> Vec<&'a RunView> {
    let is_selected =
        |run: &&RunView| experiment.is_none_or(|experiment| run.info.experiments.iter().any(|name| name == experiment));
    live.runs().iter().filter(is_selected).collect()
}

fn clock() -> String {
    times::clock(Utc::now())
}

fn progress_text(progress: &Progress) -> String {
    let left = progress.eta_s.map_or_else(String::new, |seconds| format!(", {} left", estimate(seconds)));
    format!(
        "walk {} of {}, {}, accuracy {}, {} done{left}",
        progress.walk,
        progress.walks_total,
        counted(progress.edges, "edge"),
        accuracy(progress.accuracy),
        percent(progress.fraction)
    )
}

fn state_text(state: State, row: &TrialRow) -> String {
    match (state, row.edges) {
        (State::Finished, Some(edges)) => format!("finished with {}", counted(edges, "edge")),
        (State::Untrained, _) => "untrained: the dense network missed the required accuracy".to_owned(),
        (state, _) => state.to_string(),
    }
}

/// Prints what became of the trials when all runs have finished.
fn finish(catalog: &Catalog, args: &WatchArgs, seen: &HashMap<TrialId, State>) -> anyhow::Result<ExitCode> {
    let of = |wanted: fn(State) -> bool| seen.values().filter(|&&state| wanted(state)).count();
    let mut out = std::io::stdout();
    if seen.is_empty() {
        let place = catalog.root().display();
        let what = args.experiment.as_ref().map_or_else(|| "Nothing is".to_owned(), |name| format!("{name} is not"));
        writeln!(out, "{what} running in {place}; `sculpt list` shows the trials there.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let left = of(|state| !state.is_done());
    let rest =
        if left > 0 { format!(", {left} unfinished; `sculpt resume --all` continues them") } else { String::new() };
    writeln!(out, "{}  all runs finished: {} done{rest}", clock(), counted(of(State::is_done), "trial"))?;
    if args.bell && out.is_terminal() {
        write!(out, "\x1b]9;sculpt: all runs finished\x07\x07")?;
    }
    Ok(ExitCode::SUCCESS)
}
