//! Function graphs: Boolean functions as inputs, gates and outputs (section 2 of the paper).
//!
//! Nodes are inputs and gates (AND, OR, ID). The outputs are gates that feed nothing. An edge transfers a value or
//! negates it. [`FunctionGraph::new`] checks all rules, so every graph can be evaluated.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use petgraph::Direction;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};

use super::graph_error::GraphError;
use super::text;

/// What a gate computes from its incoming edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// 1 if all of them are 1.
    And,
    /// 1 if any of them is 1.
    Or,
    /// The value of its only incoming edge.
    Id,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::And => "AND",
            Self::Or => "OR",
            Self::Id => "ID",
        })
    }
}

impl FromStr for Op {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "AND" => Ok(Self::And),
            "OR" => Ok(Self::Or),
            "ID" => Ok(Self::Id),
            _ => Err(()),
        }
    }
}

/// What an edge does to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Passes the value on.
    Transfer,
    /// Passes the negated value on.
    Negation,
}

/// A node of a function graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The name, unique in the graph.
    pub name: String,
    /// The operation of a gate; `None` for an input.
    pub op: Option<Op>,
}

/// A gate as written, before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The name.
    pub name: String,
    /// The operation: `AND`, `OR` or `ID`.
    pub op: String,
    /// The nodes it reads; `!n` is a negating edge from `n`.
    pub reads: Vec<String>,
}

/// A Boolean function as a directed acyclic graph of gates.
///
/// ```
/// use neural_sculpting::task::graph::Gate;
/// use neural_sculpting::task::{FunctionGraph, Task};
///
/// let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
/// let gate = |name: &str, op: &str, reads: &[&str]| Gate { name: name.into(), op: op.into(), reads: names(reads) };
/// // Exclusive or: one of the inputs without the other.
/// let gates = [
///     gate("p", "AND", &["x1", "!x2"]),
///     gate("q", "AND", &["!x1", "x2"]),
///     gate("y1", "OR", &["p", "q"]),
/// ];
/// let graph = FunctionGraph::new(&names(&["x1", "x2"]), &names(&["y1"]), &gates)?;
/// assert_eq!(graph.truth_table()?.outputs, [0.0, 1.0, 1.0, 0.0]);
///
/// let task = Task::of_graph("xor", &graph, None)?;
/// assert!(task.is_complete());
/// # Ok::<(), neural_sculpting::task::GraphError>(())
/// ```
#[derive(Clone, Debug)]
pub struct FunctionGraph {
    pub(super) graph: DiGraph<Node, Edge>,
    pub(super) inputs: Vec<NodeIndex>,
    pub(super) outputs: Vec<NodeIndex>,
    /// All nodes, each after the nodes it reads.
    pub(super) order: Vec<NodeIndex>,
    /// The hierarchical level of each node, by node index.
    levels: Vec<usize>,
    by_name: HashMap<String, NodeIndex>,
}

impl FunctionGraph {
    /// Builds and checks a graph. `inputs` and `outputs` give the order of the columns in its truth table. The level of
    /// a node is the length of the longest path to it from an input.
    ///
    /// # Errors
    /// The first rule that is broken, with the node: see [`GraphError`].
    pub fn new(inputs: &[String], outputs: &[String], gates: &[Gate]) -> Result<Self, GraphError> {
        let mut graph = DiGraph::new();
        let nodes = add_nodes(&mut graph, inputs, gates)?;
        add_edges(&mut graph, &nodes, gates)?;
        let inputs = inputs.iter().map(|name| nodes[name.as_str()]).collect();
        let outputs = find_outputs(&graph, &nodes, outputs)?;
        check_ends(&graph, &outputs)?;
        let order = toposort(&graph, None).map_err(|_| GraphError::Cycle(describe_cycle(&graph)))?;
        let levels = longest_paths(&graph, &order);
        let by_name = nodes.into_iter().map(|(name, node)| (name.to_owned(), node)).collect();
        Ok(Self { graph, inputs, outputs, order, levels, by_name })
    }

    /// The same graph with the given hierarchical levels. Level 0 must hold the inputs, and every edge must lead to a
    /// later level.
    ///
    /// # Errors
    /// A node is unknown, in no level or in two, or an edge does not lead to a later level.
    pub fn with_levels(mut self, levels: &[Vec<String>]) -> Result<Self, GraphError> {
        let mut declared = vec![None; self.graph.node_count()];
        for (level, names) in levels.iter().enumerate() {
            for name in names {
                let node = self.node(name).ok_or_else(|| GraphError::UnknownInLevels(name.clone()))?;
                match (level, self.graph[node].op) {
                    (0, Some(_)) => return Err(GraphError::FirstLevel(name.clone())),
                    (1.., None) => return Err(GraphError::InputLevel(name.clone())),
                    _ => {}
                }
                if declared[node.index()].replace(level).is_some() {
                    return Err(GraphError::TwiceInLevels(name.clone()));
                }
            }
        }
        for node in self.graph.node_indices() {
            let missing = || GraphError::NotInLevels(self.graph[node].name.clone());
            self.levels[node.index()] = declared[node.index()].ok_or_else(missing)?;
        }
        self.check_level_order()?;
        Ok(self)
    }

    /// The underlying graph, for drawing and searching.
    #[must_use]
    pub fn graph(&self) -> &DiGraph<Node, Edge> {
        &self.graph
    }

    /// The node of that name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<NodeIndex> {
        self.by_name.get(name).copied()
    }

    /// Names of the inputs, in the order of columns.
    #[must_use]
    pub fn input_names(&self) -> Vec<String> {
        self.names(&self.inputs)
    }

    /// Names of the outputs, in the order of columns.
    #[must_use]
    pub fn output_names(&self) -> Vec<String> {
        self.names(&self.outputs)
    }

    /// The hierarchical level of a node of this graph; 0 for an input.
    #[must_use]
    pub fn level(&self, node: NodeIndex) -> usize {
        self.levels[node.index()]
    }

    /// Number of levels, including that of the inputs.
    #[must_use]
    pub fn level_count(&self) -> usize {
        self.levels.iter().max().map_or(0, |&level| level + 1)
    }

    /// The nodes that a node reads.
    pub(super) fn reads(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        self.graph.neighbors_directed(node, Direction::Incoming)
    }

    fn names(&self, nodes: &[NodeIndex]) -> Vec<String> {
        nodes.iter().map(|&node| self.graph[node].name.clone()).collect()
    }

    fn check_level_order(&self) -> Result<(), GraphError> {
        for gate in self.graph.node_indices() {
            if let Some(node) = self.reads(gate).find(|&node| self.level(node) >= self.level(gate)) {
                let name = |node: NodeIndex| self.graph[node].name.clone();
                return Err(GraphError::LevelOrder { gate: name(gate), node: name(node) });
            }
        }
        Ok(())
    }
}

/// Node indices by name.
type Nodes<'a> = HashMap<&'a str, NodeIndex>;

fn add_nodes<'a>(
    graph: &mut DiGraph<Node, Edge>,
    inputs: &'a [String],
    gates: &'a [Gate],
) -> Result<Nodes<'a>, GraphError> {
    if inputs.is_empty() {
        return Err(GraphError::NoInputs);
    }
    let mut nodes = Nodes::new();
    let mut add = |name: &'a str, op| {
        check_name(name)?;
        let node = graph.add_node(Node { name: name.to_owned(), op });
        if nodes.insert(name, node).is_some() { Err(GraphError::Duplicate(name.to_owned())) } else { Ok(()) }
    };
    for name in inputs {
        add(name, None)?;
    }
    for gate in gates {
        let unknown = |()| GraphError::UnknownOperation { gate: gate.name.clone(), op: gate.op.clone() };
        add(&gate.name, Some(gate.op.parse().map_err(unknown)?))?;
    }
    Ok(nodes)
}

fn check_name(name: &str) -> Result<(), GraphError> {
    let bad = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'');
    if name.is_empty() || name.starts_with('!') || name.contains(bad) || !text::is_printable(name) {
        return Err(GraphError::BadName(text::excerpt(name)));
    }
    Ok(())
}

fn add_edges(graph: &mut DiGraph<Node, Edge>, nodes: &Nodes<'_>, gates: &[Gate]) -> Result<(), GraphError> {
    for gate in gates {
        if gate.reads.is_empty() {
            return Err(GraphError::Unfed(gate.name.clone()));
        }
        if gate.op == "ID" && gate.reads.len() != 1 {
            return Err(GraphError::IdInputs { gate: gate.name.clone(), count: gate.reads.len() });
        }
        let mut seen = HashSet::new();
        for read in &gate.reads {
            let (name, edge) = match read.strip_prefix('!') {
                Some(name) => (name, Edge::Negation),
                None => (read.as_str(), Edge::Transfer),
            };
            let names = || (gate.name.clone(), name.to_owned());
            let node = nodes.get(name).copied().ok_or_else(|| {
                let (gate, node) = names();
                GraphError::UnknownNode { gate, node }
            })?;
            if !seen.insert(node) {
                let (gate, node) = names();
                return Err(GraphError::ReadTwice { gate, node });
            }
            graph.add_edge(node, nodes[gate.name.as_str()], edge);
        }
    }
    Ok(())
}

fn find_outputs(
    graph: &DiGraph<Node, Edge>,
    nodes: &Nodes<'_>,
    outputs: &[String],
) -> Result<Vec<NodeIndex>, GraphError> {
    if outputs.is_empty() {
        return Err(GraphError::NoOutputs);
    }
    let mut found = Vec::with_capacity(outputs.len());
    let mut seen = HashSet::new();
    for name in outputs {
        check_name(name)?;
        let gate = nodes.get(name.as_str()).copied().filter(|&node| graph[node].op.is_some());
        let node = gate.ok_or_else(|| GraphError::OutputWithoutGate(name.clone()))?;
        if !seen.insert(node) {
            return Err(GraphError::Duplicate(name.clone()));
        }
        found.push(node);
    }
    Ok(found)
}

/// Checks that outputs feed nothing and every other gate feeds something. Inputs may feed nothing: a function need not
/// depend on all of its inputs.
fn check_ends(graph: &DiGraph<Node, Edge>, outputs: &[NodeIndex]) -> Result<(), GraphError> {
    let name = |node: NodeIndex| graph[node].name.clone();
    for &output in outputs {
        if let Some(gate) = graph.neighbors(output).last() {
            return Err(GraphError::OutputRead { gate: name(gate), output: name(output) });
        }
    }
    let outputs: HashSet<NodeIndex> = outputs.iter().copied().collect();
    let mut gates = graph.node_indices().filter(|&node| graph[node].op.is_some() && !outputs.contains(&node));
    match gates.find(|&gate| graph.neighbors(gate).next().is_none()) {
        Some(gate) => Err(GraphError::DeadEnd(name(gate))),
        None => Ok(()),
    }
}

/// The gates of one cycle as an error lists them, at most four by name.
fn describe_cycle(graph: &DiGraph<Node, Edge>) -> String {
    const MOST_NAMED: usize = 4;
    let cycles =
        tarjan_scc(graph).into_iter().filter(|nodes| nodes.len() > 1 || graph.contains_edge(nodes[0], nodes[0]));
    let mut nodes = cycles.min_by_key(|nodes| nodes.iter().min().copied()).unwrap_or_default();
    nodes.sort_unstable();
    let mut names: Vec<String> = nodes.iter().take(MOST_NAMED).map(|&node| format!("`{}`", graph[node].name)).collect();
    if nodes.len() > MOST_NAMED {
        names.push(format!("and {} more", nodes.len() - MOST_NAMED));
    }
    names.join(", ")
}

fn longest_paths(graph: &DiGraph<Node, Edge>, order: &[NodeIndex]) -> Vec<usize> {
    let mut levels = vec![0; graph.node_count()];
    for &node in order {
        let before = graph.neighbors_directed(node, Direction::Incoming).map(|read| levels[read.index()] + 1);
        levels[node.index()] = before.max().unwrap_or(0);
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn gate(name: &str, op: &str, reads: &[&str]) -> Gate {
        Gate { name: name.to_owned(), op: op.to_owned(), reads: names(reads) }
    }

    /// The left half of figure 1a.
    fn exclusive_or() -> FunctionGraph {
        let gates = [gate("y1", "OR", &["p", "q"]), gate("p", "AND", &["x1", "!x2"]), gate("q", "AND", &["!x1", "x2"])];
        FunctionGraph::new(&names(&["x1", "x2"]), &names(&["y1"]), &gates).unwrap()
    }

    #[test]
    fn levels_are_the_longest_paths_unless_declared() {
        let graph = exclusive_or();
        let level = |graph: &FunctionGraph, name| graph.level(graph.node(name).unwrap());
        assert_eq!(["x1", "p", "q", "y1"].map(|name| level(&graph, name)), [0, 1, 1, 2]);
        assert_eq!(graph.level_count(), 3);
        let declared = [names(&["x2", "x1"]), names(&["p"]), names(&["q"]), names(&["y1"])];
        let graph = graph.with_levels(&declared).unwrap();
        assert_eq!(["x1", "p", "q", "y1"].map(|name| level(&graph, name)), [0, 1, 2, 3]);
        assert!(graph.node("z").is_none());
    }

    #[test]
    fn edges_are_transfers_and_negations() {
        let graph = exclusive_or();
        let edge = |from, to| {
            let edge = graph.graph().find_edge(graph.node(from).unwrap(), graph.node(to).unwrap()).unwrap();
            graph.graph()[edge]
        };
        assert_eq!(edge("x1", "p"), Edge::Transfer);
        assert_eq!(edge("x2", "p"), Edge::Negation);
        assert_eq!(graph.truth_table().unwrap().outputs, [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn an_input_that_nothing_reads_is_allowed() {
        let graph = FunctionGraph::new(&names(&["x1", "x2"]), &names(&["y1"]), &[gate("y1", "ID", &["!x2"])]).unwrap();
        assert_eq!(graph.truth_table().unwrap().outputs, [1.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn a_large_cycle_is_listed_in_part() {
        let gates: Vec<Gate> = (0..9).map(|i| gate(&format!("g{i}"), "ID", &[&format!("g{}", (i + 1) % 9)])).collect();
        let mut gates = gates;
        gates.push(gate("y1", "ID", &["g0"]));
        let error = FunctionGraph::new(&names(&["x1"]), &names(&["y1"]), &gates).unwrap_err();
        assert_eq!(error, GraphError::Cycle("`g0`, `g1`, `g2`, `g3`, and 5 more".to_owned()));
    }
}
