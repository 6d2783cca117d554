//! Small networks for tests.

use crate::network::{Architecture, Condensed, Mask};

/// A mask from one list per matrix, with one row of `0` and `1` per output unit.
pub(crate) fn mask(widths: &[usize], layers: &[&[&str]]) -> Mask {
    let architecture = Architecture::new(widths.to_vec()).unwrap();
    let layers = layers.iter().map(|rows| rows.concat().chars().map(|bit| bit == '1').collect()).collect();
    Mask::from_layers(&architecture, layers)
}

/// The condensed network of a mask, given as for [`mask`].
pub(crate) fn network(widths: &[usize], layers: &[&[&str]]) -> Condensed {
    Condensed::new(&mask(widths, layers))
}

/// Feature vectors from rows of `0` and `1`.
pub(crate) fn rows(rows: &[&str]) -> Vec<Vec<u64>> {
    let mut bits = super::bits::BitRows::zeros(rows.len(), rows[0].len());
    for (row, text) in rows.iter().enumerate() {
        for (column, _) in text.chars().enumerate().filter(|(_, bit)| *bit == '1') {
            bits.set(row, column);
        }
    }
    (0..rows.len()).map(|row| bits.row(row).to_vec()).collect()
}
