//! The program: the command through its binary, the catalog's files, and the dashboard with and without a terminal.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

mod catalog;
mod command;
mod dashboard;
mod dashboard_pty;
mod detect;
mod documents;
mod full;
mod graph_network;
mod structure;
mod texts;
