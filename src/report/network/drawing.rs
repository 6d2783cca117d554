//! What is drawn, and what a drawing is made of.

use crate::detect::Detection;
use crate::network::Condensed;

/// A network, what was found in it, and how its inputs and outputs are called.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The units and edges.
    pub network: &'a Condensed,
    /// The modules, of the same network.
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
    /// The module that it belongs to: of a unit, or that an edge comes from.
    pub module: Option<usize>,
}

impl Cell {
    /// A blank.
    pub(super) const EMPTY: Self = Self { symbol: ' ', module: None };
}
