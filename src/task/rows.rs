//! Rows of inputs and outputs.

use std::borrow::Cow;
use std::sync::Arc;

use super::samples::{CODES, Samples};

/// Whether the inputs of a task are Boolean or real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// All inputs are 0 or 1.
    Boolean,
    /// Some input is another number.
    Real,
}

/// Rows of inputs and outputs. Outputs are 0 or 1.
///
/// The inputs of a row are one sample or several side by side. Rows share their samples: a split of a table, or a table
/// of pairs of images, holds indices only.
///
/// ```
/// use std::sync::Arc;
/// use neural_sculpting::task::{Rows, Samples};
///
/// let rows = Rows::new(2, vec![0.0, 0.5, 1.0, 1.5], vec![0.0, 1.0]);
/// assert_eq!((rows.count, rows.input_width(), rows.output_width()), (2, 2, 1));
///
/// // Two images of 2 x 2 pixels side by side, line by line.
/// let images = Arc::new(Samples::numbers(4, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]));
/// let pair = Rows::side_by_side(images, 2, 2, vec![0, 1], vec![1.0]).unwrap();
/// assert_eq!(*pair.input(0), [1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 8.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Rows {
    /// Number of rows.
    pub count: usize,
    /// `[count, outputs]`, row by row, each 0 or 1.
    pub outputs: Vec<f32>,
    samples: Arc<Samples>,
    /// Number of samples of a row.
    parts: usize,
    /// The values that are taken from one sample before those from the next.
    line: usize,
    /// The samples of each row, `[count, parts]`; `None` if row `n` is sample `n`.
    picks: Option<Vec<u32>>,
}

impl Rows {
    /// Rows of `width` inputs each. `inputs` is `[count, width]` and `outputs` is `[count, outputs]`, row by row.
    #[must_use]
    pub fn new(width: usize, inputs: Vec<f32>, outputs: Vec<f32>) -> Self {
        Self::of_samples(Samples::numbers(width, inputs), outputs)
    }

    /// A row for each sample.
    #[must_use]
    pub fn of_samples(samples: Samples, outputs: Vec<f32>) -> Self {
        let (count, line) = (samples.count(), samples.width());
        Self { count, outputs, samples: Arc::new(samples), parts: 1, line, picks: None }
    }

    /// Rows of `parts` samples side by side, in lines of `line` values: the first line of each sample, then the second
    /// of each, and so on. `picks` has the samples of each row, `[count, parts]`. `None` if a sample does not exist, or
    /// samples are not whole lines.
    #[must_use]
    pub fn side_by_side(
        samples: Arc<Samples>,
        parts: usize,
        line: usize,
        picks: Vec<u32>,
        outputs: Vec<f32>,
    ) -> Option<Self> {
        let exist = picks.iter().all(|&pick| (pick as usize) < samples.count());
        let whole = line > 0 && samples.width().is_multiple_of(line) && parts > 0 && picks.len().is_multiple_of(parts);
        (exist && whole).then(|| Self { count: picks.len() / parts, outputs, samples, parts, line, picks: Some(picks) })
    }

    /// Number of input columns.
    #[must_use]
    pub fn input_width(&self) -> usize {
        self.parts * self.samples.width()
    }

    /// Number of output columns; 0 without rows.
    #[must_use]
    pub fn output_width(&self) -> usize {
        self.outputs.len().checked_div(self.count).unwrap_or(0)
    }

    /// The inputs of a row, which must be less than `count`. They are borrowed if they are stored as numbers.
    #[must_use]
    pub fn input(&self, row: usize) -> Cow<'_, [f32]> {
        if self.parts == 1 {
            return self.samples.sample(self.picks.as_ref().map_or(row, |picks| picks[row] as usize));
        }
        let mut inputs = Vec::with_capacity(self.input_width());
        for first in (0..self.samples.width()).step_by(self.line) {
            self.picks(row).for_each(|pick| self.samples.append(pick, first..first + self.line, &mut inputs));
        }
        Cow::Owned(inputs)
    }

    /// The samples of a row.
    fn picks(&self, row: usize) -> impl Iterator<Item = usize> {
        let picks = self.picks.as_ref().map(|picks| &picks[row * self.parts..(row + 1) * self.parts]);
        let own = picks.is_none().then_some(row);
        picks.unwrap_or_default().iter().map(|&pick| pick as usize).chain(own)
    }

    /// The outputs of a row, which must be less than `count`.
    #[must_use]
    pub fn output(&self, row: usize) -> &[f32] {
        let width = self.output_width();
        &self.outputs[row * width..(row + 1) * width]
    }

    /// The inputs as bytes, if they are stored so.
    #[must_use]
    pub(crate) fn coded(&self) -> Option<CodedRows<'_>> {
        let (codes, values) = self.samples.codes()?;
        Some(CodedRows { rows: self, codes, values })
    }

    /// The rows with these indices, in that order; each index must be less than `count`. Shares the samples.
    #[must_use]
    pub(crate) fn select(&self, indices: &[u32]) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a table has fewer than 2^32 rows")]
        let picks = |&row: &u32| self.picks(row as usize).map(|pick| pick as u32);
        Self {
            count: indices.len(),
            outputs: indices.iter().flat_map(|&row| self.output(row as usize)).copied().collect(),
            samples: Arc::clone(&self.samples),
            parts: self.parts,
            line: self.line,
            picks: Some(indices.iter().flat_map(picks).collect()),
        }
    }

    /// Boolean if every input is 0 or 1.
    #[must_use]
    pub(crate) fn kind(&self) -> InputKind {
        let is_boolean = (0..self.count).all(|row| self.input(row).iter().all(|&value| is_bit(value)));
        if is_boolean { InputKind::Boolean } else { InputKind::Real }
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
            && self.outputs == other.outputs
            && (0..self.count).all(|row| self.input(row) == other.input(row))
    }
}

/// Rows whose inputs are stored as codes of one byte.
#[derive(Clone, Copy)]
pub(crate) struct CodedRows<'a> {
    rows: &'a Rows,
    codes: &'a [u8],
    values: &'a [f32; CODES],
}

impl<'a> CodedRows<'a> {
    /// The value of each code.
    pub(crate) fn values(self) -> &'a [f32; CODES] {
        self.values
    }

    /// For each input, the sample of the row that it comes from, counted from 0, and its position in that sample.
    pub(crate) fn places(self) -> impl Iterator<Item = (usize, usize)> {
        let Rows { parts, line, .. } = *self.rows;
        (0..self.rows.input_width()).map(move |input| {
            let (chunk, rest) = (input / line, input % line);
            (chunk % parts, chunk / parts * line + rest)
        })
    }

    /// The number of samples of a row.
    pub(crate) fn parts(self) -> usize {
        self.rows.parts
    }

    /// The codes of all samples.
    pub(crate) fn codes(self) -> &'a [u8] {
        self.codes
    }

    /// Where each sample of a row begins among the codes.
    pub(crate) fn starts(self, row: usize) -> impl Iterator<Item = usize> {
        let width = self.rows.samples.width();
        self.rows.picks(row).map(move |pick| pick * width)
    }

    /// The codes of each sample of a row.
    pub(crate) fn row(self, row: usize) -> impl Iterator<Item = &'a [u8]> {
        let width = self.rows.samples.width();
        self.starts(row).map(move |start| &self.codes[start..start + width])
    }
}

/// Are `rows` different rows of Boolean inputs a complete truth table?
pub(super) fn is_complete(inputs: usize, rows: usize) -> bool {
    u32::try_from(inputs).ok().and_then(|inputs| 1_usize.checked_shl(inputs)) == Some(rows)
}

/// Is the value exactly 0 or 1?
pub(super) fn is_bit(value: f32) -> bool {
    value == 0.0 || value == 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two images of 2 lines of 3 pixels, as codes, and the pairs (1, 0) and (0, 0).
    fn pairs() -> Rows {
        let codes = vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        let values: Vec<f32> = (0_u8..12).map(|code| f32::from(code) / 2.0).collect();
        let samples = Arc::new(Samples::coded(6, codes, &values).unwrap());
        Rows::side_by_side(samples, 2, 3, vec![1, 0, 0, 0], vec![1.0, 0.0]).unwrap()
    }

    #[test]
    fn samples_side_by_side_line_by_line() {
        let rows = pairs();
        assert_eq!((rows.count, rows.input_width(), rows.output_width()), (2, 12, 1));
        assert_eq!(*rows.input(0), [3.0, 3.5, 4.0, 0.0, 0.5, 1.0, 4.5, 5.0, 5.5, 1.5, 2.0, 2.5]);
        let selected = rows.select(&[1, 0, 1]);
        assert_eq!((selected.count, selected.outputs.as_slice()), (3, &[0.0, 1.0, 0.0][..]));
        assert_eq!((selected.input(1), selected.input(2)), (rows.input(0), rows.input(1)));
    }

    #[test]
    fn codes_are_found_by_their_places() {
        let rows = pairs();
        let coded = rows.coded().unwrap();
        for row in 0..rows.count {
            let samples: Vec<&[u8]> = coded.row(row).collect();
            let values = coded.places().map(|(part, at)| coded.values()[usize::from(samples[part][at])]);
            assert!(values.eq(rows.input(row).iter().copied()));
        }
        assert!(Rows::new(2, vec![0.0, 0.5], vec![1.0]).coded().is_none());
    }

    #[test]
    fn rows_are_equal_if_their_values_are() {
        let numbers: Vec<f32> = (0..2).flat_map(|row| pairs().input(row).into_owned()).collect();
        assert_eq!(pairs(), Rows::new(12, numbers, vec![1.0, 0.0]));
        let samples = Arc::new(Samples::numbers(4, vec![0.0; 8]));
        assert!(Rows::side_by_side(samples.clone(), 2, 2, vec![0, 2], vec![0.0]).is_none(), "no third sample");
        assert!(Rows::side_by_side(samples, 2, 3, vec![0, 1], vec![0.0]).is_none(), "lines of three do not fill four");
    }
}
