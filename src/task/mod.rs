//! Tasks: what a network learns, as inputs, outputs, training and validation rows and, where known, the true modules.
//!
//! A [`Task`] comes from one of five sources:
//!
//! - [`builtin`]: the 38 Boolean functions of the paper;
//! - [`generator`]: twelve more, which are not in the paper, drawn from a fixed seed;
//! - [`graph_file`]: a user's [`FunctionGraph`], written in TOML;
//! - [`table`]: a user's truth table or data, written in CSV;
//! - [`digits`]: pairs of handwritten digits, from MNIST.
//!
//! All of them are checked on reading: every value is finite, every output is 0 or 1, no two rows contradict each
//! other, and there is at least one row, one input and one output.
//!
//! Error types have no examples of their own: their messages are meant to be shown as they are.

pub mod builtin;
mod canonical;
mod classes;
pub mod columns;
mod csv_rows;
pub mod digits;
pub(crate) mod draws;
mod evaluate;
pub mod generator;
pub mod graph;
mod graph_error;
pub mod graph_file;
mod header;
mod lines;
pub(crate) mod natural;
mod npy;
mod npz;
mod paper;
mod rows;
mod samples;
mod shape;
mod split;
pub mod table;
mod table_error;
mod table_options;
mod text;
mod truth;

use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

pub use graph::FunctionGraph;
pub use graph_error::GraphError;
pub use npy::ArrayProblem;
pub use rows::{InputKind, Rows};
pub use samples::Samples;
pub use shape::{Shape, UnknownShape};
pub use split::Split;
pub use table::TableSource;
pub use table_error::{TableError, TablePosition, TableProblem};
pub use table_options::TableOptions;
pub use truth::Truth;

/// The most inputs that a complete truth table may have.
pub const MAX_TABLE_INPUTS: usize = 20;

/// The most values that a task may hold, counting the inputs and outputs of all rows: 1 GiB of them.
pub const MAX_VALUES: usize = 1 << 28;

/// Standard deviation of the noise added to Boolean inputs in training (section 2 of the paper).
pub const BOOLEAN_NOISE: f64 = 0.1;

/// A task: named columns, training and validation rows and, where known, the true modules.
///
/// The rows are shared, so tasks are cheap to clone. For a Boolean task, `rows`, `training` and `validation` are the
/// same allocation.
///
/// ```
/// use neural_sculpting::task::TableSource;
///
/// let csv = "x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n";
/// let task = TableSource::parse("xor", csv.as_bytes(), &[])?.split(0);
/// assert!(task.is_complete());
/// assert_eq!((task.inputs.len(), task.rows.count), (2, 4));
/// # Ok::<(), neural_sculpting::task::TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Short name, such as `4-1-2-16`.
    pub name: String,
    /// Names of the input columns.
    pub inputs: Vec<String>,
    /// Names of the output columns.
    pub outputs: Vec<String>,
    /// Whether the inputs are Boolean or real.
    pub kind: InputKind,
    /// All rows before any split, in canonical order. [`Self::content_hash`] and [`Self::to_csv`] refer to these.
    pub rows: Arc<Rows>,
    /// Rows for training.
    pub training: Arc<Rows>,
    /// Rows for evaluation, without noise; for a Boolean task the same as `training`.
    pub validation: Arc<Rows>,
    /// How `rows` are divided into `training` and `validation`.
    pub split: Split,
    /// The true modules: the sub-functions of the task, if they are known.
    pub truth: Option<Truth>,
    /// The shape of the inputs, if they are the pixels of an image.
    pub shape: Option<Shape>,
    /// The folder of the data files that the task is made from, for tasks that are read from known files.
    pub data: Option<PathBuf>,
    /// Groups of output columns of which exactly one is 1 in every row: each group is a class.
    pub one_hot: Vec<Range<usize>>,
}

impl Task {
    /// A task with the same Boolean rows for training and validation.
    fn boolean(name: String, inputs: Vec<String>, outputs: Vec<String>, rows: Rows, truth: Option<Truth>) -> Self {
        let rows = Arc::new(rows);
        let (training, validation) = (Arc::clone(&rows), Arc::clone(&rows));
        let (kind, split, shape, data, one_hot) = (InputKind::Boolean, Split::Same, None, None, Vec::new());
        Self { name, inputs, outputs, kind, rows, training, validation, split, truth, shape, data, one_hot }
    }

    /// The task of a function graph: its complete truth table.
    ///
    /// # Errors
    /// [`GraphError::TooManyInputs`] or [`GraphError::TooManyValues`] if the table would be too large.
    pub fn of_graph(name: &str, graph: &FunctionGraph, truth: Option<Truth>) -> Result<Self, GraphError> {
        let rows = graph.truth_table()?;
        Ok(Self::boolean(name.to_owned(), graph.input_names(), graph.output_names(), rows, truth))
    }

    /// The default standard deviation of the noise that is added to each input in each epoch of training:
    /// [`BOOLEAN_NOISE`] for Boolean inputs, 0 for real ones.
    #[must_use]
    pub fn default_noise(&self) -> f64 {
        match self.kind {
            InputKind::Boolean => BOOLEAN_NOISE,
            InputKind::Real => 0.0,
        }
    }

    /// Do the rows contain every combination of Boolean inputs?
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.kind == InputKind::Boolean && rows::is_complete(self.inputs.len(), self.rows.count)
    }

    /// BLAKE3 hash of what is learned, as 64 lower-case hexadecimal digits: kind, numbers of columns, all rows
    /// before any split, and the validation rows if they are the same for every seed. Names are not included, so a function has the same hash under any name.
    #[must_use]
    pub fn content_hash(&self) -> String {
        canonical::content_hash(self.kind, self.inputs.len(), self.outputs.len(), &self.rows, &self.split)
    }

    /// All rows as CSV with a header, inputs before outputs. [`TableSource::parse`], given the names of the outputs,
    /// reads the same values back, bit for bit.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Vec::new();
        // Writing to a vector cannot fail.
        let _ = self.write_csv(&mut csv);
        String::from_utf8(csv).unwrap_or_default()
    }

    /// Like [`Self::to_csv`], written to `out` row by row.
    ///
    /// # Errors
    /// `out` cannot be written to.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        canonical::write_csv(&self.inputs, &self.outputs, &self.rows, out)
    }
}
