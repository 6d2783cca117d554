//! Rows of inputs and outputs.

/// Whether the inputs of a task are Boolean or real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All inputs are 0 or 1.
    Boolean,
    /// Some input is another number.
    Real,
}

/// Rows of inputs and outputs. Outputs are 0 or 1.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rows {
    /// Number of rows.
    pub count: usize,
    /// `[count, inputs]`, row by row.
    pub inputs: Vec<f32>,
    /// `[count, outputs]`, row by row, each 0 or 1.
    pub outputs: Vec<f32>,
}

impl Rows {
    /// Number of input columns; 0 without rows.
    #[must_use]
    pub fn input_width(&self) -> usize {
        self.inputs.len().checked_div(self.count).unwrap_or(0)
    }

    /// Number of output columns; 0 without rows.
    #[must_use]
    pub fn output_width(&self) -> usize {
        self.outputs.len().checked_div(self.count).unwrap_or(0)
    }

    /// The inputs of a row, which must be less than `count`.
    #[must_use]
    pub fn input(&self, row: usize) -> &[f32] {
        let width = self.input_width();
        &self.inputs[row * width..(row + 1) * width]
    }

    /// The outputs of a row, which must be less than `count`.
    #[must_use]
    pub fn output(&self, row: usize) -> &[f32] {
        let width = self.output_width();
        &self.outputs[row * width..(row + 1) * width]
    }

    /// The rows with these indices, in that order; each index must be less than `count`.
    #[must_use]
    pub(crate) fn select(&self, indices: &[usize]) -> Self {
        Self {
            count: indices.len(),
            inputs: indices.iter().flat_map(|&row| self.input(row)).copied().collect(),
            outputs: indices.iter().flat_map(|&row| self.output(row)).copied().collect(),
        }
    }

    /// Boolean if every input is 0 or 1.
    #[must_use]
    pub(crate) fn kind(&self) -> Kind {
        if self.inputs.iter().all(|&value| is_bit(value)) { Kind::Boolean } else { Kind::Real }
    }
}

/// Are `rows` different rows of Boolean inputs a complete truth table?
pub(super) fn is_complete(inputs: usize, rows: usize) -> bool {
    u32::try_from(inputs).ok().and_then(|inputs| 1_usize.checked_shl(inputs)) == Some(rows)
}

/// Is the value exactly 0 or 1?
pub(super) fn is_bit(value: f32) -> bool {
    value == 0.0 || value == 1.0
}
