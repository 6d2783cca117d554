//! A strip: rows that are computed together, as many as fit in up to four vectors.

use std::ops::Range;

use pulp::Simd;

use super::aligned::Aligned;
use super::layout::{Form, Layout};
use super::staged::Slot;
use crate::train::engine::Evaluation;
use crate::train::{loss, math};

/// The most vectors of rows in a strip.
const MOST_VECTORS: usize = 4;

/// The most rows in a strip.
#[inline(always)]
pub(super) const fn most_rows(lanes: usize) -> usize {
    MOST_VECTORS * lanes
}

/// Number of vectors for a number of rows: 1, 2 or 4.
#[inline(always)]
fn vectors(rows: usize, lanes: usize) -> usize {
    rows.div_ceil(lanes).next_power_of_two().min(MOST_VECTORS)
}

/// Number of lanes for a number of rows.
#[inline(always)]
pub(super) fn width(rows: usize, lanes: usize) -> usize {
    vectors(rows, lanes) * lanes
}

/// Activations and deltas of a strip.
pub(super) struct Strip {
    /// Current number of vectors of rows: 1, 2 or 4.
    pub vectors: usize,
    /// Current number of rows.
    rows: usize,
    /// Current number of lanes: `vectors` times the lanes of a vector.
    width: usize,
    /// `[live units, width]`. Inputs stay in their [`Slot`] and are not copied here.
    pub activations: Aligned,
    /// `[live units, width]`.
    pub deltas: Aligned,
    /// For one block, `[vectors of units, width, lanes]`; see [`super::block::transpose`].
    pub panels: Aligned,
    /// For each matrix, from the index of the first unit it reads on, the units that are active in some row. The others
    /// add nothing to any sum and get no delta.
    pub active: Vec<u32>,
    /// The number of active units, matrix by matrix.
    pub counts: Vec<usize>,
    /// For each lane; see [`Self::judge`].
    right: Vec<u32>,
    excess: Vec<f32>,
    grown: Vec<f32>,
    /// The output units.
    units: Range<usize>,
}

impl Strip {
    /// Room for at most `width` lanes of the units of `layout`.
    pub(super) fn new(layout: &Layout, outputs: usize, width: usize) -> Self {
        let columns = layout.matrices.iter().map(|matrix| match &matrix.form {
            Form::Block { stride, .. } => *stride,
            Form::Edges { .. } => 0,
        });
        let outputs = layout.units - outputs..layout.units;
        let layers = layout.matrices.iter().map(|matrix| &matrix.from).chain([&outputs]);
        Self {
            vectors: 0,
            rows: 0,
            width,
            activations: Aligned::zeros(layout.units * width),
            deltas: Aligned::zeros(layout.units * width),
            panels: Aligned::zeros(columns.max().unwrap_or(0) * width),
            active: layers.flat_map(|units| (0..).take(units.len())).collect(),
            counts: layout.matrices.iter().map(|matrix| matrix.from.len()).collect(),
            right: vec![0; width],
            excess: vec![0.0; width],
            grown: vec![0.0; width],
            units: outputs.clone(),
        }
    }

    /// Sets the number of rows, and returns the number of lanes they take.
    #[inline(always)]
    pub(super) fn size<S: Simd>(&mut self, rows: usize) -> usize {
        self.rows = rows;
        self.vectors = vectors(rows, S::F32_LANES);
        self.width = self.vectors * S::F32_LANES;
        self.width
    }

    /// The deltas of the outputs: `(sigmoid(z) - y) * scale`, 0 in lanes without a row.
    #[inline(always)]
    pub(super) fn output_deltas<S: Simd>(&mut self, simd: S, slot: Slot<'_>, scale: f32) {
        let outputs = self.outputs();
        let logits = S::as_simd_f32s(&self.activations[outputs.clone()]).0.chunks_exact(self.vectors);
        let deltas = S::as_mut_simd_f32s(&mut self.deltas[outputs.clone()]).0.chunks_exact_mut(self.vectors);
        let targets = S::as_simd_u32s(slot.targets).0;
        let (one, scale) = (simd.splat_f32s(1.0), simd.splat_f32s(scale));
        for (output, (deltas, logits)) in deltas.zip(logits).enumerate() {
            let (bits, bit) = (&targets[output / 32 * self.vectors..][..self.vectors], output % 32);
            for ((delta, &logit), &bits) in deltas.iter_mut().zip(logits).zip(bits) {
                let sigmoid = math::sigmoids(simd, logit);
                let above = simd.sub_f32s(sigmoid, one);
                *delta = simd.mul_f32s(simd.select_f32s(is_one(simd, bits, bit), above, sigmoid), scale);
            }
        }
        if self.rows < self.width {
            for deltas in self.deltas[outputs].chunks_exact_mut(self.width) {
                deltas[self.rows..].fill(0.0);
            }
        }
    }

    /// The range of the outputs in [`Self::activations`] and [`Self::deltas`].
    #[inline(always)]
    fn outputs(&self) -> Range<usize> {
        self.units.start * self.width..self.units.end * self.width
    }

    /// The number of output bits that are right, and the sum (not the mean) of the loss.
    #[inline(always)]
    pub(super) fn evaluate<S: Simd>(&mut self, simd: S, slot: Slot<'_>) -> Evaluation {
        let mut evaluation = Evaluation { right: 0, loss: 0.0 };
        for first in (0..self.units.len()).step_by(loss::MOST_GROWN) {
            let outputs = first..self.units.len().min(first + loss::MOST_GROWN);
            for vector in 0..self.vectors {
                self.judge(simd, slot, outputs.clone(), vector);
            }
            for (excess, &grown) in self.excess[..self.width].iter_mut().zip(&self.grown[..self.width]) {
                *excess += loss::ln_grown(grown);
            }
            evaluation.right += self.right[..self.rows].iter().map(|&right| u64::from(right)).sum::<u64>();
            evaluation.loss += self.excess[..self.rows].iter().map(|&loss| f64::from(loss)).sum::<f64>();
        }
        evaluation
    }

    /// For a vector of rows, over `outputs`: the bits that are right, what wrong signs add to the loss,
    /// `max(z, 0) - z y`, and the product whose logarithm is the rest of the loss (see [`loss::ln_grown`]).
    #[inline(always)]
    fn judge<S: Simd>(&mut self, simd: S, slot: Slot<'_>, outputs: Range<usize>, vector: usize) {
        let logits = S::as_simd_f32s(&self.activations[self.outputs()]).0;
        let targets = S::as_simd_u32s(slot.targets).0;
        let zero = simd.splat_f32s(0.0);
        let (mut right, mut excess, mut grown) = (simd.splat_u32s(0), zero, zero);
        for output in outputs {
            let logit = logits[output * self.vectors + vector];
            let is_one = is_one(simd, targets[output / 32 * self.vectors + vector], output % 32);
            let is_wrong = simd.xor_m32s(simd.greater_than_f32s(logit, zero), is_one);
            right = simd.add_u32s(right, simd.select_u32s(is_wrong, simd.splat_u32s(0), simd.splat_u32s(1)));
            let towards = simd.select_f32s(is_one, simd.neg_f32s(logit), logit);
            excess = simd.add_f32s(excess, simd.max_f32s(towards, zero));
            let e = math::exp_of_negated(simd, logit);
            grown = simd.mul_add_e_f32s(grown, e, simd.add_f32s(grown, e));
        }
        S::as_mut_simd_u32s(&mut self.right).0[vector] = right;
        S::as_mut_simd_f32s(&mut self.excess).0[vector] = excess;
        S::as_mut_simd_f32s(&mut self.grown).0[vector] = grown;
    }
}

/// The lanes whose output, bit `bit` of `bits`, is 1.
#[inline(always)]
fn is_one<S: Simd>(simd: S, bits: S::u32s, bit: usize) -> S::m32s {
    let bit = simd.splat_u32s(1 << bit);
    simd.equal_u32s(simd.and_u32s(bits, bit), bit)
}
