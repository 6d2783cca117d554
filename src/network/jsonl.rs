//! Networks as JSON lines: `{"id": "..", "masks": [["0110", ..], ..]}`, or `"weights"` with numbers (design 5).
//!
//! One list a weight matrix, from the inputs on; one row an output unit of that matrix; one character or number an
//! input unit. Other keys are passed over. A line is read whole, one at a time.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use super::files::{Problem, ReadError, assembled, chained};
use super::{Architecture, Network};

/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 1 << 28;

/// The networks of a file, line by line.
pub struct JsonLines<R> {
    path: PathBuf,
    reader: BufReader<R>,
    line: usize,
    ended: bool,
}

impl<R: Read> JsonLines<R> {
    /// Reads networks from `source`; `path` is for messages.
    pub fn new(path: &Path, source: R) -> Self {
        Self { path: path.to_owned(), reader: BufReader::new(source), line: 0, ended: false }
    }

    /// The next line, `None` at the end.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line)?;
        self.line += 1;
        if read as u64 > MAX_LINE && line.last() != Some(&b'\n') {
            self.reader.skip_until(b'\n')?;
            return Err(Problem::TooLong(MAX_LINE));
        }
        Ok((read > 0).then_some(line))
    }
}

impl<R: Read> Iterator for JsonLines<R> {
    type Item = Result<(String, Network), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let network = match self.next_line() {
                Ok(None) => break,
                Ok(Some(line)) if line.trim_ascii().is_empty() => continue,
                Ok(Some(line)) => parse(line.trim_ascii()),
                Err(problem) => {
                    self.ended = matches!(problem, Problem::Io(_));
                    Err(problem)
                }
            };
            let place = |problem| ReadError { file: self.path.clone(), line: Some(self.line), problem };
            return Some(network.map_err(place));
        }
        self.ended = true;
        None
    }
}

/// A line as it is written.
#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    masks: Option<Vec<Matrix<Bits>>>,
    weights: Option<Vec<Matrix<Numbers>>>,
    biases: Option<Vec<Vec<f32>>>,
}

/// Reads a network and its id from one line. Masks without weights get weights of 1; of weights without masks those
/// that are 0 are masked; biases can be left out and are then 0.
///
/// # Errors
/// Not JSON, no id, neither masks nor weights, or matrices that are not those of a network.
pub fn parse(line: &[u8]) -> Result<(String, Network), Problem> {
    let line: Line = serde_json::from_slice(line).map_err(|error| json_problem(line, &error))?;
    let id = line.id.ok_or_else(|| Problem::Json("there is no \"id\"".to_owned()))?;
    let (masks, weights) = (line.masks.map(checked).transpose()?, line.weights.map(checked).transpose()?);
    let (architecture, masks, weights) = match (masks, weights) {
        (None, None) => return Err(Problem::Json("there are neither \"masks\" nor \"weights\"".to_owned())),
        (Some((architecture, masks)), None) => {
            let weights = masks.iter().map(|mask| mask.iter().map(|&kept| f32::from(u8::from(kept))).collect());
            (architecture, None, weights.collect())
        }
        (None, Some((architecture, weights))) => (architecture, None, weights),
        (Some((of_masks, masks)), Some((architecture, weights))) => {
            let differ = |(of_mask, of_weights)| of_mask != of_weights;
            if of_masks != architecture {
                let matrix = of_masks.matrices().zip(architecture.matrices()).position(differ);
                return Err(Problem::Shape {
                    what: "mask",
                    matrix: matrix.unwrap_or(architecture.matrices().len()) + 1,
                });
            }
            (architecture, Some(masks), weights)
        }
    };
    Ok((id, assembled(&architecture, weights, masks, line.biases)?))
}

/// What is wrong with JSON, in a line of its own.
fn json_problem(line: &[u8], error: &serde_json::Error) -> Problem {
    let column = error.column();
    let around = &line[column.saturating_sub(2).min(line.len())..(column + 8).min(line.len())];
    let has = |word: &[u8]| around.windows(word.len()).any(|part| part == word);
    if has(b"NaN") || has(b"Infinity") {
        return Problem::Json(format!("column {column}: NaN and Infinity are no weights"));
    }
    let text = error.to_string();
    let place = format!(" at line {} column {column}", error.line());
    Problem::Json(format!("column {column}: {}", text.strip_suffix(&place).unwrap_or(&text)))
}

/// A matrix row by row; of rows of different length the first other one is remembered.
struct Matrix<Row: RowOf> {
    values: Vec<Row::Value>,
    rows: usize,
    columns: usize,
    /// Row, from 1, and its length.
    ragged: Option<(usize, usize)>,
    /// Row, from 1, with a value that is no number.
    not_finite: Option<usize>,
    row_kind: std::marker::PhantomData<Row>,
}

/// The widths of a network and one matrix of values a layer.
type Shaped<Value> = (Architecture, Vec<Vec<Value>>);

/// The widths and values of a chain of matrices.
fn checked<Row: RowOf>(matrices: Vec<Matrix<Row>>) -> Result<Shaped<Row::Value>, Problem> {
    for (matrix, read) in matrices.iter().enumerate().map(|(index, read)| (index + 1, read)) {
        if let Some((row, found)) = read.ragged {
            return Err(Problem::Ragged { matrix, row, found, expected: read.columns });
        }
        if let Some(row) = read.not_finite {
            return Err(Problem::NotFinite { matrix, row });
        }
    }
    let shapes: Vec<(usize, usize)> = matrices.iter().map(|matrix| (matrix.rows, matrix.columns)).collect();
    Ok((chained(&shapes)?, matrices.into_iter().map(|matrix| matrix.values).collect()))
}

/// How one row of a matrix is written.
trait RowOf {
    type Value;
    type Written: for<'de> Deserialize<'de>;

    /// Appends a row; an error says what is wrong with it.
    fn append(row: Self::Written, values: &mut Vec<Self::Value>) -> Result<(), String>;

    fn is_finite(value: &Self::Value) -> bool;
}

/// Rows as strings of `0` and `1`.
struct Bits;

impl RowOf for Bits {
    type Value = bool;
    type Written = String;

    fn append(row: String, values: &mut Vec<bool>) -> Result<(), String> {
        for character in row.chars() {
            match character {
                '0' => values.push(false),
                '1' => values.push(true),
                other => return Err(format!("a mask holds {other:?}, but only 0 and 1 are allowed")),
            }
        }
        Ok(())
    }

    fn is_finite(_: &bool) -> bool {
        true
    }
}

/// Rows as lists of numbers.
struct Numbers;

impl RowOf for Numbers {
    type Value = f32;
    type Written = Vec<f32>;

    fn append(row: Vec<f32>, values: &mut Vec<f32>) -> Result<(), String> {
        values.extend(row);
        Ok(())
    }

    fn is_finite(value: &f32) -> bool {
        value.is_finite()
    }
}

impl<'de, Row: RowOf> Deserialize<'de> for Matrix<Row> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(MatrixVisitor(std::marker::PhantomData))
    }
}

struct MatrixVisitor<Row>(std::marker::PhantomData<Row>);

impl<'de, Row: RowOf> Visitor<'de> for MatrixVisitor<Row> {
    type Value = Matrix<Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a matrix: a list of rows, one an output unit")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Matrix<Row>, A::Error> {
        let row_kind = std::marker::PhantomData;
        let mut matrix: Matrix<Row> =
            Matrix { values: Vec::new(), rows: 0, columns: 0, ragged: None, not_finite: None, row_kind };
        while let Some(row) = rows.next_element::<Row::Written>()? {
            let start = matrix.values.len();
            Row::append(row, &mut matrix.values).map_err(A::Error::custom)?;
            matrix.rows += 1;
            let length = matrix.values.len() - start;
            if matrix.rows == 1 {
                matrix.columns = length;
            } else if length != matrix.columns {
                matrix.ragged = matrix.ragged.or(Some((matrix.rows, length)));
            }
            if !matrix.values[start..].iter().all(Row::is_finite) {
                matrix.not_finite = matrix.not_finite.or(Some(matrix.rows));
            }
        }
        Ok(matrix)
    }
}
