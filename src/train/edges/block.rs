//! Products with a matrix as a block, including its zeros: the sums of a tile stay in registers during the inner loop.
//!
//! Every product here is a sum of outer products: scalars of one factor times vectors of the other. A tile has up to
//! eight rows of up to four vectors, as many as fit in registers.

use pulp::Simd;
use pulp::bytemuck::cast_slice;

/// Work that can be done in tiles of rows.
trait Tiles {
    /// Does the `R` rows from `row` on.
    fn tile<const R: usize>(&mut self, row: usize);
}

/// Does `count` rows in tiles of `columns` vectors per row. The registers also hold one column and one scalar.
#[inline(always)]
fn in_tiles<S: Simd>(count: usize, columns: usize, mut work: impl Tiles) {
    let most = (S::REGISTER_COUNT - 1) / columns - 1;
    let mut row = 0;
    while most >= 8 && row + 8 <= count {
        work.tile::<8>(row);
        row += 8;
    }
    while most >= 6 && row + 6 <= count {
        work.tile::<6>(row);
        row += 6;
    }
    while most >= 4 && row + 4 <= count {
        work.tile::<4>(row);
        row += 4;
    }
    while row + 2 <= count {
        work.tile::<2>(row);
        row += 2;
    }
    if row < count {
        work.tile::<1>(row);
    }
}

/// The weighted sum of each unit `j`: `biases[j]` plus all `weights[j * stride + i]` times `before[i]`; rectified if
/// `rectify`.
#[inline(always)]
pub(super) fn forward<S: Simd, const C: usize>(
    simd: S,
    (weights, stride): (&[f32], usize),
    biases: &[f32],
    (before, active): (&[[S::f32s; C]], &[u32]),
    here: &mut [[S::f32s; C]],
    rectify: bool,
) {
    in_tiles::<S>(here.len(), C, Forward { simd, weights, stride, biases, before, active, here, rectify });
}

struct Forward<'a, S: Simd, const C: usize> {
    simd: S,
    weights: &'a [f32],
    stride: usize,
    biases: &'a [f32],
    before: &'a [[S::f32s; C]],
    active: &'a [u32],
    here: &'a mut [[S::f32s; C]],
    rectify: bool,
}

impl<S: Simd, const C: usize> Tiles for Forward<'_, S, C> {
    #[inline(always)]
    fn tile<const R: usize>(&mut self, row: usize) {
        let simd = self.simd;
        let mut rows: [&[f32]; R] = [&[]; R];
        let mut sums = [[simd.splat_f32s(0.0); C]; R];
        for r in 0..R {
            rows[r] = &self.weights[(row + r) * self.stride..][..self.before.len()];
            sums[r] = [simd.splat_f32s(self.biases[row + r]); C];
        }
        for &i in self.active {
            let activation = &self.before[i as usize];
            for r in 0..R {
                let weight = simd.splat_f32s(rows[r][i as usize]);
                for c in 0..C {
                    sums[r][c] = simd.mul_add_e_f32s(weight, activation[c], sums[r][c]);
                }
            }
        }
        for (here, mut sums) in self.here[row..row + R].iter_mut().zip(sums) {
            if self.rectify {
                rectify(simd, &mut sums);
            }
            *here = sums;
        }
    }
}

/// The deltas of the active units that the matrix reads, from those of the active units that it feeds. They are 0 in
/// rows where the unit is inactive. Overwrites these units' part of `deltas_before`.
#[inline(always)]
pub(super) fn backward<S: Simd, const C: usize>(
    simd: S,
    (weights, stride): (&[f32], usize),
    (before, active): (&[[S::f32s; C]], &[u32]),
    deltas_before: &mut [[S::f32s; C]],
    (deltas, active_here): (&[[S::f32s; C]], &[u32]),
) {
    let work = Backward { simd, weights, stride, before, active, deltas_before, deltas, active_here };
    in_tiles::<S>(active.len(), C, work);
}

struct Backward<'a, S: Simd, const C: usize> {
    simd: S,
    weights: &'a [f32],
    stride: usize,
    before: &'a [[S::f32s; C]],
    active: &'a [u32],
    deltas_before: &'a mut [[S::f32s; C]],
    deltas: &'a [[S::f32s; C]],
    active_here: &'a [u32],
}

impl<S: Simd, const C: usize> Tiles for Backward<'_, S, C> {
    #[inline(always)]
    fn tile<const R: usize>(&mut self, first: usize) {
        let simd = self.simd;
        let mut units = [0; R];
        for (unit, &active) in units.iter_mut().zip(&self.active[first..]) {
            *unit = active as usize;
        }
        let mut sums = [[simd.splat_f32s(0.0); C]; R];
        for &j in self.active_here {
            let weights = &self.weights[j as usize * self.stride..][..self.stride];
            let delta = &self.deltas[j as usize];
            for r in 0..R {
                let weight = simd.splat_f32s(weights[units[r]]);
                for c in 0..C {
                    sums[r][c] = simd.mul_add_e_f32s(weight, delta[c], sums[r][c]);
                }
            }
        }
        for r in 0..R {
            self.deltas_before[units[r]] = rectified(simd, &sums[r], &self.before[units[r]]);
        }
    }
}

/// The delta in rows where the unit is active, 0 in the others.
#[inline(always)]
pub(super) fn rectified<S: Simd, const C: usize>(
    simd: S,
    delta: &[S::f32s; C],
    activation: &[S::f32s; C],
) -> [S::f32s; C] {
    let zero = simd.splat_f32s(0.0);
    let mut rectified = *delta;
    for c in 0..C {
        rectified[c] = simd.select_f32s(simd.greater_than_f32s(activation[c], zero), delta[c], zero);
    }
    rectified
}

/// Sets negative sums to 0.
#[inline(always)]
pub(super) fn rectify<S: Simd, const C: usize>(simd: S, sums: &mut [S::f32s; C]) {
    for sum in sums {
        *sum = simd.max_f32s(*sum, simd.splat_f32s(0.0));
    }
}

/// Transposes the activations of a block's columns, so that the vector lanes hold units instead of rows.
///
/// `before` is `[units, rows]`, `panels` is `[vectors of units, rows, lanes]`. The padding of `panels` is unchanged.
#[inline(always)]
pub(super) fn transpose<S: Simd>(simd: S, before: &[f32], rows: usize, panels: &mut [f32]) {
    let lanes = S::F32_LANES;
    for (units, panel) in before.chunks(rows * lanes).zip(panels.chunks_exact_mut(rows * lanes)) {
        let mut units = units.chunks_exact(QUAD * rows);
        let mut first = 0;
        if lanes >= QUAD {
            for quad in units.by_ref() {
                transpose_quad(simd, quad, rows, &mut panel[first..]);
                first += QUAD;
            }
        }
        for (lane, unit) in (first..).zip(units.remainder().chunks_exact(rows)) {
            for (vector, &value) in panel.chunks_exact_mut(lanes).zip(unit) {
                vector[lane] = value;
            }
        }
    }
}

/// Number of units that are transposed together.
const QUAD: usize = 4;

/// Transposes four units: within every four lanes, four vectors of rows become four rows of units.
#[inline(always)]
fn transpose_quad<S: Simd>(simd: S, quad: &[f32], rows: usize, panel: &mut [f32]) {
    let lanes = S::F32_LANES;
    let units: [&[S::f32s]; QUAD] = std::array::from_fn(|unit| S::as_simd_f32s(&quad[unit * rows..][..rows]).0);
    for vector in 0..rows / lanes {
        let quads: [S::f32s; QUAD] = simd.deinterleave_shfl_f32s(units.map(|unit| unit[vector]));
        for (row, quads) in quads.iter().enumerate() {
            let quads: &[f32] = cast_slice(std::slice::from_ref(quads));
            for (four, quad) in quads.as_chunks::<QUAD>().0.iter().enumerate() {
                let row = vector * lanes + four * QUAD + row;
                panel[row * lanes..][..QUAD].copy_from_slice(quad);
            }
        }
    }
}

/// Adds the gradient of each weight, summed over rows, to `gradients`, except where `mask` is 0.
///
/// `panels` is as [`transpose`] returns it, `deltas` is `[units, rows]`; `mask` and `gradients` are `[units, stride]`.
#[inline(always)]
pub(super) fn gradients<S: Simd>(
    simd: S,
    panels: &[f32],
    (deltas, rows, active): (&[f32], usize, &[u32]),
    (mask, gradients, stride): (&[f32], &mut [f32], usize),
) {
    let vectors = stride / S::F32_LANES;
    let panels = S::as_simd_f32s(panels).0;
    let mask = S::as_simd_f32s(mask).0;
    let gradients = S::as_mut_simd_f32s(gradients).0;
    for first in (0..vectors).step_by(3) {
        let panels = &panels[first * rows..];
        match vectors - first {
            1 => {
                let columns = [&panels[..rows]];
                in_tiles::<S>(
                    active.len(),
                    1,
                    Gradient { simd, columns, deltas, rows, active, mask, gradients, vectors, first },
                );
            }
            2 => {
                let columns = [&panels[..rows], &panels[rows..2 * rows]];
                in_tiles::<S>(
                    active.len(),
                    2,
                    Gradient { simd, columns, deltas, rows, active, mask, gradients, vectors, first },
                );
            }
            _ => {
                let columns = [&panels[..rows], &panels[rows..2 * rows], &panels[2 * rows..3 * rows]];
                in_tiles::<S>(
                    active.len(),
                    3,
                    Gradient { simd, columns, deltas, rows, active, mask, gradients, vectors, first },
                );
            }
        }
    }
}

struct Gradient<'a, S: Simd, const Q: usize> {
    simd: S,
    columns: [&'a [S::f32s]; Q],
    deltas: &'a [f32],
    rows: usize,
    active: &'a [u32],
    mask: &'a [S::f32s],
    gradients: &'a mut [S::f32s],
    vectors: usize,
    first: usize,
}

impl<S: Simd, const Q: usize> Tiles for Gradient<'_, S, Q> {
    #[inline(always)]
    fn tile<const R: usize>(&mut self, first: usize) {
        let (simd, rows) = (self.simd, self.rows);
        let units = &self.active[first..first + R];
        let mut deltas: [&[f32]; R] = [&[]; R];
        for r in 0..R {
            deltas[r] = &self.deltas[units[r] as usize * rows..][..rows];
        }
        let mut columns: [&[S::f32s]; Q] = self.columns;
        for column in &mut columns {
            *column = &column[..rows];
        }
        let mut sums = [[simd.splat_f32s(0.0); Q]; R];
        for row in 0..rows {
            for r in 0..R {
                let delta = simd.splat_f32s(deltas[r][row]);
                for q in 0..Q {
                    sums[r][q] = simd.mul_add_e_f32s(delta, columns[q][row], sums[r][q]);
                }
            }
        }
        for (r, sums) in sums.into_iter().enumerate() {
            let at = units[r] as usize * self.vectors + self.first;
            let mask = &self.mask[at..at + Q];
            for ((gradient, sum), &kept) in self.gradients[at..at + Q].iter_mut().zip(sums).zip(mask) {
                *gradient = simd.mul_add_e_f32s(sum, kept, *gradient);
            }
        }
    }
}
