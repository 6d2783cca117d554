//! What is learned: inputs, outputs, training and validation rows, and, where known, the true modules.
//!
//! A task comes from one of four places, and is the same type whichever it was:
//!
//! - [`builtin`]: the 38 Boolean functions of the paper, each a function graph;
//! - [`generator`]: twelve more that are not in the paper, drawn from a fixed seed;
//! - [`graph_file`]: a user's own [`FunctionGraph`], written in TOML;
//! - [`table`]: a user's truth table or data file, written in CSV.
//!
//! What is past these borders is checked: every value is finite, every output is 0 or 1, no two rows contradict each
//! other, and there is at least one row, one input and one output.

pub mod builtin;
mod canonical;
pub mod columns;
pub(crate) mod draws;
mod evaluate;
pub mod generator;
pub mod graph;
mod graph_error;
pub mod graph_file;
mod header;
mod lines;
mod rows;
mod split;
pub mod table;
mod table_error;
mod text;
mod truth;

use std::sync::Arc;

pub(crate) use builtin::edit_distance;
pub use graph::FunctionGraph;
pub use graph_error::GraphError;
pub use rows::{Kind, Rows};
pub use table::TableSource;
pub use table_error::{TableError, TablePosition, TableProblem};
pub use truth::Truth;

/// The most inputs a complete truth table may have: a function graph with more is refused (design 3.8).
pub const MAX_TABLE_INPUTS: usize = 20;

/// The most values, inputs and outputs of all rows together, that a task may hold: 1 GiB of them.
pub const MAX_VALUES: usize = 1 << 28;

/// Standard deviation of the noise that is added to Boolean inputs while training (section 2 of the paper).
pub const BOOLEAN_NOISE: f64 = 0.1;

/// A task: named columns, rows to train on and to validate on, and, where known, the true modules.
///
/// The rows are shared, so a task is cheap to clone: for a Boolean task, `rows`, `training` and `validation` are one
/// and the same allocation.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Short name, as in `4-1-2-16`.
    pub name: String,
    /// Names of the input columns.
    pub inputs: Vec<String>,
    /// Names of the output columns.
    pub outputs: Vec<String>,
    /// Boolean inputs get noise while training; real ones do not.
    pub kind: Kind,
    /// All rows before any split, in canonical order: what [`Self::content_hash`] and [`Self::to_csv`] are about.
    pub rows: Arc<Rows>,
    /// Rows to train on.
    pub training: Arc<Rows>,
    /// Rows to evaluate on, noise-free; the same rows for a Boolean task.
    pub validation: Arc<Rows>,
    /// The sub-functions that the task is known to consist of.
    pub truth: Option<Truth>,
}

impl Task {
    /// A task that trains and validates on the same Boolean rows.
    fn boolean(name: String, inputs: Vec<String>, outputs: Vec<String>, rows: Rows, truth: Option<Truth>) -> Self {
        let rows = Arc::new(rows);
        let (training, validation) = (Arc::clone(&rows), Arc::clone(&rows));
        Self { name, inputs, outputs, kind: Kind::Boolean, rows, training, validation, truth }
    }

    /// The task of a function graph: its complete truth table.
    ///
    /// # Errors
    /// [`GraphError::TooManyInputs`] and [`GraphError::TooManyValues`], where the table would be too large.
    pub fn of_graph(name: &str, graph: &FunctionGraph, truth: Option<Truth>) -> Result<Self, GraphError> {
        let rows = graph.truth_table()?;
        Ok(Self::boolean(name.to_owned(), graph.input_names(), graph.output_names(), rows, truth))
    }

    /// Standard deviation of the noise that is added to each input in each epoch, unless the user sets another:
    /// [`BOOLEAN_NOISE`] where all inputs are 0 or 1, else 0 (design 3.8).
    #[must_use]
    pub fn default_noise(&self) -> f64 {
        match self.kind {
            Kind::Boolean => BOOLEAN_NOISE,
            Kind::Real => 0.0,
        }
    }

    /// Is every combination of the (Boolean) inputs among the rows?
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.kind == Kind::Boolean && table::is_complete(self.inputs.len(), self.rows.count)
    }

    /// BLAKE3 of what there is to learn, in lower-case hexadecimal (64 characters): kind, numbers of columns, and all
    /// rows before any split. Not of names, so that the same function under two names is one task.
    #[must_use]
    pub fn content_hash(&self) -> String {
        canonical::content_hash(self.kind, self.inputs.len(), self.outputs.len(), &self.rows)
    }

    /// All rows as CSV with a header, inputs before outputs. [`TableSource::parse`] with the names of the outputs reads
    /// back the same values, bit for bit.
    #[must_use]
    pub fn to_csv(&self) -> String {
        canonical::to_csv(&self.inputs, &self.outputs, &self.rows)
    }
}
