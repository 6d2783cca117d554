//! The catalog as its users see it.

mod filters;
pub mod fixture;
mod index;
mod keeping;
mod owners;
mod runs;
mod trials;
