//! Rows of the task in the engine's layout: input by input, with the rows in the vector lanes.

use std::ops::Range;

use super::aligned::Aligned;
use crate::task::Rows;
use crate::train::inputs::Inputs;

/// Number of input values that are staged at once: few enough to leave room in the caches. At least two strips are.
const ROOM: usize = 1 << 14;

/// Strips of rows, each in a slot.
///
/// A strip is written value by value and read as vectors. Read at once, each vector would wait for its values to leave
/// the processor's store buffer. So there is more than one slot: one is loaded while another is computed.
pub(super) struct Staged {
    /// `[slots, live inputs, room]`; a strip uses `[live inputs, width]` of its slot.
    inputs: Aligned,
    /// `[slots, words, room]`, likewise; a word has 32 outputs of a row.
    targets: Vec<u32>,
    /// The outputs of all rows as bits, `[rows, words]`.
    packed: Vec<u32>,
    /// Number of inputs and of outputs of a row.
    widths: (usize, usize),
    /// For each live input, its column in the rows.
    columns: Vec<u32>,
    /// Where inputs are, if they are stored as codes, and room for those of a row.
    coded: Option<(Inputs, Vec<f32>)>,
    /// The most lanes of a strip.
    room: usize,
    /// The range of rows in each slot, if [`Self::load_range`] loaded it.
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
    /// Slots for strips of at most `room` lanes of `rows`, whose live inputs are `columns`: as many as [`ROOM`] allows,
    /// up to `strips`, but at least two.
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
            coded: rows.coded().map(|_| {
                let live: Vec<usize> = columns.iter().map(|&column| column as usize).collect();
                (Inputs::new(rows, &live, usize::MAX), vec![0.0; live.len()])
            }),
            room,
            held: vec![None; slots],
        }
    }

    /// The strip last loaded as `number`, of `width` lanes.
    #[inline(always)]
    pub(super) fn slot(&self, number: usize, width: usize) -> Slot<'_> {
        let slot = number % self.held.len();
        let (inputs, words) = (self.columns.len(), self.words());
        Slot {
            inputs: &self.inputs[slot * inputs * self.room..][..inputs * width],
            targets: &self.targets[slot * words * self.room..][..words * width],
        }
    }

    /// Loads strip `number` with the rows in `order`, and adds `noise` (one value per input of each row, or empty) to
    /// their inputs.
    #[inline(always)]
    pub(super) fn load(&mut self, number: usize, width: usize, rows: &Rows, order: &[u32], noise: &[f32]) {
        let slot = number % self.held.len();
        let count = self.widths.0;
        for (lane, &row) in order.iter().enumerate() {
            self.load_row(slot, width, rows, (row as usize, lane), noise.get(lane * count..(lane + 1) * count));
        }
    }

    /// Loads strip `number` with a range of rows without noise, unless the slot already holds it.
    #[inline(always)]
    pub(super) fn load_range(&mut self, number: usize, width: usize, rows: &Rows, range: Range<usize>) {
        let slot = number % self.held.len();
        if self.held[slot].as_ref() == Some(&range) {
            return;
        }
        for (lane, row) in range.clone().enumerate() {
            self.load_row(slot, width, rows, (row, lane), None);
        }
        self.held[slot] = Some(range);
    }

    #[inline(always)]
    fn load_row(&mut self, slot: usize, width: usize, rows: &Rows, (row, lane): (usize, usize), noise: Option<&[f32]>) {
        let (live, words) = (self.columns.len(), self.words());
        let inputs = &mut self.inputs[slot * live * self.room..][..live * width];
        if let Some((coded, values)) = &mut self.coded {
            coded.copy(rows, std::iter::once(row), values, live);
            let columns = self.columns.iter().map(|&column| column as usize);
            let values = values.iter().zip(columns);
            let values = values.map(|(value, column)| value + noise.map_or(0.0, |noise| noise[column]));
            spread(inputs, (lane, width), values);
        } else {
            let from = rows.input(row);
            let columns = self.columns.iter().map(|&column| column as usize);
            match noise {
                Some(noise) => spread(inputs, (lane, width), columns.map(|column| from[column] + noise[column])),
                None => spread(inputs, (lane, width), columns.map(|column| from[column])),
            }
        }
        let targets = &mut self.targets[slot * words * self.room..][..words * width];
        let mut at = lane;
        for &bits in &self.packed[row * words..][..words] {
            targets[at] = bits;
            at += width;
        }
    }

    /// Number of words for the outputs of a row.
    fn words(&self) -> usize {
        self.widths.1.div_ceil(32)
    }
}

/// Writes values from `at` on, `step` apart.
#[inline(always)]
fn spread(to: &mut [f32], (mut at, step): (usize, usize), values: impl Iterator<Item = f32>) {
    for value in values {
        to[at] = value;
        at += step;
    }
}

/// Up to 32 outputs of a row as bits, the first one lowest.
fn packed(outputs: &[f32]) -> u32 {
    outputs.iter().rev().fold(0, |bits, &output| bits << 1 | u32::from(output > 0.5))
}
