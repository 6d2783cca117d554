//! The dashboard in a real pseudo-terminal: launch, watch, leave, come back; and ends of all kinds.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

mod browse;
#[path = "../catalog/fixture.rs"]
#[allow(dead_code)]
mod catalogs;
mod ends;
mod journeys;
mod session;
mod stops;
