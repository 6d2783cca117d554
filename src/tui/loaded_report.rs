//! The report of an experiment, as asked for and as it comes.

use std::sync::Arc;

use crate::report::experiment::Report;

/// A report that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportRequest {
    /// The experiment.
    pub experiment: String,
    /// How often it was requested before: each request reads its trials again.
    pub attempt: u64,
}

/// The screen with the report.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportUi {
    /// What is shown; `None` before the first one.
    pub request: Option<ReportRequest>,
    /// The first line that is shown.
    pub scroll: u64,
}

impl ReportUi {
    /// Asks for the report of an experiment, anew.
    pub fn ask(&mut self, experiment: String) {
        let attempt = self.request.as_ref().map_or(0, |request| request.attempt + 1);
        *self = Self { request: Some(ReportRequest { experiment, attempt }), scroll: 0 };
    }
}

/// A report, or how far it is.
#[derive(Clone, Debug, Default)]
pub struct LoadedReport {
    /// What was asked.
    pub request: ReportRequest,
    /// Trials that are read.
    pub read: u64,
    /// Trials to read.
    pub total: u64,
    /// The report, or in a line why there is none; `None` while trials are read.
    pub result: Option<Result<Arc<Report>, String>>,
}
