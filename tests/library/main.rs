//! The library: the paper's published networks and tasks, whole trials, and files of every kind.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

mod bad_tables;
mod certificates;
mod detection_reference;
mod networks;
mod pruning;
mod success_reference;
mod tasks_reference;
mod vote_reference;
