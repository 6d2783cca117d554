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
//!
//! [`TableOptions`] can name a column of classes, which become outputs, and say which rows are for validation. Rows that
//! are split so are a sample, even if their inputs are all 0 or 1.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::canonical::{self, Contradiction};
use super::csv_rows::CsvRows;
use super::rows::is_complete;
use super::table_error::{TableError, TablePosition, TableProblem};
use super::table_options::TableOptions;
use super::{InputKind, MAX_TABLE_INPUTS, Rows, Shape, Split, Task, npz, text};
use crate::gzip;

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
    pub kind: InputKind,
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
    /// Reads a CSV file, plain or compressed with gzip, or NumPy arrays (`.npz`, `.npy`).
    ///
    /// An archive has arrays `x_train`, `y_train`, `x_test` and `y_test`, or `x` and `y`. If arrays are files of their own,
    /// `path` is that of `x_train` or `x`. Rows are in the first dimension of `x`; two more are the shape of an image. `y`
    /// has the number of the class of each row, or a matrix of outputs 0 and 1. Rows of `x_test` are for validation.
    ///
    /// # Errors
    /// The file cannot be read or is not a table that can be trained on.
    pub fn read(path: &Path, options: &TableOptions) -> Result<Self, TableError> {
        if path.extension().is_some_and(|extension| extension == "npz" || extension == "npy") {
            return npz::read(path, options);
        }
        let (file, name) = text::names_of(path);
        options.check().map_err(|problem| problem.at(&file, TablePosition::default()))?;
        let mut rows = CsvRows::new(options);
        for path in std::iter::once(path).chain(options.validation.as_deref()) {
            let (file, _) = text::names_of(path);
            let open = File::open(path).map(BufReader::new).and_then(gzip::reader);
            let open = open.map_err(|error| TableProblem::of_io(&error).at(&file, TablePosition::default()))?;
            rows.read(&file, open)?;
        }
        Self::of_csv(&file, &name, rows, None)
    }

    /// Like [`Self::read`], from the content of a file, plain or compressed with gzip. `outputs` lists the output
    /// columns in the desired order; if it is empty, they are `y1`, `y2`, and so on. `name` is the name of the table, also
    /// in errors.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub fn parse(name: &str, csv: &[u8], outputs: &[String]) -> Result<Self, TableError> {
        Self::stored(name, csv, outputs, None)
    }

    /// Like [`Self::parse`]. If the rows for `validation` are given, they are the same for every seed.
    pub(crate) fn stored(
        name: &str,
        csv: &[u8],
        outputs: &[String],
        validation: Option<Vec<u32>>,
    ) -> Result<Self, TableError> {
        let options = TableOptions::with_outputs(outputs);
        let mut rows = CsvRows::new(&options);
        let csv = gzip::reader(csv).map_err(|error| TableProblem::of_io(&error).at(name, TablePosition::default()))?;
        rows.read(name, csv)?;
        Self::of_csv(name, name, rows, validation)
    }

    /// The task of this table. Of real data, `seed` draws 20% of the rows for validation, and the others are for
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

    fn of_csv(file: &str, name: &str, rows: CsvRows<'_>, validation: Option<Vec<u32>>) -> Result<Self, TableError> {
        let nowhere = |problem: TableProblem| problem.at(file, TablePosition::default());
        let (content, places) = rows.content().map_err(nowhere)?;
        let content = Content { validation: validation.or(content.validation), ..content };
        Self::of(name, content).map_err(|misfit| match misfit {
            Misfit::Problem(problem) => nowhere(problem),
            Misfit::Contradiction(pair) => places.contradiction(file, &pair),
        })
    }

    /// Checks what was read, and puts it in order.
    pub(super) fn of(name: &str, content: Content) -> Result<Self, Misfit> {
        let Content { inputs, outputs, rows, validation, shape } = content;
        let inputs = match shape {
            Some(shape) if shape.pixels() != inputs.len() => {
                let (pixels, inputs) = (shape.pixels(), inputs.len());
                return Err(TableProblem::WrongShape { shape, pixels, inputs }.into());
            }
            Some(shape) => shape.names().collect(),
            None => inputs,
        };
        let mut names = HashSet::new();
        if let Some(name) = inputs.iter().chain(&outputs).find(|name| !names.insert(name.as_str())) {
            return Err(TableProblem::NameTaken(text::excerpt(name)).into());
        }
        let kind = if validation.is_some() { InputKind::Real } else { rows.kind() };
        let rows = canonical::rows(kind, rows).map_err(Misfit::Contradiction)?;
        match &validation {
            Some(validation) if validation.is_empty() => return Err(TableProblem::NoValidation.into()),
            Some(validation) if validation.len() >= rows.count => return Err(TableProblem::NoTraining.into()),
            Some(_) => {}
            None => check_count(kind, inputs.len(), rows.count)?,
        }
        let is_class = kind == InputKind::Real && is_one_hot(&rows);
        let split = match (kind, validation) {
            (_, Some(validation)) => Split::Fixed { validation: validation.into() },
            (InputKind::Boolean, None) => Split::Same,
            (InputKind::Real, None) if is_class => Split::Stratified,
            (InputKind::Real, None) => Split::Seeded,
        };
        let one_hot = if is_class { std::iter::once(0..outputs.len()).collect() } else { Vec::new() };
        Ok(Self { name: name.to_owned(), inputs, outputs, kind, rows: Arc::new(rows), split, shape, one_hot })
    }
}

/// What a reader found, unchecked.
pub(super) struct Content {
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
    pub(super) rows: Rows,
    /// The rows for validation, ascending, if they are given.
    pub(super) validation: Option<Vec<u32>>,
    pub(super) shape: Option<Shape>,
}

/// Why content is not a table.
pub(super) enum Misfit {
    Problem(TableProblem),
    Contradiction(Contradiction),
}

impl From<TableProblem> for Misfit {
    fn from(problem: TableProblem) -> Self {
        Self::Problem(problem)
    }
}

/// Does every row have exactly one output of 1, among two or more?
fn is_one_hot(rows: &Rows) -> bool {
    rows.output_width() > 1 && (0..rows.count).all(|row| rows.output(row).iter().sum::<f32>() == 1.0)
}

/// Refuses complete truth tables with too many inputs, and samples too small to split.
fn check_count(kind: InputKind, inputs: usize, rows: usize) -> Result<(), TableProblem> {
    match kind {
        InputKind::Boolean if inputs > MAX_TABLE_INPUTS && is_complete(inputs, rows) => {
            Err(TableProblem::CompleteTooWide(inputs))
        }
        InputKind::Real if rows < MIN_REAL_ROWS => Err(TableProblem::TooFewRows(rows)),
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

    /// Reads these files, of which the second is for validation.
    fn read(files: &[&str], options: &TableOptions) -> TableSource {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..files.len()).map(|at| folder.path().join(format!("{at}.csv"))).collect();
        for (path, text) in paths.iter().zip(files) {
            std::fs::write(path, text).unwrap();
        }
        let options = TableOptions { validation: paths.get(1).cloned(), ..options.clone() };
        TableSource::read(&paths[0], &options).unwrap()
    }

    #[test]
    fn labels_become_outputs_and_pixels_get_names() {
        let (label, shape, scale) = (Some("digit".to_owned()), "1x2".parse().ok(), Some(255.0));
        let options = TableOptions { label, scale, shape, ..TableOptions::default() };
        let table = read(&["a,digit,b\n0,10,255\n51,9,0\n1,9,1\n2,10,2\n3,9,3\n"], &options);
        assert_eq!((table.inputs.join(" "), table.outputs.join(" ")), ("r1c1 r1c2".into(), "digit=9 digit=10".into()));
        assert_eq!([table.rows.input(0), table.rows.input(1)].concat(), [0.0, 1.0, 0.2, 0.0]);
        assert_eq!(table.rows.outputs[..4], [0.0, 1.0, 1.0, 0.0]);
        assert_eq!((table.split, table.one_hot.first()), (Split::Stratified, Some(&(0..2))));
    }

    #[test]
    fn validation_rows_can_be_given() {
        let options = TableOptions { label: Some("c".to_owned()), ..TableOptions::default() };
        let two = read(&["a,c\n0,u\n1,v\n1,v\n", "a,c\n1,v\n0,u\n"], &options);
        let split = TableOptions { split_column: Some("part".to_owned()), ..options };
        let one = read(&["part,a,c\nTrain,0,u\ntraining,1,v\ntrain,1,v\ntest,1,v\nvalid,0,u\n"], &split);
        let TableSource { name, .. } = two.clone();
        assert_eq!(TableSource { name, ..one }, two);
        assert_eq!((two.kind, &two.split), (InputKind::Real, &Split::Fixed { validation: [3, 4].into() }));
        let task = two.split(9);
        assert_eq!((task.training.count, task.validation.count, task.validation.input(0)[0]), (3, 2, 1.0));
        // The copy in the catalog is read back as it was, although the inputs are all 0 or 1.
        let again = TableSource::stored(&two.name, task.to_csv().as_bytes(), &two.outputs, Some(vec![3, 4])).unwrap();
        assert_eq!((again.content_hash(), again), (two.content_hash(), two));
    }

    #[test]
    fn equal_rows_of_real_data_are_kept() {
        let table = parse("x1,y1\n0.5,1\n0.5,1\n0.5,1\n2,0\n-0,0\n");
        assert_eq!(table.rows.count, 5);
        assert!(table.rows.input(4)[0].is_sign_positive(), "-0 is 0");
    }

    #[test]
    fn only_complete_tables_are_limited_in_inputs() {
        assert_eq!(check_count(InputKind::Boolean, 21, 1 << 21), Err(TableProblem::CompleteTooWide(21)));
        assert_eq!(check_count(InputKind::Boolean, 21, (1 << 21) - 1), Ok(()));
        assert_eq!(check_count(InputKind::Boolean, 20, 1 << 20), Ok(()));
        assert_eq!(check_count(InputKind::Boolean, 1000, 1), Ok(()));
        assert!(is_complete(1, 2) && !is_complete(64, 1) && !is_complete(usize::MAX, 1));
    }
}
