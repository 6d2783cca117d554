//! Tests of detection as a whole, by the source of the expected results.

mod indices;
mod numbering;
mod paper;
mod rules;
