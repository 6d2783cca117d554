//! The layout of a network's parameters in the engine's arrays, and how each matrix is computed.
//!
//! Only units and edges on a path from an input to an output are computed; these are *live*. Kept weights off every
//! path, and biases of hidden units that are reached but lead nowhere, have gradient 0 but still shrink under L2, and
//! their magnitudes count in later percentiles. These *idle* parameters come after all others.

use std::ops::Range;

use super::aligned::Aligned;
use crate::network::Network;

/// A matrix is computed as a block, including its zeros, if at least this share of it is kept; otherwise edge by edge.
///
/// In the bench `training`, both are equally fast at a density between 0.3 and 0.45.
const BLOCK_DENSITY: f64 = 0.38;

/// A matrix with fewer edges than this is never a block, because setting up tiles takes longer than the edges.
const BLOCK_EDGES: usize = 64;

/// The layout of a network.
pub(super) struct Layout {
    /// One per weight matrix, from the inputs on.
    pub matrices: Vec<Matrix>,
    /// For each live input, its column in the rows.
    pub inputs: Vec<u32>,
    /// Number of live units, including inputs. The last ones are the outputs, all of which are live.
    pub units: usize,
    /// Length of the array of parameters, with padding.
    pub parameters: usize,
    /// Slots of biases that must stay 0: those of outputs that no input reaches.
    pub unreached: Vec<usize>,
    /// For each parameter that can change, its position in the network and in the array.
    pub slots: Vec<ParameterSlot>,
}

/// A parameter of the network and its slot in the array.
pub(super) struct ParameterSlot {
    pub layer: u32,
    /// Index into the layer's weights or, from `weights.len()` on, its biases.
    pub index: u32,
    pub slot: u32,
}

impl ParameterSlot {
    /// The layer and the index.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.layer as usize, self.index as usize)
    }
}

/// The live part of a weight matrix.
pub(super) struct Matrix {
    /// The live units that it reads.
    pub from: Range<usize>,
    /// The live units that it feeds.
    pub to: Range<usize>,
    /// Slot of the first bias of `to`.
    pub biases: usize,
    /// Slot of the first weight.
    pub weights: usize,
    pub form: Form,
}

/// How a matrix is computed.
pub(super) enum Form {
    /// As a block, `[to, stride]`, where `stride` is the number of columns rounded up to whole vectors. `mask` is 1 for
    /// kept weights and 0 for the others.
    Block { stride: usize, mask: Aligned },
    /// Edge by edge. The edges into unit `j` of `to` are `starts[j]..starts[j + 1]`; `reads` has the unit that each
    /// edge reads.
    Edges { starts: Vec<u32>, reads: Vec<u32> },
}

impl Layout {
    /// Lays out `network` for vectors of `lanes` lanes.
    pub(super) fn new(network: &Network, lanes: usize) -> Self {
        let mask = &network.mask;
        let reached = mask.reached_from_inputs();
        let live = mask.on_a_path_among(&reached);
        let mut units = 0;
        let mut number = |&live: &bool| {
            units += u32::from(live);
            if live { units - 1 } else { DEAD }
        };
        let numbers: Vec<Vec<u32>> = live.iter().map(|layer| layer.iter().map(&mut number).collect()).collect();
        let mut layout = Self {
            matrices: Vec::with_capacity(network.weights.len()),
            inputs: (0..).zip(&live[0]).filter(|(_, live)| **live).map(|(input, _)| input).collect(),
            units: units as usize,
            parameters: 0,
            unreached: Vec::new(),
            slots: Vec::with_capacity(mask.kept() + units as usize),
        };
        let mut idle = Vec::new();
        let mut from = 0..layout.inputs.len();
        for (layer, weights) in network.weights.iter().enumerate() {
            let to = from.end..from.end + live[layer + 1].iter().filter(|&&live| live).count();
            layout.add_matrix(network, layer, lanes, (from, to.clone()), &numbers, &mut idle);
            layout.add_biases(layer, weights.len(), (&reached[layer + 1], &live[layer + 1]), &mut idle);
            layout.parameters = layout.parameters.next_multiple_of(lanes);
            from = to;
        }
        for (layer, position) in idle {
            layout.assign(layer, position, layout.parameters);
            layout.parameters += 1;
        }
        layout.parameters = layout.parameters.next_multiple_of(lanes);
        layout
    }

    fn add_matrix(
        &mut self,
        network: &Network,
        layer: usize,
        lanes: usize,
        (from, to): (Range<usize>, Range<usize>),
        numbers: &[Vec<u32>],
        idle: &mut Vec<(usize, usize)>,
    ) {
        let columns = &numbers[layer];
        let rows = network.mask.layer(layer).chunks_exact(columns.len());
        let (mut starts, mut reads, mut positions) = (Vec::with_capacity(to.len() + 1), Vec::new(), Vec::new());
        for (unit, (row, &number)) in rows.zip(&numbers[layer + 1]).enumerate() {
            if number != DEAD {
                starts.push(index(reads.len()));
            }
            if !row.contains(&true) {
                continue;
            }
            for (input, _) in row.iter().enumerate().filter(|(_, kept)| **kept) {
                let position = unit * columns.len() + input;
                if number == DEAD || columns[input] == DEAD {
                    idle.push((layer, position));
                } else {
                    reads.push(columns[input]);
                    positions.push(position);
                }
            }
        }
        starts.push(index(reads.len()));
        let weights = self.parameters;
        let is_block =
            reads.len() >= BLOCK_EDGES && reads.len() as f64 >= BLOCK_DENSITY * (from.len() * to.len()) as f64;
        let form = if is_block {
            let stride = from.len().next_multiple_of(lanes);
            let mut mask = Aligned::zeros(to.len() * stride);
            let mut positions = positions.iter();
            for (row, ends) in starts.windows(2).enumerate() {
                for (&read, &position) in reads[ends[0] as usize..ends[1] as usize].iter().zip(positions.by_ref()) {
                    let slot = row * stride + read as usize - from.start;
                    mask[slot] = 1.0;
                    self.assign(layer, position, weights + slot);
                }
            }
            self.parameters += mask.len();
            Form::Block { stride, mask }
        } else {
            for (edge, &position) in positions.iter().enumerate() {
                self.assign(layer, position, weights + edge);
            }
            self.parameters = (weights + reads.len()).next_multiple_of(lanes);
            Form::Edges { starts, reads }
        };
        self.matrices.push(Matrix { from, to, biases: self.parameters, weights, form });
    }

    fn add_biases(
        &mut self,
        layer: usize,
        weights: usize,
        (reached, live): (&[bool], &[bool]),
        idle: &mut Vec<(usize, usize)>,
    ) {
        for (unit, (&reached, &live)) in reached.iter().zip(live).enumerate() {
            if live {
                if !reached {
                    self.unreached.push(self.parameters);
                }
                self.assign(layer, weights + unit, self.parameters);
                self.parameters += 1;
            } else if reached {
                idle.push((layer, weights + unit));
            }
        }
    }

    fn assign(&mut self, layer: usize, position: usize, slot: usize) {
        self.slots.push(ParameterSlot { layer: index(layer), index: index(position), slot: index(slot) });
    }
}

/// The number of a unit that is not live.
const DEAD: u32 = u32::MAX;

/// As a `u32`: architectures are limited to 10^8 weights, far below 2^32.
fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
