//! The report of an experiment: the request for it, and the result.

use std::sync::Arc;

use crate::report::experiment::Report;

/// A request for a report.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportRequest {
    /// The experiment's name.
    pub experiment: String,
    /// The number of earlier requests; each request reads the trials again.
    pub attempt: u64,
}

/// The report screen.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportUi {
    /// The report that is shown; `None` before the first request.
    pub request: Option<ReportRequest>,
    /// The first visible line.
    pub scroll: u64,
}

impl ReportUi {
    /// Requests the report of an experiment, again if it has one.
    pub fn request(&mut self, experiment: String) {
        let attempt = self.request.as_ref().map_or(0, |request| request.attempt + 1);
        *self = Self { request: Some(ReportRequest { experiment, attempt }), scroll: 0 };
    }
}

/// A report, or its progress.
#[derive(Clone, Debug, Default)]
pub struct LoadedReport {
    /// The request.
    pub request: ReportRequest,
    /// The number of trials read so far.
    pub read: u64,
    /// The number of trials to read.
    pub total: u64,
    /// The report, or in one line why it could not be made; `None` while trials are being read.
    pub result: Option<Result<Arc<Report>, String>>,
}
