//! Products of a batch of inputs that are mostly 0 with a matrix: over the nonzero ones only.

use std::borrow::Cow;

use pulp::{Simd, WithSimd};

/// A nonzero entry of a row or column: where it is in it, and its value.
type Entry = (u32, f32);

/// The nonzero inputs of a batch, row by row and column by column.
#[derive(Default)]
pub(super) struct Lists {
    rows: List,
    columns: List,
}

/// Entries of each row, or of each column: those of number `n` are `starts[n]..starts[n + 1]`.
#[derive(Default)]
pub(super) struct List {
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

impl Lists {
    /// Lists the `live` inputs of the rows. There are `columns` columns, those after the live ones empty.
    pub(super) fn load<'r>(&mut self, rows: impl Iterator<Item = Cow<'r, [f32]>>, live: &[usize], columns: usize) {
        let List { starts, entries } = &mut self.rows;
        starts.clear();
        starts.push(0);
        let mut count = 0;
        for row in rows {
            if entries.len() < count + live.len() {
                entries.resize(count + live.len(), (0, 0.0));
            }
            let room = &mut entries[count..count + live.len()];
            let mut found = 0;
            // Written first and counted afterwards, which avoids an unpredictable branch.
            for (number, &input) in (0..).zip(live) {
                room[found] = (number, row[input]);
                found += usize::from(row[input] != 0.0);
            }
            count += found;
            starts.push(index(count));
        }
        self.turn(count, columns);
    }

    /// Sorts the entries of all rows into their columns.
    fn turn(&mut self, count: usize, columns: usize) {
        let List { starts, entries } = &mut self.columns;
        starts.clear();
        starts.resize(columns + 1, 0);
        for (column, _) in &self.rows.entries[..count] {
            starts[*column as usize + 1] += 1;
        }
        for column in 0..columns {
            starts[column + 1] += starts[column];
        }
        entries.resize(entries.len().max(count), (0, 0.0));
        let mut next = starts.clone();
        for (row, ends) in (0..).zip(self.rows.starts.windows(2)) {
            for &(column, value) in &self.rows.entries[ends[0] as usize..ends[1] as usize] {
                let next = &mut next[column as usize];
                entries[*next as usize] = (row, value);
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

/// Adds, to each row `n` of `sums`, the rows of `factor` named by the entries of list `n`, times their values. `factor`
/// and `sums` have `width` columns, a multiple of the lanes of a vector.
pub(super) struct Product<'a> {
    pub lists: &'a List,
    pub factor: &'a [f32],
    pub width: usize,
    pub sums: &'a mut [f32],
}

/// Vectors of a panel: columns whose sums stay in registers while a list is read. A panel of the factor stays in the
/// cache while all lists are read.
const PANEL: usize = 7;

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
        let vectors = self.width / S::F32_LANES;
        let factor = S::as_simd_f32s(self.factor).0;
        let sums = S::as_mut_simd_f32s(self.sums).0;
        for (ends, sums) in self.lists.starts.windows(2).zip(sums.chunks_exact_mut(vectors)) {
            let sums = &mut sums[first..first + P];
            let mut registers = [simd.splat_f32s(0.0); P];
            registers.copy_from_slice(sums);
            for &(row, value) in &self.lists.entries[ends[0] as usize..ends[1] as usize] {
                let factor = &factor[row as usize * vectors + first..][..P];
                let value = simd.splat_f32s(value);
                for p in 0..P {
                    registers[p] = simd.mul_add_e_f32s(value, factor[p], registers[p]);
                }
            }
            sums.copy_from_slice(&registers);
        }
    }
}

/// As a `u32`: a batch has far fewer than 2^32 inputs that are not 0.
fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
