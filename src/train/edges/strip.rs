//! The rows that are computed together: as many as fit in up to four vectors.

use std::ops::Range;

use pulp::Simd;

use super::aligned::Aligned;
use super::layout::{Form, Layout};
use crate::task::Rows;
use crate::train::engine::Evaluation;
use crate::train::{loss, math};

/// The most vectors of rows that are computed together.
pub(super) const MOST_VECTORS: usize = 4;

/// Activations and slopes of up to four vectors of rows.
pub(super) struct Strip {
    /// Vectors of rows now loaded: 1, 2 or 4.
    pub vectors: usize,
    /// Rows now loaded.
    rows: usize,
    /// Lanes now in use: `vectors` times the lanes of a vector.
    width: usize,
    /// `[live units, width]`.
    pub activations: Aligned,
    /// `[live units, width]`: slopes of the loss in each unit's sum.
    pub slopes: Aligned,
    /// For one block, `[vectors of units, width, lanes]`, see [`super::block::transpose`].
    pub panels: Aligned,
    /// For each matrix, from the place of the first unit it reads on, those units that are not 0 in every row: the
    /// others add nothing to any sum and get no slope.
    pub active: Vec<u32>,
    /// How many they are, matrix by matrix.
    pub counts: Vec<usize>,
    /// The outputs of all rows, a bit each: `[rows, words]`.
    packed: Vec<u32>,
    /// Those of the rows now loaded: `[words, width]`.
    targets: Vec<u32>,
    /// For each lane, output bits right and the summed loss.
    right: Vec<u32>,
    losses: Vec<f32>,
    /// Columns of the rows: inputs and outputs.
    widths: (usize, usize),
    /// The output units.
    units: Range<usize>,
    /// The range of rows that [`Self::load_range`] loaded last.
    loaded: Option<Range<usize>>,
}

impl Strip {
    /// Room for rows of the shape of `rows`, at most `count` at once, in vectors of `lanes` lanes.
    pub(super) fn new(layout: &Layout, rows: &Rows, lanes: usize, count: usize) -> Self {
        let width = count.div_ceil(lanes).next_power_of_two().min(MOST_VECTORS) * lanes;
        let widths = (rows.input_width(), rows.output_width());
        let columns = layout.matrices.iter().map(|matrix| match &matrix.form {
            Form::Block { stride, .. } => *stride,
            Form::Edges { .. } => 0,
        });
        let outputs = layout.units - widths.1..layout.units;
        let layers = layout.matrices.iter().map(|matrix| &matrix.from).chain([&outputs]);
        Self {
            vectors: 0,
            rows: 0,
            width,
            activations: Aligned::zeros(layout.units * width),
            slopes: Aligned::zeros(layout.units * width),
            panels: Aligned::zeros(columns.max().unwrap_or(0) * width),
            active: layers.flat_map(|units| (0..).take(units.len())).collect(),
            counts: layout.matrices.iter().map(|matrix| matrix.from.len()).collect(),
            packed: rows.outputs.chunks_exact(widths.1).flat_map(|row| row.chunks(32).map(packed)).collect(),
            targets: vec![0; widths.1.div_ceil(32) * width],
            right: vec![0; width],
            losses: vec![0.0; width],
            widths,
            units: outputs.clone(),
            loaded: None,
        }
    }

    #[inline(always)]
    fn size<S: Simd>(&mut self, rows: usize) {
        self.rows = rows;
        self.vectors = rows.div_ceil(S::F32_LANES).next_power_of_two();
        self.width = self.vectors * S::F32_LANES;
    }

    /// Loads the rows named by `order`, with `noise` (one value an input of each row, or none at all) on their inputs.
    #[inline(always)]
    pub(super) fn load<S: Simd>(&mut self, layout: &Layout, rows: &Rows, order: &[u32], noise: &[f32]) {
        self.size::<S>(order.len());
        let inputs = self.widths.0;
        for (lane, &row) in order.iter().enumerate() {
            self.load_row(layout, rows, row as usize, lane);
            if let Some(noise) = noise.get(lane * inputs..(lane + 1) * inputs) {
                let (activations, mut slot) = (&mut *self.activations, lane);
                for &input in &layout.inputs {
                    activations[slot] += noise[input as usize];
                    slot += self.width;
                }
            }
        }
    }

    /// Loads rows as they are, unless they are the ones that were loaded last.
    #[inline(always)]
    pub(super) fn load_range<S: Simd>(&mut self, layout: &Layout, rows: &Rows, range: Range<usize>) {
        if self.loaded.as_ref() == Some(&range) {
            return;
        }
        self.size::<S>(range.len());
        for (lane, row) in range.clone().enumerate() {
            self.load_row(layout, rows, row, lane);
        }
        self.loaded = Some(range);
    }

    #[inline(always)]
    fn load_row(&mut self, layout: &Layout, rows: &Rows, row: usize, lane: usize) {
        let (inputs, outputs) = self.widths;
        let (inputs, words) = (&rows.inputs[row * inputs..][..inputs], outputs.div_ceil(32));
        let (activations, mut slot) = (&mut *self.activations, lane);
        for &input in &layout.inputs {
            activations[slot] = inputs[input as usize];
            slot += self.width;
        }
        for (word, &bits) in self.packed[row * words..][..words].iter().enumerate() {
            self.targets[word * self.width + lane] = bits;
        }
    }

    /// The slopes of the loss in the logits: `(sigmoid(z) - y) * scale`, 0 in lanes without a row.
    #[inline(always)]
    pub(super) fn slopes_of_outputs<const FUSED: bool>(&mut self, scale: f32) {
        let outputs = self.outputs();
        let slopes = &mut self.slopes[outputs.clone()];
        let units = slopes.chunks_exact_mut(self.width).zip(self.activations[outputs].chunks_exact(self.width));
        for (output, (slopes, logits)) in units.enumerate() {
            let (bits, bit) = (&self.targets[output / 32 * self.width..][..self.width], output % 32);
            for ((slope, &logit), &bits) in slopes.iter_mut().zip(logits).zip(bits) {
                *slope = (math::sigmoid_with::<FUSED>(logit) - target(bits, bit)) * scale;
            }
        }
        if self.rows < self.width {
            for slopes in slopes.chunks_exact_mut(self.width) {
                slopes[self.rows..].fill(0.0);
            }
        }
    }

    /// Where the outputs are in [`Self::activations`] and [`Self::slopes`].
    #[inline(always)]
    fn outputs(&self) -> Range<usize> {
        self.units.start * self.width..self.units.end * self.width
    }

    /// Output bits right, and the summed loss.
    #[inline(always)]
    pub(super) fn evaluate<const FUSED: bool>(&mut self) -> Evaluation {
        let logits = self.activations[self.outputs()].chunks_exact(self.width);
        let (right, losses) = (&mut self.right[..self.width], &mut self.losses[..self.width]);
        right.fill(0);
        losses.fill(0.0);
        for (output, logits) in logits.enumerate() {
            let (bits, bit) = (&self.targets[output / 32 * self.width..][..self.width], output % 32);
            for (((&logit, &bits), right), loss) in logits.iter().zip(bits).zip(&mut *right).zip(&mut *losses) {
                let target = target(bits, bit);
                *right += u32::from((logit > 0.0) == (target > 0.5));
                *loss += loss::term::<FUSED>(logit, target);
            }
        }
        Evaluation {
            right: right[..self.rows].iter().map(|&right| u64::from(right)).sum(),
            loss: losses[..self.rows].iter().map(|&loss| f64::from(loss)).sum(),
        }
    }
}

/// Up to 32 outputs of a row as bits, the first the lowest.
fn packed(outputs: &[f32]) -> u32 {
    outputs.iter().rev().fold(0, |bits, &output| bits << 1 | u32::from(output > 0.5))
}

/// An output as a number again.
#[inline(always)]
fn target(bits: u32, bit: usize) -> f32 {
    #[allow(clippy::cast_precision_loss)] // 0 or 1
    let target = (bits >> bit & 1) as f32;
    target
}
