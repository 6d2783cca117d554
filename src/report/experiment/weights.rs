//! Figures 2 to 4, 34 to 36 and table 1 of the paper: input separability and unit reuse in the best networks.

use super::paper;
use super::trials::{ReportTrial, TrialOutcome, Weights};
use crate::prune::Stages;

/// Trials of one task, architecture and stages.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsCell {
    /// The figure or table of the paper, if the experiment is one.
    pub figure: Option<&'static str>,
    /// The name of the task.
    pub task: String,
    /// The number of hidden layers.
    pub depth: usize,
    /// The width of the widest hidden layer.
    pub width: usize,
    /// The stages of pruning.
    pub stages: Stages,
    /// Trials that are done, untrained ones included.
    pub trials: usize,
    /// Trials whose dense network missed the required accuracy.
    pub untrained: usize,
    /// Trials that are not done.
    pub missing: usize,
    /// The number of networks with separable inputs (all null hypotheses rejected); `None` if there are no tests.
    pub separable: Option<usize>,
    /// Whether the inputs are separable in the paper's network of seed 1, if it has one.
    pub paper_separable: Option<bool>,
    /// The mean N90 of each hidden layer; empty if no trial has a network.
    pub n90: Vec<f64>,
    /// The paper's means, if it has them.
    pub paper_n90: Option<Vec<f64>>,
    /// The network of [`paper::SHOWN_SEED`], if there is one.
    pub shown: Option<Weights>,
}

/// Whether the report analyzes the weights of trials with given stages: always for the figures on weights, otherwise only
/// if units are not pruned.
#[must_use]
pub fn includes(figure: Option<&str>) -> fn(Stages) -> bool {
    match figure {
        Some("2" | "3" | "4" | "34-36" | "table 1") => |_| true,
        _ => |stages| matches!(stages, Stages::Dense | Stages::Edge),
    }
}

/// The cells of the trials whose weights were analyzed, in their order.
#[must_use]
pub fn cells(trials: &[ReportTrial], figure: Option<&'static str>) -> Vec<WeightsCell> {
    let key = |trial: &ReportTrial| (trial.task.name.clone(), trial.plan.architecture.clone(), trial.plan.stages);
    let looked_at = includes(figure);
    let mut groups: Vec<(_, Vec<&ReportTrial>)> = Vec::new();
    for trial in trials.iter().filter(|trial| looked_at(trial.plan.stages)) {
        let key = key(trial);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, trials)) => trials.push(trial),
            None => groups.push((key, vec![trial])),
        }
    }
    groups.iter().map(|(_, trials)| cell(trials, figure)).collect()
}

fn cell<'a>(trials: &[&'a ReportTrial], figure: Option<&'static str>) -> WeightsCell {
    let ReportTrial { task, plan, .. } = trials[0];
    let (depth, stages) = (plan.architecture.depth(), plan.stages);
    let widths = plan.architecture.widths();
    let width = widths[1..widths.len() - 1].iter().copied().max().unwrap_or(0);
    let weights_of = |trial: &&'a ReportTrial| match &trial.outcome {
        TrialOutcome::Finished(finished) => finished.weights.as_ref(),
        _ => None,
    };
    let found: Vec<&Weights> = trials.iter().filter_map(weights_of).collect();
    let shown = trials.iter().find(|trial| trial.plan.seed == paper::SHOWN_SEED).and_then(weights_of);
    let count = |is: fn(&TrialOutcome) -> bool| trials.iter().filter(|trial| is(&trial.outcome)).count();
    let missing = count(|outcome| matches!(outcome, TrialOutcome::Missing));
    let tested: Vec<bool> = found.iter().filter_map(|weights| weights.separable).collect();
    #[allow(clippy::cast_precision_loss)] // counts of units
    let mean = |layer: usize| {
        let units = found.iter().map(|weights| weights.n90.get(layer).copied().unwrap_or(0) as f64);
        units.sum::<f64>() / found.len() as f64
    };
    let (separability, reuse) = match figure {
        Some("34-36" | "table 1") => (task.name == "4-2-4", false),
        Some("2" | "3" | "4") => (false, task.name == "4-1-2-16" && depth == 2),
        _ => (false, false),
    };
    let paper_n90 = (1..=depth).map(|layer| paper::n90(stages, layer, width).filter(|_| reuse)).collect();
    WeightsCell {
        figure,
        task: task.name.clone(),
        depth,
        width,
        stages,
        trials: trials.len() - missing,
        untrained: count(|outcome| matches!(outcome, TrialOutcome::Untrained)),
        missing,
        separable: (!tested.is_empty()).then(|| tested.iter().filter(|separable| **separable).count()),
        paper_separable: paper::separable(stages, depth, width).filter(|_| separability),
        n90: if found.is_empty() { Vec::new() } else { (0..depth).map(mean).collect() },
        paper_n90,
        shown: shown.cloned(),
    }
}
