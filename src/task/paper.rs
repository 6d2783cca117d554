//! The 38 Boolean functions of the paper, as function graphs.

use std::sync::OnceLock;

use super::Task;
use super::graph::FunctionGraph;
use super::graph_file::{GraphList, GraphTable};

/// The function graphs, embedded.
const GRAPHS: &str = include_str!("function_graphs.toml");

/// The names, in the order of the embedded file.
pub(super) fn names() -> impl ExactSizeIterator<Item = &'static str> {
    graphs().iter().map(|(name, _)| name.as_str())
}

/// The task of that name, with its complete truth table and its true modules.
pub(super) fn task(name: &str) -> Option<Task> {
    // The embedded file is fixed, and a test builds each of its graphs.
    Some(find(name)?.task(name).unwrap_or_else(|error| unreachable!("the embedded graph {name} is wrong: {error}")))
}

/// The function graph of that name.
pub(super) fn graph(name: &str) -> Option<FunctionGraph> {
    Some(find(name)?.graph().unwrap_or_else(|error| unreachable!("the embedded graph {name} is wrong: {error}")))
}

fn find(name: &str) -> Option<&'static GraphTable> {
    graphs().iter().find(|(known, _)| known == name).map(|(_, table)| table)
}

/// Parsed on first use, in a few milliseconds.
fn graphs() -> &'static [(String, GraphTable)] {
    static PARSED: OnceLock<Vec<(String, GraphTable)>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let list: GraphList =
            toml::from_str(GRAPHS).unwrap_or_else(|error| unreachable!("the embedded graphs are wrong: {error}"));
        list.graph.into_iter().map(|table| (table.own_name().unwrap_or_default(), table)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_38_tasks_are_complete_and_have_true_modules() {
        assert_eq!(names().len(), 38);
        for name in names() {
            let task = task(name).unwrap();
            assert!(task.is_complete() && task.truth.is_some(), "{name}");
            assert_eq!(graph(name).unwrap().output_names(), task.outputs, "{name}");
        }
    }
}
