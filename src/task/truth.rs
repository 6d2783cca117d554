//! The true modules of a task: which inputs and outputs belong together, and which sub-function feeds which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::graph::NodeIndex;
use serde::{Deserialize, Serialize};

use super::graph::FunctionGraph;
use super::graph_error::GraphError;

/// The true modules of a task: the sub-functions of its function graph. Inputs and outputs are columns, from 0.
///
/// ```
/// use neural_sculpting::task::builtin;
///
/// // One sub-function `s` reads all four inputs; `o1` and `o2` reuse it.
/// let truth = builtin::get("4-1-2-4")?.truth.unwrap();
/// assert_eq!(truth.subfunctions, ["s", "o1", "o2"]);
/// assert_eq!(truth.hierarchy, [(0, 1), (0, 2)]);
/// assert_eq!(truth.output_groups, [[0, 2], [1, 3]]);
/// # Ok::<(), builtin::UnknownTask>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// Groups of inputs that are read by the same sub-functions, ordered by their first input. An input that nothing
    /// reads is in no group.
    pub input_groups: Vec<Vec<usize>>,
    /// Groups of outputs of the same sub-function, ordered by their first output.
    pub output_groups: Vec<Vec<usize>>,
    /// Names of the sub-functions, starting at the inputs.
    pub subfunctions: Vec<String>,
    /// Which sub-function feeds which: pairs of indices into `subfunctions`, ascending.
    pub hierarchy: Vec<(usize, usize)>,
    /// For each input group, the sub-functions that read it, ascending; empty in files of earlier versions.
    #[serde(default)]
    pub input_readers: Vec<Vec<usize>>,
    /// For each output group, its sub-function; empty in files of earlier versions.
    #[serde(default)]
    pub output_owners: Vec<usize>,
}

impl Truth {
    /// The true modules of a graph; `subfunctions` has the gates of each sub-function by name.
    ///
    /// # Errors
    /// A gate is in no sub-function or in two, a member is not a gate, or a sub-function is empty.
    pub fn of_graph(graph: &FunctionGraph, subfunctions: &BTreeMap<String, Vec<String>>) -> Result<Self, GraphError> {
        let order = ordered_names(graph, subfunctions)?;
        let owner = owners(graph, &order, subfunctions)?;
        let readers: Vec<BTreeSet<usize>> = graph.inputs.iter().map(|&input| readers(graph, &owner, input)).collect();
        let input_groups = group(readers.iter().map(|readers| (!readers.is_empty()).then_some(readers)));
        let output_groups = group(graph.outputs.iter().map(|output| Some(owner[output])));
        Ok(Self {
            input_readers: input_groups.iter().map(|group| readers[group[0]].iter().copied().collect()).collect(),
            output_owners: output_groups.iter().map(|group| owner[&graph.outputs[group[0]]]).collect(),
            input_groups,
            output_groups,
            hierarchy: hierarchy(graph, &owner),
            subfunctions: order,
        })
    }

    /// All inputs that a sub-function depends on, directly or through other sub-functions, ascending.
    #[must_use]
    pub(crate) fn inputs_of(&self, subfunction: usize) -> Vec<usize> {
        let mut above = vec![subfunction];
        for at in 0.. {
            let Some(&fed) = above.get(at) else { break };
            let feeders = self.hierarchy.iter().filter(|(_, to)| *to == fed).map(|(from, _)| *from);
            let new: Vec<usize> = feeders.filter(|feeder| !above.contains(feeder)).collect();
            above.extend(new);
        }
        let groups = self.input_groups.iter().zip(&self.input_readers);
        let read = groups.filter(|(_, readers)| readers.iter().any(|reader| above.contains(reader)));
        let mut inputs: Vec<usize> = read.flat_map(|(group, _)| group).copied().collect();
        inputs.sort_unstable();
        inputs
    }

    /// Does the group of inputs have a single reader that reads nothing else? Then the inputs and the reader are one
    /// module; otherwise the inputs are a module of their own.
    #[must_use]
    pub(crate) fn is_sole_source(&self, group: usize) -> bool {
        let Some([reader]) = self.input_readers.get(group).map(Vec::as_slice) else { return false };
        let groups_read = self.input_readers.iter().filter(|readers| readers.contains(reader)).count();
        groups_read == 1 && !self.hierarchy.iter().any(|(_, to)| to == reader)
    }

    /// The index of a sub-function.
    pub(super) fn subfunction(&self, name: &str) -> Option<usize> {
        self.subfunctions.iter().position(|subfunction| subfunction == name)
    }
}

/// The sub-function of each gate.
type Owners = HashMap<NodeIndex, usize>;

/// Names of the sub-functions, ordered by the lowest level of their gates, then by name.
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

/// Groups the indices of equal keys, in order of first appearance. An index without a key is in no group.
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
