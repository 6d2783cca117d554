//! The true modules of a task: which inputs and outputs belong together, and which sub-function feeds which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::graph::NodeIndex;
use serde::{Deserialize, Serialize};

use super::graph::FunctionGraph;
use super::graph_error::GraphError;

/// The true modules of a task, as a function graph names them; indices are 0-based columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// Groups of inputs that are read by the same sub-functions, in order of first input. An input that nothing reads
    /// is in none.
    pub input_groups: Vec<Vec<usize>>,
    /// Groups of outputs that belong to the same sub-function, in order of first output.
    pub output_groups: Vec<Vec<usize>>,
    /// Names of the sub-functions, from the inputs on.
    pub subfunctions: Vec<String>,
    /// Which sub-function feeds which: pairs of indices into `subfunctions`, ascending.
    pub hierarchy: Vec<(usize, usize)>,
}

impl Truth {
    /// The truth of a graph whose gates are divided into sub-functions: `subfunctions` maps each name to its gates.
    ///
    /// # Errors
    /// A gate in no sub-function or in two, a member that is no gate, an empty sub-function.
    pub fn of_graph(graph: &FunctionGraph, subfunctions: &BTreeMap<String, Vec<String>>) -> Result<Self, GraphError> {
        let order = ordered_names(graph, subfunctions)?;
        let owner = owners(graph, &order, subfunctions)?;
        let readers = graph.inputs.iter().map(|&input| readers(graph, &owner, input));
        let input_groups = group(readers.map(|readers| (!readers.is_empty()).then_some(readers)));
        let output_groups = group(graph.outputs.iter().map(|output| Some(owner[output])));
        Ok(Self { input_groups, output_groups, hierarchy: hierarchy(graph, &owner), subfunctions: order })
    }

    /// Number of the sub-function of that name.
    pub(super) fn subfunction(&self, name: &str) -> Option<usize> {
        self.subfunctions.iter().position(|subfunction| subfunction == name)
    }
}

/// The sub-function of each gate.
type Owners = HashMap<NodeIndex, usize>;

/// Names of the sub-functions by the least level of their gates, then by name.
fn ordered_names(
    graph: &FunctionGraph,
    subfunctions: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<String>, GraphError> {
    let mut names = Vec::with_capacity(subfunctions.len());
    for (name, gates) in subfunctions {
        let levels = gates.iter().filter_map(|gate| graph.node(gate)).map(|node| graph.level(node));
        let first = levels.min();
        if gates.is_empty() {
            return Err(GraphError::EmptySubfunction(name.clone()));
        }
        names.push((first, name.clone()));
    }
    names.sort();
    Ok(names.into_iter().map(|(_, name)| name).collect())
}

fn owners(
    graph: &FunctionGraph,
    order: &[String],
    subfunctions: &BTreeMap<String, Vec<String>>,
) -> Result<Owners, GraphError> {
    let mut owner = Owners::new();
    for (number, name) in order.iter().enumerate() {
        for member in &subfunctions[name] {
            let gate = graph.node(member).filter(|&node| graph.graph()[node].op.is_some());
            let gate = gate.ok_or_else(|| GraphError::NotAGate { subfunction: name.clone(), node: member.clone() })?;
            if owner.insert(gate, number).is_some() {
                return Err(GraphError::InTwoSubfunctions(member.clone()));
            }
        }
    }
    let homeless =
        graph.graph().node_indices().find(|node| graph.graph()[*node].op.is_some() && !owner.contains_key(node));
    match homeless {
        Some(gate) => Err(GraphError::InNoSubfunction(graph.graph()[gate].name.clone())),
        None => Ok(owner),
    }
}

/// The sub-functions that read an input.
fn readers(graph: &FunctionGraph, owner: &Owners, input: NodeIndex) -> BTreeSet<usize> {
    graph.graph().neighbors(input).map(|gate| owner[&gate]).collect()
}

/// Indices of equal keys together, in order of first appearance; an index without a key is in no group.
fn group<K: PartialEq>(keys: impl Iterator<Item = Option<K>>) -> Vec<Vec<usize>> {
    let mut groups: Vec<(K, Vec<usize>)> = Vec::new();
    for (index, key) in keys.enumerate() {
        let Some(key) = key else { continue };
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, members)) => members.push(index),
            None => groups.push((key, vec![index])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

fn hierarchy(graph: &FunctionGraph, owner: &Owners) -> Vec<(usize, usize)> {
    let edges = graph.graph().edge_indices().filter_map(|edge| graph.graph().edge_endpoints(edge));
    let between = edges.filter_map(|(from, to)| Some((*owner.get(&from)?, *owner.get(&to)?)));
    let distinct: BTreeSet<(usize, usize)> = between.filter(|(from, to)| from != to).collect();
    distinct.into_iter().collect()
}
