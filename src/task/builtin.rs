//! Built-in tasks by name: the 38 Boolean functions of the paper, such as `4-2-4` and `4-1-2-16`, and the twelve of
//! [`generator`].
//!
//! A name from the paper lists the number of inputs, the number of sub-functions on each level and the number of
//! outputs (figures 1, 2, 5, 7, 9 and 11).

use super::graph::FunctionGraph;
use super::text::excerpt;
use super::{Task, generator, paper};

/// How many names are suggested for an unknown one.
const SUGGESTIONS: usize = 3;

/// A name that no built-in task has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no task is called `{name}`; did you mean {}?", alternatives(close))]
pub struct UnknownTask {
    /// The unknown name.
    pub name: String,
    /// The closest names, best first.
    pub close: Vec<String>,
}

/// The names of the paper's tasks, in its order. [`generator::NAMES`] has the others.
#[must_use]
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    paper::names()
}

/// The task of that name, with its complete truth table and its true modules.
///
/// ```
/// use neural_sculpting::task::builtin;
///
/// let task = builtin::get("4-2-4")?;
/// assert_eq!(task.rows.count, 16);
/// assert_eq!(task.truth.unwrap().input_groups, [[0, 1], [2, 3]]);
/// # Ok::<(), builtin::UnknownTask>(())
/// ```
///
/// # Errors
/// No task has this name; the error lists the closest names.
pub fn get(name: &str) -> Result<Task, UnknownTask> {
    let generated = || generator::find(name).map(|generated| generated.task.clone());
    generated().or_else(|| paper::task(name)).ok_or_else(|| unknown(name))
}

/// The function graph of the task of that name.
///
/// # Errors
/// No task has this name; the error lists the closest names.
pub fn graph(name: &str) -> Result<FunctionGraph, UnknownTask> {
    let generated = || generator::find(name).map(|generated| generated.graph.clone());
    generated().or_else(|| paper::graph(name)).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> UnknownTask {
    // A longer name is no closer to any of ours, and the time is proportional to its length.
    let start: String = name.chars().take(64).collect();
    let names = names().chain(generator::NAMES);
    let mut ranked: Vec<(usize, &str)> = names.map(|known| (strsim::levenshtein(&start, known), known)).collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    let close = ranked.iter().take(SUGGESTIONS).map(|(_, known)| (*known).to_owned()).collect();
    UnknownTask { name: excerpt(name), close }
}

/// The names as a choice, as in "`a`, `b` or `c`".
fn alternatives(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_task_and_a_graph() {
        for name in names().chain(generator::NAMES) {
            assert_eq!(get(name).unwrap().outputs, graph(name).unwrap().output_names(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_gets_suggestions() {
        let message = get("4-1-2-6").unwrap_err().to_string();
        assert_eq!(message, "no task is called `4-1-2-6`; did you mean `4-1-2-2`, `4-1-2-4` or `4-1-2-8`?");
        assert_eq!(get("generated-3").unwrap_err().close[0], "generated-03");
        let long = get(&"9".repeat(1_000_000)).unwrap_err();
        assert_eq!((long.close.len(), long.name.len()), (3, 42));
        assert_eq!(graph("4-2-5").unwrap_err().close[0], "4-2-4");
    }
}
