//! Tests of detection as a whole, by where the expected answer comes from.

mod indices;
mod numbering;
mod paper;
mod rules;
