//! Products of a batch of inputs that are mostly 0 with a matrix: over the nonzero ones only.

use pulp::{Simd, WithSimd};

use crate::task::Rows;
use crate::train::inputs::{Inputs, Stored};

/// A nonzero entry of a row or column: where it is in it, and its value.
type Entry = (u32, f32);

/// Rows of a factor that are multiplied with before the next ones, so that a panel of them stays in the first-level
/// cache.
pub(super) const TILE: usize = 128;

/// Vectors of a panel: columns whose sums stay in registers while a list is read.
const PANEL: usize = 7;

/// The most lanes of a vector.
const LANES: usize = 16;

/// Number of floats that a [`Product`] needs as room.
pub(super) const ROOM: usize = TILE * PANEL * LANES;

/// The nonzero inputs of a batch, row by row and column by column.
#[derive(Default)]
pub(super) struct Lists {
    rows: List,
    columns: List,
    /// Where the next entry of each part of a column goes.
    next: Vec<u32>,
}

/// Entries of each row, or of each column, in parts: those of part `t` of number `n` are in the tile `t` of the factor,
/// and are `starts[n * tiles + t]..starts[n * tiles + t + 1]`.
#[derive(Default)]
pub(super) struct List {
    tiles: usize,
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

impl Lists {
    /// Lists the inputs of the rows in `order`. The runs of `inputs` must not cross multiples of [`TILE`].
    pub(super) fn load(&mut self, inputs: &Inputs, rows: &Rows, order: impl ExactSizeIterator<Item = usize>) {
        let List { tiles, starts, entries } = &mut self.rows;
        *tiles = inputs.count().div_ceil(TILE);
        starts.clear();
        let most = order.len() * inputs.count();
        if entries.len() < most {
            entries.resize(most, (0, 0.0));
        }
        let mut count = 0;
        inputs.read(rows, order, |first, stored| {
            if first.is_multiple_of(TILE) {
                starts.push(index(count));
            }
            let first = index(first);
            match stored {
                Stored::Numbers(numbers) => {
                    count += list(&mut entries[count..], (first..).zip(numbers.iter().copied()));
                }
                Stored::Codes(codes, values) => {
                    let (eights, rest) = codes.as_chunks::<8>();
                    let value = |code: &u8| values[usize::from(*code)];
                    for (first, codes) in (first..).step_by(8).zip(eights) {
                        // Much of an image is empty.
                        if *codes != [0; 8] || values[0] != 0.0 {
                            count += list(&mut entries[count..], (first..).zip(codes.iter().map(value)));
                        }
                    }
                    let rest = (first + 8 * index(eights.len())..).zip(rest.iter().map(value));
                    count += list(&mut entries[count..], rest);
                }
            }
        });
        starts.push(index(count));
    }

    /// Lists the loaded rows column by column. There are `columns` columns, those after the inputs empty.
    pub(super) fn turn(&mut self, columns: usize) {
        let parts = self.rows.tiles;
        let rows = (self.rows.starts.len() - 1) / parts;
        let List { tiles, starts, entries } = &mut self.columns;
        *tiles = rows.div_ceil(TILE);
        starts.clear();
        starts.resize(columns * *tiles + 1, 0);
        let row = |row: usize| {
            let (from, to) = (self.rows.starts[row * parts], self.rows.starts[(row + 1) * parts]);
            &self.rows.entries[from as usize..to as usize]
        };
        for number in 0..rows {
            for &(column, _) in row(number) {
                starts[column as usize * *tiles + number / TILE + 1] += 1;
            }
        }
        let mut sum = 0;
        for start in &mut *starts {
            sum += *start;
            *start = sum;
        }
        entries.resize(entries.len().max(sum as usize), (0, 0.0));
        self.next.clone_from(starts);
        for number in 0..rows {
            for &(column, value) in row(number) {
                let next = &mut self.next[column as usize * *tiles + number / TILE];
                entries[*next as usize] = (index(number), value);
                *next += 1;
            }
        }
    }

    /// The inputs of each row.
    pub(super) fn rows(&self) -> &List {
        &self.rows
    }

    /// The rows of each input.
    pub(super) fn columns(&self) -> &List {
        &self.columns
    }
}

/// Writes the numbers and values that are not 0, and returns how many there are. `entries` must have room for all.
#[inline(always)]
fn list(entries: &mut [Entry], values: impl Iterator<Item = Entry>) -> usize {
    let mut count = 0;
    for (number, value) in values {
        // Written first and counted afterwards, which avoids an unpredictable branch.
        entries[count] = (number, value);
        count += usize::from(value != 0.0);
    }
    count
}

/// Sets each row `n` of `sums` to the sum of the rows of `factor` named by the entries of list `n`, times their values.
/// `factor` and `sums` have `width` columns, a multiple of the lanes of a vector.
pub(super) struct Product<'a> {
    pub lists: &'a List,
    pub factor: &'a [f32],
    pub width: usize,
    pub sums: &'a mut [f32],
    /// [`ROOM`] floats, best at the start of a cache line.
    pub room: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let vectors = self.width / S::F32_LANES;
        let mut first = 0;
        while first + PANEL <= vectors {
            self.panel::<S, PANEL>(simd, first);
            first += PANEL;
        }
        while first + 4 <= vectors {
            self.panel::<S, 4>(simd, first);
            first += 4;
        }
        while first < vectors {
            self.panel::<S, 1>(simd, first);
            first += 1;
        }
    }
}

impl Product<'_> {
    /// Does `P` vectors of columns.
    #[inline(always)]
    fn panel<S: Simd, const P: usize>(&mut self, simd: S, first: usize) {
        let List { tiles, starts, entries } = self.lists;
        let vectors = self.width / S::F32_LANES;
        let factor = S::as_simd_f32s(self.factor).0;
        let sums = S::as_mut_simd_f32s(self.sums).0;
        let Some(room) = S::as_mut_simd_f32s(self.room).0.as_chunks_mut::<P>().0.first_chunk_mut::<TILE>() else {
            return;
        };
        for (tile, factor) in factor.chunks(TILE * vectors).enumerate().take(*tiles) {
            for (to, from) in room.iter_mut().zip(factor.chunks_exact(vectors)) {
                to.copy_from_slice(&from[first..first + P]);
            }
            let parts = starts[tile..].windows(2).step_by(*tiles);
            for (ends, sums) in parts.zip(sums.chunks_exact_mut(vectors)) {
                let sums = &mut sums[first..first + P];
                let mut registers = [simd.splat_f32s(0.0); P];
                if tile > 0 {
                    registers.copy_from_slice(sums);
                }
                for &(row, value) in &entries[ends[0] as usize..ends[1] as usize] {
                    let factor = &room[row as usize % TILE];
                    let value = simd.splat_f32s(value);
                    for p in 0..P {
                        registers[p] = simd.mul_add_e_f32s(value, factor[p], registers[p]);
                    }
                }
                sums.copy_from_slice(&registers);
            }
        }
    }
}

/// As a `u32`: a batch has far fewer than 2^32 inputs that are not 0.
fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
