//! The live inputs of rows, read from where they are stored: numbers, or codes of one byte.

use std::ops::Range;

use crate::task::Rows;

/// Where the live inputs of a task's rows are.
pub(super) struct Inputs {
    runs: Vec<Run>,
}

/// Live inputs that lie side by side.
struct Run {
    /// Their numbers, counting live inputs from 0.
    numbers: Range<usize>,
    /// The sample of the row that they are in, and the position of the first one.
    part: usize,
    at: usize,
}

impl Run {
    /// Is the position in that part the next one?
    fn follows(&self, part: usize, at: usize) -> bool {
        self.part == part && self.at + self.numbers.len() == at
    }
}

/// Inputs as they are stored.
pub(super) enum Stored<'a> {
    Numbers(&'a [f32]),
    /// Codes, and the value of each code.
    Codes(&'a [u8], &'a [f32; 256]),
}

impl Inputs {
    /// The inputs `live` of `rows`, in that order. No run of them crosses a multiple of `most`.
    pub(super) fn new(rows: &Rows, live: &[usize], most: usize) -> Self {
        let places: Option<Vec<(usize, usize)>> = rows.coded().map(|coded| coded.places().collect());
        let mut runs: Vec<Run> = Vec::new();
        for (number, &input) in live.iter().enumerate() {
            let (part, at) = places.as_ref().map_or((0, input), |places| places[input]);
            match runs.last_mut() {
                Some(run) if run.follows(part, at) && !number.is_multiple_of(most) => run.numbers.end += 1,
                _ => runs.push(Run { numbers: number..number + 1, part, at }),
            }
        }
        Self { runs }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.runs.last().map_or(0, |run| run.numbers.end)
    }

    /// Shows the inputs of the rows in `order`, which are rows of those given to [`Self::new`], row by row and run by
    /// run: the number of the first input of the run, and the inputs.
    #[inline(always)]
    pub(super) fn read(
        &self,
        rows: &Rows,
        order: impl Iterator<Item = usize>,
        mut show: impl FnMut(usize, Stored<'_>),
    ) {
        if let Some(coded) = rows.coded() {
            let mut samples: Vec<&[u8]> = Vec::new();
            for row in order {
                samples.clear();
                samples.extend(coded.row(row));
                for Run { numbers, part, at } in &self.runs {
                    show(numbers.start, Stored::Codes(&samples[*part][*at..][..numbers.len()], coded.values()));
                }
            }
        } else {
            for row in order {
                let row = rows.input(row);
                for Run { numbers, at, .. } in &self.runs {
                    show(numbers.start, Stored::Numbers(&row[*at..][..numbers.len()]));
                }
            }
        }
    }

    /// Copies the inputs of rows to `to`, `[rows, stride]`, where each row begins with its live inputs.
    pub(super) fn copy(&self, rows: &Rows, order: impl Iterator<Item = usize>, to: &mut [f32], stride: usize) {
        let mut places = to.chunks_exact_mut(stride.max(1));
        let mut place: &mut [f32] = &mut [];
        self.read(rows, order, |first, stored| {
            if first == 0 {
                place = places.next().unwrap_or_default();
            }
            let to = &mut place[first..];
            match stored {
                Stored::Numbers(numbers) => to[..numbers.len()].copy_from_slice(numbers),
                Stored::Codes(codes, values) => {
                    to.iter_mut().zip(codes).for_each(|(to, &code)| *to = values[usize::from(code)]);
                }
            }
        });
    }

    /// The share of zeros among the inputs, 0 to 1, of at most [`COUNTED`] rows at equal distances.
    pub(super) fn zeros(&self, rows: &Rows) -> f64 {
        let some = (0..rows.count).step_by(rows.count.div_ceil(COUNTED).max(1));
        let (mut zeros, mut all) = (0, 0);
        self.read(rows, some, |_, stored| {
            let (found, of) = match stored {
                Stored::Numbers(numbers) => (numbers.iter().filter(|&&number| number == 0.0).count(), numbers.len()),
                Stored::Codes(codes, values) => {
                    (codes.iter().filter(|&&code| values[usize::from(code)] == 0.0).count(), codes.len())
                }
            };
            zeros += found;
            all += of;
        });
        zeros as f64 / all.max(1) as f64
    }
}

/// The most rows in which zeros are counted.
const COUNTED: usize = 1 << 10;

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::task::Samples;

    /// Three rows of two images of 2 lines of 3 values, side by side, as codes; and the same rows as numbers.
    pub(in crate::train) fn stored_both_ways() -> [Rows; 2] {
        let codes = vec![0, 1, 2, 0, 4, 5, 6, 0, 8, 9, 0, 0];
        let values: Vec<f32> = (0_u8..10).map(|code| f32::from(code) / 2.0).collect();
        let samples = Arc::new(Samples::coded(6, codes, &values).unwrap());
        let outputs = vec![1.0, 0.0, 1.0];
        let pairs = Rows::side_by_side(samples, 2, 3, vec![1, 0, 0, 0, 1, 1], outputs.clone()).unwrap();
        let numbers = (0..3).flat_map(|row| pairs.input(row).into_owned()).collect();
        [pairs, Rows::new(12, numbers, outputs)]
    }

    #[test]
    fn live_inputs_are_those_of_the_rows_however_stored() {
        let [pairs, plain] = stored_both_ways();
        let live = [0, 1, 3, 4, 5, 8, 11];
        let expected: Vec<f32> =
            [2, 0].iter().flat_map(|&row| live.map(|input| plain.input(row)[input]).into_iter().chain([9.0])).collect();
        let zeros = (0..3).map(|row| live.iter().filter(|&&input| plain.input(row)[input] == 0.0).count());
        let share = zeros.sum::<usize>() as f64 / 21.0;
        for rows in [&pairs, &plain] {
            let inputs = Inputs::new(rows, &live, 4);
            let mut copied = vec![9.0; 16];
            inputs.copy(rows, [2, 0].into_iter(), &mut copied, 8);
            assert_eq!(copied, expected);
            assert!((inputs.zeros(rows) - share).abs() < 1e-12);
        }
    }
}
