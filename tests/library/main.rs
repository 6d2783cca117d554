//! The library: the paper's published networks and tasks, whole trials, and files in every format.

#![allow(clippy::pedantic)] // pedantic lints are for the program, not for its tests

mod bad_tables;
mod certificates;
mod criteria_reference;
mod detection_reference;
mod networks;
mod pruning;
mod tasks_reference;
mod vote_reference;
