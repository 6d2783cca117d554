//! Trials that differ in width and seed, to be counted together.

use std::sync::Arc;

use super::trials::{Finished, ReportTrial, TrialOutcome};
use crate::analysis::vote::{Ballot, VoteResult};
use crate::task::Task;

/// A learning rate and a batch size.
pub type Tuned = (f64, usize);

/// Trials of one task, and of one depth unless the paper counts all depths together.
#[derive(Clone, Debug)]
pub struct CellTrials<'a> {
    /// Their task.
    pub task: Arc<Task>,
    /// Their number of hidden layers; `None` for all.
    pub depth: Option<usize>,
    /// Their learning rate and batch size, where the experiment compares these.
    pub tuned: Option<Tuned>,
    /// The trials.
    pub trials: Vec<&'a ReportTrial>,
}

/// The groups of an experiment, in the order in which their tasks come, then by depth.
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
    // The sort is stable.
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

    /// The trials as the vote sees them, untrained ones included.
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

    /// Does a criterion hold for a network, by the number of its trial among [`Self::ballots`] and its place there?
    #[must_use]
    pub fn holds(&self, ballot: usize, place: usize, criterion: usize) -> bool {
        let mut done = self.trials.iter().filter(|trial| !matches!(trial.outcome, TrialOutcome::Missing));
        matches!(done.nth(ballot).map(|trial| &trial.outcome),
            Some(TrialOutcome::Finished(finished)) if finished.near[place].right[criterion])
    }

    /// Does a criterion hold for an answer of a vote over [`Self::ballots`]? For either of them, where they tie.
    #[must_use]
    pub fn is_right(&self, outcome: &VoteResult, criterion: usize) -> bool {
        let mut answers = outcome.answers().iter().map(|answer| answer.representative);
        answers.any(|(ballot, place)| self.holds(ballot, place, criterion))
    }
}
