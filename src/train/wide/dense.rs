//! Products of full matrices, all laid out row by row.
//!
//! A tile of the sums stays in registers while it runs along a stretch of the depth. What it needs of both factors is
//! copied side by side first: a block of rows of the left factor stays in the second-level cache, a strip of the right
//! factor in the first-level cache. Read where they are, rows lie on too many pages of memory. Sums are added up in an
//! order that depends only on the shapes.

use std::ops::Range;

use pulp::{Simd, WithSimd};

/// The stretch of the depth that is summed up in registers.
const DEPTH: usize = 256;

/// Rows of a block of the left factor: a multiple of the rows of every tile.
const BLOCK: usize = 120;

/// Number of floats that a [`Product`] with so many columns needs as room.
pub(super) fn room(columns: usize) -> usize {
    DEPTH * (BLOCK + columns)
}

/// Sets `sums` to the product of `left` and `right`.
pub(super) struct Product<'a> {
    pub left: Left<'a>,
    /// `[depth, columns]`.
    pub right: &'a [f32],
    pub depth: usize,
    /// A multiple of the lanes of a vector.
    pub columns: usize,
    /// `[rows, columns]`.
    pub sums: &'a mut [f32],
    /// As many floats as [`room`] says, best at the start of a cache line.
    pub room: &'a mut [f32],
}

/// The left factor of a product.
#[derive(Clone, Copy)]
pub(super) enum Left<'a> {
    /// `[rows, depth]`.
    Rows(&'a [f32]),
    /// `[depth, rows]`: the transpose of it.
    Columns(&'a [f32]),
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 { self.run::<S, 8, 3>(simd) } else { self.run::<S, 6, 2>(simd) }
    }
}

/// Some rows and a stretch of the depth.
struct Stretch {
    rows: Range<usize>,
    depth: Range<usize>,
}

impl Product<'_> {
    /// Computes the product in tiles of `R` rows by `C` vectors.
    #[inline(always)]
    fn run<S: Simd, const R: usize, const C: usize>(mut self, simd: S) {
        let vectors = self.columns / S::F32_LANES;
        let rows = self.sums.len() / self.columns;
        let (left, right) = std::mem::take(&mut self.room).split_at_mut(DEPTH * BLOCK);
        for first in (0..self.depth).step_by(DEPTH) {
            let depth = first..self.depth.min(first + DEPTH);
            let right = &mut S::as_mut_simd_f32s(right).0[..vectors * depth.len()];
            self.pack_right::<S, C>(&depth, right);
            for row in (0..rows).step_by(BLOCK) {
                let at = Stretch { rows: row..rows.min(row + BLOCK), depth: depth.clone() };
                let left = &mut left[..at.rows.len() * at.depth.len()];
                self.pack_left::<R>(&at, left);
                let mut column = 0;
                while column + C <= vectors {
                    self.strip::<S, R, C>(simd, &at, (left, right), column);
                    column += C;
                }
                while column < vectors {
                    self.strip::<S, R, 1>(simd, &at, (left, right), column);
                    column += 1;
                }
            }
        }
    }

    /// Copies the right factor: `[strips, depth, C]`, and the vectors left over as strips of one vector.
    #[inline(always)]
    fn pack_right<S: Simd, const C: usize>(&self, depth: &Range<usize>, to: &mut [S::f32s]) {
        let vectors = self.columns / S::F32_LANES;
        let right = S::as_simd_f32s(&self.right[depth.start * self.columns..depth.end * self.columns]).0;
        let (strips, rest) = to.split_at_mut(vectors / C * C * depth.len());
        for (k, from) in right.chunks_exact(vectors).enumerate() {
            let (whole, single) = from.as_chunks::<C>();
            for (strip, from) in strips.as_chunks_mut::<C>().0.chunks_exact_mut(depth.len()).zip(whole) {
                strip[k] = *from;
            }
            for (strip, from) in rest.chunks_exact_mut(depth.len()).zip(single) {
                strip[k] = *from;
            }
        }
    }

    /// Copies the left factor: `[tiles, depth, R]`, and the rows left over as tiles of one row.
    #[inline(always)]
    fn pack_left<const R: usize>(&self, at: &Stretch, to: &mut [f32]) {
        let whole = at.rows.len() / R * R;
        let (tiles, rest) = to.split_at_mut(whole * at.depth.len());
        for (row, to) in at.rows.clone().step_by(R).zip(tiles.as_chunks_mut::<R>().0.chunks_exact_mut(at.depth.len())) {
            self.pack_tile(row, at.depth.start, to);
        }
        for (row, to) in (at.rows.start + whole..).zip(rest.as_chunks_mut::<1>().0.chunks_exact_mut(at.depth.len())) {
            self.pack_tile(row, at.depth.start, to);
        }
    }

    #[inline(always)]
    fn pack_tile<const R: usize>(&self, row: usize, depth: usize, to: &mut [[f32; R]]) {
        match self.left {
            Left::Rows(left) => {
                let rows: [_; R] = std::array::from_fn(|r| &left[(row + r) * self.depth + depth..][..to.len()]);
                for (k, to) in to.iter_mut().enumerate() {
                    for r in 0..R {
                        to[r] = rows[r][k];
                    }
                }
            }
            Left::Columns(left) => {
                let rows = left.len() / self.depth;
                for (to, from) in to.iter_mut().zip(left[depth * rows..].chunks_exact(rows)) {
                    to.copy_from_slice(&from[row..row + R]);
                }
            }
        }
    }

    /// Adds a stretch of the depth to `C` vectors of some rows.
    #[inline(always)]
    fn strip<S: Simd, const R: usize, const C: usize>(
        &mut self,
        simd: S,
        at: &Stretch,
        (left, right): (&[f32], &[S::f32s]),
        column: usize,
    ) {
        let (vectors, depth) = (self.columns / S::F32_LANES, at.depth.len());
        let right = right[column * depth..(column + C) * depth].as_chunks::<C>().0;
        let sums = &mut S::as_mut_simd_f32s(self.sums).0[at.rows.start * vectors..at.rows.end * vectors];
        let is_first = at.depth.start == 0;
        let (lefts, rest) = left.split_at(at.rows.len() / R * R * depth);
        let mut tiles = sums.chunks_exact_mut(R * vectors);
        for (left, sums) in lefts.as_chunks::<R>().0.chunks_exact(depth).zip(tiles.by_ref()) {
            tile::<S, R, C>(simd, left, right, (&mut sums[column..], vectors), is_first);
        }
        let rest = rest.as_chunks::<1>().0.chunks_exact(depth);
        for (left, sums) in rest.zip(tiles.into_remainder().chunks_exact_mut(vectors)) {
            tile::<S, 1, C>(simd, left, right, (&mut sums[column..], vectors), is_first);
        }
    }
}

/// Adds a stretch of the depth to a tile of sums, whose rows are `vectors` apart, or begins the sums if it `is_first`.
#[inline(always)]
fn tile<S: Simd, const R: usize, const C: usize>(
    simd: S,
    left: &[[f32; R]],
    right: &[[S::f32s; C]],
    (sums, vectors): (&mut [S::f32s], usize),
    is_first: bool,
) {
    let mut registers = [[simd.splat_f32s(0.0); C]; R];
    if !is_first {
        for r in 0..R {
            registers[r].copy_from_slice(&sums[r * vectors..][..C]);
        }
    }
    for (left, right) in left.iter().zip(right) {
        for r in 0..R {
            let factor = simd.splat_f32s(left[r]);
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
            let (left, right, mut room) = (random(rows * depth), random(depth * columns), vec![0.0; room(columns)]);
            let mut turned = vec![9.0; rows * depth];
            turn(&left, depth, &mut turned);
            for class in KernelClass::ALL.into_iter().filter(|class| class.is_here()) {
                let mut multiply = |left: Left<'_>| {
                    let mut sums = vec![9.0; rows * columns];
                    let right = &right;
                    let product = Product { left, right, depth, columns, sums: &mut sums, room: &mut room };
                    class.vectors(false).run(product);
                    sums
                };
                let sums = multiply(Left::Rows(&left));
                assert_eq!(sums, multiply(Left::Columns(&turned)));
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
