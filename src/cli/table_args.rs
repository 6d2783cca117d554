//! Options that say how a table is to be read.

use std::path::PathBuf;

use clap::Args;

use crate::task::{Shape, TableOptions};

/// Which columns of a table are what; all of them need `--task`.
#[derive(Args, Debug, Clone)]
pub struct ColumnArgs {
    /// Names of the table's output columns [default: y1, y2, ...]
    #[arg(long, requires = "task", value_delimiter = ',', value_name = "NAMES")]
    outputs: Vec<String>,
    /// Column with the class of each row, instead of output columns: an output for each class
    #[arg(long, requires = "task", conflicts_with = "outputs", value_name = "NAME")]
    label: Option<String>,
    /// Column that says train or validation (or test) for each row
    #[arg(long, requires = "task", value_name = "NAME")]
    split_column: Option<String>,
}

impl ColumnArgs {
    pub(super) fn options(&self) -> TableOptions {
        let (label, split_column) = (self.label.clone(), self.split_column.clone());
        TableOptions { label, split_column, ..TableOptions::with_outputs(&self.outputs) }
    }
}

/// How to read a table; all of them need `--task`.
#[derive(Args, Debug, Clone)]
pub struct TableArgs {
    #[command(flatten)]
    columns: ColumnArgs,
    /// Second table with the same columns, whose rows are for validation
    #[arg(long, requires = "task", conflicts_with = "split_column", value_name = "FILE")]
    validation: Option<PathBuf>,
    /// Number to divide inputs by, such as 255 for 8-bit pixels
    #[arg(long, requires = "task", value_name = "NUMBER", value_parser = scale, allow_negative_numbers = true)]
    scale: Option<f64>,
    /// Height and width of the image whose pixels the inputs are, row by row, such as 28x56
    #[arg(long, requires = "task", value_name = "HEIGHTxWIDTH")]
    shape: Option<Shape>,
}

impl TableArgs {
    pub(super) fn options(&self) -> TableOptions {
        let (scale, shape, validation) = (self.scale, self.shape, self.validation.clone());
        TableOptions { scale, shape, validation, ..self.columns.options() }
    }
}

fn scale(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|&number: &f64| number > 0.0 && number.is_finite());
    number.ok_or_else(|| "write a number above 0, such as 255".to_owned())
}
