//! Makes reports in a thread of its own: a report reads every trial of its experiment, which may take seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use crate::catalog::Catalog;
use crate::report::experiment::{Report, ReportOptions, report};
use crate::tui::loaded_report::{LoadedReport, ReportRequest};

/// Makes reports. If another one is requested meanwhile, the first finishes unseen.
#[derive(Default)]
pub(super) struct Reporter {
    /// The report requested last, finished or not.
    shown: Option<Arc<LoadedReport>>,
    work: Option<Work>,
}

/// A report that is being made.
struct Work {
    read: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
    thread: JoinHandle<Result<Report, String>>,
}

impl Reporter {
    /// Is a report being made?
    pub(super) fn is_at_work(&self) -> bool {
        self.work.is_some()
    }

    /// The report requested last, finished or not.
    pub(super) fn shown(&self) -> Option<Arc<LoadedReport>> {
        self.shown.clone()
    }

    /// Starts the requested report or checks its progress; returns whether there is anything new to show.
    pub(super) fn follow(&mut self, catalog: &Catalog, request: Option<&ReportRequest>) -> bool {
        let known = self.shown.as_deref().map(|shown| &shown.request);
        if let Some(request) = request.filter(|request| known != Some(*request)) {
            let begun = begin(catalog.clone(), request.experiment.clone());
            let result = begun.as_ref().err().map(|error| Err(error.clone()));
            self.work = begun.ok();
            self.shown = Some(Arc::new(LoadedReport { request: request.clone(), result, ..LoadedReport::default() }));
            return true;
        }
        let Some((work, shown)) = self.work.take().zip(self.shown.as_deref()) else { return false };
        let (read, total) = (work.read.load(Ordering::Relaxed), work.total.load(Ordering::Relaxed));
        let request = shown.request.clone();
        if work.thread.is_finished() {
            let panicked = |_| Err("the report could not be made; `sculpt report` shows why".to_owned());
            let result = Some(work.thread.join().unwrap_or_else(panicked).map(Arc::new));
            self.shown = Some(Arc::new(LoadedReport { request, read, total, result }));
            return true;
        }
        let changed = (read, total) != (shown.read, shown.total);
        if changed {
            self.shown = Some(Arc::new(LoadedReport { request, read, total, result: None }));
        }
        self.work = Some(work);
        changed
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
