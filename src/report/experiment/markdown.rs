//! A report as Markdown: tables, with maps and bars as text.

use super::bars::bar;
use super::build::Report;
use super::cells::{Cell, Rate, Vote};
use super::settings::SettingsCell;
use super::shares::{between, percent, share, trials};
use super::text::{facts, legend, shows_cells};
use super::{grids, maps};
use crate::report::Charset;
use crate::report::detection::Section;

/// The whole report; its title is a second-level heading.
#[must_use]
pub fn page(report: &Report) -> Vec<String> {
    let title = report.title.as_ref().unwrap_or(&report.name);
    let mut rows = vec![format!("## {title}"), String::new()];
    rows.extend(report.about.iter().map(|about| format!("{about}.")));
    rows.extend([facts(report).join(" "), String::new()]);
    let charset = Charset::Unicode;
    for section in maps::maps(report, charset).into_iter().chain(grids::sections(report, charset)) {
        rows.extend(fenced(&section));
    }
    if !report.cells.is_empty() && shows_cells(report) {
        rows.extend(table(&SUCCESSES, &report.cells.iter().collect::<Vec<_>>()));
        rows.extend(legend(report).into_iter().chain([String::new()]));
        rows.extend(table(&ANSWERS, &answers(report)));
    }
    rows.extend(table(&SETTINGS, &report.settings.iter().collect::<Vec<_>>()));
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    rows
}

fn fenced(section: &Section) -> Vec<String> {
    let head = [section.title.clone() + ":", String::new(), "```text".to_owned()];
    head.into_iter().chain(section.rows.iter().cloned()).chain(["```".to_owned(), String::new()]).collect()
}

/// A column: its title, and its text for a row.
struct Column<T>(&'static str, fn(&T) -> String);

/// A table without its empty columns, followed by an empty row. Nothing if there are no rows.
fn table<T>(columns: &[Column<T>], of: &[&T]) -> Vec<String> {
    if of.is_empty() {
        return Vec::new();
    }
    let texts = |column: &Column<T>| of.iter().map(|row| (column.1)(row).replace('|', "\\|")).collect();
    let columns: Vec<(&str, Vec<String>)> = columns.iter().map(|column| (column.0, texts(column))).collect();
    let columns: Vec<_> = columns.into_iter().filter(|(_, texts)| texts.iter().any(|text| !text.is_empty())).collect();
    let row = |texts: Vec<&str>| format!("| {} |", texts.join(" | "));
    let mut rows = vec![row(columns.iter().map(|(title, _)| *title).collect())];
    rows.push(row(columns.iter().map(|_| "---").collect()));
    rows.extend((0..of.len()).map(|place| row(columns.iter().map(|(_, texts)| &*texts[place]).collect())));
    rows.push(String::new());
    rows
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn layers(cell: &Cell) -> String {
    cell.depth.map_or_else(|| "all".to_owned(), |depth| depth.to_string())
}

/// p with four decimals, in bold if it is significant.
fn compatibility(rate: &Rate) -> String {
    let Some(p) = rate.p else { return String::new() };
    let text = if p < 0.000_05 { "< 0.0001".to_owned() } else { format!("{p:.4}") };
    if rate.compatible() == Some(false) { format!("**{text}**") } else { text }
}

#[allow(clippy::cast_precision_loss)] // counts of trials
fn paper(cell: &Cell) -> String {
    let Some(paper) = cell.paper else { return String::new() };
    match paper.successes {
        Some(successes) => {
            format!("`{}` {successes}/{}", bar(successes as f64 / paper.of as f64, Charset::Unicode), paper.of)
        }
        None => "X".to_owned(),
    }
}

fn blind(cell: &Cell) -> String {
    if cell.trials == 0 {
        return String::new();
    }
    format!("`{}` {}", bar(share(cell.blind.successes, cell.trials), Charset::Unicode), cell.blind.successes)
}

static SUCCESSES: [Column<Cell>; 12] = [
    Column("task", |cell| cell.task.clone()),
    Column("layers", layers),
    Column("criterion", |cell| cell.criterion.name.to_owned()),
    Column("trials", |cell| trials(cell.trials, cell.missing)),
    Column("untrained", |cell| cell.untrained.to_string()),
    Column("paper", paper),
    Column("blind", blind),
    Column("95%", |cell| if cell.trials > 0 { between(cell.blind.interval) } else { String::new() }),
    Column("p", |cell| compatibility(&cell.blind)),
    Column("published rule", |cell| cell.published_rule.successes.to_string()),
    Column("p", |cell| compatibility(&cell.published_rule)),
    Column("vote", vote),
];

/// Whether the vote is right, or how often the vote of fewer seeds is.
fn vote(cell: &Cell) -> String {
    if let Some(drawn) = &cell.drawn {
        return format!("{:.1}% of {}", 100.0 * drawn.share(), drawn.seeds);
    }
    let tie = |vote: &Vote| if vote.tied > 1 { ", a tie" } else { "" };
    let text = |vote: &Vote| format!("{}{}", if vote.right { "right" } else { "wrong" }, tie(vote));
    cell.vote.as_ref().map_or_else(String::new, text)
}

/// One cell per task and depth, for what does not depend on the criterion.
fn answers(report: &Report) -> Vec<&Cell> {
    let mut cells: Vec<&Cell> = report.cells.iter().collect();
    cells.dedup_by_key(|cell| (&cell.task, cell.depth));
    cells
}

static ANSWERS: [Column<Cell>; 11] = [
    Column("task", |cell| cell.task.clone()),
    Column("layers", layers),
    Column("what the trials agree on", |cell| shown(cell.vote.as_ref().map(|vote| vote.structure.clone()))),
    Column("share", |cell| shown(cell.vote.as_ref().map(|vote| percent(vote.share)))),
    Column("95%", |cell| shown(cell.vote.as_ref().map(|vote| between(vote.interval)))),
    Column("next", |cell| shown(cell.vote.as_ref().map(|vote| percent(vote.runner_up_share)))),
    Column("trials", |cell| shown(cell.vote.as_ref().map(|vote| vote.trials))),
    Column("certified", |cell| {
        let certified = cell.vote.as_ref().and_then(|vote| vote.certified);
        certified.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned()
    }),
    Column("median edges", |cell| shown(cell.edges)),
    Column("the authors'", |cell| shown(cell.published_edges)),
    Column("ratio", |cell| shown(cell.edges_ratio().map(|ratio| format!("{ratio:.2}")))),
];

static SETTINGS: [Column<SettingsCell>; 7] = [
    Column("linkage", |cell| cell.settings.linkage.name().to_owned()),
    Column("distance", |cell| cell.settings.distance.name().to_owned()),
    Column("quality", |cell| cell.settings.quality.name().to_owned()),
    Column("trials", |cell| cell.trials.to_string()),
    Column("blind", |cell| percent(share(cell.blind.successes, cell.trials))),
    Column("published rule", |cell| percent(share(cell.published_rule.successes, cell.trials))),
    Column("paper", |cell| shown(cell.paper_rate.map(percent))),
];
