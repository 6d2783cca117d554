//! The search for hyperparameters before a run, with its progress.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::work::{Show, say};
use crate::catalog::Catalog;
use crate::experiment::tuning::{self, Answers, Search, Searching};
use crate::report::numbers::{counted, duration};

/// The time between progress lines if there is no bar.
const INTERVAL: Duration = Duration::from_secs(30);

/// Searches for the hyperparameters that are not `known` yet. `None` if the search was interrupted.
pub(super) fn run(
    catalog: &Catalog,
    experiment: &str,
    searches: &[Search],
    mut known: Answers,
    jobs: usize,
    interrupt: &AtomicBool,
    show: Show,
) -> anyhow::Result<Option<Answers>> {
    let open: Vec<Search> = searches.iter().filter(|search| known.to(&search.question).is_none()).cloned().collect();
    if open.is_empty() {
        return Ok(Some(known));
    }
    let networks = counted(open.len(), "network");
    say(&format!("searching for the hyperparameters of {networks} by the paper's rule (section H.2)"), show);
    let bar = bar(open.len(), show);
    let last_line = Mutex::new(Instant::now());
    let progress = |searching: Searching| {
        let Searching { found, of, networks } = searching;
        let trained = counted(networks, "dense network");
        if let Some(bar) = &bar {
            bar.set_position(found as u64);
            bar.set_message(format!("{trained} trained"));
            return;
        }
        let mut last = last_line.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.elapsed() >= INTERVAL {
            *last = Instant::now();
            say(&format!("hyperparameters: {found} of {of} found, {trained} trained"), show);
        }
    };
    let began = Instant::now();
    let found = tuning::search(catalog, experiment, &open, jobs, interrupt, &progress);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let Some(found) = found? else {
        let text =
            "stopped during the hyperparameter search; its results are kept, and the same `sculpt run` continues it";
        say(text, show);
        return Ok(None);
    };
    known.extend(found);
    say(&format!("found hyperparameters for {networks} in {}", duration(began.elapsed().as_secs_f64())), show);
    Ok(Some(known))
}

/// A progress bar, if there is a terminal for it.
fn bar(total: usize, show: Show) -> Option<ProgressBar> {
    let terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
    if !terminal || show.json {
        return None;
    }
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} hyperparameters, {msg}, {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars(if show.ascii { "#>-" } else { "━╸─" });
    let bar =
        ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr_with_hz(5)).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    Some(bar)
}
