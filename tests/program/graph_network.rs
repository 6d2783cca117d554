//! A function graph as a network: one unit per gate, and units that copy values from layer to layer.

use neural_sculpting::analysis::ModuleGraph;
use neural_sculpting::detect::{DetectionSettings, detect};
use neural_sculpting::network::{Architecture, Condensed, Mask};
use neural_sculpting::task::{FunctionGraph, Task};
use petgraph::Direction;
use petgraph::graph::NodeIndex;

/// The structure that detection finds in the network, without layers.
pub fn structure(function: &FunctionGraph, task: &Task) -> ModuleGraph {
    let graph = function.graph();
    let nodes = |names: &[String]| names.iter().map(|name| function.node(name).unwrap()).collect::<Vec<NodeIndex>>();
    let (inputs, outputs) = (nodes(&task.inputs), nodes(&task.outputs));
    let last = function.level_count() - 1;
    let level = |node: NodeIndex| if outputs.contains(&node) { last } else { function.level(node) };
    let is_carried = |node: NodeIndex, layer: usize| {
        level(node) < layer && graph.neighbors(node).any(|reader| level(reader) > layer)
    };
    let units = |layer: usize| match layer {
        0 => inputs.clone(),
        layer if layer == last => outputs.clone(),
        layer => graph.node_indices().filter(|&node| level(node) == layer || is_carried(node, layer)).collect(),
    };
    let layers: Vec<Vec<NodeIndex>> = (0..=last).map(units).collect();
    let reads = |to: NodeIndex, from: NodeIndex, layer: usize| match level(to) <= layer {
        true => from == to,
        false => graph.neighbors_directed(to, Direction::Incoming).any(|read| read == from),
    };
    let mask = |layer: usize| {
        let cells = layers[layer + 1].iter().flat_map(|&to| layers[layer].iter().map(move |&from| (to, from)));
        cells.map(|(to, from)| reads(to, from, layer)).collect()
    };
    let architecture = Architecture::new(layers.iter().map(Vec::len).collect()).unwrap();
    let network = Condensed::new(&Mask::from_layers(&architecture, (0..last).map(mask).collect()));
    ModuleGraph::of_detection(&detect(&network, &DetectionSettings::default())).without_layers()
}
