//! The numbers in the paper's figures and tables, and the edges of the authors' networks.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;
use toml::{Table, Value};

use crate::analysis::criteria::{self, Criterion};
use crate::prune::Stages;
use crate::task::Task;

/// The numbers, as read from the paper's figures and tables.
static NUMBERS: LazyLock<Table> = LazyLock::new(|| {
    // Part of the program and checked by a test; without it there is nothing to compare with.
    include_str!("data/paper_numbers.toml").parse().unwrap_or_default()
});

/// Edges of the authors' sparse networks, by task and layer widths.
static EDGES: LazyLock<HashMap<(String, String), Vec<f64>>> = LazyLock::new(|| {
    let mut edges: HashMap<_, Vec<f64>> = HashMap::new();
    for record in csv::Reader::from_reader(&include_bytes!("data/published_networks.csv")[..]).records().flatten() {
        // Only the chosen network, not the others listed with it.
        if let ("0", Ok(count)) = (&record[7], record[3].parse()) {
            edges.entry((record[0].to_owned(), record[1].to_owned())).or_default().push(count);
        }
    }
    edges
});

/// Successful trials of a cell of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PaperCount {
    /// The number of successes; `None` for an X in tables 2 and 3, where not all dense networks learned the task.
    pub successes: Option<u64>,
    /// The number of trials.
    pub of: u64,
}

/// The figure or table that a preset reproduces, by its name.
#[must_use]
pub fn figure(experiment: &str) -> Option<&'static str> {
    let known = [
        ("figure-2", "2"),
        ("figure-3", "3"),
        ("figure-4", "4"),
        ("figure-6", "6"),
        ("figure-8", "8"),
        ("figure-10", "10"),
        ("figure-12", "12"),
        ("figure-13", "13"),
        ("figure-13-small", "13"),
        ("digits-pair", "digits"),
        ("digits-pair-small", "digits"),
        ("table-1", "table 1"),
        ("table-2", "table 2"),
        ("table-3", "table 3"),
        ("table-4", "table 4"),
        ("figures-34-36", "34-36"),
    ];
    known.into_iter().find(|(name, _)| *name == experiment).map(|(_, figure)| figure)
}

/// The part of `figure` that shows a criterion's rate, such as 12a or 12b.
#[must_use]
pub fn part(figure: &'static str, criterion: &Criterion) -> &'static str {
    match (figure, criterion.name) {
        ("13", _) => "13b",
        ("digits", _) => "section 5.2",
        ("12", "exact") => "12b",
        ("12", _) => "12a",
        _ => figure,
    }
}

/// The criteria by which a figure counts the trials of a task; the last is the one of the paper's rate.
#[must_use]
pub fn criteria(figure: Option<&str>, task: &Task) -> &'static [Criterion] {
    match figure {
        Some("table 2" | "table 3" | "table 4") => criteria::of_tables(task),
        _ => criteria::of(task),
    }
}

/// Whether the figure pools the trials of all depths.
#[must_use]
pub fn pools_depths(figure: Option<&str>) -> bool {
    matches!(figure, Some("10" | "digits"))
}

/// The numbers of outputs of tasks that reuse a sub-function 1, 2, 4, 6 and 8 times.
pub const OUTPUTS: [usize; 5] = [2, 4, 8, 12, 16];

/// The tasks of figure 10 without their number of outputs, by the number of inputs that both sub-functions share.
pub const OVERLAPS: [&str; 5] = ["8-2", "7-3-2", "6-3-2", "5-3-2", "4-1-2-2"];

/// The count of a cell of a figure, if the paper has one. `depth` is `None` for all depths together.
#[must_use]
pub fn count(figure: &str, task: &str, depth: Option<usize>, criterion: &str) -> Option<PaperCount> {
    if figure == "digits" {
        let number = |key| u64::try_from(at(&format!("mnist_two_digits.{key}"))?.as_integer()?).ok();
        return depth.is_none().then(|| Some(PaperCount { successes: number("success"), of: number("of")? })).flatten();
    }
    let (family, last) = task.rsplit_once('-')?;
    let uses = OUTPUTS.iter().position(|outputs| outputs.to_string() == last);
    let (path, place): (String, usize) = match figure {
        "13" => {
            let picture = match criterion {
                "inputs" => "input_separable",
                "outputs" => "output_subfunctions",
                "middle" => "middle_layers",
                _ => return None,
            };
            (format!("fig13b.{picture}.success"), depth?.checked_sub(2)?)
        }
        "6" => {
            let graph = ["input_separable_4_2_4", "reused_4_1_2_16", "both_6_3_3_3", "none_4_1_4"];
            let end = format!("_{}", task.replace('-', "_"));
            let name = graph.into_iter().find(|name| name.ends_with(&end))?;
            (format!("fig6.{name}.success"), depth?.checked_sub(1)?)
        }
        "8" if family == "4-1-2" => (format!("fig8.depth_{}.success", depth?), uses?),
        "10" if depth.is_none() => {
            let picture = match criterion {
                "inputs" | "input sizes" => "input_separability",
                "outputs" => "output_subfunctions",
                "hidden" => "hidden_units_separability",
                _ => return None,
            };
            let overlap = OVERLAPS.iter().position(|name| *name == family)?;
            (format!("fig10.{picture}.success.{overlap}"), uses?)
        }
        "12" if criterion == "exact" => (format!("fig12b.hidden_layers_{}.success", depth?), uses?.checked_sub(1)?),
        "12" if task == "8-2-1-2-8" => {
            let name = match criterion {
                "inputs" => "input_separable",
                "intermediate" => "single_intermediate",
                "outputs" => "output",
                _ => return None,
            };
            (format!("fig12a.{name}.success"), depth?.checked_sub(2)?)
        }
        _ => return None,
    };
    let figure = path.split('.').next()?;
    let of = at(&format!("{figure}.of"))?.as_integer()?;
    let successes = at(&path)?.get(place)?.as_integer()?;
    Some(PaperCount { successes: u64::try_from(successes).ok(), of: u64::try_from(of).ok()? })
}

/// The count of a cell of tables 2 and 3, if the paper has one.
#[must_use]
pub fn tuned(task: &str, depth: usize, learning_rate: f64, batch_size: usize) -> Option<PaperCount> {
    let (table, name) = match task {
        "4-2-4" => ("table2", "input_separable_4_2_4"),
        "4-1-2-16" => ("table2", "reused_4_1_2_16"),
        "6-3-3-3" => ("table3", "both_6_3_3_3"),
        "4-1-4" => ("table3", "single_4_1_4"),
        _ => return None,
    };
    let batches = at(&format!("{table}.{name}.batch_sizes")).or_else(|| at(&format!("{table}.batch_sizes")))?;
    let row = batches.as_array()?.iter().position(|size| size.as_integer() == i64::try_from(batch_size).ok())?;
    let rates = at(&format!("{table}.learning_rates"))?.as_array()?;
    let column = rates.iter().position(|rate| rate.as_float() == Some(learning_rate))?;
    let cell = at(&format!("{table}.{name}.hidden_layers_{depth}"))?.get(row)?.get(column)?.as_str()?;
    let share = if cell == "X" { None } else { Some(cell.parse::<f64>().ok()?) };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // quarters of four seeds
    Some(PaperCount { successes: share.map(|share| (share * 4.0).round() as u64), of: 4 })
}

/// The success rate in table 4 for this quality index, the same for every linkage and distance.
#[must_use]
pub fn clustered(quality: &str) -> Option<f64> {
    at(&format!("table4.{}", quality.replace('-', "_")))?.as_float()
}

/// The seed of the networks that the paper shows individually.
pub const SHOWN_SEED: u64 = 1;

/// The significance level of the separability tests.
pub const WELCH_LEVEL: f64 = 0.05;

/// t and p of Welch's test of the first or second pair of inputs (`test` 0 or 1) in the network of [`SHOWN_SEED`] in
/// figures 34 to 36 and table 1, if the paper has them.
#[must_use]
pub fn welch(stages: Stages, depth: usize, width: usize, test: usize) -> Option<(f64, f64)> {
    let name = match stages {
        Stages::Dense => "fig34_dense",
        Stages::Edge => "fig35_edge",
        Stages::UnitEdge => "fig36_unit_edge",
        Stages::Unit => return None,
    };
    let row = at("table1.widths")?.as_array()?.iter().position(|w| w.as_integer() == i64::try_from(width).ok())?;
    let number = |letter: char| {
        at(&format!("{name}.{letter}_test{}", test + 1))?.get(row)?.get(depth.checked_sub(1)?)?.as_float()
    };
    Some((number('t')?, number('p')?))
}

/// Whether the inputs are separable in that network: both null hypotheses are rejected.
#[must_use]
pub fn separable(stages: Stages, depth: usize, width: usize) -> Option<bool> {
    let rejected = |test| welch(stages, depth, width, test).map(|(t, p)| t < 0.0 && p < WELCH_LEVEL);
    Some(rejected(0)? && rejected(1)?)
}

/// Depth and width of the network of `4-2-4` whose path products the paper shows.
pub const PRODUCTS_OF: (usize, usize) = (3, 48);

/// The path products of figures 1b, 3a and 4a, one row per input: `4-2-4` with three hidden layers of 48 units, seed
/// [`SHOWN_SEED`].
#[must_use]
pub fn products(figure: &str) -> Option<Vec<Vec<f64>>> {
    let name = match figure {
        "2" => "fig1b",
        "3" => "fig3a",
        "4" => "fig4a",
        _ => return None,
    };
    let row = |row: &Value| row.as_array()?.iter().map(Value::as_float).collect();
    at(&format!("{name}.ewp"))?.as_array()?.iter().map(row).collect()
}

/// The mean N90 over four seeds of a hidden layer, counted from 1, in figures 2b, 3b and 4b.
#[must_use]
pub fn n90(stages: Stages, layer: usize, width: usize) -> Option<f64> {
    let name = match stages {
        Stages::Dense => "fig2b",
        Stages::Edge => "fig3b",
        Stages::UnitEdge => "fig4b",
        Stages::Unit => return None,
    };
    let widths = at(&format!("{name}.widths"))?.as_array()?;
    let place = widths.iter().position(|other| other.as_integer() == i64::try_from(width).ok())?;
    at(&format!("{name}.N90_layer{layer}_mean"))?.get(place)?.as_float()
}

/// Edges of the authors' networks for a task and layer widths such as `4,24,24,16`; empty if there are none.
#[must_use]
pub fn edges(task: &str, architecture: &str) -> &'static [f64] {
    EDGES.get(&(task.to_owned(), architecture.to_owned())).map_or(&[], Vec::as_slice)
}

/// The value at a path of keys and list indices, separated by dots.
fn at(path: &str) -> Option<&'static Value> {
    let mut keys = path.split('.');
    let first = NUMBERS.get(keys.next()?)?;
    keys.try_fold(first, |value, key| match key.parse::<usize>() {
        Ok(place) => value.get(place),
        Err(_) => value.get(key),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn successes(figure: &str, task: &str, depth: Option<usize>, criterion: &str) -> Option<(u64, u64)> {
        count(figure, task, depth, criterion).map(|count| (count.successes.unwrap(), count.of))
    }

    #[test]
    fn counts_of_the_paper() {
        // Read off the figures by eye.
        assert_eq!(successes("6", "4-1-2-16", Some(3), "modules"), Some((11, 12)));
        assert_eq!(successes("6", "4-1-2-16", Some(1), "modules"), Some((0, 12)));
        assert_eq!(successes("8", "4-1-2-2", Some(2), "modules"), Some((7, 12)));
        assert_eq!(successes("10", "4-1-2-2-16", None, "hidden"), Some((6, 36)));
        assert_eq!(successes("10", "8-2-2", None, "inputs"), Some((36, 36)));
        assert_eq!(successes("12", "8-2-1-2-16", Some(2), "exact"), Some((10, 12)));
        assert_eq!(successes("12", "8-2-1-2-8", Some(3), "outputs"), Some((11, 12)));
        assert_eq!(successes("12", "8-2-1-2-2", Some(3), "exact"), None, "use 1 is not shown");
        assert_eq!(successes("12", "8-2-1-2-16", Some(3), "outputs"), None);
        assert_eq!(successes("6", "4-1-2-16", Some(4), "modules"), None);
        assert_eq!(successes("6", "8-2-4", Some(2), "modules"), None);
        assert_eq!(successes("10", "8-2-2", Some(1), "inputs"), None, "of all depths together only");
    }

    #[test]
    fn tables() {
        assert_eq!(tuned("4-1-2-16", 3, 0.05, 4), Some(PaperCount { successes: Some(3), of: 4 }));
        assert_eq!(tuned("4-2-4", 1, 0.01, 1), Some(PaperCount { successes: None, of: 4 }));
        assert_eq!(tuned("6-3-3-3", 3, 0.05, 64), None, "missing in the text");
        assert_eq!(clustered("davies-bouldin"), Some(0.49));
    }

    #[test]
    fn structure_of_weights() {
        // Table 1: with one hidden layer only.
        for width in [24, 36, 48] {
            let dense = [1, 2, 3].map(|depth| separable(Stages::Dense, depth, width).unwrap());
            assert_eq!(dense, [true, false, false], "{width}");
            assert!((1..4).all(|depth| separable(Stages::UnitEdge, depth, width) == Some(true)));
        }
        assert_eq!(welch(Stages::Edge, 2, 24, 0), Some((-216.77, 0.0)), "one hidden layer is the first column");
        assert_eq!(products("3").unwrap()[2], [0.0, 0.0, 72.42, 72.42]);
        assert!(products("6").is_none());
        assert_eq!(n90(Stages::UnitEdge, 1, 24), Some(3.0));
        assert_eq!(n90(Stages::Dense, 2, 48), Some(36.0));
        assert_eq!(n90(Stages::Dense, 1, 47), None);
    }

    #[test]
    fn edges_of_the_authors_networks() {
        assert_eq!(edges("4-2-4", "4,24,4"), [16.0; 4]);
        assert!(edges("4-2-4", "4,23,4").is_empty());
        assert_eq!(EDGES.values().map(Vec::len).sum::<usize>(), 1444);
    }
}
