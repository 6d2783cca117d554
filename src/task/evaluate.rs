//! The truth table of a function graph, 64 rows at a time.

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::graph::{Edge, FunctionGraph, Op};
use super::graph_error::GraphError;
use super::rows::Rows;
use super::{MAX_TABLE_INPUTS, MAX_VALUES};

/// The values of a node in 64 rows, one bit per row.
type Lanes = u64;
const LANES: usize = Lanes::BITS as usize;

impl FunctionGraph {
    /// The complete truth table: `2^inputs` rows in binary counting order, with the first input as the most significant
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
        let (mut bits, mut results) = (Vec::new(), Vec::new());
        bits.reserve_exact(count * inputs);
        results.reserve_exact(count * outputs);
        let mut values = vec![0; self.graph.node_count()];
        for first in (0..count).step_by(LANES) {
            self.evaluate_lanes(first, &mut values);
            for row in first..count.min(first + LANES) {
                bits.extend((0..inputs).map(|input| bit(row >> (inputs - 1 - input) & 1 == 1)));
                let lane = row - first;
                results.extend(self.outputs.iter().map(|node| bit(values[node.index()] >> lane & 1 == 1)));
            }
        }
        Ok(Rows::new(inputs, bits, results))
    }

    /// Computes the values of all nodes, by node index, in the 64 rows from `first`.
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
            // The checks of the graph ensure that an ID has one incoming edge, so it is an OR of one value.
            Op::Or | Op::Id => edges.fold(0, |any, value| any | value),
        }
    }
}

/// Bit `position` of the 64 numbers from `first`, which is a multiple of 64.
fn counting_lanes(first: usize, position: usize) -> Lanes {
    (0..LANES).fold(0, |lanes, lane| lanes | (Lanes::from(((first + lane) >> position) & 1 == 1) << lane))
}

fn bit(set: bool) -> f32 {
    if set { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::task::graph::Gate;

    /// A random graph: gates read inputs and earlier gates; those that feed nothing are the outputs.
    fn random_graph() -> impl Strategy<Value = (usize, Vec<Gate>)> {
        let reads = proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..4);
        let gates = proptest::collection::vec((0..3_usize, reads), 1..12);
        (1..9_usize, gates).prop_map(|(inputs, drawn)| {
            let mut gates: Vec<Gate> = Vec::new();
            for (number, (op, reads)) in drawn.into_iter().enumerate() {
                let mut names: Vec<String> = (1..=inputs).map(|i| format!("x{i}")).collect();
                names.extend((0..number).map(|earlier| format!("g{earlier}")));
                let mut read: Vec<(usize, bool)> =
                    reads.into_iter().map(|(node, negated)| (node.index(names.len()), negated)).collect();
                read.sort_unstable();
                read.dedup_by_key(|(node, _)| *node);
                read.truncate(if op == 2 { 1 } else { read.len() });
                let sign = |negated| if negated { "!" } else { "" };
                let reads =
                    read.into_iter().map(|(node, negated)| format!("{}{}", sign(negated), names[node])).collect();
                gates.push(Gate { name: format!("g{number}"), op: ["AND", "OR", "ID"][op].to_owned(), reads });
            }
            (inputs, gates)
        })
    }

    /// The value of a node, by definition.
    fn value(node: &str, row: usize, inputs: usize, gates: &[Gate]) -> bool {
        if let Some(negated) = node.strip_prefix('!') {
            return !value(negated, row, inputs, gates);
        }
        if let Some(input) = node.strip_prefix('x') {
            return row >> (inputs - input.parse::<usize>().unwrap()) & 1 == 1;
        }
        let gate = gates.iter().find(|gate| gate.name == node).unwrap();
        let mut reads = gate.reads.iter().map(|read| value(read, row, inputs, gates));
        if gate.op == "AND" { reads.all(|read| read) } else { reads.any(|read| read) }
    }

    proptest! {
        #[test]
        fn truth_tables_follow_the_definition((inputs, gates) in random_graph()) {
            let is_read = |name: &str| gates.iter().flat_map(|gate| &gate.reads).any(|read| read.trim_start_matches('!') == name);
            let outputs: Vec<String> = gates.iter().map(|gate| gate.name.clone()).filter(|name| !is_read(name)).collect();
            let names: Vec<String> = (1..=inputs).map(|i| format!("x{i}")).collect();
            let rows = FunctionGraph::new(&names, &outputs, &gates).unwrap().truth_table().unwrap();
            prop_assert_eq!(rows.count, 1 << inputs);
            for row in 0..rows.count {
                let expected: Vec<f32> = outputs.iter().map(|output| bit(value(output, row, inputs, &gates))).collect();
                prop_assert_eq!(rows.output(row), expected.as_slice());
                let number = rows.input(row).iter().fold(0, |number, &value| 2 * number + usize::from(value == 1.0));
                prop_assert_eq!(number, row);
            }
        }
    }

    #[test]
    fn twenty_inputs_can_be_evaluated() {
        let inputs: Vec<String> = (1..=20).map(|i| format!("x{i}")).collect();
        let gates = [Gate { name: "y1".into(), op: "AND".into(), reads: inputs.clone() }];
        let rows = FunctionGraph::new(&inputs, &["y1".to_owned()], &gates).unwrap().truth_table().unwrap();
        assert_eq!(rows.count, 1 << 20);
        assert_eq!(rows.outputs.iter().position(|&value| value == 1.0), Some((1 << 20) - 1));
    }
}
