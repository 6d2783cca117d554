//! The program: commands, the catalog's files, and the dashboard with and without a terminal.

#![allow(clippy::pedantic)] // pedantic lints are for the program, not for its tests

mod catalog;
mod command;
mod dashboard;
mod dashboard_pty;
mod detect;
mod documents;
mod full;
mod graph_network;
mod paths;
mod texts;
