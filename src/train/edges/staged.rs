//! Rows of the task laid out as the engine computes with them: input by input, the rows in the vector lanes.

use std::ops::Range;

use super::aligned::Aligned;
use crate::task::Rows;

/// Floats of inputs that are kept laid out at once, at least two strips: few enough to leave the caches alone.
const ROOM: usize = 1 << 14;

/// Strips of rows, each in a slot.
///
/// A strip is laid out value by value and read as vectors: were it read at once, each vector would wait for its values
/// to leave the processor's store buffer. So there is more than one slot, to lay one out while another is computed.
pub(super) struct Staged {
    /// `[slots, live inputs, room]`, of which a strip takes `[live inputs, width]`.
    inputs: Aligned,
    /// `[slots, words, room]`, likewise: 32 outputs of a row a word.
    targets: Vec<u32>,
    /// The outputs of all rows, a bit each: `[rows, words]`.
    packed: Vec<u32>,
    /// Columns of the rows: inputs and outputs.
    widths: (usize, usize),
    /// For each live input, its column in the rows.
    columns: Vec<u32>,
    /// The most lanes of a strip.
    room: usize,
    /// The range of rows in each slot, where [`Self::load_range`] loaded it.
    held: Vec<Option<Range<usize>>>,
}

/// A strip in its slot.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    /// `[live inputs, width]`.
    pub inputs: &'a [f32],
    /// `[words, width]`.
    pub targets: &'a [u32],
}

impl Staged {
    /// Slots for strips of at most `room` lanes of `rows`, of which `columns` are the live inputs; as many as there is
    /// room for, and no more than `strips` or two.
    pub(super) fn new(columns: &[u32], rows: &Rows, room: usize, strips: usize) -> Self {
        let widths = (rows.input_width(), rows.output_width());
        let (inputs, words) = (columns.len() * room, widths.1.div_ceil(32));
        let slots = strips.min(ROOM / inputs.max(1)).max(2);
        Self {
            inputs: Aligned::zeros(slots * inputs),
            targets: vec![0; slots * words * room],
            packed: rows.outputs.chunks_exact(widths.1).flat_map(|row| row.chunks(32).map(packed)).collect(),
            widths,
            columns: columns.to_vec(),
            room,
            held: vec![None; slots],
        }
    }

    /// The strip that was last loaded as `number`, of `width` lanes.
    #[inline(always)]
    pub(super) fn slot(&self, number: usize, width: usize) -> Slot<'_> {
        let slot = number % self.held.len();
        let (inputs, words) = (self.columns.len(), self.words());
        Slot {
            inputs: &self.inputs[slot * inputs * self.room..][..inputs * width],
            targets: &self.targets[slot * words * self.room..][..words * width],
        }
    }

    /// Loads strip `number` with the rows named by `order`, with `noise` (one value an input of each row, or none at
    /// all) on their inputs.
    #[inline(always)]
    pub(super) fn load(&mut self, number: usize, width: usize, rows: &Rows, order: &[u32], noise: &[f32]) {
        let slot = number % self.held.len();
        let count = self.widths.0;
        for (lane, &row) in order.iter().enumerate() {
            let row = row as usize;
            let from = &rows.inputs[row * count..][..count];
            if let Some(noise) = noise.get(lane * count..(lane + 1) * count) {
                self.load_row(slot, width, (row, lane), |column| from[column] + noise[column]);
            } else {
                self.load_row(slot, width, (row, lane), |column| from[column]);
            }
        }
    }

    /// Loads strip `number` with rows as they are, unless it holds them.
    #[inline(always)]
    pub(super) fn load_range(&mut self, number: usize, width: usize, rows: &Rows, range: Range<usize>) {
        let slot = number % self.held.len();
        if self.held[slot].as_ref() == Some(&range) {
            return;
        }
        for (lane, row) in range.clone().enumerate() {
            let from = &rows.inputs[row * self.widths.0..][..self.widths.0];
            self.load_row(slot, width, (row, lane), |column| from[column]);
        }
        self.held[slot] = Some(range);
    }

    #[inline(always)]
    fn load_row(&mut self, slot: usize, width: usize, (row, lane): (usize, usize), input: impl Fn(usize) -> f32) {
        let (live, words) = (self.columns.len(), self.words());
        let inputs = &mut self.inputs[slot * live * self.room..][..live * width];
        let mut at = lane;
        for &column in &self.columns {
            inputs[at] = input(column as usize);
            at += width;
        }
        let targets = &mut self.targets[slot * words * self.room..][..words * width];
        let mut at = lane;
        for &bits in &self.packed[row * words..][..words] {
            targets[at] = bits;
            at += width;
        }
    }

    /// Words of a row's outputs.
    fn words(&self) -> usize {
        self.widths.1.div_ceil(32)
    }
}

/// Up to 32 outputs of a row as bits, the first the lowest.
fn packed(outputs: &[f32]) -> u32 {
    outputs.iter().rev().fold(0, |bits, &output| bits << 1 | u32::from(output > 0.5))
}
