//! Networks as JSON lines: `{"id": "..", "masks": [["0110", ..], ..]}`, or `"weights"` with numbers.
//!
//! There is one list per weight matrix, from the inputs on, with one row per output unit and, in a row, one character
//! or number per input unit. `"biases"` is optional; other keys are ignored. Lines are read one at a time.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use super::architecture::Architecture;
use super::assemble::{assembled, chained};
use super::perceptron::Network;
use super::read_error::{MAX_LAYERS, Problem, ReadError};

/// The longest line that is read, in bytes: 256 MiB.
const MAX_LINE: u64 = 1 << 28;

/// The networks of any source of JSON lines; [`files::read`](super::files::read) opens a file of them.
///
/// ```
/// use neural_sculpting::network::jsonl::JsonLines;
///
/// let text = r#"{"id": "one unit", "weights": [[[0.5, -2.0]]], "biases": [[0.25]]}"#;
/// let (id, network) = JsonLines::new("networks".as_ref(), text.as_bytes()).next().unwrap()?;
/// assert_eq!((id.as_str(), network.biases[0][0]), ("one unit", 0.25));
/// # Ok::<(), neural_sculpting::network::files::ReadError>(())
/// ```
pub struct JsonLines<R> {
    path: PathBuf,
    reader: BufReader<R>,
    line: usize,
    ended: bool,
}

impl<R: Read> JsonLines<R> {
    /// Reads networks from `source`; error messages name `path`.
    pub fn new(path: &Path, source: R) -> Self {
        Self { path: path.to_owned(), reader: BufReader::new(source), line: 0, ended: false }
    }

    /// The next line; `None` at the end.
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
            let error = |problem| ReadError { file: self.path.clone(), line: Some(self.line), problem };
            return Some(network.map_err(error));
        }
        self.ended = true;
        None
    }
}

/// A line as it is written.
#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    masks: Option<Layers<Matrix<BitRow>>>,
    weights: Option<Layers<Matrix<NumberRow>>>,
    biases: Option<Layers<Vec<f32>>>,
}

/// Reads a network and its id from one line. Masks without weights stand for weights of 1; without masks, weights of 0
/// are masked; missing biases are 0.
///
/// # Errors
/// The line is not JSON, has no id, has neither masks nor weights, or its matrices do not make a network.
fn parse(line: &[u8]) -> Result<(String, Network), Problem> {
    let line: Line = serde_json::from_slice(line).map_err(|error| json_problem(line, &error))?;
    let id = line.id.ok_or_else(|| Problem::Json("\"id\" is missing".to_owned()))?;
    let (masks, weights) = (line.masks.map(checked).transpose()?, line.weights.map(checked).transpose()?);
    let (architecture, masks, weights) = match (masks, weights) {
        (None, None) => return Err(Problem::Json("\"masks\" and \"weights\" are both missing".to_owned())),
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
    Ok((id, assembled(&architecture, weights, masks, line.biases.map(|biases| biases.0))?))
}

/// The error of the JSON parser on one line, with a plainer message for NaN and infinities.
fn json_problem(line: &[u8], error: &serde_json::Error) -> Problem {
    let column = error.column();
    let around = &line[column.saturating_sub(2).min(line.len())..(column + 8).min(line.len())];
    let has = |word: &[u8]| around.windows(word.len()).any(|part| part == word);
    if has(b"NaN") || has(b"Infinity") {
        return Problem::Json(format!("column {column}: NaN and Infinity are not valid weights"));
    }
    let text = error.to_string();
    let position = format!(" at line {} column {column}", error.line());
    Problem::Json(format!("column {column}: {}", text.strip_suffix(&position).unwrap_or(&text)))
}

/// One entry per layer of weights, at most [`MAX_LAYERS`]: otherwise a line could make entries of a hundred bytes from
/// two characters each.
struct Layers<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Layers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(LayersVisitor(PhantomData))
    }
}

struct LayersVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for LayersVisitor<T> {
    type Value = Layers<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list with one entry per layer")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Layers<T>, A::Error> {
        let mut layers = Vec::new();
        while let Some(entry) = entries.next_element()? {
            if layers.len() == MAX_LAYERS {
                return Err(A::Error::custom(format!("more than {MAX_LAYERS} layers")));
            }
            layers.push(entry);
        }
        Ok(Layers(layers))
    }
}

/// A matrix row by row. If rows differ in length, the first that differs is remembered.
struct Matrix<Row: RowFormat> {
    values: Vec<Row::Value>,
    rows: usize,
    columns: usize,
    /// The first row of another length, from 1, and its length.
    ragged: Option<(usize, usize)>,
    row_kind: PhantomData<Row>,
}

/// The architecture of a network and one matrix of values per layer of weights.
type Shaped<Value> = (Architecture, Vec<Vec<Value>>);

/// Checks that the matrices make a network.
fn checked<Row: RowFormat>(Layers(matrices): Layers<Matrix<Row>>) -> Result<Shaped<Row::Value>, Problem> {
    for (matrix, read) in matrices.iter().enumerate().map(|(index, read)| (index + 1, read)) {
        if let Some((row, found)) = read.ragged {
            return Err(Problem::Ragged { matrix, row, found, expected: read.columns });
        }
    }
    let shapes: Vec<(usize, usize)> = matrices.iter().map(|matrix| (matrix.rows, matrix.columns)).collect();
    Ok((chained(&shapes)?, matrices.into_iter().map(|matrix| matrix.values).collect()))
}

/// How a row of a matrix is written.
trait RowFormat {
    type Value;
    type Written: for<'de> Deserialize<'de>;

    /// Appends a row, or reports what is wrong with it.
    fn append(row: Self::Written, values: &mut Vec<Self::Value>) -> Result<(), String>;
}

/// A row as a string of `0` and `1`.
struct BitRow;

impl RowFormat for BitRow {
    type Value = bool;
    type Written = String;

    fn append(row: String, values: &mut Vec<bool>) -> Result<(), String> {
        for character in row.chars() {
            match character {
                '0' => values.push(false),
                '1' => values.push(true),
                other => return Err(format!("a mask has the character {other:?}; use only 0 and 1")),
            }
        }
        Ok(())
    }
}

/// A row as a list of numbers.
struct NumberRow;

impl RowFormat for NumberRow {
    type Value = f32;
    type Written = Vec<f32>;

    fn append(row: Vec<f32>, values: &mut Vec<f32>) -> Result<(), String> {
        values.extend(row);
        Ok(())
    }
}

impl<'de, Row: RowFormat> Deserialize<'de> for Matrix<Row> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(MatrixVisitor(PhantomData))
    }
}

struct MatrixVisitor<Row>(PhantomData<Row>);

impl<'de, Row: RowFormat> Visitor<'de> for MatrixVisitor<Row> {
    type Value = Matrix<Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a matrix: a list with one row per output unit")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Matrix<Row>, A::Error> {
        let row_kind = PhantomData;
        let mut matrix: Matrix<Row> = Matrix { values: Vec::new(), rows: 0, columns: 0, ragged: None, row_kind };
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
        }
        Ok(matrix)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8]) -> Vec<Result<(String, Network), ReadError>> {
        JsonLines::new(Path::new("nets.jsonl"), text).collect()
    }

    fn message(line: &str) -> String {
        let results = read(line.as_bytes());
        assert_eq!(results.len(), 1);
        results[0].as_ref().unwrap_err().to_string()
    }

    #[test]
    fn masks_and_weights_are_read() {
        let masks = read(br#"{"id":"a","masks":[["10","01","11"],["101"]]}"#).remove(0).unwrap();
        assert_eq!(masks.1.architecture().widths(), [2, 3, 1]);
        assert_eq!(masks.1.weights, [vec![1.0, 0.0, 0.0, 1.0, 1.0, 1.0], vec![1.0, 0.0, 1.0]]);
        let weights = read(br#"{"id":"a","weights":[[[0.5,0],[-0.0,-2]],[[1,0]]],"biases":[[1,2],[3]],"task":7}"#);
        let network = &weights[0].as_ref().unwrap().1;
        assert_eq!(network.mask.layer(0), [true, false, false, true]);
        assert_eq!(network.biases, [vec![1.0, 2.0], vec![3.0]]);
        assert_eq!(network.condense().kept(), [vec![0], vec![0], vec![0]]);
    }

    #[test]
    fn masks_zero_the_weights_that_they_do_not_keep() {
        let both = read(br#"{"id":"a","masks":[["10"]],"weights":[[[2,3]]]}"#).remove(0).unwrap().1;
        assert_eq!((both.weights[0].as_slice(), both.mask.layer(0)), (&[2.0, 0.0][..], &[true, false][..]));
    }

    #[test]
    fn a_bad_line_is_an_error_and_the_others_are_read() {
        let good = r#"{"id":"a","masks":[["1"]]}"#;
        let text = format!("{good}\n\nnonsense\n{good}");
        let results = read(text.as_bytes());
        assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        let error = results[1].as_ref().unwrap_err().to_string();
        assert!(error.starts_with("nets.jsonl, line 3: column 2: expected"), "{error}");
        assert!(error.contains(r#"{"id": "..", "masks""#), "{error}");
    }

    #[test]
    fn each_mistake_has_its_message() {
        for (line, part) in [
            (r#"{"masks":[["1"]]}"#, r#""id" is missing"#),
            (r#"{"id":"a"}"#, r#""masks" and "weights" are both missing"#),
            (r#"{"id":"a","masks":[["10","1"],["11"]]}"#, "matrix 1, row 2: 1 instead of 2 entries; give all"),
            (
                r#"{"id":"a","masks":[["10","01"],["111"]]}"#,
                "matrix 2 has 3 columns, but the matrix before it has 2 rows",
            ),
            (r#"{"id":"a","masks":[["1x"]]}"#, "'x'"),
            (r#"{"id":"a","masks":[]}"#, "at least two layers"),
            (r#"{"id":"a","masks":[[]]}"#, "`0` is not a layer width"),
            (r#"{"id":"a","masks":[[""]]}"#, "`0` is not a layer width"),
            (r#"{"id":"a","masks":7}"#, "column 19: invalid type: integer"),
            (r#"{"id":7,"masks":[["1"]]}"#, "expected a string"),
            (r#"{"id":"a","weights":[[[1,2],[3]]]}"#, "matrix 1, row 2: 1 instead of 2 entries"),
            (r#"{"id":"a","weights":[[[1,NaN]]]}"#, "NaN and Infinity are not valid weights"),
            (r#"{"id":"a","weights":[[[1,-Infinity]]]}"#, "NaN and Infinity are not valid weights"),
            (r#"{"id":"a","weights":[[[1],[1e39]]]}"#, "column 31: number out of range"),
            (r#"{"id":"a","weights":[[[1]]],"biases":[[1,2]]}"#, "the bias of matrix 1"),
            (r#"{"id":"a","weights":[[[1]],[[1]]],"masks":[["1"],["1","0"]]}"#, "the mask of matrix 2"),
            (r#"{"id":"a","masks":[["1"#, "EOF while parsing"),
        ] {
            let message = message(line);
            assert!(message.contains(part) && message.starts_with("nets.jsonl, line 1: "), "{line}: {message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn the_number_of_layers_is_limited() {
        let line = format!(r#"{{"id":"a","masks":[{}["1"]]}}"#, r#"["1"],"#.repeat(MAX_LAYERS));
        assert!(message(&line).contains("more than 1000 layers"));
    }

    #[test]
    fn the_length_of_a_line_is_limited() {
        let endless = std::io::repeat(b'1').take(MAX_LINE + 100).chain(&b"\n{\"id\":\"a\",\"masks\":[[\"1\"]]}"[..]);
        let results: Vec<_> = JsonLines::new(Path::new("nets.jsonl"), endless).collect();
        assert!(results[0].as_ref().unwrap_err().to_string().contains("limit of 256 MiB"));
        assert!(results[1].is_ok());
    }

    #[test]
    fn a_failing_source_ends_the_iteration() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("torn cable"))
            }
        }
        let results: Vec<_> = JsonLines::new(Path::new("nets.jsonl"), Failing).collect();
        assert_eq!(results.len(), 1);
        assert!(results[0].as_ref().unwrap_err().to_string().contains("torn cable"));
    }

    fn written(network: &Network) -> String {
        let rows = network.architecture().matrices().zip(&network.weights);
        let matrices: Vec<Vec<&[f32]>> = rows.map(|((_, inputs), weights)| weights.chunks(inputs).collect()).collect();
        serde_json::json!({"id": "a", "weights": matrices, "biases": network.biases}).to_string()
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn written_networks_are_read_back(weights in proptest::collection::vec(-10.0_f32..10.0, 12), end in 0..400_usize) {
            let architecture = Architecture::new(vec![2, 3, 2]).unwrap();
            let mut network = Network::zeros(&architecture);
            network.weights = vec![weights[..6].to_vec(), weights[6..].to_vec()];
            let line = written(&network);
            let read_back = read(line.as_bytes()).remove(0).unwrap().1;
            prop_assert_eq!(&read_back.weights, &network.weights);
            if end < line.len() {
                prop_assert!(read(&line.as_bytes()[..end]).iter().all(Result::is_err));
            }
        }
    }
}
