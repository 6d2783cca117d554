//! What can be wrong with a table, each a sentence that ends in the remedy.

use std::fmt;

use super::{MAX_TABLE_INPUTS, MAX_VALUES};

/// Why a file is not a table that can be trained on: one line that names the file, the place and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{position}: {problem}")]
pub struct TableError {
    /// The file, as the user named it.
    pub file: String,
    /// Where in the file.
    pub position: TablePosition,
    /// What is wrong there.
    pub problem: TableProblem,
}

/// Where in a file: a line and a column, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TablePosition {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1, and its name.
    pub column: Option<(usize, String)>,
}

impl fmt::Display for TablePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        if let Some((column, name)) = &self.column {
            write!(f, ", column {column} `{name}`")?;
        }
        Ok(())
    }
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableProblem {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}; check the path and its permissions")]
    Io(String),
    /// Nothing in the file.
    #[error("the file is empty; begin with a header such as x1,x2,y1")]
    Empty,
    /// No rows.
    #[error("no rows below the header; add at least one")]
    NoRows,
    /// A line beyond all measure.
    #[error("the line is longer than 16 MiB; check that the file is CSV, one row a line")]
    LongLine,
    /// Not UTF-8.
    #[error("not UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// A quote that is not closed on its line.
    #[error("a quote is not closed; end the quoted field on the line where it begins")]
    OpenQuote,
    /// A carriage return inside a line.
    #[error("a carriage return inside the line; end lines with LF or CRLF")]
    CarriageReturn,
    /// Another separator than the comma.
    #[error("fields are separated by {0}; separate them by commas")]
    Separator(&'static str),
    /// The first line is no header.
    #[error("the first line holds numbers; put a header such as x1,x2,y1 above it")]
    NoHeader,
    /// A column without a name.
    #[error("column {0} has no name; name it in the header")]
    Unnamed(usize),
    /// A name that cannot be shown, or is very long.
    #[error("the name of column {0} is too long or has control characters; use up to 100 visible ones")]
    BadName(usize),
    /// Two columns of the same name.
    #[error("columns {first} and {second} are both called `{name}`; rename one")]
    DuplicateColumn {
        /// The name.
        name: String,
        /// The first column of that name, from 1.
        first: usize,
        /// The second, from 1.
        second: usize,
    },
    /// A column that is neither x nor y, without a list of outputs.
    #[error("column {column} `{name}` is neither x1, x2, .. nor y1, y2, ..; rename it, or name the output columns")]
    StrangeColumn {
        /// Its number, from 1.
        column: usize,
        /// Its name.
        name: String,
    },
    /// A listed output that is no column.
    #[error("no column is called `{0}`; correct the header or the name")]
    UnknownOutput(String),
    /// An output that is listed twice.
    #[error("output `{0}` is listed twice; list each output once")]
    OutputTwice(String),
    /// All columns are inputs.
    #[error("no output columns; call them y1, y2, .., or name the output columns")]
    NoOutputs,
    /// All columns are outputs.
    #[error("no input columns; at least one column must not be an output")]
    NoInputs,
    /// A row of another length than the header.
    #[error("{fields} fields where the header has {columns}; give the row one field for each column")]
    Ragged {
        /// Fields of the row.
        fields: usize,
        /// Columns of the header.
        columns: usize,
    },
    /// No value in a field.
    #[error("the value is missing; write a number")]
    Missing,
    /// Not a number.
    #[error("`{0}` is not a number; write one, as in 1 or 0.5")]
    NotANumber(String),
    /// Not finite, or too large for 32 bits.
    #[error("`{0}` is not a finite 32-bit number; write one between -3.4e38 and 3.4e38")]
    NotFinite(String),
    /// An output that is not 0 or 1.
    #[error("output `{0}` is neither 0 nor 1; outputs are Boolean")]
    NotBoolean(String),
    /// Two rows that contradict each other.
    #[error("contradicts line {0}: the same inputs, other outputs; remove or correct one of them")]
    Contradiction(u64),
    /// A complete truth table that is too wide.
    #[error("a complete truth table of {0} inputs; use at most {MAX_TABLE_INPUTS}, or leave rows out")]
    CompleteTooWide(usize),
    /// More values than can be held.
    #[error("more than {MAX_VALUES} values up to here; use fewer rows or columns")]
    TooManyValues,
    /// Too few rows to split.
    #[error("{0} rows of real data; at least 5 are needed to split them 80:20")]
    TooFewRows(usize),
}

impl TableProblem {
    /// Does the remedy lie in the list of output columns that was given with the file, or in giving one?
    #[must_use]
    pub fn concerns_outputs(&self) -> bool {
        matches!(self, Self::StrangeColumn { .. } | Self::UnknownOutput(_) | Self::OutputTwice(_) | Self::NoOutputs)
    }

    /// The problem, in `file`, at `place`.
    pub(super) fn at(self, file: &str, position: TablePosition) -> TableError {
        TableError { file: file.to_owned(), position, problem: self }
    }
}
