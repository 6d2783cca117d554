//! A user's truth table or data: CSV with a header.
//!
//! Columns named `x1`, `x2`, .. are inputs and columns named `y1`, `y2`, .. are outputs. Alternatively, the output
//! columns are listed and all others are inputs. Outputs are 0 or 1. The rows are treated by the kind of inputs:
//!
//! - *Boolean* inputs (all 0 or 1) make a function, complete or partial. Repeated rows are dropped and the others put
//!   in binary counting order, so that the order in the file does not matter. All rows serve for training and
//!   validation.
//! - *real* inputs make a sample. All rows are kept, in order, and split 80:20 by seed. If exactly one output of every
//!   row is 1, the outputs are classes, and each of them is split 80:20.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::header::Header;
use super::lines::Lines;
use super::rows::is_complete;
use super::table_error::{TableError, TablePosition, TableProblem};
use super::{Kind, MAX_TABLE_INPUTS, Rows, Shape, Split, Task, canonical, text};

/// The first bytes of a file that is compressed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The fewest rows of real data that can be split 80:20.
const MIN_REAL_ROWS: usize = 5;

/// A table before it is split into training and validation rows.
///
/// ```
/// use neural_sculpting::task::TableSource;
///
/// let csv = "age,dose,ill\n41,0.5,0\n62,1.5,1\n38,2,0\n70,0,1\n55,1,1\n";
/// let table = TableSource::parse("patients", csv.as_bytes(), &["ill".to_owned()])?;
/// assert_eq!(table.inputs, ["age", "dose"]);
/// let task = table.split(7);
/// assert_eq!((task.training.count, task.validation.count), (4, 1));
///
/// let error = TableSource::parse("xor.csv", b"x1,x2,y1\n0,0,0\n0,1,2\n", &[]).unwrap_err();
/// assert!(error.to_string().starts_with("xor.csv line 3, column 3 `y1`: output `2` is neither 0 nor 1"));
/// # Ok::<(), neural_sculpting::task::TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TableSource {
    /// Short name: the file name without its extension.
    pub name: String,
    /// Names of the input columns.
    pub inputs: Vec<String>,
    /// Names of the output columns.
    pub outputs: Vec<String>,
    /// Boolean if every input is 0 or 1.
    pub kind: Kind,
    /// All rows.
    pub rows: Arc<Rows>,
    /// How they are divided into training and validation rows.
    pub split: Split,
    /// The shape of the inputs, if they are the pixels of an image.
    pub shape: Option<Shape>,
    /// As [`Task::one_hot`]; empty for Boolean inputs.
    pub one_hot: Vec<Range<usize>>,
}

impl TableSource {
    /// Reads a CSV file. `outputs` lists the output columns in the desired order; if it is empty, they are `y1`, `y2`,
    /// and so on.
    ///
    /// # Errors
    /// The file cannot be read or is not a table that can be trained on.
    pub fn read(path: &Path, outputs: &[String]) -> Result<Self, TableError> {
        let (file, name) = text::names_of(path);
        let open = File::open(path);
        let open = open.map_err(|error| TableProblem::Io(error.to_string()).at(&file, TablePosition::default()))?;
        Self::from_reader(&file, &name, BufReader::new(open), outputs)
    }

    /// Like [`Self::read`], from the content of a file, plain or compressed with gzip. `name` is the name of the table,
    /// also in errors.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub fn parse(name: &str, csv: &[u8], outputs: &[String]) -> Result<Self, TableError> {
        if csv.starts_with(&GZIP) {
            return Self::from_reader(name, name, BufReader::new(MultiGzDecoder::new(csv)), outputs);
        }
        Self::from_reader(name, name, csv, outputs)
    }

    /// The task of this table. Of real data, `seed` draws 20 % of the rows for validation, and the others are for
    /// training; of Boolean data, all rows are for both.
    #[must_use]
    pub fn split(&self, seed: u64) -> Task {
        let (name, inputs, outputs) = (self.name.clone(), self.inputs.clone(), self.outputs.clone());
        let (training, validation) = self.split.of(&self.rows, seed);
        Task {
            name,
            inputs,
            outputs,
            kind: self.kind,
            rows: Arc::clone(&self.rows),
            training,
            validation,
            split: self.split.clone(),
            truth: None,
            shape: self.shape,
            data: None,
            one_hot: self.one_hot.clone(),
        }
    }

    /// Like [`Task::content_hash`], which does not depend on the split.
    #[must_use]
    pub fn content_hash(&self) -> String {
        canonical::content_hash(self.kind, self.inputs.len(), self.outputs.len(), &self.rows, &self.split)
    }

    fn from_reader(file: &str, name: &str, reader: impl BufRead, outputs: &[String]) -> Result<Self, TableError> {
        let mut lines = Lines::new(reader);
        let header = Header::read(file, &mut lines, outputs)?;
        let (rows, numbers) = header.rows(file, &mut lines)?;
        let kind = rows.kind();
        let rows = canonical::rows(kind, rows, &numbers).map_err(|pair| {
            let position = TablePosition { line: Some(pair.line), column: None };
            TableProblem::Contradiction(pair.contradicts).at(file, position)
        })?;
        let checked = check_count(kind, header.inputs.len(), rows.count);
        checked.map_err(|problem| problem.at(file, TablePosition::default()))?;
        let (inputs, outputs) = (header.names_of(&header.inputs), header.names_of(&header.outputs));
        let is_class = kind == Kind::Real && is_one_hot(&rows);
        let split = match kind {
            Kind::Boolean => Split::Same,
            Kind::Real if is_class => Split::Stratified,
            Kind::Real => Split::Seeded,
        };
        let one_hot = if is_class { std::iter::once(0..outputs.len()).collect() } else { Vec::new() };
        Ok(Self { name: name.to_owned(), inputs, outputs, kind, rows: Arc::new(rows), split, shape: None, one_hot })
    }
}

/// Does every row have exactly one output of 1, among two or more?
fn is_one_hot(rows: &Rows) -> bool {
    rows.output_width() > 1 && (0..rows.count).all(|row| rows.output(row).iter().sum::<f32>() == 1.0)
}

/// Refuses complete truth tables with too many inputs, and samples too small to split.
fn check_count(kind: Kind, inputs: usize, rows: usize) -> Result<(), TableProblem> {
    match kind {
        Kind::Boolean if inputs > MAX_TABLE_INPUTS && is_complete(inputs, rows) => {
            Err(TableProblem::CompleteTooWide(inputs))
        }
        Kind::Real if rows < MIN_REAL_ROWS => Err(TableProblem::TooFewRows(rows)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(csv: &str) -> TableSource {
        TableSource::parse("t.csv", csv.as_bytes(), &[]).unwrap()
    }

    #[test]
    fn a_complete_table_in_any_order_is_the_same_task() {
        let ordered = parse("x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n").split(0);
        let shuffled = parse("x1,x2,y1\n1,1,0\n0,1,1\n1,1,0\n1,0,1\n0,0,0\n").split(1);
        assert_eq!(ordered.rows, shuffled.rows);
        assert_eq!(ordered.content_hash(), shuffled.content_hash());
        assert!(ordered.is_complete());
        assert_eq!(ordered.validation.count, 4);
    }

    #[test]
    fn listed_outputs_may_have_any_name_and_position() {
        let named = |outputs: &[&str]| {
            let outputs: Vec<String> = outputs.iter().map(ToString::to_string).collect();
            TableSource::parse("t.csv", b"out,a,x1,ill\n1,0,0,0\n0,0,1,1\n", &outputs).unwrap()
        };
        let table = named(&["ill", "out"]);
        assert_eq!(table.inputs, ["a", "x1"]);
        assert_eq!(table.outputs, ["ill", "out"]);
        assert_eq!([table.rows.input(0), table.rows.input(1)].concat(), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(table.rows.outputs, [0.0, 1.0, 1.0, 0.0]);
        assert!(!table.split(0).is_complete());
    }

    #[test]
    fn the_seed_splits_real_data_and_does_not_change_its_hash() {
        let mut csv = String::from("x1,y1\n");
        for row in 0..50 {
            csv += &format!("{}.5,{}\n", row, row % 2);
        }
        let table = parse(&csv);
        let task = table.split(7);
        assert_eq!((task.training.count, task.validation.count, task.rows.count), (40, 10, 50));
        assert_eq!(task, table.split(7));
        assert_ne!(task.validation, table.split(8).validation);
        assert_eq!(task.content_hash(), table.split(8).content_hash());
        assert_eq!(task.content_hash(), table.content_hash());
        assert!((task.default_noise(), parse("x1,y1\n1,0\n").split(0).default_noise()) == (0.0, 0.1));
    }

    #[test]
    fn classes_are_split_one_by_one_and_that_is_part_of_the_hash() {
        let csv = |other: u8| {
            let rows =
                (0..40).map(|row| if row < 10 { format!("{row}.5,1,{other}\n") } else { format!("{row}.5,0,1\n") });
            format!("x1,y1,y2\n{}", rows.collect::<String>())
        };
        let (classes, bits) = (parse(&csv(0)), parse(&csv(1)));
        assert_eq!((classes.split.clone(), bits.split.clone()), (Split::Stratified, Split::Seeded));
        assert_eq!((classes.one_hot.len(), bits.one_hot.len()), (1, 0));
        let validation = classes.split(5).validation;
        assert_eq!((0..validation.count).filter(|&row| validation.output(row)[0] == 1.0).count(), 2);
        let hash = |split: Split| TableSource { split, ..classes.clone() }.content_hash();
        let fixed = |rows: &[u32]| hash(Split::Fixed { validation: rows.into() });
        let hashes = [hash(Split::Seeded), classes.content_hash(), fixed(&[1]), fixed(&[2]), fixed(&[1, 2])];
        assert!((0..hashes.len()).all(|at| !hashes[..at].contains(&hashes[at])));
    }

    #[test]
    fn equal_rows_of_real_data_are_kept() {
        let table = parse("x1,y1\n0.5,1\n0.5,1\n0.5,1\n2,0\n-0,0\n");
        assert_eq!(table.rows.count, 5);
        assert!(table.rows.input(4)[0].is_sign_positive(), "-0 is 0");
    }

    #[test]
    fn only_complete_tables_are_limited_in_inputs() {
        assert_eq!(check_count(Kind::Boolean, 21, 1 << 21), Err(TableProblem::CompleteTooWide(21)));
        assert_eq!(check_count(Kind::Boolean, 21, (1 << 21) - 1), Ok(()));
        assert_eq!(check_count(Kind::Boolean, 20, 1 << 20), Ok(()));
        assert_eq!(check_count(Kind::Boolean, 1000, 1), Ok(()));
        assert!(is_complete(1, 2) && !is_complete(64, 1) && !is_complete(usize::MAX, 1));
    }
}
