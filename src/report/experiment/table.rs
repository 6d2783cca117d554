//! A report as a table: CSV and Markdown.

use std::io::Write;

use super::Report;
use super::line::{Line, lines};

/// A column of the table: its title, whether Markdown has it too, and its text.
struct Column {
    title: &'static str,
    in_markdown: bool,
    text: fn(&Line<'_>) -> String,
}

/// A column that both have.
const fn both(title: &'static str, text: fn(&Line<'_>) -> String) -> Column {
    Column { title, in_markdown: true, text }
}

/// A column of CSV alone.
const fn csv_only(title: &'static str, text: fn(&Line<'_>) -> String) -> Column {
    Column { title, in_markdown: false, text }
}

static COLUMNS: [Column; 43] = [
    csv_only("experiment", |line| line.experiment.to_owned()),
    both("figure", |line| shown(line.figure)),
    both("task", |line| shown(line.task)),
    both("depth", |line| shown(line.depth)),
    both("criterion", |line| line.criterion.to_owned()),
    both("learning_rate", |line| shown(line.learning_rate)),
    both("batch_size", |line| shown(line.batch_size)),
    both("stages", |line| line.stages.clone().unwrap_or_default()),
    both("width", |line| shown(line.width)),
    both("detection", detection),
    both("trials", |line| line.trials.to_string()),
    both("untrained", |line| line.untrained.to_string()),
    both("missing", |line| line.missing.to_string()),
    both("paper_successes", |line| shown(line.paper.and_then(|paper| paper.successes))),
    both("paper_of", |line| shown(line.paper.map(|paper| paper.of))),
    both("paper_rate", |line| shown(line.paper_rate)),
    both("blind", |line| shown(line.blind)),
    both("blind_low", |line| number(line.blind_interval.map(|interval| interval.0))),
    both("blind_high", |line| number(line.blind_interval.map(|interval| interval.1))),
    both("blind_p", |line| number(line.blind_p)),
    both("published_rule", |line| shown(line.published_rule)),
    both("published_rule_p", |line| number(line.published_rule_p)),
    both("vote_right", |line| shown(line.vote.as_ref().map(|vote| vote.right))),
    both("vote_share", |line| number(line.vote.as_ref().map(|vote| vote.share))),
    csv_only("vote_low", |line| number(line.vote.as_ref().map(|vote| vote.low))),
    csv_only("vote_high", |line| number(line.vote.as_ref().map(|vote| vote.high))),
    both("runner_up_share", |line| number(line.vote.as_ref().map(|vote| vote.runner_up_share))),
    csv_only("vote_trials", |line| shown(line.vote.as_ref().map(|vote| vote.trials))),
    csv_only("runner_up", |line| shown(line.vote.as_ref().and_then(|vote| vote.runner_up))),
    both("vote_tied", |line| shown(line.vote.as_ref().map(|vote| vote.tied))),
    csv_only("vote_certified", |line| shown(line.vote.as_ref().and_then(|vote| vote.certified))),
    csv_only("vote_structure", |line| shown(line.vote.as_ref().map(|vote| vote.structure))),
    csv_only("vote_edges", |line| shown(line.vote.as_ref().map(|vote| vote.edges))),
    csv_only("sparsest_right", |line| shown(line.sparsest_right)),
    csv_only("sparsest_wrong", |line| shown(line.sparsest_wrong)),
    both("vote_of_seeds", |line| shown(line.vote_of.map(|drawn| drawn.seeds))),
    both("vote_of_right", |line| number(line.vote_of.map(|drawn| drawn.right))),
    csv_only("vote_of_right_by_tie", |line| number(line.vote_of.map(|drawn| drawn.right_by_tie))),
    csv_only("edges", |line| shown(line.edges)),
    csv_only("published_edges", |line| shown(line.published_edges)),
    both("edges_ratio", |line| number(line.edges_ratio)),
    both("n90", |line| list(line.n90)),
    both("paper_n90", |line| list(line.paper_n90)),
];

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Four decimals.
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

/// Writes a report as CSV: every column, one line a cell.
///
/// # Errors
/// `out` cannot be written to.
pub fn csv(report: &Report, out: impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS.iter().map(|column| column.title))?;
    for line in lines(report) {
        writer.write_record(COLUMNS.iter().map(|column| (column.text)(&line)))?;
    }
    writer.flush()
}

/// A report as Markdown: a title, and a table with the columns in which something stands.
#[must_use]
pub fn markdown(report: &Report) -> Vec<String> {
    let lines = lines(report);
    let cells = |column: &Column| lines.iter().map(|line| (column.text)(line).replace('|', "\\|")).collect();
    let columns: Vec<(&str, Vec<String>)> = COLUMNS
        .iter()
        .filter(|column| column.in_markdown)
        .map(|column| (column.title, cells(column)))
        .filter(|(_, cells): &(_, Vec<String>)| cells.iter().any(|cell| !cell.is_empty()))
        .collect();
    let row = |texts: Vec<&str>| format!("| {} |", texts.join(" | "));
    let title = report.title.as_ref().unwrap_or(&report.name);
    let mut rows = vec![format!("## {title}"), String::new()];
    rows.extend(super::text::facts(report));
    rows.extend([String::new(), row(columns.iter().map(|(title, _)| *title).collect())]);
    rows.push(row(columns.iter().map(|_| "---").collect()));
    rows.extend((0..lines.len()).map(|line| row(columns.iter().map(|(_, cells)| &*cells[line]).collect())));
    rows
}
