//! What is learned: inputs, outputs, training and validation rows, and, where known, the true modules.

/// A task: named columns, rows to train on and to validate on, and, where known, the true modules.
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
    /// Rows to train on.
    pub training: Rows,
    /// Rows to evaluate on, noise-free; the same rows for a truth table.
    pub validation: Rows,
    /// The sub-functions that the task is known to consist of.
    pub truth: Option<Truth>,
}

/// What the inputs of a task are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All inputs are 0 or 1.
    Boolean,
    /// Some input is another number.
    Real,
}

/// Rows of inputs and outputs, outputs being 0 or 1.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rows {
    /// Number of rows.
    pub count: usize,
    /// `[count, inputs]`, row by row.
    pub inputs: Vec<f32>,
    /// `[count, outputs]`, row by row, each 0 or 1.
    pub outputs: Vec<f32>,
}

/// The true modules of a task, as a function graph names them; indices are 0-based columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Groups of inputs that are used by the same sub-functions, in order of first input.
    pub input_groups: Vec<Vec<usize>>,
    /// Groups of outputs that belong to the same sub-function, in order of first output.
    pub output_groups: Vec<Vec<usize>>,
    /// Names of the sub-functions, from the inputs on.
    pub subfunctions: Vec<String>,
    /// Which sub-function feeds which: pairs of indices into `subfunctions`.
    pub hierarchy: Vec<(usize, usize)>,
}
