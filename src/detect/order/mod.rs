//! An order of the units that does not depend on how hidden units are numbered.
//!
//! The order of the units decides ties between merges of a dendrogram. Inputs and outputs have names and keep their
//! order. Starting from these, color refinement ([`refine`]) distinguishes hidden units. Units that it cannot
//! distinguish, unless they are twins, are distinguished by a search for the best first unit ([`search`]), as in
//! canonical labeling of graphs. All numberings then give the same result up to the symmetries of the network, which
//! the search finds as well. If a symmetry moves a unit to another module, the result depends on the numbering after
//! all and is marked as tied.

mod graph;
mod refine;
mod search;

pub(crate) use graph::UnitGraph;

use crate::network::Condensed;

/// The units of each layer in canonical order, and the symmetries of the network.
pub(crate) struct UnitOrder {
    /// For each layer: positions among the kept units, in canonical order.
    pub layers: Vec<Vec<usize>>,
    /// Permutations of all units, numbered across layers, that generate the symmetries; `None` if the search was given
    /// up.
    symmetries: Option<Vec<Vec<u32>>>,
}

impl UnitOrder {
    /// Orders the units of a network.
    pub(crate) fn new(network: &Condensed) -> Self {
        Self::within(network, search::BUDGET)
    }

    /// Like [`Self::new`]; the search visits at most about `budget` edges.
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

    /// Could another numbering of the hidden units group them differently? `groups` has the group of each unit of all
    /// layers, inputs first.
    pub(crate) fn leaves_open(&self, groups: &[usize]) -> bool {
        match &self.symmetries {
            None => true,
            Some(symmetries) => symmetries.iter().any(|symmetry| !keeps_groups(symmetry, groups)),
        }
    }
}

/// The nodes of a directed graph without parallel edges, in canonical order: two graphs are isomorphic if and only if
/// they have the same colors and edges in this order. `colors` distinguishes nodes beforehand; lower numbers come
/// first.
///
/// If the search is given up (after about a second), nodes that refinement does not distinguish keep their order.
pub(crate) fn canonical_order(colors: &[u32], edges: &[(usize, usize)]) -> Vec<usize> {
    let graph = UnitGraph::of_edges(colors.len(), edges);
    let mut colors = colors.to_vec();
    refine::refine(&graph, &mut colors);
    let order = search::canonical(&graph, &colors, search::BUDGET).map(|found| found.order);
    order.unwrap_or_else(|| refine::by_color(&colors)).into_iter().map(|node| node as usize).collect()
}

/// Does the permutation map each group into one group?
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
