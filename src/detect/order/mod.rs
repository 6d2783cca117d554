//! An order of the units that does not depend on how hidden units are numbered (design 3.5).
//!
//! Tied merges of a dendrogram are settled by the order of the units. Inputs and outputs are named and keep their
//! order. Hidden units are told apart by color refinement from them ([`refine`]); what it leaves alike but for twins
//! is told apart by a search over which of them comes first ([`search`]), as canonical labelling of graphs does it.
//! Then all numberings give the same answer up to the symmetries of the network, and these are known too: where a
//! symmetry moves a unit from one module to another, the numbering decides after all, and the answer is `tied`.

mod graph;
mod refine;
mod search;

pub(crate) use graph::UnitGraph;

use crate::network::Condensed;

/// The units of each layer in canonical order, and the symmetries that it leaves open.
pub(crate) struct UnitOrder {
    /// For each layer, positions among the kept units in canonical order.
    pub layers: Vec<Vec<usize>>,
    /// Permutations of all units, numbered through all layers, that generate the symmetries of the network;
    /// `None` where the search was given up.
    symmetries: Option<Vec<Vec<u32>>>,
}

impl UnitOrder {
    /// Orders the units of `network`.
    pub(crate) fn new(network: &Condensed) -> Self {
        Self::within(network, search::BUDGET)
    }

    /// As [`Self::new`], with at most about `budget` visits of edges for the search.
    pub(super) fn within(network: &Condensed, budget: u64) -> Self {
        let graph = UnitGraph::new(network);
        let mut colors = graph.first_colors();
        refine::refine(&graph, &mut colors);
        let (order, symmetries) = match search::canonical(&graph, &colors, budget) {
            Some(found) => (found.order, Some(found.symmetries)),
            None => (refine::by_color(&colors), None),
        };
        let mut layers = vec![Vec::new(); network.kept().len()];
        for unit in order {
            let (layer, position) = graph.locate(unit);
            layers[layer].push(position);
        }
        Self { layers, symmetries }
    }

    /// Could another numbering of the hidden units group them differently? `groups` gives the group of each unit
    /// through all layers, inputs first.
    pub(crate) fn leaves_open(&self, groups: &[usize]) -> bool {
        match &self.symmetries {
            None => true,
            Some(symmetries) => symmetries.iter().any(|symmetry| !keeps_groups(symmetry, groups)),
        }
    }
}

/// The nodes of a directed graph without parallel edges in canonical order: two graphs are the same but for the order
/// of their nodes exactly if, in this order, they have the same colors and the same edges. `colors` gives nodes that
/// are told apart beforehand different numbers; lower ones come first.
///
/// A graph with so little to tell its nodes apart that the search is given up (about a second) keeps the order it has.
pub(crate) fn canonical_order(colors: &[u32], edges: &[(usize, usize)]) -> Vec<usize> {
    let graph = UnitGraph::of_edges(colors.len(), edges);
    let mut colors = colors.to_vec();
    refine::refine(&graph, &mut colors);
    let order = search::canonical(&graph, &colors, search::BUDGET).map(|found| found.order);
    order.unwrap_or_else(|| refine::by_color(&colors)).into_iter().map(|node| node as usize).collect()
}

/// Does the permutation map groups to whole groups?
fn keeps_groups(permutation: &[u32], groups: &[usize]) -> bool {
    let mut image = vec![usize::MAX; groups.iter().max().map_or(0, |&greatest| greatest + 1)];
    permutation.iter().zip(groups).all(|(&to, &group)| {
        let target = groups[to as usize];
        if image[group] == usize::MAX {
            image[group] = target;
        }
        image[group] == target
    })
}
