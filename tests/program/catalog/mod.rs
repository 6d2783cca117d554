//! The catalog through its public interface.

mod filters;
pub mod fixture;
mod index;
mod keeping;
mod owners;
mod runs;
mod trials;
