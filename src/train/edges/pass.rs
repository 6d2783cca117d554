//! The forward and backward pass through the matrices of a layout, over the rows of a strip.

use pulp::Simd;

use super::layout::{Form, Layout, Matrix};
use super::staged::Slot;
use super::strip::Strip;
use super::{block, sparse};

/// Computes all activations from the inputs in `slot`.
#[inline(always)]
pub(super) fn forward<S: Simd>(simd: S, layout: &Layout, values: &[f32], slot: Slot<'_>, strip: &mut Strip) {
    match strip.vectors {
        1 => forward_in::<S, 1>(simd, layout, values, slot, strip),
        2 => forward_in::<S, 2>(simd, layout, values, slot, strip),
        _ => forward_in::<S, 4>(simd, layout, values, slot, strip),
    }
}

/// Adds the gradients of all parameters to `gradients`, from the deltas of the outputs.
#[inline(always)]
pub(super) fn backward<S: Simd>(
    simd: S,
    layout: &Layout,
    values: &[f32],
    gradients: &mut [f32],
    slot: Slot<'_>,
    strip: &mut Strip,
) {
    match strip.vectors {
        1 => backward_in::<S, 1>(simd, layout, values, gradients, slot, strip),
        2 => backward_in::<S, 2>(simd, layout, values, gradients, slot, strip),
        _ => backward_in::<S, 4>(simd, layout, values, gradients, slot, strip),
    }
}

/// The values of units, `C` vectors of rows each.
#[inline(always)]
fn units<S: Simd, const C: usize>(values: &[f32]) -> &[[S::f32s; C]] {
    S::as_simd_f32s(values).0.as_chunks::<C>().0
}

/// [`units`], mutable.
#[inline(always)]
fn units_mut<S: Simd, const C: usize>(values: &mut [f32]) -> &mut [[S::f32s; C]] {
    S::as_mut_simd_f32s(values).0.as_chunks_mut::<C>().0
}

#[inline(always)]
fn forward_in<S: Simd, const C: usize>(simd: S, layout: &Layout, values: &[f32], slot: Slot<'_>, strip: &mut Strip) {
    let Strip { activations, active, counts, .. } = strip;
    let activations = units_mut::<S, C>(activations);
    let last = layout.matrices.len() - 1;
    for (number, matrix) in layout.matrices.iter().enumerate() {
        let Matrix { from, to, biases, weights, form } = matrix;
        let (before, here) = activations.split_at_mut(to.start);
        let before = if number == 0 { units::<S, C>(slot.inputs) } else { before };
        let here = &mut here[..to.len()];
        let (weights, biases) = (&values[*weights..], &values[*biases..]);
        match form {
            Form::Block { stride, .. } => {
                let read = (&before[from.start..], &active[from.start..from.start + counts[number]]);
                block::forward(simd, (weights, *stride), biases, read, here, number < last);
            }
            Form::Edges { starts, reads } => {
                sparse::forward(simd, (starts, reads), (weights, biases), before, here, number < last);
            }
        }
        if number < last {
            counts[number + 1] = find_active(simd, here, &mut active[to.clone()]);
        }
    }
}

/// Lists the units that are active in at least one row, and returns their number.
#[inline(always)]
fn find_active<S: Simd, const C: usize>(simd: S, activations: &[[S::f32s; C]], active: &mut [u32]) -> usize {
    let zero = simd.splat_f32s(0.0);
    let mut count = 0;
    for (unit, activation) in (0..).zip(activations) {
        let mut most = activation[0];
        for &activation in &activation[1..] {
            most = simd.max_f32s(most, activation);
        }
        // Written first and counted afterwards, which avoids an unpredictable branch.
        active[count] = unit;
        count += usize::from(simd.first_true_m32s(simd.greater_than_f32s(most, zero)) < S::F32_LANES);
    }
    count
}

#[inline(always)]
fn backward_in<S: Simd, const C: usize>(
    simd: S,
    layout: &Layout,
    values: &[f32],
    gradients: &mut [f32],
    slot: Slot<'_>,
    strip: &mut Strip,
) {
    let Strip { activations, deltas, panels, active, counts, .. } = strip;
    for (number, matrix) in layout.matrices.iter().enumerate().rev() {
        let Matrix { from, to, biases, weights, form } = matrix;
        let active_here = &active[to.start..][..counts.get(number + 1).copied().unwrap_or(to.len())];
        let active_before = &active[from.start..][..counts[number]];
        let (deltas_before, deltas_here) = units_mut::<S, C>(deltas).split_at_mut(to.start);
        let deltas_here = &deltas_here[..to.len()];
        let rows = C * S::F32_LANES;
        let before = if number == 0 { slot.inputs } else { &activations[..from.end * rows] };
        // Transposed well before it is read: vector loads would wait for these stores to leave the store buffer.
        if let Form::Block { stride, .. } = form {
            block::transpose(simd, &before[from.start * rows..], rows, &mut panels[..stride * rows]);
        }
        let sums = &mut gradients[*biases..][..to.len()];
        for &unit in active_here {
            let delta = &deltas_here[unit as usize];
            let mut sum = delta[0];
            for &delta in &delta[1..] {
                sum = simd.add_f32s(sum, delta);
            }
            sums[unit as usize] += simd.reduce_sum_f32s(sum);
        }
        let before = units::<S, C>(before);
        match form {
            Form::Block { stride, mask } => {
                if number > 0 {
                    let read = (&before[from.start..], active_before);
                    let fed = (deltas_here, active_here);
                    let deltas_before = &mut deltas_before[from.start..];
                    block::backward(simd, (&values[*weights..], *stride), read, deltas_before, fed);
                }
                let panels = &panels[..stride * rows];
                let deltas = (&deltas[to.start * rows..to.end * rows], rows, active_here);
                block::gradients(simd, panels, deltas, (mask, &mut gradients[*weights..], *stride));
            }
            Form::Edges { starts, reads } => {
                let (edges, fed) = ((&starts[..], &reads[..]), (deltas_here, active_here));
                let gradients = &mut gradients[*weights..];
                if number == 0 {
                    sparse::gradients(simd, edges, gradients, before, fed);
                } else {
                    deltas_before[from.clone()].fill([simd.splat_f32s(0.0); C]);
                    sparse::backward(simd, edges, (&values[*weights..], gradients), before, deltas_before, fed);
                    for &unit in active_before {
                        let unit = from.start + unit as usize;
                        deltas_before[unit] = block::rectified(simd, &deltas_before[unit], &before[unit]);
                    }
                }
            }
        }
    }
}
