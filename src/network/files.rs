//! Reads networks from files; the extension decides the format.

use std::fs::File;
use std::path::Path;

use super::jsonl::JsonLines;
use super::perceptron::Network;
pub use super::read_error::{Problem, ReadError};
use super::{pytorch, safetensors};

/// The networks of one file with their ids. A bad network is an error in its place; the following ones are still read.
pub type Networks = Box<dyn Iterator<Item = Result<(String, Network), ReadError>>>;

/// Opens a file of networks: JSON lines (`.jsonl`, `.ndjson`, `.json`) with one network per line, or one network as
/// `.safetensors` or as a PyTorch state dict (`.pth`, `.pt`).
///
/// ```
/// use neural_sculpting::network::files;
///
/// # let folder = std::env::temp_dir().join(format!("sculpt-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let path = folder.join("networks.jsonl");
/// std::fs::write(&path, r#"{"id": "first", "masks": [["110", "001"], ["11"]]}"#)?;
/// for network in files::read(&path)? {
///     let (id, network) = network?;
///     println!("{id}: {} with {} edges", network.architecture(), network.condense().edges());
/// #   assert_eq!((id.as_str(), network.condense().edges()), ("first", 5));
/// }
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The file cannot be opened, or its extension is unknown. Errors in a network are items of the iterator.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_the_format() {
        let message = |path: &str| read(Path::new(path)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message("notes.txt").starts_with("notes.txt: this extension is not supported"));
        assert!(message("nowhere/nets.jsonl").starts_with("nowhere/nets.jsonl: cannot be read"));
        let first = read(Path::new("nowhere.safetensors")).unwrap().next().unwrap();
        assert!(first.unwrap_err().to_string().starts_with("nowhere.safetensors: cannot be read"));
    }
}
