//! What a run shows while it works: bars on a terminal, one line per event elsewhere.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::echo::EchoOff;
use super::width::width;
use crate::catalog::{Completion, Progress, TrialId, TrialResult, Verdict};
use crate::experiment::queued::QueuedTrial;
use crate::experiment::runner::{Event, Summary};
use crate::report::numbers::{accuracy, counted, density, duration, estimate};
use crate::report::text::{length, wrapped};
use crate::train::Stage;

/// Shows the events of a run.
pub(super) struct Display {
    /// The name of each trial: task, architecture and seed.
    names: HashMap<TrialId, String>,
    total: usize,
    inner: Mutex<Inner>,
    json: bool,
}

struct Inner {
    done: usize,
    bars: Option<Bars>,
}

struct Bars {
    all: MultiProgress,
    overall: ProgressBar,
    trials: HashMap<TrialId, ProgressBar>,
    /// The characters of a bar: done, its tip, and still to do.
    chars: &'static str,
    /// Keeps `^C` off the screen while there are bars.
    _echo_off: EchoOff,
}

impl Display {
    pub(super) fn new(trials: &[QueuedTrial], json: bool, ascii: bool) -> Self {
        let name = |queued: &QueuedTrial| {
            let plan = &queued.trial.plan;
            (queued.id.clone(), format!("{} {} seed {}", queued.trial.task.name, plan.architecture, plan.seed))
        };
        // If either is redirected, as into a log, lines are more useful.
        let terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        let bars = (terminal && !json).then(|| Bars::new(trials.len(), ascii));
        let inner = Mutex::new(Inner { done: 0, bars });
        Self { names: trials.iter().map(name).collect(), total: trials.len(), inner, json }
    }

    /// Shows an event.
    pub(super) fn show(&self, event: &Event) {
        let mut inner = self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if ended(event).is_some() {
            inner.done += 1;
        }
        let line = self.line(event, inner.done);
        match &mut inner.bars {
            Some(bars) => bars.show(event, line, &self.names),
            None => {
                if let Some(line) = line {
                    self.print(event, &line);
                }
            }
        }
    }

    /// Prints a line, on standard error if standard output is for JSON.
    fn print(&self, event: &Event, line: &str) {
        // If nobody is left to read, as after a hang-up, the work goes on.
        let _ = match event {
            Event::Warning(_) | Event::Failed { .. } => writeln!(std::io::stderr(), "{line}"),
            _ if self.json => writeln!(std::io::stderr(), "{line}"),
            _ => writeln!(std::io::stdout(), "{line}"),
        };
    }

    fn line(&self, event: &Event, done: usize) -> Option<String> {
        let name = |id: &TrialId| {
            let name = self.names.get(id).map_or("", String::as_str);
            format!("{} {name}", &id.as_str()[..8])
        };
        let count = format!("[{done}/{}]", self.total);
        Some(match event {
            Event::Progress { .. } => return None,
            Event::Began { id, resumed_rounds: 0 } => format!("{count} started    {}", name(id)),
            Event::Began { id, resumed_rounds } => {
                let rounds = counted(*resumed_rounds, "round");
                format!("{count} resumed    {} after {rounds}", name(id))
            }
            Event::Done { id, result, verdict, wall_s } => {
                format!(
                    "{count} {:<10} {}: {}",
                    result_word(result),
                    name(id),
                    result_text(result, verdict.as_ref(), *wall_s)
                )
            }
            Event::Held { id } => format!("{count} skipped    {}: another run is working on it", name(id)),
            Event::Paused { id, paused: true } => format!("{count} paused     {}", name(id)),
            Event::Paused { id, paused: false } => format!("{count} resumed    {}", name(id)),
            Event::Cancelled { id } => format!("{count} cancelled  {}", name(id)),
            Event::Failed { id, message } => format!("{count} failed     {}: {message}", name(id)),
            Event::Warning(message) => format!("warning: {message}"),
        })
    }

    /// Removes the bars and prints the last line.
    pub(super) fn end(&self, summary: &Summary, took: Duration) {
        let mut inner = self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bars) = inner.bars.take() {
            for bar in bars.trials.values().chain([&bars.overall]) {
                bar.finish_and_clear();
            }
            let _ = bars.all.clear();
        }
        let text = summary_text(summary, took);
        let text = if std::io::stdout().is_terminal() { wrapped(&text, width(), 2).join("\n") } else { text };
        let _ = if self.json { writeln!(std::io::stderr(), "{text}") } else { writeln!(std::io::stdout(), "{text}") };
    }
}

impl Bars {
    fn new(total: usize, ascii: bool) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        let chars = if ascii { "#>-" } else { "━╸─" };
        let style =
            ProgressStyle::with_template("{bar:20} {pos}/{len} trials, {elapsed}; Ctrl-C stops and keeps all progress")
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars(chars);
        let overall = all.add(ProgressBar::new(total as u64).with_style(style));
        overall.enable_steady_tick(Duration::from_secs(1));
        Self { all, overall, trials: HashMap::new(), chars, _echo_off: EchoOff::new() }
    }

    fn show(&mut self, event: &Event, line: Option<String>, names: &HashMap<TrialId, String>) {
        match event {
            Event::Progress { id, progress } => {
                let bar = self.trials.entry(id.clone()).or_insert_with(|| {
                    let style = ProgressStyle::with_template("{bar:20} {wide_msg}")
                        .unwrap_or_else(|_| ProgressStyle::default_bar())
                        .progress_chars(self.chars);
                    self.all.insert_before(&self.overall, ProgressBar::new(progress.walks_total).with_style(style))
                });
                bar.set_position(progress.walks_done);
                let name = names.get(id).map_or("", String::as_str);
                bar.set_message(progress_text(name, progress, width().saturating_sub(BAR)));
            }
            Event::Began { .. } => {}
            _ => {
                if let Some(id) = ended(event) {
                    self.overall.inc(1);
                    if let Some(bar) = self.trials.remove(id) {
                        bar.finish_and_clear();
                        self.all.remove(&bar);
                    }
                }
                if let Event::Paused { id, paused: true } = event
                    && let Some(bar) = self.trials.get(id)
                {
                    bar.set_message(format!("{}, paused", names.get(id).map_or("", String::as_str)));
                }
                if let Some(line) = line {
                    for row in rows(&line, width()) {
                        let _ = self.all.println(row);
                    }
                }
            }
        }
    }
}

/// The trial that an event ends, if it ends one.
fn ended(event: &Event) -> Option<&TrialId> {
    match event {
        Event::Done { id, .. } | Event::Failed { id, .. } | Event::Cancelled { id } => Some(id),
        _ => None,
    }
}

/// Columns of a bar and the space after it.
const BAR: usize = 21;

/// The progress of a trial in at most `width` columns; facts at the end are dropped if they do not fit.
fn progress_text(name: &str, progress: &Progress, width: usize) -> String {
    let left = progress.eta_s.map(|eta| format!("{} left", estimate(eta)));
    let facts = [
        left,
        Some(format!("accuracy {}", accuracy(progress.accuracy))),
        Some(format!("density {}", density(progress.density))),
        Some(format!("{} pruning", progress.stage)).filter(|_| matches!(progress.stage, Stage::Unit | Stage::Edge)),
    ];
    let mut text = name.to_owned();
    for fact in facts.into_iter().flatten() {
        if length(&text) + 2 + length(&fact) > width {
            break;
        }
        text.push_str(", ");
        text.push_str(&fact);
    }
    text
}

/// The rows of a line: one, or if it is too wide, the text before its colon and, indented, the text after it.
fn rows(line: &str, width: usize) -> Vec<String> {
    match line.split_once(": ") {
        Some((about, text)) if length(line) > width => {
            let text = wrapped(text, width.saturating_sub(INDENT), 0);
            let text = text.into_iter().map(|row| format!("{:INDENT$}{row}", ""));
            std::iter::once(about.to_owned()).chain(text).collect()
        }
        _ => vec![line.to_owned()],
    }
}

/// Columns by which the second row of an event is indented.
const INDENT: usize = 6;

fn result_word(result: &TrialResult) -> &'static str {
    match result.status {
        Completion::Finished => "finished",
        Completion::Untrained => "untrained",
    }
}

fn result_text(result: &TrialResult, verdict: Option<&Verdict>, wall_s: Option<f64>) -> String {
    let time = wall_s.map_or_else(|| "already done".to_owned(), |seconds| duration(seconds.max(0.0)));
    if result.status == Completion::Untrained {
        return format!(
            "the dense network reached only {} accuracy ({} required), {time}",
            accuracy(result.accuracy),
            accuracy(result.required_accuracy)
        );
    }
    let modules = verdict.map_or_else(String::new, |verdict| match verdict.true_modules {
        Some(true) => format!(", {}", counted(verdict.module_count, "true module")),
        Some(false) => format!(", {} (wrong)", counted(verdict.module_count, "module")),
        None => format!(", {}", counted(verdict.module_count, "module")),
    });
    format!(
        "accuracy {}, {}, density {}{modules}, {time}",
        accuracy(result.accuracy),
        counted(result.edges, "edge"),
        density(result.density)
    )
}

fn summary_text(summary: &Summary, took: Duration) -> String {
    let parts = [
        (summary.done, "done"),
        (summary.failed, "failed"),
        (summary.cancelled, "cancelled"),
        (summary.left, "unfinished"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let before = (summary.before > 0).then(|| format!("{} already done", summary.before));
    let mut text = match (parts.is_empty(), before) {
        (true, None) => "nothing to do".to_owned(),
        (true, Some(before)) => before,
        (false, before) => {
            let before = before.map_or_else(String::new, |before| format!("; {before}"));
            format!("{} in {}{before}", parts.join(", "), duration(took.as_secs_f64()))
        }
    };
    if summary.judged > 0 {
        text.push_str(&format!("; true modules found in {} of {}", summary.right, summary.judged));
    }
    if summary.untrained > 0 {
        let untrained = summary.untrained;
        text.push_str(&format!("; {untrained} untrained (dense network below the required accuracy; try more epochs)"));
    }
    let rest = match (summary.failed, summary.left) {
        (0, 0) => return text,
        (0, _) => "continues the unfinished ones",
        (_, 0) => "retries what failed",
        _ => "continues the unfinished ones and retries what failed",
    };
    text + &format!("; `sculpt resume --all` {rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_that_do_not_fit_are_dropped() {
        let progress = Progress { eta_s: Some(12.0), accuracy: 0.9375, density: 0.25, ..Progress::new(84) };
        let text = |width| progress_text("4-1-2-16 4,24,24,16 seed 0", &progress, width);
        assert_eq!(text(90), "4-1-2-16 4,24,24,16 seed 0, about 10 s left, accuracy 93.75%, density 0.2500");
        assert_eq!(text(70), "4-1-2-16 4,24,24,16 seed 0, about 10 s left, accuracy 93.75%");
        assert_eq!(text(30), "4-1-2-16 4,24,24,16 seed 0");
    }

    #[test]
    fn long_lines_are_folded_at_their_colon() {
        assert_eq!(rows("[1/2] finished   0: 16 edges", 80), ["[1/2] finished   0: 16 edges"]);
        assert_eq!(
            rows("[1/2] finished   0: 16 edges, 2 modules", 24),
            ["[1/2] finished   0", "      16 edges, 2", "      modules"]
        );
    }
}
