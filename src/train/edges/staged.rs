//! Rows of the task in the engine's layout: input by input, with the rows in the vector lanes.

use std::ops::Range;

use super::aligned::Aligned;
use crate::task::Rows;

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
    /// Where the live inputs are, if they are stored as codes: the sample of the row and the position in it.
    places: Vec<(usize, usize)>,
    /// `[samples of a row, room]`: where the samples of the strip's rows begin among the codes.
    starts: Vec<usize>,
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
        let all: Vec<(usize, usize)> = rows.coded().map_or_else(Vec::new, |coded| coded.places().collect());
        let places = if all.is_empty() { all } else { columns.iter().map(|&column| all[column as usize]).collect() };
        Self {
            inputs: Aligned::zeros(slots * inputs),
            targets: vec![0; slots * words * room],
            packed: rows.outputs.chunks_exact(widths.1).flat_map(|row| row.chunks(32).map(packed)).collect(),
            widths,
            columns: columns.to_vec(),
            places,
            starts: vec![0; rows.coded().map_or(0, |coded| coded.parts() * room)],
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
        self.load_rows(slot, width, rows, order.iter().map(|&row| row as usize), noise);
    }

    /// Loads strip `number` with a range of rows without noise, unless the slot already holds it.
    #[inline(always)]
    pub(super) fn load_range(&mut self, number: usize, width: usize, rows: &Rows, range: Range<usize>) {
        let slot = number % self.held.len();
        if self.held[slot].as_ref() == Some(&range) {
            return;
        }
        self.load_rows(slot, width, rows, range.clone(), &[]);
        self.held[slot] = Some(range);
    }

    #[inline(always)]
    fn load_rows(
        &mut self,
        slot: usize,
        width: usize,
        rows: &Rows,
        order: impl ExactSizeIterator<Item = usize> + Clone,
        noise: &[f32],
    ) {
        let (live, words) = (self.columns.len(), self.words());
        let inputs = &mut self.inputs[slot * live * self.room..][..live * width];
        let columns = self.columns.iter().map(|&column| column as usize);
        let noise = |lane: usize| noise.get(lane * self.widths.0..(lane + 1) * self.widths.0);
        if let Some(coded) = rows.coded() {
            // Input by input, which leaves whole vectors behind.
            let count = order.len();
            for (lane, row) in order.clone().enumerate() {
                coded.starts(row).enumerate().for_each(|(part, start)| self.starts[part * self.room + lane] = start);
            }
            let (codes, values) = (coded.codes(), coded.values());
            for (to, &(part, at)) in inputs.chunks_exact_mut(width).zip(&self.places) {
                let starts = &self.starts[part * self.room..][..count];
                to.iter_mut().zip(starts).for_each(|(to, start)| *to = values[usize::from(codes[start + at])]);
            }
            for (lane, noise) in (0..count).filter_map(|lane| Some((lane, noise(lane)?))) {
                let places = inputs[lane..].iter_mut().step_by(width);
                places.zip(columns.clone()).for_each(|(to, column)| *to += noise[column]);
            }
        } else {
            for (lane, row) in order.clone().enumerate() {
                let from = rows.input(row);
                let (place, columns) = ((lane, width), columns.clone());
                match noise(lane) {
                    Some(noise) => spread(inputs, place, columns.map(|column| from[column] + noise[column])),
                    None => spread(inputs, place, columns.map(|column| from[column])),
                }
            }
        }
        let targets = &mut self.targets[slot * words * self.room..][..words * width];
        for (lane, row) in order.enumerate() {
            let mut at = lane;
            for &bits in &self.packed[row * words..][..words] {
                targets[at] = bits;
                at += width;
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::inputs::tests::stored_both_ways;

    #[test]
    fn a_strip_is_the_same_however_its_rows_are_stored() {
        let [pairs, plain] = stored_both_ways();
        let columns = [0, 3, 4, 7, 11];
        let noise: Vec<f32> = (0_u8..36).map(|at| f32::from(at) / 64.0).collect();
        for noise in [&noise[..], &[]] {
            let [coded, numbers] = [&pairs, &plain].map(|rows| {
                let mut staged = Staged::new(&columns, rows, 4, 2);
                staged.load(0, 4, rows, &[2, 0, 1], noise);
                staged.load_range(1, 2, rows, 1..3);
                [staged.slot(0, 4), staged.slot(1, 2)].map(|slot| (slot.inputs.to_vec(), slot.targets.to_vec()))
            });
            assert_eq!(coded, numbers);
            let lanes = &coded[0].0[4..8];
            let first = plain.input(2)[3] + noise.get(3).unwrap_or(&0.0);
            assert_eq!((lanes[0], lanes[3], coded[0].1[0]), (first, 0.0, 1), "row 2 is in lane 0, lane 3 is empty");
        }
    }
}
