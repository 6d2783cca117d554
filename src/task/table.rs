//! A user's truth table or data file: CSV with a header (design 3.8).
//!
//! Inputs are columns `x1`, `x2`, .., outputs `y1`, `y2`, ..; or the outputs are named and all other columns are inputs.
//! Outputs are 0 or 1. What the rows become depends on the inputs:
//!
//! - *Boolean* (all 0 or 1): the rows are a function, complete or partial. Each is kept once, and they are put in binary
//!   counting order, so that the same function written in another order is the same task. All of them are trained on and
//!   validated on.
//! - *real* (any other number): the rows are a sample. All are kept, in order, and split 80:20 by seed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use super::header::Header;
use super::lines::Lines;
use super::table_error::{TableError, TablePosition, TableProblem};
use super::{Kind, MAX_TABLE_INPUTS, Rows, Task, canonical, split, text};

/// The fewest rows of real data that can be split 80:20.
const MIN_REAL_ROWS: usize = 5;

/// A table as it was read, before it is split into training and validation rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSource {
    /// Short name: that of the file, without its ending.
    pub name: String,
    /// Names of the input columns.
    pub inputs: Vec<String>,
    /// Names of the output columns.
    pub outputs: Vec<String>,
    /// Boolean where every input is 0 or 1.
    pub kind: Kind,
    /// All rows.
    pub rows: Arc<Rows>,
}

impl TableSource {
    /// Reads a CSV file. `outputs` names the output columns, in the order that they shall have; where it is empty, they
    /// are those called `y1`, `y2`, ...
    ///
    /// # Errors
    /// [`TableError`]: one line that names the file, the place and the remedy.
    pub fn read(path: &Path, outputs: &[String]) -> Result<Self, TableError> {
        let (file, name) = text::names_of(path);
        let open = File::open(path);
        let open = open.map_err(|error| TableProblem::Io(error.to_string()).at(&file, TablePosition::default()))?;
        Self::from_reader(&file, &name, BufReader::new(open), outputs)
    }

    /// As [`Self::read`], from text such as that of [`Task::to_csv`]; errors call it `name`.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(name: &str, csv: &[u8], outputs: &[String]) -> Result<Self, TableError> {
        Self::from_reader(name, name, csv, outputs)
    }

    /// The task of this table: for real data, 80 % of the rows for training and 20 % for validation, drawn by `seed`;
    /// for Boolean data, all rows for both, whatever the seed.
    #[must_use]
    pub fn split(&self, seed: u64) -> Task {
        let (name, inputs, outputs) = (self.name.clone(), self.inputs.clone(), self.outputs.clone());
        let rows = Arc::clone(&self.rows);
        let (training, validation) = match self.kind {
            Kind::Boolean => (Arc::clone(&rows), Arc::clone(&rows)),
            Kind::Real => {
                let (training, validation) = split::indices(rows.count, seed);
                (Arc::new(rows.select(&training)), Arc::new(rows.select(&validation)))
            }
        };
        Task { name, inputs, outputs, kind: self.kind, rows, training, validation, truth: None }
    }

    /// As [`Task::content_hash`]: the same whatever the split.
    #[must_use]
    pub fn content_hash(&self) -> String {
        canonical::content_hash(self.kind, self.inputs.len(), self.outputs.len(), &self.rows)
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
        Ok(Self { name: name.to_owned(), inputs, outputs, kind, rows: Arc::new(rows) })
    }
}

/// Are `rows` different rows of `inputs` Boolean inputs a complete truth table?
pub(super) fn is_complete(inputs: usize, rows: usize) -> bool {
    u32::try_from(inputs).ok().and_then(|inputs| 1_usize.checked_shl(inputs)) == Some(rows)
}

/// Refuses complete truth tables that are too wide, and samples too small to be split.
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
    fn outputs_can_have_other_names_and_stand_anywhere() {
        let named = |outputs: &[&str]| {
            let outputs: Vec<String> = outputs.iter().map(ToString::to_string).collect();
            TableSource::parse("t.csv", b"out,a,x1,ill\n1,0,0,0\n0,0,1,1\n", &outputs).unwrap()
        };
        let table = named(&["ill", "out"]);
        assert_eq!(table.inputs, ["a", "x1"]);
        assert_eq!(table.outputs, ["ill", "out"]);
        assert_eq!(table.rows.inputs, [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(table.rows.outputs, [0.0, 1.0, 1.0, 0.0]);
        assert!(!table.split(0).is_complete());
    }

    #[test]
    fn real_data_is_split_by_seed_and_its_hash_is_not() {
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
        let mut all: Vec<f32> = task.training.inputs.iter().chain(&task.validation.inputs).copied().collect();
        all.sort_by(f32::total_cmp);
        assert_eq!(all, table.rows.inputs);
    }

    #[test]
    fn equal_rows_of_real_data_all_stay() {
        let table = parse("x1,y1\n0.5,1\n0.5,1\n0.5,1\n2,0\n-0,0\n");
        assert_eq!(table.rows.count, 5);
        assert!(table.rows.inputs[4].is_sign_positive(), "-0 is 0");
    }

    #[test]
    fn only_tables_that_claim_to_be_complete_are_limited_in_width() {
        assert_eq!(check_count(Kind::Boolean, 21, 1 << 21), Err(TableProblem::CompleteTooWide(21)));
        assert_eq!(check_count(Kind::Boolean, 21, (1 << 21) - 1), Ok(()));
        assert_eq!(check_count(Kind::Boolean, 20, 1 << 20), Ok(()));
        assert_eq!(check_count(Kind::Boolean, 1000, 1), Ok(()));
        assert!(is_complete(1, 2) && !is_complete(64, 1) && !is_complete(usize::MAX, 1));
    }
}
