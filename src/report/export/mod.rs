//! A trial's findings for other programs: graphs, pictures, tables.

pub mod dot;
pub mod svg;
