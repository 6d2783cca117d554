//! Small networks for tests.

use crate::network::{Architecture, Condensed, Mask};

/// A mask from rows of `0` and `1`, one list a matrix, one row an output unit of it.
pub(crate) fn mask(widths: &[usize], layers: &[&[&str]]) -> Mask {
    let architecture = Architecture::new(widths.to_vec()).unwrap();
    let layers = layers.iter().map(|rows| rows.concat().chars().map(|bit| bit == '1').collect()).collect();
    Mask::from_layers(&architecture, layers)
}

/// The condensed network of a mask given as in [`mask`].
pub(crate) fn network(widths: &[usize], layers: &[&[&str]]) -> Condensed {
    Condensed::new(&mask(widths, layers))
}
