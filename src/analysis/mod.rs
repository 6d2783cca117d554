//! What networks and their modules say about a task: when a trial counts as a success, what many trials agree on, what
//! the truth table says to that, and the structure of weights.
//!
//! From the walks of trials to the answer of many: [`near_best::near_best`] gives the networks near the best of a trial
//! with their modules; [`certificate::certify`] judges their structures, where the task has a complete table;
//! [`vote::BallotEntry`] and [`vote::Ballot`] are what the vote sees of them, and [`vote::vote`] counts. The answer stands for
//! itself as a [`ModuleGraph`] (equal to [`ModuleGraph::of_truth`] where it is right), and names a network that a
//! [`success::Criterion`] can be asked about. Beside it, [`near_best::blind`] and [`near_best::published`] choose within
//! a trial, and [`consensus::consensus`] says how often units share a module. [`agreement`] and [`difference`] compare the
//! detections of two trials.

pub mod agreement;
pub mod certificate;
pub mod consensus;
pub mod difference;
pub mod fisher;
pub mod interval;
pub mod module_graph;
pub mod near_best;
pub mod paths;
pub mod success;
pub mod vote;

pub use certificate::Certificate;
pub use module_graph::{GraphModule, ModuleGraph};
