//! Makes reports in a thread of its own: a report reads every trial of its experiment, which may take seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use crate::catalog::Catalog;
use crate::report::experiment::{Report, ReportOptions, report};
use crate::tui::loaded_report::{LoadedReport, ReportRequest};

/// Makes reports. If another one is requested meanwhile, the first one finishes unseen.
#[derive(Default)]
pub(super) enum Reporter {
    /// No report has been requested.
    #[default]
    Idle,
    /// A report is being made.
    Working { shown: Arc<LoadedReport>, work: Work },
    /// A report was made, or could not be made.
    Done(Arc<LoadedReport>),
}

/// A report that is being made.
pub(super) struct Work {
    read: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
    thread: JoinHandle<Result<Report, String>>,
}

impl Reporter {
    /// Is a report being made?
    pub fn is_reporting(&self) -> bool {
        matches!(self, Self::Working { .. })
    }

    /// The report requested last, finished or not.
    pub fn shown(&self) -> Option<Arc<LoadedReport>> {
        match self {
            Self::Idle => None,
            Self::Working { shown, .. } | Self::Done(shown) => Some(Arc::clone(shown)),
        }
    }

    /// Starts the requested report or checks its progress; returns whether there is anything new to show.
    pub fn follow(&mut self, catalog: &Catalog, request: Option<&ReportRequest>) -> bool {
        let known = self.shown();
        if let Some(request) = request.filter(|request| known.is_none_or(|known| known.request != **request)) {
            *self = Self::start(catalog, request);
            return true;
        }
        match std::mem::take(self) {
            Self::Working { shown, work } => {
                let (next, changed) = Self::check(shown, work);
                *self = next;
                changed
            }
            idle => {
                *self = idle;
                false
            }
        }
    }

    fn start(catalog: &Catalog, request: &ReportRequest) -> Self {
        let shown = LoadedReport { request: request.clone(), ..LoadedReport::default() };
        match begin(catalog.clone(), request.experiment.clone()) {
            Ok(work) => Self::Working { shown: Arc::new(shown), work },
            Err(problem) => Self::Done(Arc::new(LoadedReport { result: Some(Err(problem)), ..shown })),
        }
    }

    /// The state after a look at the work, and whether it has changed.
    fn check(shown: Arc<LoadedReport>, work: Work) -> (Self, bool) {
        let (read, total) = (work.read.load(Ordering::Relaxed), work.total.load(Ordering::Relaxed));
        let request = shown.request.clone();
        if work.thread.is_finished() {
            let panicked = |_| Err("the report could not be made; `sculpt report` shows why".to_owned());
            let result = Some(work.thread.join().unwrap_or_else(panicked).map(Arc::new));
            return (Self::Done(Arc::new(LoadedReport { request, read, total, result })), true);
        }
        if (read, total) == (shown.read, shown.total) {
            return (Self::Working { shown, work }, false);
        }
        let shown = Arc::new(LoadedReport { request, read, total, result: None });
        (Self::Working { shown, work }, true)
    }
}

fn begin(catalog: Catalog, experiment: String) -> Result<Work, String> {
    let (read, total) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (reading, all) = (Arc::clone(&read), Arc::clone(&total));
    let make = move || {
        let experiment = catalog.experiment(&experiment).map_err(|error| error.to_string())?;
        all.store(experiment.trials.len() as u64, Ordering::Relaxed);
        let progress = |count: usize| reading.store(count as u64, Ordering::Relaxed);
        report(&catalog, &experiment, &ReportOptions::default(), &progress).map_err(|error| error.to_string())
    };
    let thread = thread::Builder::new().name("report".to_owned()).spawn(make).map_err(|error| error.to_string())?;
    Ok(Work { read, total, thread })
}
