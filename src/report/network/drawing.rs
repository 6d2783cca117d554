//! The subject and the characters of a drawing.

use crate::detect::Detection;
use crate::network::Condensed;

/// A network with its modules and the names of its inputs and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The units and edges.
    pub network: &'a Condensed,
    /// The modules of the network.
    pub detection: &'a Detection,
    /// Names of the inputs, by their index in the original network.
    pub inputs: &'a [String],
    /// Names of the outputs.
    pub outputs: &'a [String],
}

/// A character of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character.
    pub symbol: char,
    /// The module of the unit, or the one that the edge comes from.
    pub module: Option<usize>,
}

impl Cell {
    /// A blank.
    pub(super) const EMPTY: Self = Self { symbol: ' ', module: None };
}
