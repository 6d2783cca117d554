//! The trials of a cell, counted.

use super::answer::answer_text;
use super::cell_trials::{CellTrials, Tuned};
use super::draws::{Drawn, drawn};
use super::options::ReportOptions;
use super::paper::{self, PaperCount};
use super::trials::{Finished, TrialOutcome};
use super::units::UnitConsensus;
use crate::analysis::ModuleGraph;
use crate::analysis::certificate::Certificate;
use crate::analysis::criteria::Criterion;
use crate::analysis::fisher;
use crate::analysis::interval::{CONFIDENCE, wilson};
use crate::analysis::vote::{VoteResult, vote};
use crate::report::certificate::Describer;

/// The trials of a cell under one criterion.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The figure or table of the paper, if the experiment is one.
    pub figure: Option<&'static str>,
    /// The name of the task.
    pub task: String,
    /// The number of hidden layers; `None` for all together.
    pub depth: Option<usize>,
    /// When the true modules count as found.
    pub criterion: &'static Criterion,
    /// Learning rate and batch size, if the experiment compares them.
    pub tuned: Option<Tuned>,
    /// Trials that are done, untrained ones included.
    pub trials: usize,
    /// Trials whose dense network missed the required accuracy.
    pub untrained: usize,
    /// Trials that are not done.
    pub missing: usize,
    /// Successes of the blind choice: the sparsest network of each trial.
    pub blind: Rate,
    /// Successes by the published rule: of equally sparse networks, one that is a success.
    pub published_rule: Rate,
    /// The vote of all trials; `None` if none has a network.
    pub vote: Option<Vote>,
    /// Edges of the sparsest network, among those near the best of a trial, for which the criterion holds.
    pub sparsest_right: Option<usize>,
    /// Edges of the sparsest one for which it does not.
    pub sparsest_wrong: Option<usize>,
    /// How often the vote of fewer seeds is right, if requested and if there are enough seeds.
    pub drawn: Option<Drawn>,
    /// Which inputs and outputs belong together; `None` if no trial has a network.
    pub units: Option<UnitConsensus>,
    /// What the paper reports.
    pub paper: Option<PaperCount>,
    /// Median edges of the best networks.
    pub edges: Option<f64>,
    /// Median edges of the authors' networks of the same task and layer widths.
    pub published_edges: Option<f64>,
}

/// Successes among trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// How many.
    pub successes: usize,
    /// Wilson's 95% interval of their share.
    pub interval: (f64, f64),
    /// The two-sided p of Fisher's exact test against the paper's count, if there is one.
    pub p: Option<f64>,
}

/// Two counts with p below this are not compatible.
pub const SIGNIFICANCE: f64 = 0.05;

impl Rate {
    /// The rate of `successes` in `trials`, compared with a count of the paper.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // counts of trials
    pub fn new(successes: usize, trials: usize, paper: Option<PaperCount>) -> Self {
        let interval = wilson(successes as f64, trials as f64, CONFIDENCE);
        let theirs = paper.and_then(|paper| Some((paper.successes?, paper.of)));
        let p = theirs.filter(|_| trials > 0).map(|theirs| fisher::exact((successes as u64, trials as u64), theirs));
        Self { successes, interval, p }
    }

    /// Whether this and the paper's count can come from the same rate; `None` without a count of the paper.
    #[must_use]
    pub fn compatible(&self) -> Option<bool> {
        self.p.map(|p| p >= SIGNIFICANCE)
    }
}

/// The vote of the trials of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// Whether the criterion holds for the answer, or for either of two that tie; always false if more tie.
    pub right: bool,
    /// How many structures tie for first place; 1 without a tie.
    pub tied: usize,
    /// The share of the votes.
    pub share: f64,
    /// The interval of the share.
    pub interval: (f64, f64),
    /// The share of the structure with the next most votes.
    pub runner_up_share: f64,
    /// That structure as one line; `None` if the vote is unanimous.
    pub runner_up: Option<String>,
    /// Trials that took part.
    pub trials: usize,
    /// Edges of the sparsest network with this structure.
    pub edges: usize,
    /// The structure as one line; if two tie, `either` one `or` the other.
    pub structure: String,
    /// Whether the truth table certifies the structure; `None` without a complete table.
    pub certified: Option<bool>,
}

impl Vote {
    fn new(group: &CellTrials<'_>, outcome: &VoteResult, criterion: usize) -> Option<Self> {
        let first = outcome.standings.first()?;
        let task = &group.task;
        let line = |graph: &ModuleGraph| Describer { graph, inputs: &task.inputs, outputs: &task.outputs }.line();
        let second = outcome.standings.get(1);
        Some(Self {
            right: group.is_right(outcome, criterion),
            tied: outcome.tied,
            share: first.share,
            interval: first.interval,
            runner_up_share: second.map_or(0.0, |second| second.share),
            runner_up: second.map(|second| line(&second.graph)),
            trials: outcome.trials,
            edges: first.edges,
            structure: answer_text(outcome, line),
            certified: Certificate::of_task(task, &first.graph).ok().map(|certificate| certificate.holds()),
        })
    }
}

/// The trials of a cell under each criterion of their task; empty if its true modules are unknown.
#[must_use]
pub fn cells(group: &CellTrials<'_>, figure: Option<&'static str>, options: &ReportOptions) -> Vec<Cell> {
    let criteria = paper::criteria(figure, &group.task);
    let outcome = vote(&group.ballots(), &options.rule);
    let draws = options.vote_of.and_then(|seeds| drawn(group, criteria.len(), seeds, &options.rule));
    let units = UnitConsensus::of(group);
    let missing = group.count(|outcome| matches!(outcome, TrialOutcome::Missing));
    let trials = group.trials.len() - missing;
    let edges: Vec<f64> = group.finished().filter_map(|(_, finished)| finished.edges()).map(as_float).collect();
    let cell = |(place, criterion): (usize, &'static Criterion)| {
        let name = &group.task.name;
        let paper = figure.and_then(|figure| match (group.tuned, group.depth) {
            (Some((rate, batch)), Some(depth)) => {
                paper::tuned(name, depth, rate, batch).filter(|_| place + 1 == criteria.len())
            }
            _ => paper::count(figure, name, group.depth, criterion.name),
        });
        let count = |is: &dyn Fn(&Finished) -> bool| group.finished().filter(|(_, finished)| is(finished)).count();
        let sparsest = |right: bool| {
            let near = group.finished().flat_map(|(_, finished)| &finished.near);
            near.filter(|near| near.right[place] == right).map(|near| near.found.edges).min()
        };
        Cell {
            figure: figure.map(|figure| paper::part(figure, criterion)),
            task: name.clone(),
            depth: group.depth,
            criterion,
            tuned: group.tuned,
            trials,
            untrained: group.count(|outcome| matches!(outcome, TrialOutcome::Untrained)),
            missing,
            blind: Rate::new(count(&|finished| finished.blind(place)), trials, paper),
            published_rule: Rate::new(count(&|finished| finished.published(place)), trials, paper),
            vote: Vote::new(group, &outcome, place),
            sparsest_right: sparsest(true),
            sparsest_wrong: sparsest(false),
            drawn: draws.as_ref().map(|draws| draws[place]),
            units: units.clone(),
            paper,
            edges: median(edges.clone()),
            published_edges: published_edges(group),
        }
    };
    criteria.iter().enumerate().map(cell).collect()
}

impl Cell {
    /// The median number of edges divided by that of the authors' networks.
    #[must_use]
    pub fn edges_ratio(&self) -> Option<f64> {
        Some(self.edges? / self.published_edges?)
    }
}

/// The median number of edges of the authors' networks of the same task and architectures.
fn published_edges(group: &CellTrials<'_>) -> Option<f64> {
    let mut architectures: Vec<String> = group.trials.iter().map(|trial| trial.plan.architecture.to_string()).collect();
    architectures.sort_unstable();
    architectures.dedup();
    median(architectures.iter().flat_map(|widths| paper::edges(&group.task.name, widths)).copied().collect())
}

#[allow(clippy::cast_precision_loss)] // counts of edges
fn as_float(count: usize) -> f64 {
    count as f64
}

/// The median; `None` if there are no values.
#[must_use]
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (half, odd) = (values.len() / 2, values.len() % 2 == 1);
    let upper = *values.get(half)?;
    Some(if odd { upper } else { f64::midpoint(values[half - 1], upper) })
}
