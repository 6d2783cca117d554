//! The 38 Boolean functions of the paper, by name: `4-2-4`, `4-1-2-16` and so on; and, by theirs, the twelve of
//! [`generator`].
//!
//! A name lists the inputs, the sub-functions of each level and the outputs (figures 1, 2, 5, 7, 9 and 11).

use std::sync::OnceLock;

use super::graph::FunctionGraph;
use super::graph_file::{GraphList, GraphTable};
use super::{Task, generator};

/// The function graphs, embedded.
const GRAPHS: &str = include_str!("function_graphs.toml");

/// How many names are suggested for one that does not exist.
const SUGGESTIONS: usize = 3;

/// A name that is none of the built-in tasks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no task is called `{name}`; the closest names are {}", close.join(", "))]
pub struct UnknownTask {
    /// What was asked for.
    pub name: String,
    /// The closest names, best first.
    pub close: Vec<String>,
}

/// The names of the paper's tasks, in the order of the embedded file; those of the others are [`generator::NAMES`].
#[must_use]
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    graphs().iter().map(|(name, _)| name.as_str())
}

/// The task of that name, with its complete truth table and its true modules.
///
/// # Errors
/// No such name; the error lists the closest ones.
pub fn get(name: &str) -> Result<Task, UnknownTask> {
    if let Some(generated) = generator::find(name) {
        return Ok(generated.task.clone());
    }
    let table = find(name)?;
    // The embedded file is fixed: a test builds every one of its graphs.
    Ok(table.task(name).unwrap_or_else(|error| unreachable!("the embedded graph {name} is wrong: {error}")))
}

/// The function graph of the task of that name.
///
/// # Errors
/// No such name; the error lists the closest ones.
pub fn graph(name: &str) -> Result<FunctionGraph, UnknownTask> {
    if let Some(generated) = generator::find(name) {
        return Ok(generated.graph.clone());
    }
    let table = find(name)?;
    // As in `get`.
    Ok(table.graph().unwrap_or_else(|error| unreachable!("the embedded graph {name} is wrong: {error}")))
}

fn find(name: &str) -> Result<&'static GraphTable, UnknownTask> {
    let found = graphs().iter().find(|(known, _)| known == name);
    found.map(|(_, table)| table).ok_or_else(|| UnknownTask { name: name.to_owned(), close: closest(name) })
}

/// Parsed when first asked for: a few milliseconds.
fn graphs() -> &'static [(String, GraphTable)] {
    static PARSED: OnceLock<Vec<(String, GraphTable)>> = OnceLock::new();
    PARSED.get_or_init(|| {
        // As in `get`: fixed, and tested.
        let list: GraphList =
            toml::from_str(GRAPHS).unwrap_or_else(|error| unreachable!("the embedded graphs are wrong: {error}"));
        list.graph.into_iter().map(|table| (table.own_name().unwrap_or_default(), table)).collect()
    })
}

fn closest(name: &str) -> Vec<String> {
    // Longer names are no closer to any of ours, and the distance takes time in proportion to the length.
    let name: Vec<char> = name.chars().take(64).collect();
    let names = names().chain(generator::NAMES);
    let mut ranked: Vec<(usize, &str)> = names.map(|known| (edit_distance(&name, known), known)).collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked.iter().take(SUGGESTIONS).map(|(_, known)| (*known).to_owned()).collect()
}

/// Least number of characters inserted, deleted or replaced that lead from one to the other.
pub(crate) fn edit_distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (i, wanted) in to.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, have) in from.iter().enumerate() {
            let replaced = diagonal + usize::from(*have != wanted);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[from.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_38_tasks_of_the_paper_are_there() {
        assert_eq!(names().len(), 38);
        for name in names() {
            let task = get(name).unwrap();
            assert!(task.is_complete() && task.truth.is_some(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_close_ones() {
        let message = get("4-1-2-6").unwrap_err().to_string();
        assert_eq!(message, "no task is called `4-1-2-6`; the closest names are 4-1-2-2, 4-1-2-4, 4-1-2-8");
        assert_eq!(get("generated-3").unwrap_err().close[0], "generated-03");
        assert_eq!(get(&"9".repeat(1_000_000)).unwrap_err().close.len(), 3);
    }

    #[test]
    fn edit_distances() {
        let distance = |from: &str, to: &str| edit_distance(&from.chars().collect::<Vec<_>>(), to);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("4-2-4", "4-2-4"), 0);
    }
}
