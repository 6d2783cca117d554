//! What networks and their modules say about a task: when a trial counts as a success, what many trials agree on, what
//! the truth table says to that, and the structure of weights.

pub mod certificate;
pub mod consensus;
pub mod interval;
pub mod module_graph;
pub mod near_best;
pub mod structure;
pub mod success;
pub mod vote;

pub use certificate::Certificate;
pub use module_graph::{GraphModule, ModuleGraph};
