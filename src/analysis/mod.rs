//! What networks and their modules say about a task: when a trial counts as a success, how two detections agree, and the
//! structure of weights.

pub mod agreement;
pub mod parting;
pub mod structure;
pub mod success;
