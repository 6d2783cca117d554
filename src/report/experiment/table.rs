//! A report as CSV.

use std::io::Write;

use super::build::Report;
use super::line::{Line, lines};

/// A column: its title, and its text for a line.
type Column = (&'static str, fn(&Line<'_>) -> String);

static COLUMNS: [Column; 43] = [
    ("experiment", |line| line.experiment.to_owned()),
    ("figure", |line| shown(line.figure)),
    ("task", |line| shown(line.task)),
    ("depth", |line| shown(line.depth)),
    ("criterion", |line| line.criterion.to_owned()),
    ("learning_rate", |line| shown(line.learning_rate)),
    ("batch_size", |line| shown(line.batch_size)),
    ("stages", |line| line.stages.clone().unwrap_or_default()),
    ("width", |line| shown(line.width)),
    ("detection", detection),
    ("trials", |line| line.trials.to_string()),
    ("untrained", |line| line.untrained.to_string()),
    ("missing", |line| line.missing.to_string()),
    ("paper_successes", |line| shown(line.paper.and_then(|paper| paper.successes))),
    ("paper_of", |line| shown(line.paper.map(|paper| paper.of))),
    ("paper_rate", |line| shown(line.paper_rate)),
    ("blind", |line| shown(line.blind)),
    ("blind_low", |line| number(line.blind_interval.map(|interval| interval.0))),
    ("blind_high", |line| number(line.blind_interval.map(|interval| interval.1))),
    ("blind_p", |line| number(line.blind_p)),
    ("published_rule", |line| shown(line.published_rule)),
    ("published_rule_p", |line| number(line.published_rule_p)),
    ("vote_right", |line| shown(line.vote.as_ref().map(|vote| vote.right))),
    ("vote_share", |line| number(line.vote.as_ref().map(|vote| vote.share))),
    ("vote_low", |line| number(line.vote.as_ref().map(|vote| vote.low))),
    ("vote_high", |line| number(line.vote.as_ref().map(|vote| vote.high))),
    ("runner_up_share", |line| number(line.vote.as_ref().map(|vote| vote.runner_up_share))),
    ("vote_trials", |line| shown(line.vote.as_ref().map(|vote| vote.trials))),
    ("runner_up", |line| shown(line.vote.as_ref().and_then(|vote| vote.runner_up))),
    ("vote_tied", |line| shown(line.vote.as_ref().map(|vote| vote.tied))),
    ("vote_certified", |line| shown(line.vote.as_ref().and_then(|vote| vote.certified))),
    ("vote_structure", |line| shown(line.vote.as_ref().map(|vote| vote.structure))),
    ("vote_edges", |line| shown(line.vote.as_ref().map(|vote| vote.edges))),
    ("sparsest_right", |line| shown(line.sparsest_right)),
    ("sparsest_wrong", |line| shown(line.sparsest_wrong)),
    ("vote_of_seeds", |line| shown(line.vote_of.map(|drawn| drawn.seeds))),
    ("vote_of_right", |line| number(line.vote_of.map(|drawn| drawn.right))),
    ("vote_of_right_by_tie", |line| number(line.vote_of.map(|drawn| drawn.right_by_tie))),
    ("edges", |line| shown(line.edges)),
    ("published_edges", |line| shown(line.published_edges)),
    ("edges_ratio", |line| number(line.edges_ratio)),
    ("n90", |line| list(line.n90)),
    ("paper_n90", |line| list(line.paper_n90)),
];

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A number with four decimals.
fn number(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.4}")).unwrap_or_default()
}

fn list(values: Option<&[f64]>) -> String {
    let texts: Vec<String> = values.unwrap_or_default().iter().map(|value| format!("{value:.2}")).collect();
    texts.join(" ")
}

fn detection(line: &Line<'_>) -> String {
    let name = |settings: &crate::detect::DetectionSettings| {
        [settings.linkage.name(), settings.distance.name(), settings.quality.name()].join(" ")
    };
    line.detection.map(name).unwrap_or_default()
}

/// Writes a report as CSV with all columns, one line per cell.
///
/// # Errors
/// `out` cannot be written to.
pub fn csv(report: &Report, out: impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS.iter().map(|column| column.0))?;
    for line in lines(report) {
        writer.write_record(COLUMNS.iter().map(|column| (column.1)(&line)))?;
    }
    writer.flush()
}
