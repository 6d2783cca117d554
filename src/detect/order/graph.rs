//! The graph of all units of a condensed network.

use crate::network::Condensed;

/// The units of all layers, numbered across layers, inputs first, with their neighbors.
pub(crate) struct UnitGraph {
    /// The number of the first unit of each layer and, at the end, the number of units.
    starts: Vec<usize>,
    /// The units that feed each unit, ascending.
    pub feeders: Vec<Vec<u32>>,
    /// The units that each unit feeds, ascending.
    pub fed: Vec<Vec<u32>>,
    /// Number of edges.
    pub edges: usize,
}

impl UnitGraph {
    pub(crate) fn new(network: &Condensed) -> Self {
        let mut starts = vec![0];
        for width in network.widths() {
            starts.push(starts[starts.len() - 1] + width);
        }
        let units = starts[starts.len() - 1];
        let (mut feeders, mut fed) = (vec![Vec::new(); units], vec![Vec::new(); units]);
        for layer in 0..starts.len() - 2 {
            for (to, from) in network.feeders(layer).iter().enumerate() {
                let to = starts[layer + 1] + to;
                feeders[to] = from.iter().map(|&from| (starts[layer] + from) as u32).collect();
                for &from in from {
                    fed[starts[layer] + from].push(to as u32);
                }
            }
        }
        Self { starts, feeders, fed, edges: network.edges() }
    }

    /// Any directed graph without parallel edges, with its nodes as the units of one layer.
    pub(crate) fn of_edges(nodes: usize, edges: &[(usize, usize)]) -> Self {
        let (mut feeders, mut fed) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
        for &(from, to) in edges {
            feeders[to].push(from as u32);
            fed[from].push(to as u32);
        }
        for neighbors in feeders.iter_mut().chain(&mut fed) {
            neighbors.sort_unstable();
        }
        Self { starts: vec![0, nodes], feeders, fed, edges: edges.len() }
    }

    /// Number of units.
    pub(crate) fn units(&self) -> usize {
        self.feeders.len()
    }

    /// The layer of a unit and its position among the kept units of that layer.
    pub(crate) fn locate(&self, unit: u32) -> (usize, usize) {
        let unit = unit as usize;
        let layer = self.starts.partition_point(|&start| start <= unit) - 1;
        (layer, unit - self.starts[layer])
    }

    /// One color per input, per output and per hidden layer, ascending with the layers.
    pub(crate) fn first_colors(&self) -> Vec<u32> {
        let last = self.starts.len() - 2;
        let color = |unit: usize| {
            let (layer, _) = self.locate(unit as u32);
            if layer == 0 || layer == last { unit } else { self.starts[layer] }
        };
        (0..self.units()).map(|unit| color(unit) as u32).collect()
    }

    /// Do two units have the same neighbors?
    pub(crate) fn are_twins(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        self.feeders[a] == self.feeders[b] && self.fed[a] == self.fed[b]
    }
}
