//! Errors in tables. Each message says what is wrong and how to correct it.

use std::{fmt, io};

use super::{ArrayProblem, MAX_TABLE_INPUTS, Shape};
use crate::gzip;

/// Why a file is not a table that can be trained on: one line with the file, the position, the problem and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{position}: {problem}")]
pub struct TableError {
    /// The file as the user named it.
    pub file: String,
    /// The position in the file.
    pub position: TablePosition,
    /// The problem.
    pub problem: TableProblem,
}

/// A position in a file. `None` if a problem concerns no single line or column.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TablePosition {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1, with its name.
    pub column: Option<(usize, String)>,
}

impl TablePosition {
    /// A line.
    pub(super) fn at_line(line: u64) -> Self {
        Self { line: Some(line), column: None }
    }
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

/// What can be wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableProblem {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}; check the path and its permissions")]
    Io(String),
    /// Data that cannot be decompressed.
    #[error("the compressed data is damaged or incomplete; copy or compress the file again")]
    Damaged,
    /// The file is empty.
    #[error("the file is empty; start it with a header such as x1,x2,y1")]
    Empty,
    /// Only a header.
    #[error("there are no rows below the header; add at least one")]
    NoRows,
    /// A line that is too long.
    #[error("the line is longer than 16 MiB; check that the file is CSV, one row a line")]
    LongLine,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// A quote that is not closed on its line.
    #[error("a quote is not closed; end the quoted field on the same line")]
    OpenQuote,
    /// A carriage return inside a line.
    #[error("there is a carriage return inside the line; end lines with LF or CRLF")]
    CarriageReturn,
    /// A separator other than the comma.
    #[error("fields are separated by {0}; use commas instead")]
    Separator(&'static str),
    /// A first line of numbers.
    #[error("the first line has only numbers; add a header such as x1,x2,y1 above it")]
    NoHeader,
    /// A column without a name.
    #[error("column {0} has no name; add one to the header")]
    Unnamed(usize),
    /// A name with control characters, or a very long one.
    #[error("the name of column {0} is too long or has control characters; use at most 100 printable characters")]
    BadName(usize),
    /// Two columns with the same name.
    #[error("columns {first} and {second} are both called `{name}`; rename one")]
    DuplicateColumn {
        /// The name.
        name: String,
        /// The first of the two, from 1.
        first: usize,
        /// The second of the two, from 1.
        second: usize,
    },
    /// A column that is neither `x1`, `x2`, .. nor `y1`, `y2`, .., if outputs are not listed.
    #[error("column {column} `{name}` is neither x1, x2, .. nor y1, y2, ..; rename it, or list the output columns")]
    StrangeColumn {
        /// The column, from 1.
        column: usize,
        /// Its name.
        name: String,
    },
    /// A listed output that is not a column.
    #[error("no column is called `{0}`; correct the header or the list of output columns")]
    UnknownOutput(String),
    /// An output that is listed twice.
    #[error("output column `{0}` is listed twice; list it once")]
    OutputTwice(String),
    /// Only input columns.
    #[error("there are no output columns; name them y1, y2, .., or list the output columns")]
    NoOutputs,
    /// Only output columns.
    #[error("there are no input columns; leave at least one column that is not an output")]
    NoInputs,
    /// A row with more or fewer fields than the header.
    #[error("{fields} instead of {columns} fields; give the row one field per column")]
    Ragged {
        /// Number of fields in the row.
        fields: usize,
        /// Number of columns in the header.
        columns: usize,
    },
    /// An empty field.
    #[error("the value is missing; write a number")]
    Missing,
    /// A field that is not a number.
    #[error("`{0}` is not a number; write one such as 1 or 0.5")]
    NotANumber(String),
    /// A number that is not finite in 32 bits.
    #[error("`{0}` is out of range; write a number between -3.4e38 and 3.4e38")]
    NotFinite(String),
    /// An output that is not 0 or 1.
    #[error("output `{0}` is neither 0 nor 1; write 0 or 1, since outputs are Boolean")]
    NotBoolean(String),
    /// Two rows with the same inputs but different outputs.
    #[error("the row contradicts line {0}: same inputs, different outputs; remove or correct one of them")]
    Contradiction(u64),
    /// The same, in two files.
    #[error("the row contradicts line {line} of {file}: same inputs, different outputs; remove or correct one of them")]
    ContradictionOf {
        /// The line in the other file.
        line: u64,
        /// The other file.
        file: String,
    },
    /// A complete truth table with too many inputs.
    #[error("a complete truth table of {0} inputs is too large; use at most {MAX_TABLE_INPUTS} inputs, or fewer rows")]
    CompleteTooWide(usize),
    /// More values than [`MAX_VALUES`](super::MAX_VALUES).
    #[error("the table has more than 268 million values; use fewer rows or columns")]
    TooManyValues,
    /// A label that is not a column.
    #[error("no column is called `{0}`; correct the header or the label")]
    UnknownLabel(String),
    /// A split column that is not there.
    #[error("no column is called `{0}`; correct the header or the split column")]
    UnknownSplit(String),
    /// A column for two purposes.
    #[error("column `{0}` has two roles; name different columns as split column and as label or outputs")]
    TwoRoles(String),
    /// Both a label and outputs.
    #[error("a label is given and outputs are listed; give only one of them")]
    LabelAndOutputs,
    /// Both a validation file and a split column.
    #[error("a validation file and a split column are given; give only one of them")]
    TwoSplits,
    /// A scale that is not above 0.
    #[error("the scale is not above 0; give the number to divide inputs by, such as 255")]
    BadScale,
    /// A row without a class.
    #[error("the class is missing; write its name or number")]
    MissingClass,
    /// A class with control characters, or a very long one.
    #[error("the name of the class is too long or has control characters; use at most 100 printable characters")]
    BadClass,
    /// More classes than can be outputs.
    #[error("there are more than 1,000 classes; name a column of classes as the label")]
    TooManyClasses,
    /// A single class.
    #[error("all rows have class `{0}`; give rows of at least two classes")]
    OneClass(String),
    /// A field of the split column that is neither.
    #[error("`{0}` is neither for training nor for validation; write train or validation")]
    NotAPart(String),
    /// No row is for training.
    #[error("there are no rows for training; add some")]
    NoTraining,
    /// No row is for validation.
    #[error("there are no rows for validation; add some")]
    NoValidation,
    /// A validation file with a different column.
    #[error("is called `{0}` in the table for training; give both files the same columns")]
    OtherColumn(String),
    /// A validation file with more or fewer columns.
    #[error("{count} instead of {expected} columns as in {file}; give both files the same columns")]
    OtherColumns {
        /// Number of columns.
        count: usize,
        /// Number of columns of the first file.
        expected: usize,
        /// The first file.
        file: String,
    },
    /// A shape with more or fewer pixels than there are inputs.
    #[error("there are {inputs} inputs, but {pixels} pixels in an image of {shape}; correct the shape")]
    WrongShape {
        /// The shape.
        shape: Shape,
        /// Its number of pixels.
        pixels: usize,
        /// Number of inputs.
        inputs: usize,
    },
    /// Two inputs or outputs with the same name, one of them named by the program.
    #[error("two inputs or outputs would be called `{0}`; rename that column")]
    NameTaken(String),
    /// A file that should be an archive.
    #[error("not a complete NumPy archive ({0}); save it again with np.savez, or copy it again")]
    NotAnArchive(String),
    /// Options about columns for arrays.
    #[error("arrays have no named columns; leave out outputs, label, validation and split column")]
    NoColumns,
    /// A problem of an array.
    #[error("array {name} {problem}")]
    Array {
        /// The array's name.
        name: &'static str,
        /// What is wrong.
        problem: Box<ArrayProblem>,
    },
    /// Two rows of arrays with the same inputs but different outputs.
    #[error("{second} and {first} have the same inputs but different outputs; remove or correct one of them")]
    ContradictingRows {
        /// The first row, such as `x_train[0]`.
        first: String,
        /// The second row.
        second: String,
    },
    /// Too few rows of real data.
    #[error("too few rows of real data ({0}); give at least 5, so that they can be split 80:20")]
    TooFewRows(usize),
}

impl TableProblem {
    /// Can the list of output columns, which is given apart from the file, remedy the problem?
    #[must_use]
    pub fn concerns_outputs(&self) -> bool {
        matches!(self, Self::StrangeColumn { .. } | Self::UnknownOutput(_) | Self::OutputTwice(_) | Self::NoOutputs)
    }

    /// The problem of a file that cannot be read on.
    pub(super) fn of_io(error: &io::Error) -> Self {
        if gzip::is_damage(error) { Self::Damaged } else { Self::Io(error.to_string()) }
    }

    /// The error of this problem at a position.
    pub(super) fn at(self, file: &str, position: TablePosition) -> TableError {
        TableError { file: file.to_owned(), position, problem: self }
    }
}
