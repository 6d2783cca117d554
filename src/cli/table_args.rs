//! Options that say how a table is to be read.

use std::path::PathBuf;

use clap::Args;

use crate::task::{Shape, TableOptions};

/// How to read a table; all of them need `--task`.
#[derive(Args, Debug, Clone)]
pub struct TableArgs {
    /// Names of the table's output columns [default: y1, y2, ...]
    #[arg(long, requires = "task", value_delimiter = ',', value_name = "NAMES")]
    outputs: Vec<String>,
    /// Column with the class of each row, instead of output columns: an output for each class
    #[arg(long, requires = "task", conflicts_with = "outputs", value_name = "NAME")]
    label: Option<String>,
    /// Number to divide inputs by, such as 255 for 8-bit pixels
    #[arg(long, requires = "task", value_name = "NUMBER", value_parser = scale, allow_negative_numbers = true)]
    scale: Option<f64>,
    /// Shape of the inputs if they are the pixels of an image, row by row, such as 28x56
    #[arg(long, requires = "task", value_name = "HEIGHTxWIDTH")]
    shape: Option<Shape>,
    /// Second table with the same columns, whose rows are for validation
    #[arg(long, requires = "task", conflicts_with = "split_column", value_name = "FILE")]
    validation: Option<PathBuf>,
    /// Column that says train or validation (or test) for each row
    #[arg(long, requires = "task", value_name = "NAME")]
    split_column: Option<String>,
}

impl TableArgs {
    pub(super) fn options(&self) -> TableOptions {
        TableOptions {
            outputs: self.outputs.clone(),
            label: self.label.clone(),
            scale: self.scale,
            shape: self.shape,
            validation: self.validation.clone(),
            split_column: self.split_column.clone(),
        }
    }
}

fn scale(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|&number: &f64| number > 0.0 && number.is_finite());
    number.ok_or_else(|| "write a number above 0, such as 255".to_owned())
}
