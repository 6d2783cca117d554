//! What networks and their modules say about a task: when a trial counts as a success, structures in a form that can be
//! compared, and the structure of weights.

pub mod interval;
pub mod module_graph;
pub mod structure;
pub mod success;

pub use module_graph::{GraphModule, ModuleGraph};
