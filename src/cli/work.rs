//! Working through trials in this process, for `run` and `resume`.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::display::Display;
use super::output::TrialLine;
use crate::catalog::{Catalog, TrialId, TrialRow};
use crate::experiment;
use crate::experiment::queued::QueuedTrial;
use crate::experiment::runner::{self, Event, Options, Summary};

/// How to work through trials.
#[derive(Args, Debug)]
pub struct WorkArgs {
    /// Worker threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=256))]
    jobs: Option<usize>,
    /// Run in a background process and return at once
    #[arg(long)]
    pub(super) detach: bool,
    /// This is the background process of --detach.
    #[arg(long, hide = true, conflicts_with = "detach")]
    pub(super) background: bool,
    /// Print JSON, one line per trial, as trials finish
    #[arg(long)]
    pub(super) json: bool,
}

impl WorkArgs {
    /// The number of worker threads, by default one per core.
    pub(super) fn jobs(&self) -> usize {
        self.jobs.unwrap_or_else(experiment::default_jobs)
    }
}

/// A flag that becomes true when a signal asks the process to end.
pub(super) fn interrupts() -> std::io::Result<Arc<AtomicBool>> {
    let interrupt = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        // A second signal ends the process at once.
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&interrupt))?;
        signal_hook::flag::register(signal, Arc::clone(&interrupt))?;
    }
    Ok(interrupt)
}

/// How to show the work.
#[derive(Clone, Copy)]
pub(super) struct Show {
    /// JSON, one line per trial.
    pub(super) json: bool,
    /// ASCII characters only.
    pub(super) ascii: bool,
}

/// Prints a line for people: on standard error if standard output is for JSON.
pub(super) fn say(line: &str, show: Show) {
    // If nobody is left to read, the work goes on.
    let _ = if show.json { writeln!(std::io::stderr(), "{line}") } else { writeln!(std::io::stdout(), "{line}") };
}

/// Runs trials in this process and shows their progress.
pub(super) fn work(
    catalog: &Catalog,
    trials: Vec<QueuedTrial>,
    options: &Options,
    interrupt: &AtomicBool,
    show: Show,
) -> anyhow::Result<Summary> {
    let Show { json, ascii } = show;
    let display = Display::new(&trials, json, ascii);
    let started = Instant::now();
    let on_event = |event: Event| {
        if json && let Event::Done { id, .. } = &event {
            print_line(catalog, id);
        }
        display.show(&event);
    };
    let summary = runner::run(catalog, trials, options, interrupt, &on_event)?;
    display.end(&summary, started.elapsed());
    Ok(summary)
}

/// 130 after an interrupt, as shells have it, and failure if a trial failed.
pub(super) fn exit_code(summary: &Summary) -> ExitCode {
    match summary {
        Summary { interrupted: true, .. } => ExitCode::from(130),
        Summary { failed: 0, .. } => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Prints the line of `list --json` for a trial that is done.
fn print_line(catalog: &Catalog, id: &TrialId) {
    let printed = TrialRow::read(&catalog.trial(id)).map_err(|error| error.to_string()).and_then(|row| {
        let line = serde_json::to_string(&TrialLine::new(&row)).map_err(|error| error.to_string())?;
        writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())
    });
    if let Err(error) = printed {
        // If nobody is left to read, the work goes on.
        let _ = writeln!(std::io::stderr(), "sculpt: {error}");
    }
}
