//! What networks and their modules say about a task: when a trial counts as a success.

pub mod success;
