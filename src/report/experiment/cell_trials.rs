//! Trials that differ only in width and seed, to be counted together.

use std::sync::Arc;

use super::trials::{Finished, ReportTrial, TrialOutcome};
use crate::analysis::vote::{Ballot, VoteResult};
use crate::task::Task;

/// A learning rate and a batch size.
pub type Tuned = (f64, usize);

/// The trials of one task and, unless the paper pools all depths, one depth.
#[derive(Clone, Debug)]
pub struct CellTrials<'a> {
    /// The task.
    pub task: Arc<Task>,
    /// The number of hidden layers; `None` for all depths together.
    pub depth: Option<usize>,
    /// Learning rate and batch size, if the experiment compares them.
    pub tuned: Option<Tuned>,
    /// The trials.
    pub trials: Vec<&'a ReportTrial>,
}

/// The trials of an experiment by cell, in the order of their tasks and then by depth.
#[must_use]
pub fn by_cell<'a>(
    trials: impl IntoIterator<Item = &'a ReportTrial>,
    pools_depths: bool,
    compares_tuning: bool,
) -> Vec<CellTrials<'a>> {
    let mut groups: Vec<CellTrials<'a>> = Vec::new();
    for trial in trials {
        let hyperparameters = trial.plan.hyperparameters;
        let tuned = compares_tuning.then_some((hyperparameters.learning_rate, hyperparameters.batch_size));
        let depth = (!pools_depths).then(|| trial.plan.architecture.depth());
        let same = |group: &&mut CellTrials<'a>| {
            Arc::ptr_eq(&group.task, &trial.task) && group.depth == depth && group.tuned == tuned
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.trials.push(trial),
            None => groups.push(CellTrials { task: Arc::clone(&trial.task), depth, tuned, trials: vec![trial] }),
        }
    }
    let tasks: Vec<Arc<Task>> = groups.iter().map(|group| Arc::clone(&group.task)).collect();
    let place = |task: &Arc<Task>| tasks.iter().position(|other| Arc::ptr_eq(other, task));
    groups.sort_by_key(|group| (place(&group.task), group.depth));
    groups
}

impl CellTrials<'_> {
    /// The trials that have a best network.
    pub fn finished(&self) -> impl Iterator<Item = (&ReportTrial, &Finished)> {
        self.trials.iter().filter_map(|trial| match &trial.outcome {
            TrialOutcome::Finished(finished) => Some((*trial, &**finished)),
            _ => None,
        })
    }

    /// The number of trials with such an outcome.
    pub(super) fn count(&self, is: impl Fn(&TrialOutcome) -> bool) -> usize {
        self.trials.iter().filter(|trial| is(&trial.outcome)).count()
    }

    /// The ballots of all trials that are done, including untrained ones.
    #[must_use]
    pub fn ballots(&self) -> Vec<Ballot> {
        let entries = |outcome: &TrialOutcome| match outcome {
            TrialOutcome::Finished(finished) => finished.near.iter().map(|near| near.found.clone()).collect(),
            _ => Vec::new(),
        };
        let done = self.trials.iter().filter(|trial| !matches!(trial.outcome, TrialOutcome::Missing));
        let widths = |trial: &ReportTrial| trial.plan.architecture.widths().to_vec();
        done.map(|trial| Ballot { widths: widths(trial), entries: entries(&trial.outcome) }).collect()
    }

    /// Whether a criterion holds for a network, given by the index of its ballot in [`Self::ballots`] and its place there.
    #[must_use]
    pub fn holds(&self, ballot: usize, place: usize, criterion: usize) -> bool {
        let mut done = self.trials.iter().filter(|trial| !matches!(trial.outcome, TrialOutcome::Missing));
        matches!(done.nth(ballot).map(|trial| &trial.outcome),
            Some(TrialOutcome::Finished(finished)) if finished.near[place].right[criterion])
    }

    /// Whether a criterion holds for an answer of a vote over [`Self::ballots`].
    #[must_use]
    pub fn is_right(&self, outcome: &VoteResult, criterion: usize) -> bool {
        let mut answers = outcome.answers().iter().map(|answer| answer.representative);
        answers.any(|(ballot, place)| self.holds(ballot, place, criterion))
    }
}
