//! Trials side by side: settings that differ, results, how their clusters agree, and where their hierarchies differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::detection::Section;
use super::names::{layer, of_units, short};
use super::numbers::{accuracy, counted, density, duration, thousands};
use super::text::{length, wrapped};
use crate::analysis::agreement::{Correspondence, by_layer};
use crate::analysis::difference::{HierarchyDifference, Role};
use crate::detect::Detection;
use crate::experiment::details::TrialDetails;

/// The most trials to compare at once.
pub const MOST: usize = 6;

/// The sections, at most `width` columns wide as far as values allow. All trials are compared with the first.
#[must_use]
pub fn sections(trials: &[&TrialDetails], width: usize) -> Vec<Section> {
    let sections = [
        ("Trials", names(trials)),
        ("Settings that differ", table(&settings(trials), trials.len())),
        ("Results", table(&outcomes(trials), trials.len())),
        ("Agreement of clusters with A: adjusted Rand index, numbers of clusters", agreement(trials)),
        ("Where the hierarchies differ from that of A", differences(trials, width)),
    ];
    sections.into_iter().map(|(title, rows)| Section { title: title.to_owned(), rows }).collect()
}

/// The letter of a trial in the comparison, counted from 0: `A`, `B`, ..
#[must_use]
pub fn letter(number: usize) -> char {
    ('A'..='Z').nth(number).unwrap_or('?')
}

fn names(trials: &[&TrialDetails]) -> Vec<String> {
    let row = |(number, trial): (usize, &&TrialDetails)| {
        let plan = &trial.trial.specification.plan;
        let id = &trial.trial.id.as_str()[..8];
        let name = format!("{}  {}  seed {}", trial.trial.about.task, plan.architecture, plan.seed);
        format!("{}  {id}  {name}  {}", letter(number), trial.row.status)
    };
    trials.iter().enumerate().map(row).collect()
}

/// A name and its value in each trial.
type Row = (String, Vec<String>);

/// Settings of training and detection that differ between the trials.
fn settings(trials: &[&TrialDetails]) -> Vec<Row> {
    let all: Vec<BTreeMap<String, String>> = trials.iter().map(|trial| settings_of(trial)).collect();
    let names: BTreeSet<&String> = all.iter().flat_map(BTreeMap::keys).collect();
    let row = |name: &String| {
        let values: Vec<String> =
            all.iter().map(|settings| settings.get(name).cloned().unwrap_or_else(|| "-".to_owned())).collect();
        let differ = values.iter().any(|value| *value != values[0]);
        differ.then(|| (name.clone(), values))
    };
    let rows: Vec<Row> = names.into_iter().filter_map(row).collect();
    // The content of the task matters only if the names do not differ already.
    let names_differ = rows.iter().any(|(name, _)| name == "task");
    rows.into_iter().filter(|(name, _)| name != "task content" || !names_differ).collect()
}

/// All settings of a trial by name.
fn settings_of(trial: &TrialDetails) -> BTreeMap<String, String> {
    let mut found = BTreeMap::from([("task".to_owned(), trial.trial.about.task.clone())]);
    let specification = serde_json::to_value(&trial.trial.specification).unwrap_or_default();
    flatten("", &specification, &mut found);
    if let Some((settings, _)) = &trial.detection {
        flatten("detection", &serde_json::to_value(settings).unwrap_or_default(), &mut found);
    }
    if let Some(result) = &trial.result {
        found.insert("kernel".to_owned(), result.kernel.clone());
    }
    found
}

/// Collects the leaves of `value`, named by their path without its uninformative parts.
fn flatten(name: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(parts) => {
            for (part, value) in parts {
                let name = match (name, part.as_str()) {
                    ("", "task") => "task content".to_owned(),
                    (_, "plan" | "hyperparameters" | "grid") => name.to_owned(),
                    ("", part) => part.replace('_', " "),
                    (name, part) => format!("{name} {}", part.replace(['_', '-'], " ")),
                };
                flatten(&name, value, found);
            }
        }
        Value::Array(items) => {
            let text: Vec<String> = items.iter().map(plain).collect();
            found.insert(name.to_owned(), if text.is_empty() { "none".to_owned() } else { text.join(",") });
        }
        value => {
            found.insert(name.to_owned(), plain(value));
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string()),
        value => value.to_string(),
    }
}

fn outcomes(trials: &[&TrialDetails]) -> Vec<Row> {
    let row = |name: &str, of: &dyn Fn(&TrialDetails) -> Option<String>| {
        let values = trials.iter().map(|trial| of(trial).unwrap_or_else(|| "-".to_owned()));
        (name.to_owned(), values.collect())
    };
    let yes = |success: bool| if success { "yes" } else { "no" }.to_owned();
    vec![
        row("accuracy", &|trial| Some(accuracy(trial.result.as_ref()?.accuracy))),
        row("loss", &|trial| Some(format!("{:.6}", trial.result.as_ref()?.loss))),
        row("density", &|trial| Some(density(trial.result.as_ref()?.density))),
        row("edges", &|trial| Some(thousands(trial.result.as_ref()?.edges))),
        row("hidden units", &|trial| Some(trial.result.as_ref()?.hidden_units.to_string())),
        row("modules", &|trial| Some(trial.verdict.as_ref()?.module_count.to_string())),
        row("true modules", &|trial| Some(yes(trial.verdict.as_ref()?.true_modules?))),
        row("rounds", &|trial| Some(thousands(trial.result.as_ref()?.rounds))),
        row("time", &|trial| Some(duration(trial.times.as_ref()?.wall_s.max(0.0)))),
    ]
}

/// The most columns of a value.
const CELL: usize = 18;

/// A table with one column per trial. Long values are cut.
fn table(rows: &[Row], trials: usize) -> Vec<String> {
    if rows.is_empty() {
        return vec!["none".to_owned()];
    }
    let name = rows.iter().map(|(name, _)| length(name)).max().unwrap_or(0).max(6);
    let wide = rows.iter().flat_map(|(_, values)| values).map(|value| length(value)).max().unwrap_or(1).min(CELL);
    let cut = |value: &str| {
        if length(value) <= wide {
            value.to_owned()
        } else {
            value.chars().take(wide - 2).chain("..".chars()).collect()
        }
    };
    let titles: String = (0..trials).map(|number| format!("  {:>wide$}", letter(number))).collect();
    let line = |(title, values): &Row| {
        let cells: String = values.iter().map(|value| format!("  {:>wide$}", cut(value))).collect();
        format!("{title:<name$}{cells}")
    };
    [format!("{:<name$}{titles}", "")].into_iter().chain(rows.iter().map(line)).collect()
}

fn found(trial: &TrialDetails) -> Option<&Detection> {
    trial.detection.as_ref().map(|(_, detection)| detection)
}

/// Which units of two trials correspond.
fn correspondence(a: &TrialDetails, b: &TrialDetails) -> Correspondence {
    let (first, second) = (&a.trial.specification.plan, &b.trial.specification.plan);
    Correspondence {
        inputs: a.trial.about.inputs == b.trial.about.inputs,
        outputs: a.trial.about.outputs == b.trial.about.outputs,
        // They correspond if both trials started from the same weights.
        hidden: (first.seed, &first.architecture) == (second.seed, &second.architecture),
    }
}

fn agreement(trials: &[&TrialDetails]) -> Vec<String> {
    let Some((first, others)) = trials.split_first() else { return Vec::new() };
    let Some(a) = found(first) else { return vec!["A has no clusters yet".to_owned()] };
    let layers = a.kept_units.len();
    let mut rows: Vec<Row> = (0..layers).map(|at| (layer(at, layers), Vec::new())).collect();
    let mut apart = false;
    for other in others {
        let same = correspondence(first, other);
        let agreements = found(other).map_or_else(Vec::new, |b| by_layer(a, b, same));
        for (at, (_, values)) in rows.iter_mut().enumerate() {
            let agreement = agreements.iter().find(|agreement| agreement.layer == at);
            values.push(agreement.map_or_else(
                || "-".to_owned(),
                |agreement| {
                    let index = agreement.index.map_or_else(|| "-".to_owned(), |index| format!("{index:.3}"));
                    format!("{index}  {}:{}", agreement.clusters[0], agreement.clusters[1])
                },
            ));
        }
        apart |= !same.hidden;
    }
    let mut lines = table(&rows, others.len());
    // The columns are the other trials, from B on.
    let shift = |c: char| if c.is_ascii_uppercase() { char::from(c as u8 + 1) } else { c };
    lines[0] = lines[0].chars().map(shift).collect();
    if apart {
        lines.push(
            "- in a hidden layer: the units of networks with different initial weights do not correspond".to_owned(),
        );
    }
    lines
}

fn differences(trials: &[&TrialDetails], width: usize) -> Vec<String> {
    let Some((first, others)) = trials.split_first() else { return Vec::new() };
    let Some(a) = found(first) else { return vec!["A has no hierarchy yet".to_owned()] };
    let mut lines = Vec::new();
    for (number, other) in (1..).zip(others) {
        let letter = letter(number);
        let same = correspondence(first, other);
        let mut say = |text: String| lines.extend(wrapped(&text, width.saturating_sub(2), 4));
        let Some(b) = found(other) else {
            say(format!("{letter} has no hierarchy yet"));
            continue;
        };
        if !same.inputs || !same.outputs {
            say(format!("{letter} has other inputs or outputs, so the hierarchies cannot be compared"));
            continue;
        }
        let difference = HierarchyDifference::new(a, b);
        let common = counted(difference.common.len(), "module");
        if difference.is_empty() {
            say(format!("{letter} has the same hierarchy, {common}"));
            continue;
        }
        let common = if difference.common.is_empty() { "no module".to_owned() } else { common };
        say(format!("{letter} and A have {common} in common"));
        for (roles, edges, who) in
            [(&difference.only[0], &difference.edges[0], 'A'), (&difference.only[1], &difference.edges[1], letter)]
        {
            for role in roles {
                say(format!("  only {who}: {}", described(role, first)));
            }
            for (from, to) in edges {
                say(format!("  only {who}: a path from [{}] to [{}]", described(from, first), described(to, first)));
            }
        }
    }
    lines
}

/// A module in words: its inputs and outputs, or those that it lies between.
fn described(role: &Role, trial: &TrialDetails) -> String {
    let about = &trial.trial.about;
    let named = |units: &BTreeSet<usize>, layer: usize| {
        let units: Vec<usize> = units.iter().copied().collect();
        short(&of_units(&units, layer, 2, &about.inputs, &about.outputs), 24)
    };
    let feeds = |outputs: String| if outputs.is_empty() { String::new() } else { format!(" towards {outputs}") };
    let fed = |inputs: String| if inputs.is_empty() { String::new() } else { format!(" from {inputs}") };
    match (role.inputs.is_empty(), role.outputs.is_empty()) {
        (false, false) => format!("inputs {} with outputs {}", named(&role.inputs, 0), named(&role.outputs, 1)),
        (false, true) => format!("inputs {}{}", named(&role.inputs, 0), feeds(named(&role.to, 1))),
        (true, false) => format!("outputs {}{}", named(&role.outputs, 1), fed(named(&role.from, 0))),
        (true, true) => format!("hidden units{}{}", fed(named(&role.from, 0)), feeds(named(&role.to, 1))),
    }
}
