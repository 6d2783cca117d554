//! The heat maps of the paper: figure 10 (shared inputs by use) and tables 2 and 3 (batch size by learning rate), with ours
//! on the left and the paper's on the right.

use super::bars::{Heat, heat};
use super::build::Report;
use super::cells::Cell;
use super::paper::{OUTPUTS, OVERLAPS, PaperCount};
use crate::report::Charset;
use crate::report::detection::Section;

/// Columns of the names of rows.
const NAME: usize = 9;

/// The heat maps of a report; most reports have none.
#[must_use]
pub fn maps(report: &Report, charset: Charset) -> Vec<Section> {
    match report.figure {
        Some("10") => overlaps(report, charset),
        _ => tunings(report, charset),
    }
}

#[allow(clippy::cast_precision_loss)] // counts of trials
fn ours(cell: Option<&Cell>) -> Heat {
    cell.filter(|cell| cell.trials > 0)
        .map_or(Heat::None, |cell| Heat::Share(cell.published_rule.successes as f64 / cell.trials as f64))
}

#[allow(clippy::cast_precision_loss)] // counts of trials
fn theirs(paper: Option<PaperCount>) -> Heat {
    match paper {
        None => Heat::None,
        Some(PaperCount { successes: None, .. }) => Heat::Untrained,
        Some(PaperCount { successes: Some(successes), of }) => Heat::Share(successes as f64 / of as f64),
    }
}

/// Two maps side by side, with titles of columns and names of rows.
fn side_by_side(
    corner: &str,
    columns: &[String],
    rows: &[(String, Vec<(Heat, Heat)>)],
    charset: Charset,
) -> Vec<String> {
    let width = 6 * columns.len();
    let titles: String = columns.iter().map(|column| format!("{column:>6}")).collect();
    let mut lines = vec![
        format!("{:NAME$}{:>width$}   {:>width$}", "", "ours in %, published rule", "paper").trim_end().to_owned(),
        format!("{corner:NAME$}{titles}   {titles}"),
    ];
    for (name, cells) in rows {
        let half = |of: fn(&(Heat, Heat)) -> Heat| cells.iter().map(|cell| heat(of(cell), charset)).collect::<String>();
        lines.push(format!("{name:NAME$}{}   {}", half(|cell| cell.0), half(|cell| cell.1)));
    }
    lines
}

fn overlaps(report: &Report, charset: Charset) -> Vec<Section> {
    let map = |(criterion, title): &(&str, &str)| {
        let pair = |family: &str, outputs: usize| {
            let task = format!("{family}-{outputs}");
            let cell = report.cells.iter().find(|cell| cell.task == task && cell.criterion.name == *criterion);
            (ours(cell), theirs(cell.and_then(|cell| cell.paper)))
        };
        let row = |(shared, family): (usize, &&str)| {
            (format!("{shared} shared"), OUTPUTS.iter().map(|&outputs| pair(family, outputs)).collect())
        };
        let rows: Vec<_> = OVERLAPS.iter().enumerate().map(row).collect();
        let columns: Vec<String> = OUTPUTS.iter().map(|outputs| format!("use {}", outputs / 2)).collect();
        Section { title: (*title).to_owned(), rows: side_by_side("", &columns, &rows, charset) }
    };
    [("input sizes", "Inputs, by the sizes of their sets"), ("outputs", "Outputs"), ("hidden", "Hidden units")]
        .iter()
        .map(map)
        .collect()
}

fn tunings(report: &Report, charset: Charset) -> Vec<Section> {
    let mut sections: Vec<(String, usize)> = Vec::new();
    for cell in report.cells.iter().filter(|cell| cell.tuned.is_some()) {
        let key = (cell.task.clone(), cell.depth.unwrap_or(0));
        if !sections.contains(&key) {
            sections.push(key);
        }
    }
    let map = |(task, depth): (String, usize)| {
        let strictest = report.cells.iter().rev().find(|cell| cell.task == task)?.criterion.name;
        let cells: Vec<&Cell> = report
            .cells
            .iter()
            .filter(|cell| cell.task == task && cell.depth == Some(depth) && cell.criterion.name == strictest)
            .collect();
        let mut rates: Vec<f64> = cells.iter().filter_map(|cell| Some(cell.tuned?.0)).collect();
        rates.sort_by(f64::total_cmp);
        rates.dedup();
        let mut batches: Vec<usize> = cells.iter().filter_map(|cell| Some(cell.tuned?.1)).collect();
        batches.sort_unstable();
        batches.dedup();
        let row = |&batch: &usize| {
            let pair = |&rate: &f64| {
                let cell = cells.iter().find(|cell| cell.tuned == Some((rate, batch))).copied();
                let paper = report.figure.and_then(|_| super::paper::tuned(&task, depth, rate, batch));
                // If the rule finds no number of epochs, nothing is run: an X.
                (cell.map_or(Heat::Untrained, |cell| ours(Some(cell))), theirs(paper))
            };
            (format!("batch {batch}"), rates.iter().map(pair).collect())
        };
        let rows: Vec<_> = batches.iter().map(row).collect();
        let columns: Vec<String> = rates.iter().map(ToString::to_string).collect();
        let layers = crate::report::numbers::counted(depth, "hidden layer");
        Some(Section { title: format!("{task}, {layers}"), rows: side_by_side("rate", &columns, &rows, charset) })
    };
    sections.into_iter().filter_map(map).collect()
}
