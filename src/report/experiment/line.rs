//! A report as data, one line per cell.

use serde::Serialize;

use super::build::Report;
use super::cells::{Cell, Rate, Vote};
use super::draws::Drawn;
use super::paper::PaperCount;
use super::settings::SettingsCell;
use super::units::UnitConsensus;
use super::weights::WeightsCell;
use crate::analysis::interval::{CONFIDENCE, wilson};
use crate::detect::DetectionSettings;

/// Version of what `sculpt report --json` prints: increased when a field is removed or changes its meaning.
pub const SCHEMA: u32 = 1;

/// A cell. Fields that do not apply are `null`; those after `edges_ratio` are left out instead.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    /// Version of the schema.
    pub schema: u32,
    /// The experiment.
    pub experiment: &'a str,
    /// Figure or table of the paper, such as `6`, `12b` or `table 2`, if the experiment is one.
    pub figure: Option<&'static str>,
    /// The task; `null` for all tasks together.
    pub task: Option<&'a str>,
    /// Number of hidden layers; `null` for all together.
    pub depth: Option<usize>,
    /// When the true modules count as found.
    pub criterion: &'a str,
    /// Trials that are done, untrained ones included.
    pub trials: usize,
    /// Trials whose dense network missed the required accuracy.
    pub untrained: usize,
    /// Trials that are not done.
    pub missing: usize,
    /// Successes of the sparsest networks.
    pub blind: Option<usize>,
    /// Wilson's 95% interval of their share.
    pub blind_interval: Option<(f64, f64)>,
    /// p of Fisher's exact test against the paper's count.
    pub blind_p: Option<f64>,
    /// Whether p is at least 0.05.
    pub blind_compatible: Option<bool>,
    /// Successes if ties in density are resolved in favor of success, as in the paper.
    pub published_rule: Option<usize>,
    /// Wilson's 95% interval of their share.
    pub published_rule_interval: Option<(f64, f64)>,
    /// p of Fisher's exact test against the paper's count.
    pub published_rule_p: Option<f64>,
    /// Whether p is at least 0.05.
    pub published_rule_compatible: Option<bool>,
    /// The vote of all trials.
    pub vote: Option<VoteLine<'a>>,
    /// Edges of the sparsest network, among those near the best of a trial, for which the criterion holds.
    pub sparsest_right: Option<usize>,
    /// Edges of the sparsest one for which it does not.
    pub sparsest_wrong: Option<usize>,
    /// Which inputs and outputs belong together, and the share of trials that agree for each pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<&'a UnitConsensus>,
    /// What the paper reports.
    pub paper: Option<PaperCount>,
    /// Median edges of the best networks.
    pub edges: Option<f64>,
    /// Median edges of the authors' networks.
    pub published_edges: Option<f64>,
    /// The first divided by the second.
    pub edges_ratio: Option<f64>,
    /// How often the vote of fewer seeds is right, if requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vote_of: Option<DrawnLine>,
    /// Learning rate, if the experiment compares several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
    /// Batch size, if the experiment compares several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<usize>,
    /// Width of the hidden layers, in lines on weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    /// Stages of pruning, in lines on weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stages: Option<String>,
    /// Mean N90 of each hidden layer, in lines on weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n90: Option<&'a [f64]>,
    /// The paper's mean N90.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_n90: Option<&'a [f64]>,
    /// Detection settings, if several are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<&'a DetectionSettings>,
    /// The paper's rate for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_rate: Option<f64>,
}

/// The vote of a cell's trials.
#[derive(Clone, Debug, Serialize)]
pub struct VoteLine<'a> {
    /// Whether the criterion holds for the answer, or for either of two that tie; always false if more tie.
    pub right: bool,
    /// The share of the votes.
    pub share: f64,
    /// Lower end of the 95% interval of the share.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The share of the structure with the next most votes.
    pub runner_up_share: f64,
    /// That structure as one line; `null` if the vote is unanimous.
    pub runner_up: Option<&'a str>,
    /// Trials that took part.
    pub trials: usize,
    /// How many structures tie for first place; 1 without a tie.
    pub tied: usize,
    /// Edges of the sparsest network with this structure.
    pub edges: usize,
    /// The structure as one line; if two tie, `either` one `or` the other.
    pub structure: &'a str,
    /// Whether the truth table certifies it.
    pub certified: Option<bool>,
}

impl<'a> VoteLine<'a> {
    fn new(vote: &'a Vote) -> Self {
        let Vote { right, tied, share, interval: (low, high), runner_up_share, trials, edges, certified, .. } = *vote;
        let (structure, runner_up) = (&*vote.structure, vote.runner_up.as_deref());
        Self { right, share, low, high, runner_up_share, runner_up, trials, tied, edges, structure, certified }
    }
}

/// The votes of some of the seeds, drawn many times.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct DrawnLine {
    /// Seeds per draw; all trials of the cell with these seeds vote.
    pub seeds: usize,
    /// The number of seeds to draw from.
    pub from: usize,
    /// The number of draws.
    pub draws: usize,
    /// The share of draws that are right.
    pub right: f64,
    /// The share of draws that are right only because one of two structures that tie is.
    pub right_by_tie: f64,
    /// Lower end of the 95% interval of the share, for as many draws as there can be without a common seed.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl DrawnLine {
    #[allow(clippy::cast_precision_loss)] // counts of draws
    fn new(drawn: &Drawn) -> Self {
        let Drawn { seeds, from, draws, right_by_tie, .. } = *drawn;
        let (low, high) = drawn.interval();
        let right_by_tie = right_by_tie as f64 / draws as f64;
        Self { seeds, from, draws, right: drawn.share(), right_by_tie, low, high }
    }
}

/// All cells of a report.
#[must_use]
pub fn lines(report: &Report) -> Vec<Line<'_>> {
    let cells = report.cells.iter().map(|cell| of_cell(report, cell));
    let weights = report.weights.iter().flat_map(|cell| of_weights(report, cell));
    cells.chain(weights).chain(report.settings.iter().map(|cell| of_settings(report, cell))).collect()
}

/// A line without values.
fn empty<'a>(report: &'a Report, criterion: &'a str) -> Line<'a> {
    Line {
        schema: SCHEMA,
        experiment: &report.name,
        figure: report.figure,
        task: None,
        depth: None,
        criterion,
        trials: 0,
        untrained: 0,
        missing: 0,
        blind: None,
        blind_interval: None,
        blind_p: None,
        blind_compatible: None,
        published_rule: None,
        published_rule_interval: None,
        published_rule_p: None,
        published_rule_compatible: None,
        vote: None,
        sparsest_right: None,
        sparsest_wrong: None,
        units: None,
        paper: None,
        edges: None,
        published_edges: None,
        edges_ratio: None,
        vote_of: None,
        learning_rate: None,
        batch_size: None,
        width: None,
        stages: None,
        n90: None,
        paper_n90: None,
        detection: None,
        paper_rate: None,
    }
}

impl Line<'_> {
    fn with_rates(self, blind: &Rate, published_rule: &Rate) -> Self {
        Self {
            blind: Some(blind.successes),
            blind_interval: Some(blind.interval),
            blind_p: blind.p,
            blind_compatible: blind.compatible(),
            published_rule: Some(published_rule.successes),
            published_rule_interval: Some(published_rule.interval),
            published_rule_p: published_rule.p,
            published_rule_compatible: published_rule.compatible(),
            ..self
        }
    }
}

fn of_cell<'a>(report: &'a Report, cell: &'a Cell) -> Line<'a> {
    Line {
        figure: cell.figure,
        task: Some(&cell.task),
        depth: cell.depth,
        trials: cell.trials,
        untrained: cell.untrained,
        missing: cell.missing,
        vote: cell.vote.as_ref().map(VoteLine::new),
        sparsest_right: cell.sparsest_right,
        sparsest_wrong: cell.sparsest_wrong,
        units: cell.units.as_ref(),
        paper: cell.paper,
        edges: cell.edges,
        published_edges: cell.published_edges,
        edges_ratio: cell.edges_ratio(),
        vote_of: cell.drawn.as_ref().map(DrawnLine::new),
        learning_rate: cell.tuned.map(|(rate, _)| rate),
        batch_size: cell.tuned.map(|(_, batch)| batch),
        ..empty(report, cell.criterion.name)
    }
    .with_rates(&cell.blind, &cell.published_rule)
}

/// A line for separability, if it was tested, and one for reuse.
fn of_weights<'a>(report: &'a Report, cell: &'a WeightsCell) -> Vec<Line<'a>> {
    let head = |criterion| Line {
        task: Some(&cell.task),
        depth: Some(cell.depth),
        width: Some(cell.width),
        stages: Some(cell.stages.to_string()),
        trials: cell.trials,
        untrained: cell.untrained,
        missing: cell.missing,
        ..empty(report, criterion)
    };
    #[allow(clippy::cast_precision_loss)] // counts of trials
    let interval = |count: usize| wilson(count as f64, cell.trials as f64, CONFIDENCE);
    let separable = cell.separable.map(|count| Line {
        blind: Some(count),
        blind_interval: Some(interval(count)),
        paper: cell.paper_separable.map(|yes| PaperCount { successes: Some(u64::from(yes)), of: 1 }),
        ..head("separable")
    });
    let reuse = Line { n90: Some(&cell.n90), paper_n90: cell.paper_n90.as_deref(), ..head("n90") };
    separable.into_iter().chain([reuse]).collect()
}

fn of_settings<'a>(report: &'a Report, cell: &'a SettingsCell) -> Line<'a> {
    let line = Line { trials: cell.trials, detection: Some(&cell.settings), ..empty(report, "settings") };
    Line { paper_rate: cell.paper_rate, ..line }.with_rates(&cell.blind, &cell.published_rule)
}
