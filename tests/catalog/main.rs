//! The catalog as its users see it.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

mod filters;
mod fixture;
mod index;
mod keeping;
mod owners;
mod runs;
mod trials;
