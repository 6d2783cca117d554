//! What a table does not say of itself.

use std::path::PathBuf;

use super::Shape;
use super::table_error::TableProblem;

/// How to read a table. By default, its columns are `x1`, `x2`, .. and `y1`, `y2`, ..
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableOptions {
    /// The output columns in the desired order; all others are inputs. If empty, they are `y1`, `y2`, ..
    pub outputs: Vec<String>,
    /// The column with the class of each row, 2 to 1,000 different ones; all others are inputs. The outputs are called
    /// `digit=0`, `digit=1`, .. for the column `digit`.
    pub label: Option<String>,
    /// The number that inputs are divided by, above 0.
    pub scale: Option<f64>,
    /// The shape of the inputs, if they are the pixels of an image, row by row.
    pub shape: Option<Shape>,
    /// A second file with the same columns, which has the rows for validation.
    pub validation: Option<PathBuf>,
    /// The column that says of each row whether it is for training (`train`) or for validation (`validation`, `valid`,
    /// `val` or `test`).
    pub split_column: Option<String>,
}

impl TableOptions {
    /// Output columns only.
    #[must_use]
    pub fn with_outputs(outputs: &[String]) -> Self {
        Self { outputs: outputs.to_vec(), ..Self::default() }
    }

    /// Is anything said but the names of outputs?
    #[must_use]
    pub fn concern_tables_only(&self) -> bool {
        *self != Self::with_outputs(&self.outputs)
    }

    /// Checks that the options do not exclude each other.
    pub(super) fn check(&self) -> Result<(), TableProblem> {
        let scale = self.scale.unwrap_or(1.0);
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(TableProblem::BadScale);
        }
        if self.label.is_some() && !self.outputs.is_empty() {
            return Err(TableProblem::LabelAndOutputs);
        }
        if self.validation.is_some() && self.split_column.is_some() {
            return Err(TableProblem::TwoSplits);
        }
        Ok(())
    }
}
