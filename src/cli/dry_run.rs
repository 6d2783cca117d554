//! `sculpt run --dry-run`: what would run, and how much time and disk space it would take. Trains nothing.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use super::planning::plan;
use crate::catalog::{Catalog, Filter};
use crate::experiment::depths::Depths;
use crate::experiment::tuning::Answers;
use crate::experiment::{Cell, Outline, Planned, PlannedTrial, estimate, queued, space};
use crate::report::hyperparameters;
use crate::report::numbers::{self, bytes, counted, duration, thousands};
use crate::report::text::aligned;
use crate::train::Hyperparameters;

/// Prints what the run would do.
pub(super) fn run(
    outline: &Outline,
    filter: &Filter,
    catalog: Option<&Catalog>,
    force: bool,
    jobs: usize,
    json: bool,
) -> anyhow::Result<ExitCode> {
    // What the catalog already has; a dry run searches nothing.
    let searches = outline.searches(&|_| true);
    let answers = &catalog.map(|catalog| Answers::known(catalog, &searches)).unwrap_or_default();
    let depths = Depths::new(outline);
    let first = plan(outline, filter, answers, &|cell: &Cell| depths.wants(cell))?;
    let all = plan(outline, filter, answers, &|_| true)?;
    let left = match catalog {
        Some(catalog) if !force => queued::without_result(catalog, &all.trials),
        _ => all.trials.clone(),
    };
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", as_json(&all, &first, &left, jobs))?;
        return Ok(ExitCode::SUCCESS);
    }
    for line in table(&all.trials) {
        writeln!(out, "{line}")?;
    }
    for line in hyperparameters::summary(&all.chosen) {
        writeln!(out, "{line}")?;
    }
    if all.unsearched > 0 {
        let networks = counted(all.unsearched, "network");
        writeln!(
            out,
            "hyperparameters: the run first searches for those of {networks}; the table shows the starting values"
        )?;
    }
    if first.trials.len() < all.trials.len() {
        let trials = counted(first.trials.len(), "trial");
        writeln!(out, "depths = \"auto\": {trials} at first, and the others only while the answer keeps changing")?;
    }
    writeln!(out, "{}", total(&all, &left, jobs))?;
    Ok(ExitCode::SUCCESS)
}

fn total(planned: &Planned, left: &[PlannedTrial], jobs: usize) -> String {
    let (name, done) = (&planned.name, planned.trials.len() - left.len());
    if left.is_empty() {
        return format!("{name}: {} already done; nothing would run.", counted(done, "trial"));
    }
    let done = if done > 0 { format!(", {} already done", thousands(done)) } else { String::new() };
    format!(
        "{name}: {} would run{done}: {} with {}, {} of disk space. Nothing was started.",
        counted(left.len(), "trial"),
        numbers::estimate(estimate::total_time(left, jobs).as_secs_f64()),
        counted(jobs, "worker"),
        bytes(space::total(left, planned.detections.len()))
    )
}

/// A table with one row for all trials that differ only in their seed.
fn table(trials: &[PlannedTrial]) -> Vec<String> {
    let titles = ["task", "arch", "stages", "seeds", "rate", "batch", "epochs", "time"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    let mut rest = trials;
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|trial| differ_in_seed(first, trial)).count();
        let (group, after) = rest.split_at(same);
        let settings = &first.plan.hyperparameters;
        rows.push(vec![
            first.task.name.clone(),
            first.plan.architecture.to_string(),
            format!("{}{}", first.plan.stages, if first.plan.regrow { ", regrow" } else { "" }),
            seeds(group),
            settings.learning_rate.to_string(),
            settings.batch_size.to_string(),
            epochs(settings),
            duration(group.iter().map(estimate::trial_time).sum::<Duration>().as_secs_f64()),
        ]);
        rest = after;
    }
    aligned(&rows, &[false, false, false, true, true, true, true, true])
}

/// Epochs per round, with the patience if there is one.
fn epochs(settings: &Hyperparameters) -> String {
    let patience = settings.patience.map_or_else(String::new, |patience| format!(" (patience {patience})"));
    format!("{}{patience}", settings.epochs)
}

/// The seeds, or how many there are.
fn seeds(trials: &[PlannedTrial]) -> String {
    let seeds: Vec<String> = trials.iter().map(|trial| trial.plan.seed.to_string()).collect();
    let (text, count) = (seeds.join(","), seeds.len());
    if text.len() <= 8 { text } else { counted(count, "seed") }
}

fn differ_in_seed(one: &PlannedTrial, other: &PlannedTrial) -> bool {
    let same = crate::prune::Plan { seed: one.plan.seed, ..other.plan.clone() };
    one.task.name == other.task.name && one.engine == other.engine && one.plan == same
}

fn as_json(planned: &Planned, first: &Planned, left: &[PlannedTrial], jobs: usize) -> serde_json::Value {
    let trial = |trial: &PlannedTrial| {
        json!({
            "task": trial.task.name,
            "arch": trial.plan.architecture,
            "seed": trial.plan.seed,
            "expected_s": estimate::trial_time(trial).as_secs_f64(),
            "plan": trial.plan,
        })
    };
    let tasks: BTreeSet<&str> = planned.trials.iter().map(|trial| trial.task.name.as_str()).collect();
    json!({
        "experiment": planned.name,
        "jobs": jobs,
        "expected_s": estimate::total_time(left, jobs).as_secs_f64(),
        "expected_bytes": space::total(left, planned.detections.len()),
        "already_done": planned.trials.len() - left.len(),
        "tasks": tasks,
        "unsearched": planned.unsearched,
        "at_first": first.trials.len(),
        "hyperparameters": planned.chosen,
        "trials": planned.trials.iter().map(trial).collect::<Vec<_>>(),
    })
}
