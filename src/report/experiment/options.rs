//! What a report covers.

use crate::analysis::vote::VoteSettings;
use crate::catalog::Filter;

/// What is asked of a report.
#[derive(Clone, Debug, Default)]
pub struct ReportOptions {
    /// The trials that count: those that pass, as far as it asks for what is known before a trial is run.
    pub only: Filter,
    /// The seeds whose trials count; all where there are none.
    pub seeds: Vec<u64>,
    /// The rule of the vote.
    pub rule: VoteSettings,
    /// Over how many seeds the vote is also drawn; `None` for not at all.
    pub vote_of: Option<usize>,
}
