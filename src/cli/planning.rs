//! The trials that `sculpt run` is asked for.

use super::usage::Usage;
use crate::catalog::{Filter, Key, TrialRow, Utc};
use crate::experiment::tuning::Answers;
use crate::experiment::{Cell, Outline, Planned, PlannedTrial, queued};

/// The trials that match `filter`, of the cells for which `asked` holds.
pub(super) fn plan(
    outline: &Outline,
    filter: &Filter,
    answers: &Answers,
    asked: &dyn Fn(&Cell) -> bool,
) -> anyhow::Result<Planned> {
    let mut planned = outline.plan(answers, asked).map_err(Usage::error)?;
    if !filter.is_empty() {
        let now = Utc::now();
        let mut kept = Vec::with_capacity(planned.trials.len());
        for trial in planned.trials {
            if matches(&trial, filter, now)? {
                kept.push(trial);
            }
        }
        planned.trials = kept;
    }
    Ok(planned)
}

/// The error for a filter that no trial of the experiment matches.
pub(super) fn nothing_matches(outline: &Outline) -> anyhow::Error {
    Usage::error(format!("no trial of {} matches --only", outline.name))
}

/// What is known about a trial only once its hyperparameters are.
const SEARCHED: [Key; 3] = [Key::Id, Key::LearningRate, Key::Epochs];

/// Drops the seeds and cells that cannot match, so that no hyperparameters are searched for them.
pub(super) fn keep_cells(outline: &mut Outline, filter: &Filter) -> anyhow::Result<()> {
    if filter.is_empty() {
        return Ok(());
    }
    let now = Utc::now();
    for cell in &mut outline.cells {
        if cell.question().is_some() && filter.asks_for(&SEARCHED) {
            continue;
        }
        let mut kept = Vec::new();
        for &seed in &cell.seeds {
            if matches(&cell.first_trial(seed).map_err(Usage::error)?, filter, now)? {
                kept.push(seed);
            }
        }
        cell.seeds = kept;
    }
    outline.cells.retain(|cell| !cell.seeds.is_empty());
    Ok(())
}

fn matches(trial: &PlannedTrial, filter: &Filter, now: Utc) -> anyhow::Result<bool> {
    // Nothing that a filter can ask before a trial has run depends on the task's hash.
    let specification = queued::specification(trial, "0")?;
    Ok(filter.matches(&TrialRow::planned(&specification, &trial.task.name, now)))
}
