//! Errors in filters and sort orders.

/// What is wrong with a filter or a sort order, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (character {at})")]
pub struct FilterError {
    /// The position of the error in characters, from 1.
    pub at: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}
