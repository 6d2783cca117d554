//! Networks from files, by extension.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::jsonl::JsonLines;
use super::{Architecture, ArchitectureError, Mask, Network, pytorch, safetensors};

/// The largest file of tensors that is read, in bytes.
pub(super) const MAX_FILE: u64 = 1 << 30;

/// The most layers of weights that a network from outside may have.
pub(super) const MAX_LAYERS: usize = 1000;

/// The networks of one file with their ids; one bad network among many is an error, and the others go on.
pub type Networks = Box<dyn Iterator<Item = Result<(String, Network), ReadError>>>;

/// What is wrong with a network from outside: the file, the place and the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", .file.display(), .line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct ReadError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where the file has lines.
    pub line: Option<usize>,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a network.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be opened or read.
    #[error("cannot be read ({0}); check the name and the permissions")]
    Io(#[from] std::io::Error),
    /// No reader for the extension.
    #[error("not a kind of file that holds networks; give .jsonl (masks or weights), .safetensors, .pth or .pt")]
    Extension,
    /// More bytes than a network may take.
    #[error("longer than {} MiB, which is more than a network may take; split it or make it sparser", .0 >> 20)]
    TooLong(u64),
    /// Not JSON, or not of the shape wanted.
    #[error(
        "{0}; a network is one line {{\"id\": \"..\", \"masks\": [[\"0110\", ..], ..]}} or has \"weights\" in place \
         of masks"
    )]
    Json(String),
    /// A weight that is no number.
    #[error("matrix {matrix}, row {row}: a weight is NaN or infinite; write finite numbers, 0 for no edge")]
    NotFinite {
        /// The matrix, from 1.
        matrix: usize,
        /// Its row, from 1.
        row: usize,
    },
    /// Rows of different length.
    #[error("matrix {matrix}, row {row} has {found} entries, the rows before it {expected}; make them equally long")]
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
    /// The outputs of a matrix are not the inputs of the next.
    #[error(
        "matrix {matrix} has {inputs} columns, but the matrix before it has {outputs} rows; write one row an output \
         unit, one column an input unit, from the inputs on"
    )]
    Chain {
        /// The matrix, from 1.
        matrix: usize,
        /// Its columns.
        inputs: usize,
        /// Rows of the matrix before.
        outputs: usize,
    },
    /// Masks and weights, or weights and biases, of different shapes.
    #[error("the {what} of matrix {matrix} does not have the shape of its weights; make them fit")]
    Shape {
        /// What has the wrong shape, `mask` or `bias`.
        what: &'static str,
        /// The matrix, from 1.
        matrix: usize,
    },
    /// No widths.
    #[error(transparent)]
    Architecture(#[from] ArchitectureError),
    /// Not a file of tensors, or not one of a multi-layer perceptron.
    #[error("{0}")]
    Tensors(String),
}

/// Opens a file of networks: `.jsonl` or `.json` (one a line), `.safetensors`, or a PyTorch state dict `.pth` or `.pt`
/// (one).
///
/// # Errors
/// The file cannot be opened or its extension is unknown. What is wrong with a network comes in its place in the
/// iteration.
pub fn read(path: &Path) -> Result<Networks, ReadError> {
    let problem = |problem| ReadError { file: path.to_owned(), line: None, problem };
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("jsonl" | "ndjson" | "json") => {
            let file = File::open(path).map_err(|error| problem(error.into()))?;
            Ok(Box::new(JsonLines::new(path, file)))
        }
        Some("safetensors") => Ok(Box::new(std::iter::once(safetensors::read(path).map_err(problem)))),
        Some("pth" | "pt") => Ok(Box::new(std::iter::once(pytorch::read(path).map_err(problem)))),
        _ => Err(problem(Problem::Extension)),
    }
}

/// The name of a file without its extension: the id of a network that has none of its own.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The widths of a chain of `[outputs, inputs]` matrices.
pub(super) fn chained(shapes: &[(usize, usize)]) -> Result<Architecture, Problem> {
    for (index, pair) in shapes.windows(2).enumerate() {
        let (outputs, inputs) = (pair[0].0, pair[1].1);
        if inputs != outputs {
            return Err(Problem::Chain { matrix: index + 2, inputs, outputs });
        }
    }
    let first = shapes.first().map(|shape| shape.1);
    Ok(Architecture::new(first.into_iter().chain(shapes.iter().map(|shape| shape.0)).collect())?)
}

/// A network of matrices that fit `architecture`. Without masks, weights of 0 are masked; without biases, they are 0.
pub(super) fn assembled(
    architecture: &Architecture,
    weights: Vec<Vec<f32>>,
    masks: Option<Vec<Vec<bool>>>,
    biases: Option<Vec<Vec<f32>>>,
) -> Result<Network, Problem> {
    let masks = masks.unwrap_or_else(|| {
        weights.iter().map(|weights| weights.iter().map(|&weight| weight != 0.0).collect()).collect()
    });
    let mut network = Network { weights, ..Network::zeros(architecture) };
    if let Some(biases) = biases {
        let fits = |(biases, zeros): (&Vec<f32>, &Vec<f32>)| {
            biases.len() == zeros.len() && biases.iter().all(|b| b.is_finite())
        };
        let fitting = biases.iter().zip(&network.biases).take_while(|&pair| fits(pair)).count();
        if fitting < network.biases.len() || biases.len() > fitting {
            return Err(Problem::Shape { what: "bias", matrix: fitting + 1 });
        }
        network.biases = biases;
    }
    network.apply_mask(Mask::from_layers(architecture, masks));
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_extension() {
        let message = |path: &str| read(Path::new(path)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message("notes.txt").starts_with("notes.txt: not a kind of file"));
        assert!(message("nowhere/nets.jsonl").starts_with("nowhere/nets.jsonl: cannot be read"));
        let first = read(Path::new("nowhere.safetensors")).unwrap().next().unwrap();
        assert!(first.unwrap_err().to_string().starts_with("nowhere.safetensors: cannot be read"));
    }
}
