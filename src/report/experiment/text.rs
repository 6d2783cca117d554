//! A report as text.

use super::bars::{BAR, bar};
use super::build::Report;
use super::cells::{Cell, Rate};
use super::settings::SettingsCell;
use super::shares::{between, percent, share, trials};
use super::{grids, maps};
use crate::report::Charset;
use crate::report::detection::Section;
use crate::report::numbers::counted;
use crate::report::text::{printable, wrapped};

/// All of a report, 80 columns wide and prose at most `width`.
#[must_use]
pub fn page(report: &Report, width: usize, charset: Charset) -> Vec<String> {
    let title = report.title.as_ref().unwrap_or(&report.name);
    let mut rows = vec![title.clone()];
    rows.extend(report.about.iter().flat_map(|about| wrapped(about, width, 0)));
    rows.push(String::new());
    rows.extend(facts(report).iter().flat_map(|fact| wrapped(fact, width, 2)));
    for section in maps::maps(report, charset) {
        rows.extend(section.indented());
    }
    if shows_cells(report) {
        rows.extend(successes(report, width, charset));
        rows.extend(agreed(report, width).into_iter().flat_map(Section::indented));
    } else {
        rows.extend(["", "--format csv has each cell by all three selections."].map(str::to_owned));
    }
    for section in grids::sections(report, charset) {
        rows.extend(section.indented());
    }
    rows.extend(settings(&report.settings).into_iter().flat_map(Section::indented));
    rows.iter().map(|row| printable(row.trim_end(), charset)).collect()
}

/// What is known of the report as a whole, a sentence a row.
#[must_use]
pub fn facts(report: &Report) -> Vec<String> {
    let mut facts = vec![format!("{} done.", counted(report.done, "trial"))];
    if report.missing > 0 {
        let waiting = format!("{} not done; cells count what is, as 8/12.", report.missing);
        facts[0] = format!("{} {waiting}", facts[0]);
    }
    if !report.seeds.is_empty() {
        let seeds: Vec<String> = report.seeds.iter().map(ToString::to_string).collect();
        facts.push(format!("Only seeds {}.", crate::report::names::short(&seeds, 40)));
    }
    facts.extend(report.hyperparameters.iter().map(|line| format!("{}{}.", line[..1].to_uppercase(), &line[1..])));
    match report.accepted {
        (0, _) | (_, None) => {}
        (all, Some(right)) if all == right => {
            facts.push(format!("All {all} networks left, of every walk, are right on every row of their truth table."));
        }
        (all, Some(right)) => {
            facts.push(format!("Of {all} networks left, of every walk, only {right} are right on every row!"));
        }
    }
    if report.repeated > 0 {
        let many = counted(report.repeated, "trial");
        facts.push(format!("{many} differ from another only in grid, epochs or engine; all are counted."));
    }
    facts
}

/// Is the count compatible with the paper's?
fn mark(rate: &Rate) -> char {
    match rate.compatible() {
        Some(true) => '=',
        Some(false) => '!',
        None => ' ',
    }
}

/// Are the cells shown one by one? Where learning rates are compared with batch sizes, the maps say all.
#[must_use]
pub fn shows_cells(report: &Report) -> bool {
    report.cells.iter().all(|cell| cell.tuned.is_none())
}

/// What the columns and marks of the cells mean, a paragraph a row.
#[must_use]
pub fn legend(report: &Report) -> Vec<String> {
    let mut rows = vec![
        "blind: the sparsest network of a trial, with Wilson's 95 % interval. publ., published rule: of equally sparse \
         networks one that is a success, which is what the paper counts. vote: is what all trials of the row agree on \
         right, and its share. untr.: trials whose dense network did not learn the task; they count. p, = or !: Fisher's \
         exact test against the paper's count, compatible from 0.05 on. together: inputs, and outputs, that share a \
         module in most trials, and the share of trials that say so of the least stable pair."
            .to_owned(),
    ];
    if let Some(seeds) = report.vote_of {
        let draws = super::draws::DRAWS;
        rows.push(format!("of {seeds}: in how many of {draws} draws of {seeds} seeds that vote is right instead."));
    }
    rows
}

/// A section for each criterion, and task unless depths are counted together; its rows are depths or tasks.
fn successes(report: &Report, width: usize, charset: Charset) -> Vec<String> {
    let mut sections: Vec<Vec<&Cell>> = Vec::new();
    let key = |cell: &Cell| (cell.depth.is_some().then(|| cell.task.clone()), cell.criterion.name);
    for cell in &report.cells {
        match sections.iter_mut().find(|section| key(section[0]) == key(cell)) {
            Some(section) => section.push(cell),
            None => sections.push(vec![cell]),
        }
    }
    let mut rows = Vec::new();
    for section in &sections {
        let Cell { task, depth, criterion, .. } = section[0];
        let (of, label, gap) = match depth {
            Some(_) => (format!("{task}, "), ("layers", 6), "  "),
            None => (String::new(), ("task", 10), " "),
        };
        rows.push(String::new());
        rows.extend(wrapped(&format!("{of}{}: {}", criterion.name, criterion.meaning), width, 2));
        let vote = report.vote_of.map_or_else(|| "vote".to_owned(), |seeds| format!("of {seeds}"));
        let (paper, blind) = (format!("{:w$}", "paper", w = BAR + 6), format!("{:w$}", "blind", w = BAR + 14));
        let head = [format!("{:>7} {:>5}", "trials", "untr."), paper, blind, "publ.".to_owned(), vote];
        rows.push(format!("  {:>w$} {}", label.0, head.join(gap), w = label.1));
        rows.extend(section.iter().map(|cell| {
            let name = cell.depth.map_or_else(|| cell.task.clone(), |depth| depth.to_string());
            let row = columns(cell, report.vote_of.is_some(), charset).join(gap);
            format!("  {name:>w$} {row}", w = label.1)
        }));
    }
    if !sections.is_empty() {
        rows.push(String::new());
        rows.extend(legend(report).iter().flat_map(|row| wrapped(row, width, 0)));
    }
    rows
}

/// Trials, the paper's count, the blind choice, the published one and the vote.
fn columns(cell: &Cell, is_drawn: bool, charset: Charset) -> [String; 5] {
    let paper = match cell.paper {
        Some(paper) => match paper.successes {
            #[allow(clippy::cast_precision_loss)] // counts of trials
            Some(successes) => {
                let share = successes as f64 / paper.of as f64;
                format!("{} {:>5}", bar(share, charset), format!("{successes}/{}", paper.of))
            }
            None => "X".to_owned(),
        },
        None => String::new(),
    };
    let Rate { successes, interval, .. } = cell.blind;
    let blind = format!(
        "{} {successes:>4} {:>7}{}",
        bar(share(successes, cell.trials), charset),
        between(interval),
        mark(&cell.blind)
    );
    let blind = if cell.trials > 0 { blind } else { "-".to_owned() };
    let published = format!("{:>4}{}", cell.published_rule.successes, mark(&cell.published_rule));
    let vote = cell.vote.as_ref().map_or_else(String::new, |vote| {
        let right = if vote.right { "yes" } else { "no" };
        format!("{right:<3} {:>4}{}", percent(vote.share), if vote.tied > 1 { " tie" } else { "" })
    });
    let vote = match &cell.drawn {
        Some(drawn) => format!("{:5.1}%", 100.0 * drawn.share()),
        None if is_drawn => "-".to_owned(),
        None => vote,
    };
    let trials = format!("{:>7} {:>5}", trials(cell.trials, cell.missing), cell.untrained);
    [trials, format!("{paper:w$}", w = BAR + 6), format!("{blind:w$}", w = BAR + 14), format!("{published:5}"), vote]
}

/// The structures that the trials of a task and depth agree on, and edges.
fn agreed(report: &Report, width: usize) -> Option<Section> {
    let mut rows = Vec::new();
    let mut last = None;
    for cell in &report.cells {
        let key = (&cell.task, cell.depth);
        if last == Some(key) {
            continue;
        }
        last = Some(key);
        let layers = cell.depth.map_or_else(|| "all depths".to_owned(), |depth| counted(depth, "layer"));
        let edges = match (cell.edges, cell.published_edges) {
            (Some(ours), Some(theirs)) => format!("; {ours} edges, the authors' {theirs} ({:.2})", ours / theirs),
            (Some(ours), None) => format!("; {ours} edges"),
            _ => String::new(),
        };
        let vote = cell.vote.as_ref().map_or_else(
            || "no network".to_owned(),
            |vote| {
                let tie = if vote.tied > 1 { ", a tie" } else { "" };
                let certified = match vote.certified {
                    Some(true) => ", certified",
                    Some(false) => ", not certified",
                    None => "",
                };
                format!(
                    "{} ({}) of {}{tie}, next {}{certified}: {}",
                    percent(vote.share),
                    between(vote.interval),
                    counted(vote.trials, "trial"),
                    percent(vote.runner_up_share),
                    vote.structure
                )
            },
        );
        let units = cell.units.as_ref().map_or_else(String::new, |units| format!("; together: {}", units.line()));
        let text = format!("{}, {layers}: {vote}{edges}{units}", cell.task);
        rows.extend(wrapped(&text, width.saturating_sub(2), 4));
    }
    (!rows.is_empty()).then(|| Section { title: "What the trials agree on, and median edges".to_owned(), rows })
}

/// Detection settings.
fn settings(cells: &[SettingsCell]) -> Option<Section> {
    let head = "linkage   distance   quality             trials   blind   publ.   paper";
    let row = |cell: &SettingsCell| {
        let rate = |rate: &Rate| percent(share(rate.successes, cell.trials));
        let paper = cell.paper_rate.map_or_else(String::new, percent);
        let settings = &cell.settings;
        let (linkage, distance, quality) = (settings.linkage.name(), settings.distance.name(), settings.quality.name());
        let (blind, published) = (rate(&cell.blind), rate(&cell.published_rule));
        format!("{linkage:<9} {distance:<10} {quality:<18} {:>7} {blind:>7} {published:>7} {paper:>7}", cell.trials)
    };
    let rows = [head.to_owned()].into_iter().chain(cells.iter().map(row)).collect();
    (!cells.is_empty()).then(|| Section { title: "Ways to detect modules, on the same networks".to_owned(), rows })
}
