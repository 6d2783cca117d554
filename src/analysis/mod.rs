//! What networks and their modules say about a task: when a trial counts as a success, and the structure of weights.

pub mod structure;
pub mod success;
