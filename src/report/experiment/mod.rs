//! An experiment compared with the paper: how often its trials find the true modules, what they agree on, and how sparse
//! their networks are.
//!
//! [`report`] reads the trials of an experiment ([`trials`]), groups those that differ only in width and seed
//! ([`cells`]; [`weights`] for what figures 2 to 4 and 34 to 36 show, [`settings`] for table 4), and sets the paper's
//! numbers beside them ([`paper`]). [`text`] draws that ([`maps`] and [`grids`] what the paper
//! shows as such), [`markdown`] writes it as Markdown, [`table`] as CSV, [`mod@line`] as JSON.
//!
//! Each cell is judged in three ways. The *blind choice* takes the sparsest network of each trial. The *published rule*
//! takes, of equally sparse networks, one that is a success: this is what the paper's rates count, and it needs to know the
//! true modules. The *vote* takes the structure that the trials of the cell agree on, without knowing the true modules.

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
