//! The truth table of a function graph, 64 rows at a time.

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::graph::{Edge, FunctionGraph, Op};
use super::graph_error::GraphError;
use super::rows::Rows;
use super::{MAX_TABLE_INPUTS, MAX_VALUES};

/// Values of one node in 64 rows, one bit each.
type Lanes = u64;
const LANES: usize = Lanes::BITS as usize;

impl FunctionGraph {
    /// The complete truth table: `2^inputs` rows in binary counting order, the first input being the most significant
    /// bit.
    ///
    /// # Errors
    /// More than [`MAX_TABLE_INPUTS`] inputs, or more than [`MAX_VALUES`] values.
    pub fn truth_table(&self) -> Result<Rows, GraphError> {
        let (inputs, outputs) = (self.inputs.len(), self.outputs.len());
        if inputs > MAX_TABLE_INPUTS {
            return Err(GraphError::TooManyInputs(inputs));
        }
        let count = 1_usize << inputs;
        if (inputs + outputs).saturating_mul(count) > MAX_VALUES {
            return Err(GraphError::TooManyValues { inputs, outputs });
        }
        let mut rows = Rows { count, ..Rows::default() };
        rows.inputs.reserve_exact(count * inputs);
        rows.outputs.reserve_exact(count * outputs);
        let mut values = vec![0; self.graph.node_count()];
        for first in (0..count).step_by(LANES) {
            self.evaluate_lanes(first, &mut values);
            for row in first..count.min(first + LANES) {
                rows.inputs.extend((0..inputs).map(|input| bit(row >> (inputs - 1 - input))));
                rows.outputs
                    .extend(self.outputs.iter().map(|node| bit((values[node.index()] >> (row - first)) as usize)));
            }
        }
        Ok(rows)
    }

    /// Values of all nodes, by node index, in the 64 rows from `first` on.
    fn evaluate_lanes(&self, first: usize, values: &mut [Lanes]) {
        for (input, node) in self.inputs.iter().enumerate() {
            values[node.index()] = counting_lanes(first, self.inputs.len() - 1 - input);
        }
        for &node in &self.order {
            if let Some(op) = self.graph[node].op {
                values[node.index()] = self.gate(op, node, values);
            }
        }
    }

    fn gate(&self, op: Op, node: NodeIndex, values: &[Lanes]) -> Lanes {
        let edges = self.graph.edges_directed(node, Direction::Incoming).map(|edge| {
            let value = values[edge.source().index()];
            match edge.weight() {
                Edge::Transfer => value,
                Edge::Negation => !value,
            }
        });
        match op {
            Op::And => edges.fold(Lanes::MAX, |all, value| all & value),
            // An ID has one in-edge (checked when the graph was built), so it is an OR of one.
            Op::Or | Op::Id => edges.fold(0, |any, value| any | value),
        }
    }
}

/// Bit `position` of the 64 numbers from `first` (a multiple of 64) on.
fn counting_lanes(first: usize, position: usize) -> Lanes {
    (0..LANES).fold(0, |lanes, lane| lanes | (Lanes::from(((first + lane) >> position) & 1 == 1) << lane))
}

fn bit(number: usize) -> f32 {
    if number & 1 == 1 { 1.0 } else { 0.0 }
}
