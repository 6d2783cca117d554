//! The answer that `depths = "auto"` watches: the vote of the trials of a depth.

use super::seen::{self, Known};
use crate::analysis::vote::{VoteSettings, vote};
use crate::catalog::Result;
use crate::experiment::depths::{Group, Said};
use crate::report::certificate::Describer;

/// The structure that the trials of a group agree on under the default rule; where structures tie, all of them are told,
/// and the first is what is watched. `None` where no trial has a network.
///
/// # Errors
/// A trial cannot be read.
pub fn voted(group: &Group<'_>) -> Result<Option<Said>> {
    let known = Known::default();
    let ballot = |id| seen::ballot(&group.catalog.trial(id), &group.task, group.detection, &known);
    let ballots = group.trials.iter().map(ballot).collect::<Result<Vec<_>>>()?;
    let outcome = vote(&ballots, &VoteSettings::default());
    let Some(first) = outcome.standings.first() else { return Ok(None) };
    let task = &group.task;
    let line = |graph| Describer { graph, inputs: &task.inputs, outputs: &task.outputs }.line();
    let answers = either(outcome.answers().iter().map(|answer| line(&answer.graph)));
    let told = format!("{answers} ({:.0} % of {} trials)", 100.0 * first.share, outcome.trials);
    Ok(Some(Said { key: line(&first.graph), told }))
}

/// Structures one of which is the answer, in words.
#[must_use]
pub fn either(answers: impl IntoIterator<Item = String>) -> String {
    let answers: Vec<String> = answers.into_iter().collect();
    let lead = if answers.len() > 1 { "either " } else { "" };
    format!("{lead}{}", answers.join(" or "))
}
