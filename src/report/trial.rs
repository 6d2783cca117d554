//! A trial as text: its settings, its rounds and its results.

use super::detection::{Section, sections};
use super::numbers::{accuracy, counted, density, duration, loss, thousands};
use super::text::{length, printable, wrapped};
use super::{Charset, hyperparameters};
use crate::analysis::Purity;
use crate::experiment::details::TrialDetails;
use crate::experiment::hyperparameters::Origin;
use crate::prune::{RoundRecord, WalkRecord};

/// The whole trial, at most `width` columns wide.
#[must_use]
pub fn page(details: &TrialDetails, width: usize, charset: Charset) -> Vec<String> {
    let about = &details.trial.about;
    let facts = overview(details, charset);
    let mut rows: Vec<String> = facts.iter().flat_map(|fact| folded(fact, width)).collect();
    let mut add = |title: &str, body: Vec<String>| {
        if !body.is_empty() {
            rows.extend(Section { title: title.to_owned(), rows: body }.indented());
        }
    };
    add("Walks", walks(details));
    add("Rounds of the best walk", rounds(details));
    if let Some((settings, detection)) = &details.detection {
        for section in sections(detection, settings, &about.inputs, &about.outputs, width, charset) {
            rows.extend(section.indented());
        }
    }
    rows
}

/// A fact on as many rows as it needs, with its value indented.
fn folded(fact: &str, width: usize) -> Vec<String> {
    if length(fact) <= width {
        return vec![fact.to_owned()];
    }
    let mut characters = fact.chars();
    let name: String = characters.by_ref().take(NAME).collect();
    let rows = wrapped(characters.as_str(), width.saturating_sub(NAME), 0).into_iter();
    rows.enumerate().map(|(number, row)| format!("{:NAME$}{row}", if number == 0 { &*name } else { "" })).collect()
}

/// Columns of a fact's name.
const NAME: usize = 14;

/// The settings and results of the trial, one fact per row.
#[must_use]
pub fn overview(details: &TrialDetails, charset: Charset) -> Vec<String> {
    let plan = &details.trial.specification.plan;
    let settings = &plan.hyperparameters;
    let about = &details.trial.about;
    let mut rows = Vec::new();
    let mut fact = |name: &str, value: String| rows.push(format!("{name:<NAME$}{}", printable(&value, charset)));
    fact("trial", details.trial.id.to_string());
    fact("experiment", details.row.experiments.join(", "));
    let (inputs, outputs) = (counted(about.inputs.len(), "input"), counted(about.outputs.len(), "output"));
    fact("task", format!("{}, {inputs}, {outputs}", about.task));
    fact(
        "architecture",
        format!("{} ({}), seed {}", plan.architecture, counted(plan.architecture.weights(), "weight"), plan.seed),
    );
    fact(
        "training",
        format!(
            "learning rate {}, batch size {}, {} epochs per round{}, noise {}{}, engine {}",
            settings.learning_rate,
            settings.batch_size,
            settings.epochs,
            settings.patience.map_or_else(String::new, |patience| format!(" (patience {patience})")),
            settings.noise,
            if plan.regrow { ", steps regrow" } else { "" },
            details.trial.specification.engine
        ),
    );
    if let Some(chosen) = details.chosen.as_ref().filter(|chosen| chosen.origin != Origin::File) {
        fact("chosen", hyperparameters::sentence(chosen));
    }
    fact("status", status(details));
    for (name, value) in results(details) {
        fact(name, value);
    }
    rows
}

fn status(details: &TrialDetails) -> String {
    let state = details.row.status.as_str();
    match (&details.failure, &details.progress) {
        (Some(failure), _) => format!("{state}: {}", failure.message),
        (None, Some(progress)) => {
            format!(
                "{state}, {} of {} walks, {}",
                progress.walks_done,
                progress.walks_total,
                counted(progress.rounds_done, "round")
            )
        }
        _ => state.to_owned(),
    }
}

fn results(details: &TrialDetails) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(result) = &details.result {
        let classes = result
            .classes_right
            .map_or_else(String::new, |share| format!(" of output bits, classes right {}", accuracy(share)));
        let accuracy = accuracy(result.accuracy);
        facts.push(("accuracy", format!("{accuracy}{classes}, loss {}", loss(result.loss))));
        let (edges, units) = (counted(result.edges, "edge"), counted(result.hidden_units, "hidden unit"));
        facts.push(("network", format!("{edges}, {units}, density {}", density(result.density))));
        facts.push((
            "best walk",
            format!(
                "{}; {} in {}",
                steps(result.p_u, result.p_e),
                counted(result.rounds, "round"),
                counted(result.walks, "walk")
            ),
        ));
    }
    if let Some(verdict) = &details.verdict {
        facts.push(("modules", thousands(verdict.module_count)));
        facts.extend(verdict.true_modules.map(|found| ("true modules", if found { "yes" } else { "no" }.to_owned())));
        facts.extend(verdict.purity.as_ref().map(|purity| ("purity", purity_line(purity))));
    }
    if let Some(times) = &details.times {
        let shown = |seconds: f64| duration(seconds.max(0.0));
        facts.push(("time", format!("{} elapsed, {} of processor time", shown(times.wall_s), shown(times.cpu_s))));
    }
    facts
}

/// How far the modules separate images, such as `100.00% of 401 pixels (188 | 213), 100.00% of 20 outputs`.
fn purity_line(purity: &Purity) -> String {
    let side = |share: f64, kept: &[u64], what: &str| {
        let groups: Vec<String> = kept.iter().map(|&count| thousands(count)).collect();
        format!("{} of {} {what} ({})", accuracy(share), thousands(kept.iter().sum::<u64>()), groups.join(" | "))
    };
    let (inputs, outputs) = (purity.inputs(), purity.outputs());
    format!("{}, {}", side(inputs, &purity.kept_inputs, "pixels"), side(outputs, &purity.kept_outputs, "outputs"))
}

/// The initial step sizes of a walk.
fn steps(p_u: Option<f64>, p_e: Option<f64>) -> String {
    match (p_u, p_e) {
        (Some(p_u), Some(p_e)) => format!("p_u {p_u}, p_e {p_e}"),
        (Some(p_u), None) => format!("p_u {p_u}"),
        (None, Some(p_e)) => format!("p_e {p_e}"),
        (None, None) => "none: the dense network".to_owned(),
    }
}

/// The edges that each walk of the last stage leaves: a row per `p_u`, a column per `p_e`, and a star at the best.
#[must_use]
pub fn walks(details: &TrialDetails) -> Vec<String> {
    let plan = &details.trial.specification.plan;
    if details.walks.is_empty() || !plan.stages.has_edge_walks() {
        return Vec::new();
    }
    let best = details.best_walk().map(|walk| (walk.p_u, walk.p_e));
    let mut rows = vec![format!(
        "edges left  {}",
        plan.grid.p_e.iter().map(|p_e| format!("{:>8}", format!("p_e {p_e}"))).collect::<String>()
    )];
    let branches =
        if plan.stages.has_unit_walks() { plan.grid.p_u.iter().map(|&p_u| Some(p_u)).collect() } else { vec![None] };
    for p_u in branches {
        let cell = |p_e: &f64| {
            let steps = (p_u, Some(*p_e));
            let walk = details.walks.iter().find(|walk| (walk.p_u, walk.p_e) == steps);
            let star = if best == Some(steps) { '*' } else { ' ' };
            walk.map_or_else(|| format!("{:>8}", "-"), |walk: &WalkRecord| format!("{:>7}{star}", walk.edges))
        };
        let name = p_u.map_or_else(|| "edges only".to_owned(), |p_u| format!("p_u {p_u}"));
        rows.push(format!("{name:<12}{}", plan.grid.p_e.iter().map(cell).collect::<String>()));
    }
    rows
}

/// Every round of the best walk, from the dense network on.
#[must_use]
pub fn rounds(details: &TrialDetails) -> Vec<String> {
    let Some(trajectory) = details.best_walk().and_then(|walk| walk.trajectory.as_ref()) else { return Vec::new() };
    let weights = details.trial.specification.plan.architecture.weights();
    let mut rows = vec![format!(
        "{:>3}  {:<8}{:>8}  {:<9}{:>9}{:>11}{:>7}{:>7}{:>9}",
        "#", "stage", "p", "result", "accuracy", "loss", "units", "edges", "density"
    )];
    rows.extend(trajectory.rounds.iter().enumerate().map(|(number, round)| round_row(number, round, weights)));
    rows
}

fn round_row(number: usize, round: &RoundRecord, weights: usize) -> String {
    let outcome = match (round.accepted, round.best) {
        (true, _) => "accepted",
        (false, Some(_)) => "rejected",
        (false, None) => "empty",
    };
    let (accuracy, loss_text) = round
        .best
        .map_or_else(|| ("-".to_owned(), "-".to_owned()), |best| (accuracy(best.accuracy.fraction()), loss(best.loss)));
    format!(
        "{number:>3}  {:<8}{:>8.3}  {outcome:<9}{accuracy:>9}{loss_text:>11}{:>7}{:>7}{:>9}",
        round.stage.to_string(),
        round.p,
        round.hidden_units,
        round.edges,
        density(round.edges as f64 / weights as f64)
    )
}
