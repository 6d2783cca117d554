//! Reference networks, and networks as JSON lines.

use std::path::{Path, PathBuf};

use neural_sculpting::network::{Network, files};
use serde_json::json;

/// A state dict written by Python: x1 and x2 lead to y1, x3 and x4 to y2.
pub const TWO_CHAINS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/two_chains.pth");

/// A folder of the reference data. If it is missing, says so on standard error and returns `None`.
pub fn reference(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is missing", path.display());
    None
}

/// All networks of a file.
pub fn networks(file: &Path) -> Vec<(String, Network)> {
    files::read(file).unwrap().map(Result::unwrap).collect()
}

/// The files of a folder with one of `extensions`, sorted by name.
pub fn files_of(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let wanted = |path: &PathBuf| path.extension().is_some_and(|of| extensions.iter().any(|wanted| of == *wanted));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(wanted).collect();
    files.sort();
    files
}

/// A JSON line with the network's masks.
pub fn masks_line(id: &str, network: &Network) -> String {
    let matrices: Vec<Vec<String>> = (0..network.weights.len())
        .map(|layer| {
            let width = network.architecture().widths()[layer];
            let row = |row: &[bool]| row.iter().map(|&kept| if kept { '1' } else { '0' }).collect();
            network.mask.layer(layer).chunks(width).map(row).collect()
        })
        .collect();
    json!({"id": id, "masks": matrices}).to_string()
}

/// A JSON line with the network's weights and biases.
pub fn weights_line(id: &str, network: &Network) -> String {
    let rows = network.weights.iter().zip(network.architecture().widths());
    let matrices: Vec<Vec<&[f32]>> = rows.map(|(weights, &width)| weights.chunks(width).collect()).collect();
    json!({"id": id, "weights": matrices, "biases": network.biases}).to_string()
}
