//! The shape of inputs that are the pixels of an image.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most pixels of an image.
const MOST: usize = 1 << 20;

/// Height and width of the image that the inputs are, row by row. Written `28x56`.
///
/// ```
/// use neural_sculpting::task::Shape;
///
/// let shape: Shape = "28x56".parse()?;
/// assert_eq!((shape.height, shape.width, shape.pixels()), (28, 56, 1568));
/// # Ok::<(), neural_sculpting::task::UnknownShape>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shape {
    /// Number of rows of pixels, at least 1.
    pub height: usize,
    /// Number of columns of pixels, at least 1.
    pub width: usize,
}

impl Shape {
    /// Number of pixels.
    #[must_use]
    pub fn pixels(self) -> usize {
        self.height * self.width
    }

    /// The name of each pixel: `r5c12` is in row 5 and column 12, both counted from 1.
    pub fn names(self) -> impl Iterator<Item = String> {
        (1..=self.height).flat_map(move |row| (1..=self.width).map(move |column| format!("r{row}c{column}")))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.height, self.width)
    }
}

/// A text that is not a shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a shape; write height x width, such as 28x56")]
pub struct UnknownShape(String);

impl FromStr for Shape {
    type Err = UnknownShape;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownShape(super::text::excerpt(text));
        let (height, width) = text.split_once('x').ok_or_else(unknown)?;
        let number = |text: &str| text.trim().parse().ok().filter(|&number: &usize| number > 0);
        let (height, width) = number(height).zip(number(width)).ok_or_else(unknown)?;
        let pixels = height.checked_mul(width).filter(|&pixels| pixels <= MOST);
        pixels.map(|_| Self { height, width }).ok_or_else(unknown)
    }
}

impl TryFrom<String> for Shape {
    type Error = UnknownShape;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Shape> for String {
    fn from(shape: Shape) -> Self {
        shape.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read_and_written() {
        assert_eq!("28 x 56".parse(), Ok(Shape { height: 28, width: 56 }));
        for wrong in ["", "28", "x28", "0x4", "28x", "28x-1", "4294967296x4294967296", "a\u{1b}x1"] {
            let error = wrong.parse::<Shape>().unwrap_err().to_string();
            assert!(error.contains("28x56") && !error.contains('\u{1b}'), "{error}");
        }
        let shape = Shape { height: 2, width: 3 };
        assert_eq!(serde_json::to_string(&shape).unwrap(), "\"2x3\"");
        assert!(shape.names().eq(["r1c1", "r1c2", "r1c3", "r2c1", "r2c2", "r2c3"]));
    }
}
