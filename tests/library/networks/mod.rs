//! Networks from files: path products, all formats beside each other, and files that are torn or made up.

mod fixture;
mod formats;
mod structure_reference;
mod torn;
