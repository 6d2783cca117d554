//! Values of samples, in as few bytes as they need.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// From this many values on, samples are stored as codes if that is possible. Fewer values are faster as they are.
const WORTH_CODING: usize = 1 << 20;

/// The most distinct values that codes of one byte can stand for.
pub(super) const CODES: usize = 1 << 8;

/// The inputs of samples, such as images or the rows of a table: `[count, width]` numbers.
///
/// Many samples with few distinct values, such as 8-bit images, take one byte per value.
#[derive(Clone, Debug)]
pub struct Samples {
    width: usize,
    cells: Cells,
}

#[derive(Clone, Debug)]
enum Cells {
    Numbers(Vec<f32>),
    /// Indices into `values`.
    Codes {
        codes: Vec<u8>,
        values: Box<[f32; CODES]>,
    },
}

impl Samples {
    /// Samples of `width` numbers each, row by row. Leftover numbers at the end are dropped.
    #[must_use]
    pub fn numbers(width: usize, mut numbers: Vec<f32>) -> Self {
        numbers.truncate(numbers.len().checked_div(width).unwrap_or(0) * width);
        Self { width, cells: Cells::Numbers(numbers) }
    }

    /// Samples of `width` values each, row by row, as indices into `values`. `None` if an index is too large. Leftover
    /// codes at the end are dropped.
    #[must_use]
    pub fn coded(width: usize, mut codes: Vec<u8>, values: &[f32]) -> Option<Self> {
        codes.truncate(codes.len().checked_div(width).unwrap_or(0) * width);
        let most = codes.iter().copied().max().map_or(0, usize::from);
        let mut padded = Box::new([0.0; CODES]);
        padded.iter_mut().zip(values).for_each(|(padded, &value)| *padded = value);
        let exist = codes.is_empty() || most < values.len();
        exist.then_some(Self { width, cells: Cells::Codes { codes, values: padded } })
    }

    /// Number of values of a sample.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of samples.
    #[must_use]
    pub fn count(&self) -> usize {
        let cells = match &self.cells {
            Cells::Numbers(numbers) => numbers.len(),
            Cells::Codes { codes, .. } => codes.len(),
        };
        cells.checked_div(self.width).unwrap_or(0)
    }

    /// The values of a sample, which must be less than the count.
    #[must_use]
    pub(super) fn sample(&self, sample: usize) -> Cow<'_, [f32]> {
        let range = sample * self.width..(sample + 1) * self.width;
        match &self.cells {
            Cells::Numbers(numbers) => Cow::Borrowed(&numbers[range]),
            Cells::Codes { codes, values } => codes[range].iter().map(|&code| values[usize::from(code)]).collect(),
        }
    }

    /// Appends the values at some positions of a sample.
    pub(super) fn append(&self, sample: usize, positions: Range<usize>, to: &mut Vec<f32>) {
        let start = sample * self.width;
        let range = start + positions.start..start + positions.end;
        match &self.cells {
            Cells::Numbers(numbers) => to.extend_from_slice(&numbers[range]),
            Cells::Codes { codes, values } => to.extend(codes[range].iter().map(|&code| values[usize::from(code)])),
        }
    }

    /// The code of every value and the value of every code; `None` if the samples are stored as numbers.
    #[must_use]
    pub(super) fn codes(&self) -> Option<(&[u8], &[f32; CODES])> {
        match &self.cells {
            Cells::Numbers(_) => None,
            Cells::Codes { codes, values } => Some((codes, values)),
        }
    }
}

/// Collects samples value by value.
#[derive(Debug)]
pub(super) struct Collector {
    width: usize,
    cells: Cells,
    /// The code of each value, by its bits.
    codes: HashMap<u32, u8>,
    /// Some of the values pushed last by their bits, each at [`place`], and their codes.
    recent: [(u32, u8); CODES],
}

/// The bits of no value that is pushed: not a number.
const NONE: u32 = u32::MAX;

/// Where among the recent values one is, by its bits.
fn place(bits: u32) -> usize {
    (bits.wrapping_mul(0x9e37_79b1) >> 24) as usize
}

impl Collector {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            cells: Cells::Codes { codes: Vec::new(), values: Box::new([0.0; CODES]) },
            codes: HashMap::new(),
            recent: [(NONE, 0); CODES],
        }
    }

    /// Adds a value, which must be finite.
    pub(super) fn push(&mut self, value: f32) {
        let bits = value.to_bits();
        let (codes, values) = match &mut self.cells {
            Cells::Numbers(numbers) => return numbers.push(value),
            Cells::Codes { codes, values } => (codes, values),
        };
        let recent = &mut self.recent[place(bits)];
        if recent.0 == bits {
            codes.push(recent.1);
        } else if let Some(&code) = self.codes.get(&bits) {
            *recent = (bits, code);
            codes.push(code);
        } else if let Ok(code) = u8::try_from(self.codes.len()) {
            self.codes.insert(bits, code);
            values[usize::from(code)] = value;
            codes.push(code);
        } else {
            let mut numbers: Vec<f32> = codes.iter().map(|&code| values[usize::from(code)]).collect();
            numbers.push(value);
            self.cells = Cells::Numbers(numbers);
        }
    }

    pub(super) fn finish(self) -> Samples {
        let cells = match self.cells {
            Cells::Codes { codes, values } if codes.len() < WORTH_CODING => {
                Cells::Numbers(codes.iter().map(|&code| values[usize::from(code)]).collect())
            }
            cells => cells,
        };
        Samples { width: self.width, cells }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collected_samples_keep_every_value() {
        for distinct in [1, 2, 255, 256, 257, 1000] {
            let value = |index: usize| ((index * 7919) % distinct) as f32 / 16.0;
            for count in [10, WORTH_CODING / 4 + 3] {
                let mut collector = Collector::new(4);
                (0..4 * count).for_each(|index| collector.push(value(index)));
                let samples = collector.finish();
                assert_eq!(samples.count(), count);
                assert_eq!(samples.codes().is_some(), distinct <= 256 && 4 * count >= WORTH_CODING, "{distinct}");
                for sample in [0, 1, count / 2, count - 1] {
                    assert!(samples.sample(sample).iter().copied().eq((4 * sample..4 * sample + 4).map(value)));
                }
            }
        }
    }

    #[test]
    fn codes_without_a_value_are_refused() {
        assert!(Samples::coded(2, vec![0, 1, 2, 0], &[0.0, 0.5]).is_none());
        let samples = Samples::coded(2, vec![0, 1, 1, 0, 1], &[0.0, 0.5]).unwrap();
        assert_eq!((samples.count(), &*samples.sample(1)), (2, &[0.5, 0.0][..]));
        assert_eq!(Samples::numbers(0, vec![]).count(), 0);
    }
}
