//! Function graphs in TOML files.
//!
//! ```toml
//! name = "two pairs"                      # optional; by default the name of the file
//! inputs = ["x1", "x2", "x3", "x4"]       # in the order of columns
//! outputs = ["y1", "y2"]
//!
//! [gates]                                 # gate = [operation, nodes it reads..]; "!n" is a negating edge from n
//! y1 = ["AND", "x1", "!x2"]
//! y2 = ["OR", "x3", "x4"]
//!
//! [subfunctions]                          # optional: the true modules, each gate in one of them
//! first = ["y1"]
//! second = ["y2"]
//! ```
//!
//! `levels`, `hierarchy` and `[input_sets]` follow from the gates. If they are given, they are checked. All of this may
//! also be under a single `[[graph]]`, as in the file of the paper's functions.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::graph::{FunctionGraph, Gate};
use super::graph_error::GraphError;
use super::{Task, Truth, text};

/// The largest file that is read, in bytes: 4 MiB.
const MAX_BYTES: u64 = 4 << 20;

/// Why a file is not a function graph that can be trained on.
#[derive(Debug, thiserror::Error)]
pub enum GraphFileError {
    /// The file cannot be opened or read.
    #[error("{file} cannot be read: {source}; check the path and its permissions")]
    Io {
        /// The file.
        file: String,
        /// The reason.
        source: io::Error,
    },
    /// A file too large to be a function graph.
    #[error("{0} is larger than 4 MiB, far too large for a function graph; check the path")]
    TooLarge(String),
    /// Bytes that are not UTF-8.
    #[error("{file} line {line}: not UTF-8 text; save the file as UTF-8")]
    NotUtf8 {
        /// The file.
        file: String,
        /// The line of the first such byte, from 1.
        line: usize,
    },
    /// A file that is not TOML, or does not have the expected keys.
    #[error("{file} line {line}, column {column}: {message}; write `inputs`, `outputs` and `[gates]` in TOML")]
    Syntax {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// The message of the parser, on one line.
        message: String,
    },
    /// No graph in the file, or several.
    #[error("{file} has {count} graphs; write one graph per file")]
    Count {
        /// The file.
        file: String,
        /// Number of graphs.
        count: usize,
    },
    /// An error in the graph.
    #[error("{file}: {source}")]
    Graph {
        /// The file.
        file: String,
        /// The error.
        source: GraphError,
    },
}

/// A function graph as written, before it is checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GraphTable {
    name: Option<Name>,
    inputs: Vec<String>,
    outputs: Vec<String>,
    levels: Option<Vec<Vec<String>>>,
    gates: BTreeMap<String, Vec<String>>,
    subfunctions: Option<BTreeMap<String, Vec<String>>>,
    hierarchy: Option<Vec<(String, String)>>,
    input_sets: Option<BTreeMap<String, InputSet>>,
    #[serde(rename = "datasets")]
    _datasets: Option<IgnoredAny>,
    #[serde(rename = "note")]
    _note: Option<IgnoredAny>,
    #[serde(rename = "duplicate_outputs")]
    _duplicate_outputs: Option<IgnoredAny>,
}

/// A name as text, or as a list of numbers like the paper's: inputs, sub-functions on each level, outputs.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Numbers(Vec<u32>),
}

/// Inputs that are read by the same sub-functions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputSet {
    inputs: Vec<String>,
    used_by: Vec<String>,
}

/// A file with graphs under `[[graph]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GraphList {
    pub(super) graph: Vec<GraphTable>,
}

/// Distinguishes the two forms of a file.
#[derive(Deserialize)]
struct Probe {
    graph: Option<IgnoredAny>,
}

/// Reads the task of a user's function graph, with its complete truth table and, if the file names sub-functions, its
/// true modules.
///
/// # Errors
/// The file cannot be read or is not a function graph; the message has the position and the remedy.
pub fn read(path: &Path) -> Result<Task, GraphFileError> {
    let (file, name) = text::names_of(path);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|source| GraphFileError::Io { file: file.clone(), source })?;
    parse(&file, &name, &bytes)
}

/// Like [`read`], from the bytes of a file. `file` is its name in errors, and `name` is the name of a task whose graph
/// has none.
///
/// ```
/// use neural_sculpting::task::graph_file;
///
/// let toml = r#"
/// inputs = ["x1", "x2", "x3", "x4"]
/// outputs = ["y1", "y2"]
/// [gates]
/// y1 = ["AND", "x1", "!x2"]
/// y2 = ["OR", "x3", "x4"]
/// [subfunctions]
/// first = ["y1"]
/// second = ["y2"]
/// "#;
/// let task = graph_file::parse("pairs.toml", "pairs", toml.as_bytes())?;
/// assert_eq!(task.truth.unwrap().output_groups, [[0], [1]]);
/// # Ok::<(), graph_file::GraphFileError>(())
/// ```
///
/// # Errors
/// As for [`read`], except that the file is not opened here.
pub fn parse(file: &str, name: &str, bytes: &[u8]) -> Result<Task, GraphFileError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(GraphFileError::TooLarge(file.to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        GraphFileError::NotUtf8 { file: file.to_owned(), line }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table = one_graph(file, text)?;
    table.task(name).map_err(|source| GraphFileError::Graph { file: file.to_owned(), source })
}

fn one_graph(file: &str, text: &str) -> Result<GraphTable, GraphFileError> {
    let syntax = |error: toml::de::Error| syntax_error(file, text, &error);
    let probe: Probe = toml::from_str(text).map_err(syntax)?;
    if probe.graph.is_none() {
        return toml::from_str(text).map_err(syntax);
    }
    let mut list: GraphList = toml::from_str(text).map_err(syntax)?;
    match (list.graph.len(), list.graph.pop()) {
        (1, Some(table)) => Ok(table),
        (count, _) => Err(GraphFileError::Count { file: file.to_owned(), count }),
    }
}

fn syntax_error(file: &str, text: &str, error: &toml::de::Error) -> GraphFileError {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = String::from_utf8_lossy(&text.as_bytes()[..at]);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    GraphFileError::Syntax {
        file: file.to_owned(),
        line: 1 + before.matches('\n').count(),
        column: 1 + before[line_start..].chars().count(),
        message: one_line(error.message()),
    }
}

/// The message of the parser on one line, cut if it is very long.
fn one_line(message: &str) -> String {
    const LONGEST: usize = 300;
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    text::printable(&line).chars().take(LONGEST).collect()
}

impl GraphTable {
    /// The name in the file; numbers are joined by hyphens.
    pub(super) fn own_name(&self) -> Option<String> {
        match self.name.as_ref()? {
            Name::Text(name) => Some(name.clone()),
            Name::Numbers(numbers) => Some(numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")),
        }
    }

    /// The checked graph.
    pub(super) fn graph(&self) -> Result<FunctionGraph, GraphError> {
        if let Some(name) = self.names().find(|name| !text::is_printable(name)) {
            return Err(GraphError::BadName(text::excerpt(name)));
        }
        let gate = |(name, row): (&String, &Vec<String>)| Gate {
            name: name.clone(),
            op: row.first().cloned().unwrap_or_default(),
            reads: row.iter().skip(1).cloned().collect(),
        };
        let gates: Vec<Gate> = self.gates.iter().map(gate).collect();
        let graph = FunctionGraph::new(&self.inputs, &self.outputs, &gates)?;
        match &self.levels {
            Some(levels) => graph.with_levels(levels),
            None => Ok(graph),
        }
    }

    /// Every name in the file that an error may repeat.
    fn names(&self) -> impl Iterator<Item = &String> {
        let ends = self.inputs.iter().chain(&self.outputs);
        let levels = self.levels.iter().flatten().flatten();
        let gates = self.gates.iter().chain(self.subfunctions.iter().flatten());
        let gates = gates.flat_map(|(name, members)| members.iter().chain([name]));
        let edges = self.hierarchy.iter().flatten().flat_map(|(from, to)| [from, to]);
        let sets = self.input_sets.iter().flatten().map(|(name, _)| name);
        let own = self.name.iter().filter_map(|name| match name {
            Name::Text(name) => Some(name),
            Name::Numbers(_) => None,
        });
        own.chain(ends).chain(levels).chain(gates).chain(edges).chain(sets)
    }

    /// The task: the complete truth table and, if there are sub-functions, the true modules.
    pub(super) fn task(&self, name: &str) -> Result<Task, GraphError> {
        let graph = self.graph()?;
        let name = self.own_name().unwrap_or_else(|| name.to_owned());
        let rows = Task::of_graph(&name, &graph, None)?;
        Ok(Task { truth: self.truth(&graph)?, ..rows })
    }

    fn truth(&self, graph: &FunctionGraph) -> Result<Option<Truth>, GraphError> {
        let Some(subfunctions) = &self.subfunctions else {
            let orphan = [("hierarchy", self.hierarchy.is_some()), ("input_sets", self.input_sets.is_some())];
            return match orphan.iter().find(|(_, given)| *given) {
                Some((field, _)) => Err(GraphError::NeedsSubfunctions((*field).to_owned())),
                None => Ok(None),
            };
        };
        let truth = Truth::of_graph(graph, subfunctions)?;
        self.check_hierarchy(&truth)?;
        self.check_input_sets(&truth)?;
        Ok(Some(truth))
    }

    fn check_hierarchy(&self, truth: &Truth) -> Result<(), GraphError> {
        let Some(written) = &self.hierarchy else { return Ok(()) };
        let derived: Vec<(&str, &str)> = truth
            .hierarchy
            .iter()
            .map(|&(from, to)| (truth.subfunctions[from].as_str(), truth.subfunctions[to].as_str()))
            .collect();
        let written: Vec<(&str, &str)> = written.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        let wrong = written.iter().find(|edge| !derived.contains(edge)).map(|edge| ("wrongly says", edge));
        let missing = || derived.iter().find(|edge| !written.contains(edge)).map(|edge| ("does not say", edge));
        match wrong.or_else(missing) {
            Some((fault, (from, to))) => {
                Err(GraphError::Hierarchy { fault, from: (*from).to_owned(), to: (*to).to_owned() })
            }
            None => Ok(()),
        }
    }

    fn check_input_sets(&self, truth: &Truth) -> Result<(), GraphError> {
        let Some(sets) = &self.input_sets else { return Ok(()) };
        for (name, set) in sets {
            let wrong = || GraphError::InputSet(name.clone());
            let column = |input: &String| self.inputs.iter().position(|name| name == input);
            let mut columns = set.inputs.iter().map(column).collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
            columns.sort_unstable();
            let known = set.used_by.iter().all(|name| truth.subfunction(name).is_some());
            let readers = self.readers(truth, &set.inputs);
            if !known || !truth.input_groups.contains(&columns) || !same_members(&readers, &set.used_by) {
                return Err(wrong());
            }
        }
        let listed = |column: &usize| sets.values().any(|set| set.inputs.contains(&self.inputs[*column]));
        match truth.input_groups.iter().flatten().find(|&column| !listed(column)) {
            Some(&column) => Err(GraphError::NotInInputSets(self.inputs[column].clone())),
            None => Ok(()),
        }
    }

    /// Names of the sub-functions with a gate that reads one of `inputs`.
    fn readers(&self, truth: &Truth, inputs: &[String]) -> Vec<String> {
        let is_read = |read: &String| inputs.iter().any(|input| input == read.strip_prefix('!').unwrap_or(read));
        let reads = |gate: &String| self.gates.get(gate).is_some_and(|row| row.iter().skip(1).any(is_read));
        let gates = |name: &String| self.subfunctions.as_ref().and_then(|all| all.get(name));
        let reading = |name: &&String| gates(name).is_some_and(|gates| gates.iter().any(reads));
        truth.subfunctions.iter().filter(reading).cloned().collect()
    }
}

fn same_members(left: &[String], right: &[String]) -> bool {
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    sorted(left) == sorted(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &str = r#"
        inputs = ["x1", "x2", "x3", "x4"]
        outputs = ["y1", "y2"]
        [gates]
        a = ["OR", "x3", "x4"]
        y1 = ["AND", "x1", "!x2"]
        y2 = ["ID", "!a"]
    "#;

    fn task(tail: &str) -> Task {
        parse("pairs.toml", "pairs", format!("{PAIRS}{tail}").as_bytes()).unwrap()
    }

    #[test]
    fn inputs_outputs_and_gates_are_enough() {
        let task = task("");
        assert_eq!(task.name, "pairs");
        assert_eq!(task.rows.count, 16);
        assert_eq!(task.rows.output(0b1000), [1.0, 1.0]);
        assert_eq!(task.rows.output(0b1101), [0.0, 0.0]);
        assert!(task.truth.is_none() && task.is_complete());
    }

    #[test]
    fn sub_functions_give_the_true_modules() {
        let truth = task("[subfunctions]\nfirst = [\"y1\"]\nend = [\"y2\"]\nbegin = [\"a\"]\n").truth.unwrap();
        assert_eq!(truth.subfunctions, ["begin", "first", "end"]);
        assert_eq!(truth.input_groups, [[0, 1], [2, 3]]);
        assert_eq!(truth.output_groups, [[0], [1]]);
        assert_eq!(truth.hierarchy, [(0, 2)]);
    }

    #[test]
    fn a_name_is_text_or_a_list_of_numbers() {
        let named = |name: &str| {
            let toml = format!("name = {name}\ninputs = [\"x1\"]\noutputs = [\"y1\"]\n[gates]\ny1 = [\"ID\", \"x1\"]");
            parse("g.toml", "g", toml.as_bytes()).unwrap().name
        };
        assert_eq!(named("\"two pairs\""), "two pairs");
        assert_eq!(named("[4, 2, 4]"), "4-2-4");
    }
}
