//! What a report covers.

use crate::analysis::vote::VoteSettings;
use crate::catalog::Filter;

/// What a report covers.
#[derive(Clone, Debug, Default)]
pub struct ReportOptions {
    /// Only trials that match, as far as the filter asks for what is known before a trial is run.
    pub only: Filter,
    /// Only trials with these seeds; all if empty.
    pub seeds: Vec<u64>,
    /// The rule of the vote.
    pub rule: VoteSettings,
    /// The number of seeds to draw for further votes, if any.
    pub vote_of: Option<usize>,
}
