//! Errors of reading networks, and the limits that every reader observes.

use std::path::PathBuf;

use super::architecture::ArchitectureError;

/// The largest file of tensors that is read, in bytes: 1 GiB.
pub(super) const MAX_FILE: u64 = 1 << 30;

/// The most layers of weights that a network in a file may have.
pub(super) const MAX_LAYERS: usize = 1000;

/// Why a network could not be read: one line with the file, the position, the problem and the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", .file.display(), .line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct ReadError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, if the file has lines.
    pub line: Option<usize>,
    /// The problem.
    pub problem: Problem,
}

/// What can be wrong with a file of networks.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be opened or read.
    #[error("cannot be read ({0}); check the path and its permissions")]
    Io(#[from] std::io::Error),
    /// No reader exists for the extension.
    #[error("this extension is not supported; use a .jsonl, .safetensors, .pth or .pt file")]
    Extension,
    /// A file or line with more bytes than the limit.
    #[error("larger than the limit of {} MiB for one network; reduce the network", .0 >> 20)]
    TooLong(u64),
    /// A line that is not JSON, or not in the expected form.
    #[error(
        "{0}; write each network on one line, {{\"id\": \"..\", \"masks\": [[\"0110\", ..], ..]}} or with \"weights\""
    )]
    Json(String),
    /// A weight that is not finite.
    #[error("matrix {matrix}, row {row}: a weight is NaN or infinite; use finite numbers, and 0 for no edge")]
    NotFinite {
        /// The matrix, from 1.
        matrix: usize,
        /// Its row, from 1.
        row: usize,
    },
    /// Rows of different lengths.
    #[error("matrix {matrix}, row {row}: {found} instead of {expected} entries; give all rows the same length")]
    Ragged {
        /// The matrix, from 1.
        matrix: usize,
        /// Its row, from 1.
        row: usize,
        /// Entries of the row.
        found: usize,
        /// Entries of the rows before it.
        expected: usize,
    },
    /// A matrix whose inputs are not the outputs of the matrix before it.
    #[error(
        "matrix {matrix} has {}, but the matrix before it has {}; give each matrix one row per output and one column per \
         input, starting from the inputs of the network",
        counted(*inputs, "column"), counted(*outputs, "row")
    )]
    Chain {
        /// The matrix, from 1.
        matrix: usize,
        /// Its columns.
        inputs: usize,
        /// Rows of the matrix before it.
        outputs: usize,
    },
    /// A mask or bias whose shape does not fit the weights.
    #[error("the {what} of matrix {matrix} does not fit the shape of its weights; correct one of them")]
    Shape {
        /// What has the wrong shape: `mask` or `bias`.
        what: &'static str,
        /// The matrix, from 1.
        matrix: usize,
    },
    /// Widths that are not an architecture.
    #[error(transparent)]
    Architecture(#[from] ArchitectureError),
    /// A file that does not hold the tensors of a multi-layer perceptron.
    #[error("{0}")]
    Tensors(String),
}

/// A number of things, as in "1 row" and "2 rows".
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
