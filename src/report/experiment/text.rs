//! A report as text.

use super::bars::{BAR, bar};
use super::build::Report;
use super::cells::{Cell, Rate};
use super::settings::SettingsCell;
use super::shares::{between, percent, share, trials};
use super::{grids, maps};
use crate::report::Charset;
use crate::report::detection::Section;
use crate::report::numbers::{counted, thousands};
use crate::report::text::{printable, wrapped};

/// The whole report: tables 80 columns wide, prose at most `width`.
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
        rows.extend(["", "For each cell, see --format csv."].map(str::to_owned));
    }
    for section in grids::sections(report, charset) {
        rows.extend(section.indented());
    }
    rows.extend(settings(&report.settings).into_iter().flat_map(Section::indented));
    rows.iter().map(|row| printable(row.trim_end(), charset)).collect()
}

/// Facts about the report as a whole, one or two sentences each.
#[must_use]
pub fn facts(report: &Report) -> Vec<String> {
    let mut facts = vec![format!("{} done.", counted(report.done, "trial"))];
    if report.missing > 0 {
        let waiting = format!("{} not done: cells count those that are, such as 8/12.", thousands(report.missing));
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
            facts.push(format!("All {} classify every row correctly.", counted(all, "network")));
        }
        (all, Some(right)) => {
            let networks = counted(all, "network");
            facts.push(format!("Only {} of {networks} classify every row correctly.", thousands(right)));
        }
    }
    if report.repeated > 0 {
        let many = counted(report.repeated, "trial");
        facts.push(format!(
            "{many} repeat another one with a different grid, number of epochs or engine; all are counted."
        ));
    }
    facts
}

/// A mark for a count that is compatible with the paper's, or is not.
fn mark(rate: &Rate) -> char {
    match rate.compatible() {
        Some(true) => '=',
        Some(false) => '!',
        None => ' ',
    }
}

/// Whether to show cells one by one. If learning rates and batch sizes are compared, the maps say it all.
#[must_use]
pub fn shows_cells(report: &Report) -> bool {
    report.cells.iter().all(|cell| cell.tuned.is_none())
}

/// What the columns and marks of the cells mean, one paragraph each.
#[must_use]
pub fn legend(report: &Report) -> Vec<String> {
    let mut rows = vec![
        "blind: successes of the sparsest network of each trial, with Wilson's 95% interval. publ., published rule: of \
         equally sparse networks, one that is a success; this is what the paper counts. vote: the structure that the \
         trials of the row agree on, and its share; a tie is right if either of two structures is. untr.: trials whose \
         dense network did not learn the task; they count as failures. p, = or !: Fisher's exact test against the \
         paper's count, compatible if p is at least 0.05. together: inputs and outputs that share a module in most \
         trials, with the share of trials that agree about the least stable pair."
            .to_owned(),
    ];
    if let Some(seeds) = report.vote_of {
        let draws = thousands(super::draws::DRAWS);
        rows.push(format!("of {seeds}: instead of the vote, how often it is right in {draws} draws of {seeds} seeds."));
    }
    rows
}

/// A section per criterion and, unless depths are pooled, per task. Its rows are depths or tasks.
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

/// Trials, the paper's count, the blind choice, the published rule and the vote.
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
    let vote = cell.vote.as_ref().map_or_else(String::new, |vote| match (vote.right, vote.tied) {
        (true, 0..=1) => format!("right ({})", percent(vote.share)),
        (true, _) => "right (tie)".to_owned(),
        (false, 0..=1) => format!("wrong ({})", percent(vote.share)),
        (false, _) => "wrong (tie)".to_owned(),
    });
    let vote = match &cell.drawn {
        Some(drawn) => format!("{:5.1}%", 100.0 * drawn.share()),
        None if is_drawn => "-".to_owned(),
        None => vote,
    };
    let trials = format!("{:>7} {:>5}", trials(cell.trials, cell.missing), cell.untrained);
    [trials, format!("{paper:w$}", w = BAR + 6), format!("{blind:w$}", w = BAR + 14), format!("{published:5}"), vote]
}

/// The structures that the trials of each task and depth agree on, and their edges.
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
    (!cells.is_empty()).then(|| Section { title: "Detection settings on the same networks".to_owned(), rows })
}
