//! A box or a passing line with its position.

use super::levels::Node;

/// A node with its position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub node: Node,
    /// The first column.
    pub left: usize,
    /// Number of columns; 1 for a passing line.
    pub width: usize,
}

impl Placed {
    /// The last column.
    pub(super) fn right(&self) -> usize {
        self.left + self.width - 1
    }

    /// The middle column.
    pub(super) fn middle(&self) -> usize {
        self.left + self.width / 2
    }
}
