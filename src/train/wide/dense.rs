//! Products of full matrices, all laid out row by row.
//!
//! A tile of the sums stays in registers while it runs along a stretch of the depth. The vectors of the right factor
//! that it needs are copied side by side first and stay in the first-level cache; a block of rows of the left factor
//! stays in the second-level cache. Sums are added up in an order that depends only on the shapes and the vectors.

use std::ops::Range;

use pulp::{Simd, WithSimd};

/// The stretch of the depth that is summed up in registers.
const DEPTH: usize = 256;

/// Rows of a block of the left factor: a multiple of the rows of every tile.
const BLOCK: usize = 120;

/// The most vectors of a tile's row.
const COLUMNS: usize = 3;

/// The most lanes of a vector.
const LANES: usize = 16;

/// Number of floats that a [`Product`] needs as room.
pub(super) const ROOM: usize = DEPTH * COLUMNS * LANES;

/// Sets `sums` to the product of `left` and `right`.
pub(super) struct Product<'a> {
    /// `[rows, depth]`.
    pub left: &'a [f32],
    /// `[depth, columns]`.
    pub right: &'a [f32],
    pub depth: usize,
    /// A multiple of the lanes of a vector.
    pub columns: usize,
    /// `[rows, columns]`.
    pub sums: &'a mut [f32],
    /// [`ROOM`] floats, best at the start of a cache line.
    pub room: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 { self.run::<S, 8, COLUMNS>(simd) } else { self.run::<S, 6, 2>(simd) }
    }
}

impl Product<'_> {
    /// Computes the product in tiles of `R` rows by `C` vectors.
    #[inline(always)]
    fn run<S: Simd, const R: usize, const C: usize>(mut self, simd: S) {
        let vectors = self.columns / S::F32_LANES;
        let rows = self.sums.len() / self.columns;
        for first in (0..self.depth).step_by(DEPTH) {
            let depth = first..self.depth.min(first + DEPTH);
            for row in (0..rows).step_by(BLOCK) {
                let rows = row..rows.min(row + BLOCK);
                let mut column = 0;
                while column + C <= vectors {
                    self.strip::<S, R, C>(simd, &depth, &rows, column);
                    column += C;
                }
                while column < vectors {
                    self.strip::<S, R, 1>(simd, &depth, &rows, column);
                    column += 1;
                }
            }
        }
    }

    /// Adds a stretch of the depth to `C` vectors of some rows.
    #[inline(always)]
    fn strip<S: Simd, const R: usize, const C: usize>(
        &mut self,
        simd: S,
        depth: &Range<usize>,
        rows: &Range<usize>,
        column: usize,
    ) {
        let vectors = self.columns / S::F32_LANES;
        let right = S::as_simd_f32s(&self.right[depth.start * self.columns..depth.end * self.columns]).0;
        let room = S::as_mut_simd_f32s(self.room).0;
        let room = &mut room.as_chunks_mut::<C>().0[..depth.len()];
        for (to, from) in room.iter_mut().zip(right.chunks_exact(vectors)) {
            to.copy_from_slice(&from[column..column + C]);
        }
        let left = &self.left[rows.start * self.depth..rows.end * self.depth];
        let sums = &mut S::as_mut_simd_f32s(self.sums).0[rows.start * vectors..rows.end * vectors];
        let mut lefts = left.chunks_exact(R * self.depth);
        let mut tiles = sums.chunks_exact_mut(R * vectors);
        for (left, sums) in lefts.by_ref().zip(tiles.by_ref()) {
            tile::<S, R, C>(simd, (left, self.depth, depth), room, (&mut sums[column..], vectors));
        }
        let rest = lefts.remainder().chunks_exact(self.depth);
        for (left, sums) in rest.zip(tiles.into_remainder().chunks_exact_mut(vectors)) {
            tile::<S, 1, C>(simd, (left, self.depth, depth), room, (&mut sums[column..], vectors));
        }
    }
}

/// Adds a stretch of the depth, or begins with it, to a tile of sums, whose rows are `vectors` apart.
#[inline(always)]
fn tile<S: Simd, const R: usize, const C: usize>(
    simd: S,
    (left, stride, depth): (&[f32], usize, &Range<usize>),
    right: &[[S::f32s; C]],
    (sums, vectors): (&mut [S::f32s], usize),
) {
    let mut registers = [[simd.splat_f32s(0.0); C]; R];
    let mut rows: [&[f32]; R] = [&[]; R];
    for r in 0..R {
        rows[r] = &left[r * stride + depth.start..][..right.len()];
        if depth.start > 0 {
            registers[r].copy_from_slice(&sums[r * vectors..][..C]);
        }
    }
    for (k, right) in right.iter().enumerate() {
        for r in 0..R {
            let factor = simd.splat_f32s(rows[r][k]);
            for c in 0..C {
                registers[r][c] = simd.mul_add_e_f32s(factor, right[c], registers[r][c]);
            }
        }
    }
    for r in 0..R {
        sums[r * vectors..][..C].copy_from_slice(&registers[r]);
    }
}

/// Rows that are transposed together: those that fill a vector or half a cache line.
const TURNED: usize = 8;

/// Transposes a matrix with `columns` columns.
pub(super) fn turn(from: &[f32], columns: usize, to: &mut [f32]) {
    let rows = from.len() / columns;
    let mut blocks = from.chunks_exact(TURNED * columns);
    let mut first = 0;
    for block in blocks.by_ref() {
        let lines: [&[f32]; TURNED] = std::array::from_fn(|line| &block[line * columns..][..columns]);
        for (column, to) in to.chunks_exact_mut(rows).take(columns).enumerate() {
            let to = &mut to[first..first + TURNED];
            for line in 0..TURNED {
                to[line] = lines[line][column];
            }
        }
        first += TURNED;
    }
    for line in blocks.remainder().chunks_exact(columns) {
        for (to, &value) in to.chunks_exact_mut(rows).zip(line) {
            to[first] = value;
        }
        first += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::KernelClass;
    use crate::train::random::{Stage, Stream, StreamName};

    #[test]
    fn products_equal_their_definition() {
        let mut stream = Stream::new(&StreamName { seed: 0, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 });
        // Whole and partial blocks, tiles and stretches of the depth.
        for (rows, depth, columns) in [(131, 40, 64), (7, 300, 16), (1, 1, 112), (20, 256, 48)] {
            let mut random = |count: usize| {
                let mut values = vec![0.0; count];
                stream.normals(&mut values);
                values
            };
            let (left, right, mut room) = (random(rows * depth), random(depth * columns), vec![0.0; ROOM]);
            let mut turned = vec![9.0; rows * depth];
            turn(&left, depth, &mut turned);
            for class in KernelClass::ALL.into_iter().filter(|class| class.is_here()) {
                let mut sums = vec![9.0; rows * columns];
                let (left, right) = (left.as_slice(), right.as_slice());
                let product = Product { left, right, depth, columns, sums: &mut sums, room: &mut room };
                class.vectors(false).run(product);
                for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                    let terms = (0..depth).map(|k| {
                        let left = left[row * depth + k];
                        assert_eq!(turned[k * rows + row], left);
                        f64::from(left) * f64::from(right[k * columns + column])
                    });
                    let expected: f64 = terms.sum();
                    assert!((f64::from(sums[row * columns + column]) - expected).abs() < 1e-3, "{class}");
                }
            }
        }
    }
}
