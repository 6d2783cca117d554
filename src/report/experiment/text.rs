//! A report as text.

use super::bars::{BAR, bar};
use super::cells::{Cell, Rate};
use super::settings::SettingsCell;
use super::weights::WeightsCell;
use super::{Report, maps};
use crate::report::Charset;
use crate::report::detection::Section;
use crate::report::text::{counted, printable, wrapped};

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
    rows.extend(successes(report, width, charset));
    for section in [agreed(report, width), weights(&report.weights, charset), settings(&report.settings)] {
        if !section.rows.is_empty() {
            rows.extend(section.indented());
        }
    }
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
    if report.repeated > 0 {
        let many = counted(report.repeated, "trial");
        facts.push(format!("{many} differ from another only in grid, epochs or engine; all are counted."));
    }
    facts
}

/// Trials done, and of how many where some are not.
fn trials(done: usize, missing: usize) -> String {
    if missing > 0 { format!("{done}/{}", done + missing) } else { done.to_string() }
}

#[allow(clippy::cast_precision_loss)] // counts of trials
fn share(part: usize, of: usize) -> f64 {
    if of > 0 { part as f64 / of as f64 } else { 0.0 }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

fn between((low, high): (f64, f64)) -> String {
    format!("{:.0}-{:.0}%", 100.0 * low, 100.0 * high)
}

/// Is the count compatible with the paper's?
fn mark(rate: &Rate) -> char {
    match rate.compatible() {
        Some(true) => '=',
        Some(false) => '!',
        None => ' ',
    }
}

/// A section for each task and criterion, its rows being depths.
fn successes(report: &Report, width: usize, charset: Charset) -> Vec<String> {
    let mut rows = Vec::new();
    let vote = report.vote_of.map_or_else(|| "vote".to_owned(), |seeds| format!("of {seeds}"));
    let mut last: Option<&Cell> = None;
    let mut order: Vec<&Cell> = report.cells.iter().collect();
    let place = |cell: &Cell| {
        let same = |other: &&Cell| other.task == cell.task && other.criterion.name == cell.criterion.name;
        order.iter().position(same)
    };
    let places: Vec<_> = order.iter().map(|cell| place(cell)).collect();
    let mut numbered: Vec<_> = places.into_iter().zip(order.drain(..)).collect();
    numbered.sort_by_key(|(place, _)| *place);
    for (_, cell) in numbered {
        if last.is_none_or(|last| (&last.task, last.criterion.name) != (&cell.task, cell.criterion.name)) {
            rows.push(String::new());
            let head = format!("{}, {}: {}", cell.task, cell.criterion.name, cell.criterion.meaning);
            rows.extend(wrapped(&head, width, 2));
            rows.push(format!(
                "  {:>6} {:>7} {:>5}  {:<w$}  {:<v$}  {:<5}  {vote}",
                "layers",
                "trials",
                "untr.",
                "paper",
                "blind",
                "publ.",
                w = BAR + 6,
                v = BAR + 14
            ));
        }
        rows.push(row(cell, report.vote_of.is_some(), charset));
        last = Some(cell);
    }
    if last.is_some() {
        rows.push(String::new());
        let legend = "blind: the sparsest network of a trial, with Wilson's 95 % interval. publ.: of equally sparse \
                      networks one that is a success, which is what the paper counts. vote: is what all trials of the \
                      row agree on right, and its share. untr.: trials whose dense network did not learn the task; they \
                      count. = or !: compatible or not with the paper's count (Fisher's exact test, 0.05).";
        rows.extend(wrapped(legend, width, 0));
        if let Some(seeds) = report.vote_of {
            let draws = super::draws::DRAWS;
            let text = format!("of {seeds}: in how many of {draws} draws of {seeds} seeds that vote is right instead.");
            rows.extend(wrapped(&text, width, 0));
        }
    }
    rows
}

fn row(cell: &Cell, is_drawn: bool, charset: Charset) -> String {
    let layers = match (cell.depth, cell.tuned) {
        (Some(depth), None) => depth.to_string(),
        (Some(depth), Some((rate, batch))) => format!("{depth} {rate}:{batch}"),
        (None, _) => "all".to_owned(),
    };
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
    let trials = trials(cell.trials, cell.missing);
    let blind = if cell.trials > 0 { blind } else { "-".to_owned() };
    format!(
        "  {layers:>6} {trials:>7} {:>5}  {paper:<w$}  {blind:<v$}  {published:<5}  {vote}",
        cell.untrained,
        w = BAR + 6,
        v = BAR + 14
    )
}

/// The structures that the trials of a task and depth agree on, and edges.
fn agreed(report: &Report, width: usize) -> Section {
    let mut rows = Vec::new();
    let mut last = None;
    for cell in &report.cells {
        let key = (&cell.task, cell.depth, cell.tuned);
        if last == Some(key) {
            continue;
        }
        last = Some(key);
        let layers = cell.depth.map_or_else(|| "all depths".to_owned(), |depth| counted(depth, "layer"));
        let tuned = cell.tuned.map_or_else(String::new, |(rate, batch)| format!(", rate {rate}, batch {batch}"));
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
        let text = format!("{}, {layers}{tuned}: {vote}{edges}", cell.task);
        rows.extend(wrapped(&text, width.saturating_sub(2), 4));
    }
    Section { title: "What the trials agree on, and median edges".to_owned(), rows }
}

/// Separability and reuse.
fn weights(cells: &[WeightsCell], charset: Charset) -> Section {
    let head = "task       stages    layers width trials untr.  separable       paper  N90 by layer (paper)";
    let row = |cell: &WeightsCell| {
        let separable = cell.separable.map_or_else(String::new, |count| {
            let trained = cell.trials - cell.untrained;
            format!("{} {:>6}", bar(share(count, trained), charset), format!("{count}/{trained}"))
        });
        let paper = match cell.paper_separable {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let theirs = |layer: usize| cell.paper_n90.as_ref().and_then(|paper| paper.get(layer));
        let layer = |(place, mean): (usize, &f64)| match theirs(place) {
            Some(paper) => format!("{mean:.2} ({paper:.2})"),
            None => format!("{mean:.2}"),
        };
        let n90: Vec<String> = cell.n90.iter().enumerate().map(layer).collect();
        let trials = trials(cell.trials, cell.missing);
        format!(
            "{:<10} {:<9} {:>6} {:>5} {trials:>6} {:>5}  {separable:<14}  {paper:<5}  {}",
            cell.task,
            cell.stages.to_string(),
            cell.depth,
            cell.width,
            cell.untrained,
            n90.join("  ")
        )
    };
    let rows = cells.iter().map(row);
    let rows = if cells.is_empty() { Vec::new() } else { [head.to_owned()].into_iter().chain(rows).collect() };
    Section { title: "Weights of the best networks".to_owned(), rows }
}

/// Detection settings.
fn settings(cells: &[SettingsCell]) -> Section {
    let head = "linkage   distance   quality             trials   blind   publ.   paper";
    let row = |cell: &SettingsCell| {
        let rate = |rate: &Rate| percent(share(rate.successes, cell.trials));
        let paper = cell.paper_rate.map_or_else(String::new, percent);
        let settings = &cell.settings;
        let (linkage, distance, quality) = (settings.linkage.name(), settings.distance.name(), settings.quality.name());
        let (blind, published) = (rate(&cell.blind), rate(&cell.published_rule));
        format!("{linkage:<9} {distance:<10} {quality:<18} {:>7} {blind:>7} {published:>7} {paper:>7}", cell.trials)
    };
    let rows = cells.iter().map(row);
    let rows = if cells.is_empty() { Vec::new() } else { [head.to_owned()].into_iter().chain(rows).collect() };
    Section { title: "Ways to detect modules, on the same networks".to_owned(), rows }
}
