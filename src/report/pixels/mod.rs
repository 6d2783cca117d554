//! Inputs that are pixels of an image: a map of their modules, a map of their path products, and pixels in words.

mod map;
mod shades;
mod words;

pub use map::{Map, Style};
pub(super) use shades::maps;
pub(super) use words::words;

use crate::task::Shape;

/// Rows and columns of an image that one character stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fold {
    pub rows: usize,
    pub columns: usize,
}

/// The most lines of a map.
const TALLEST: usize = 48;

impl Fold {
    /// The finest fold with which an image fits `width` columns and [`TALLEST`] lines, if a character is at least `rows`
    /// pixels tall and one wide.
    pub fn new(shape: Shape, rows: usize, width: usize) -> Self {
        let across = shape.width.div_ceil(width.max(1));
        let down = shape.height.div_ceil(rows * TALLEST);
        let scale = across.max(down).max(1);
        Self { rows: rows * scale, columns: scale }
    }

    /// Characters across and down.
    pub fn size(self, shape: Shape) -> (usize, usize) {
        (shape.width.div_ceil(self.columns), shape.height.div_ceil(self.rows))
    }
}
