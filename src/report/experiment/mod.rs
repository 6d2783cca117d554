//! An experiment beside the paper: how often its trials find the true modules, what they agree on, and how sparse they
//! are.
//!
//! [`report`] reads the trials of an experiment ([`trials`]), counts those together that differ in width and seed
//! ([`cells`]; [`weights`] for what figures 2 to 4 and 34 to 36 show, [`settings`] for table 4), and sets the paper's
//! numbers beside them ([`paper`]). [`text`] draws that ([`maps`] and [`grids`] what the paper
//! shows as such), [`markdown`] writes it as Markdown, [`table`] as CSV, [`mod@line`] as JSON.
//!
//! In each cell three selections stand side by side. *Blind* takes the sparsest network of a trial. The *published rule*
//! takes, of equally sparse ones, one that is a success: it is what the paper's rates count, and it looks at the answer.
//! The *vote* takes the answer of all trials of the cell together, and does not look at it.

pub mod answer;
pub mod bars;
pub mod build;
pub mod cell_trials;
pub mod cells;
pub mod draws;
pub mod grids;
pub mod line;
pub mod maps;
pub mod markdown;
pub mod options;
pub mod paper;
pub mod settings;
mod shares;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
pub mod trials;
pub mod units;
pub mod weights;

pub use build::{Report, report};
pub use options::ReportOptions;
