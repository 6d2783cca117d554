//! A trial's findings for other programs: graphs, pictures, tables.

pub mod dot;
pub mod png;
pub mod svg;

/// The colors of Okabe and Ito, which are distinct for people with any color blindness.
const COLORS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#999999"];
