//! Networks from files: structure tests, all formats beside each other, and files that are torn or made up.

mod fixture;
mod formats;
mod structure;
mod structure_reference;
mod torn;
