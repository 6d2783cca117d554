//! Products with a matrix edge by edge: the work is proportional to the number of edges.

use pulp::Simd;

use super::block;

/// The weighted sum of each unit: its bias plus its edges; rectified if `rectify`.
///
/// `before` has the activations of the units in `reads`; `here` is overwritten. Both have one entry per unit, of `C`
/// vectors of rows.
#[inline(always)]
pub(super) fn forward<S: Simd, const C: usize>(
    simd: S,
    (starts, reads): (&[u32], &[u32]),
    (weights, biases): (&[f32], &[f32]),
    before: &[[S::f32s; C]],
    here: &mut [[S::f32s; C]],
    rectify: bool,
) {
    for ((ends, sums), &bias) in starts.windows(2).zip(here).zip(biases) {
        let edges = ends[0] as usize..ends[1] as usize;
        let mut sum = [simd.splat_f32s(bias); C];
        for (&weight, &read) in weights[edges.clone()].iter().zip(&reads[edges]) {
            let weight = simd.splat_f32s(weight);
            let activation = &before[read as usize];
            for c in 0..C {
                sum[c] = simd.mul_add_e_f32s(weight, activation[c], sum[c]);
            }
        }
        if rectify {
            block::rectify(simd, &mut sum);
        }
        *sums = sum;
    }
}

/// Adds the gradient of each edge into an active unit, summed over rows, to `gradients`.
#[inline(always)]
pub(super) fn gradients<S: Simd, const C: usize>(
    simd: S,
    (starts, reads): (&[u32], &[u32]),
    gradients: &mut [f32],
    before: &[[S::f32s; C]],
    (deltas, active): (&[[S::f32s; C]], &[u32]),
) {
    for &unit in active {
        let delta = &deltas[unit as usize];
        let edges = starts[unit as usize] as usize..starts[unit as usize + 1] as usize;
        for (gradient, &read) in gradients[edges.clone()].iter_mut().zip(&reads[edges]) {
            *gradient += dot(simd, delta, &before[read as usize]);
        }
    }
}

/// Like [`gradients`], and also adds to `deltas_before` for the units that the edges read.
#[inline(always)]
pub(super) fn backward<S: Simd, const C: usize>(
    simd: S,
    (starts, reads): (&[u32], &[u32]),
    (weights, gradients): (&[f32], &mut [f32]),
    before: &[[S::f32s; C]],
    deltas_before: &mut [[S::f32s; C]],
    (deltas, active): (&[[S::f32s; C]], &[u32]),
) {
    for &unit in active {
        let delta = &deltas[unit as usize];
        let edges = starts[unit as usize] as usize..starts[unit as usize + 1] as usize;
        let both = weights[edges.clone()].iter().zip(&mut gradients[edges.clone()]);
        for ((&weight, gradient), &read) in both.zip(&reads[edges]) {
            let weight = simd.splat_f32s(weight);
            let sums = &mut deltas_before[read as usize];
            for c in 0..C {
                sums[c] = simd.mul_add_e_f32s(weight, delta[c], sums[c]);
            }
            *gradient += dot(simd, delta, &before[read as usize]);
        }
    }
}

#[inline(always)]
fn dot<S: Simd, const C: usize>(simd: S, a: &[S::f32s; C], b: &[S::f32s; C]) -> f32 {
    let mut sum = simd.mul_f32s(a[0], b[0]);
    for c in 1..C {
        sum = simd.mul_add_e_f32s(a[c], b[c], sum);
    }
    simd.reduce_sum_f32s(sum)
}
