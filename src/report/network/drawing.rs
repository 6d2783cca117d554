//! The subject and the characters of a drawing.

use crate::detect::Detection;
use crate::network::Condensed;
use crate::report::names::Labels;

/// A network with its modules and the names of its inputs and outputs, by their index in the original network.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The units and edges.
    pub network: &'a Condensed,
    /// The modules of the network.
    pub detection: &'a Detection,
    /// The names, and the shape of inputs that are pixels.
    pub labels: Labels<'a>,
}

/// A character of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character.
    pub symbol: char,
    /// The module of the unit, or the one that the edge comes from.
    pub module: Option<usize>,
    /// The module of what is behind the character: of the lower one of two pixels.
    pub behind: Option<usize>,
}

impl Cell {
    /// A blank.
    pub(in crate::report) const EMPTY: Self = Self { symbol: ' ', module: None, behind: None };

    /// A character in the color of a module.
    pub(in crate::report) fn new(symbol: char, module: Option<usize>) -> Self {
        Self { symbol, module, behind: None }
    }
}
