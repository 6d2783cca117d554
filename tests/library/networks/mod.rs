//! Networks from files: path products, all formats against each other, and damaged files.

pub(crate) mod fixture;
mod formats;
mod structure_reference;
mod torn;
