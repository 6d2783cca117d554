//! What networks and their modules say about a task: whether they show the true modules, what the truth table says
//! about their structure, what many trials agree on, and what the weights alone tell.
//!
//! From the walks of many trials to one answer:
//!
//! 1. [`near_best::near_best`]: the networks near the best of a trial, with their modules.
//! 2. [`certificate::certify`]: what the complete truth table says about their structures.
//! 3. [`vote::vote`]: the structure that the trials agree on. Each trial is a [`vote::Ballot`]; the answer is a
//!    [`ModuleGraph`], which equals [`ModuleGraph::of_truth`] if it is right.
//!
//! [`near_best::blind`] and [`near_best::published`] choose one network of a trial instead; [`criteria`] has the
//! paper's criteria for it. `consensus` (with the feature of that name) measures how often units share a module, and
//! [`paths`] tests weights without any modules.

pub(crate) mod agreement;
pub mod certificate;
#[cfg(feature = "consensus")]
pub mod consensus;
pub mod criteria;
pub(crate) mod difference;
pub(crate) mod fisher;
pub(crate) mod interval;
mod module_graph;
pub mod near_best;
pub mod paths;
mod purity;
pub mod vote;

pub use certificate::Certificate;
pub use module_graph::{GraphModule, ModuleGraph, ModuleGraphError};
pub use purity::Purity;
