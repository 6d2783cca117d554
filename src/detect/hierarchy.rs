//! Which module feeds which.

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::detection::{Hierarchy, ModuleEdge, ModuleNode};
use crate::network::Condensed;

/// The graph of `count` modules. `modules` has the module of each kept unit, layer by layer.
pub(crate) fn hierarchy(network: &Condensed, modules: &[Vec<usize>], count: usize) -> Hierarchy {
    let mut graph = DiGraphMap::<usize, usize>::new();
    for layer in 0..modules.len() - 1 {
        for (unit, feeders) in network.feeders(layer).iter().enumerate() {
            for &feeder in feeders {
                let (from, to) = (modules[layer][feeder], modules[layer + 1][unit]);
                if from == to {
                    continue;
                }
                match graph.edge_weight_mut(from, to) {
                    Some(edges) => *edges += 1,
                    None => drop(graph.add_edge(from, to, 1)),
                }
            }
        }
    }
    let mut edges: Vec<ModuleEdge> =
        graph.all_edges().map(|(from, to, &edges)| ModuleEdge { from, to, edges }).collect();
    edges.sort_unstable_by_key(|edge| (edge.from, edge.to));
    Hierarchy { nodes: nodes(network, modules, count), edges }
}

fn nodes(network: &Condensed, modules: &[Vec<usize>], count: usize) -> Vec<ModuleNode> {
    let empty = |module| ModuleNode { module, units: vec![Vec::new(); modules.len()] };
    let mut nodes: Vec<ModuleNode> = (0..count).map(empty).collect();
    for (layer, (of_unit, kept)) in modules.iter().zip(network.kept()).enumerate() {
        for (&module, &unit) in of_unit.iter().zip(kept) {
            nodes[module].units[layer].push(unit);
        }
    }
    nodes
}

impl Hierarchy {
    /// The graph of modules. Nodes are their numbers; weights are numbers of edges in the network.
    #[must_use]
    pub fn graph(&self) -> DiGraphMap<usize, usize> {
        let mut graph = DiGraphMap::new();
        for node in &self.nodes {
            graph.add_node(node.module);
        }
        for edge in &self.edges {
            graph.add_edge(edge.from, edge.to, edge.edges);
        }
        graph
    }

    /// Groups of modules that feed each other in a cycle, each in ascending order. Usually there are none.
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        let mut cycles: Vec<Vec<usize>> =
            tarjan_scc(&self.graph()).into_iter().filter(|group| group.len() > 1).collect();
        for group in &mut cycles {
            group.sort_unstable();
        }
        cycles.sort_unstable();
        cycles
    }
}
