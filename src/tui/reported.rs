//! The report of an experiment, as asked for and as it comes.

use std::sync::Arc;

use crate::report::experiment::Report;

/// A report that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The experiment.
    pub experiment: String,
    /// Which time it is asked for: each time its trials are read anew.
    pub time: u64,
}

/// The screen with the report.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportUi {
    /// What is shown; `None` before the first one.
    pub wanted: Option<Wanted>,
    /// The first line that is shown.
    pub scroll: u64,
}

impl ReportUi {
    /// Asks for the report of an experiment, anew.
    pub fn ask(&mut self, experiment: String) {
        let time = self.wanted.as_ref().map_or(0, |wanted| wanted.time + 1);
        *self = Self { wanted: Some(Wanted { experiment, time }), scroll: 0 };
    }
}

/// A report, or how far it is.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// What was asked.
    pub wanted: Wanted,
    /// Trials that are read.
    pub read: u64,
    /// Trials to read.
    pub total: u64,
    /// The report, or in a line why there is none; `None` while trials are read.
    pub found: Option<Result<Arc<Report>, String>>,
}
