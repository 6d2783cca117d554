//! The search of hyperparameters before a run: what it shows.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::run::tell;
use super::work::Show;
use crate::catalog::Catalog;
use crate::experiment::tuning::{self, Answers, Search, Searching};
use crate::report::numbers::{counted, duration};

/// How often a line tells how far the search is, where there is no bar.
const TELL: Duration = Duration::from_secs(30);

/// Searches what is not `known` yet; `None` when it was stopped before all was found.
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
    tell(&format!("searching hyperparameters for {networks} by the rule of the paper (section H.2)"), show);
    let bar = bar(open.len(), show);
    let told = Mutex::new(Instant::now());
    let progress = |searching: Searching| {
        let Searching { found, of, networks } = searching;
        let trained = counted(networks, "dense network");
        if let Some(bar) = &bar {
            bar.set_position(found as u64);
            bar.set_message(format!("{trained} trained"));
            return;
        }
        let mut last = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.elapsed() >= TELL {
            *last = Instant::now();
            tell(&format!("hyperparameters: {found} of {of} found, {trained} trained"), show);
        }
    };
    let began = Instant::now();
    let found = tuning::search(catalog, experiment, &open, jobs, interrupt, &progress);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let Some(found) = found? else {
        let text = "stopped while hyperparameters were searched; what was found is kept, the same `sculpt run` goes on \
                    with it";
        tell(text, show);
        return Ok(None);
    };
    known.extend(found);
    tell(&format!("hyperparameters of {networks} found in {}", duration(began.elapsed().as_secs_f64())), show);
    Ok(Some(known))
}

/// A bar, where a terminal shows it.
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
