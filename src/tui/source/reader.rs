//! Reads the catalog, part by part, and keeps the last snapshot.

use std::path::Path;
use std::sync::Arc;

use super::list::{self, Experiments};
use super::live::{self, Follower};
use super::opened::Opened;
use super::presets::Counter;
use super::report::Reporter;
use super::trial_index::{RefreshResult, TrialIndex};
use super::{ViewRequest, forecast};
use crate::catalog::{Catalog, RefreshProgress, Result, State, TrialId};
use crate::experiment::details::TrialDetails;
use crate::tui::snapshot::{Snapshot, Totals};

/// Reads a catalog.
pub struct Reader {
    catalog: Catalog,
    /// What the dashboard shows.
    request: ViewRequest,
    /// What was read last.
    snapshot: Snapshot,
    index: TrialIndex,
    experiments: Experiments,
    follower: Follower,
    opened: Opened,
    counter: Counter,
    reporter: Reporter,
    /// Has the catalog's folder ever been there?
    existed: bool,
}

impl Reader {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(catalog: Catalog) -> Self {
        Self {
            request: ViewRequest::default(),
            snapshot: Snapshot { catalog: displayed(catalog.root()), ..Snapshot::default() },
            index: TrialIndex::new(catalog.clone()),
            experiments: Experiments::default(),
            follower: Follower::default(),
            opened: Opened::default(),
            counter: Counter::default(),
            reporter: Reporter::default(),
            existed: false,
            catalog,
        }
    }

    /// What was read last.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Is what is shown from an earlier process, so that the catalog should be read at once?
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.index.is_behind()
    }

    /// Are all trials being read in a thread?
    #[must_use]
    pub fn is_surveying(&self) -> bool {
        self.index.is_surveying()
    }

    /// The progress of reading trials.
    #[must_use]
    pub fn progress(&self) -> Arc<RefreshProgress> {
        self.index.progress()
    }

    /// Are the trials of presets being counted?
    #[must_use]
    pub fn is_counting(&self) -> bool {
        self.counter.is_counting()
    }

    /// Is a report being made?
    #[must_use]
    pub fn is_reporting(&self) -> bool {
        self.reporter.is_reporting()
    }

    /// Sets what to show from now on.
    pub fn request(&mut self, request: ViewRequest) {
        self.request = request;
    }

    /// Has every trial read next time.
    pub fn request_survey(&mut self) {
        self.index.request_survey();
    }

    /// Reads what has changed on disk; returns whether the snapshot has changed. Errors are part of the snapshot.
    pub fn look(&mut self) -> bool {
        self.with_problem(Self::look_or_fail)
    }

    /// Answers what is requested, from what was read last; returns whether the snapshot has changed.
    pub fn answer(&mut self) -> bool {
        self.with_problem(Self::answer_or_fail)
    }

    /// Performs `act` and puts its error into the snapshot, or else what is damaged.
    fn with_problem(&mut self, act: fn(&mut Self) -> Result<bool>) -> bool {
        let changed = act(self);
        let problem = changed.as_ref().err().map(ToString::to_string).or_else(|| self.missing());
        let damage = || self.index.damage().or(self.opened.problem()).map(str::to_owned);
        let problem = problem.or_else(damage);
        let is_new = problem != self.snapshot.problem;
        self.snapshot.problem = problem;
        changed.unwrap_or(false) || is_new
    }

    /// The message for a catalog whose folder has vanished.
    fn missing(&self) -> Option<String> {
        let folder = &self.snapshot.catalog;
        (self.existed && !self.catalog.root().is_dir())
            .then(|| format!("the catalog's folder is gone: {folder}; put it back (what it held is still shown)"))
    }

    fn look_or_fail(&mut self) -> Result<bool> {
        if self.missing().is_some() {
            // The screen and the index keep what was read last.
            return Ok(false);
        }
        self.existed |= self.catalog.root().is_dir();
        let live = self.catalog.live_runs()?;
        let quiet = live.runs().is_empty() && self.snapshot.runs.is_empty();
        let found = self.index.refresh(quiet)?;
        let first = !self.snapshot.loaded;
        if found == RefreshResult::Earlier {
            // The list is shown at once; counts and runs follow.
            self.list()?;
            self.snapshot.loaded = true;
            return Ok(true);
        }
        let mut changed = first;
        let trials_changed = first || found == RefreshResult::Changed;
        if trials_changed {
            changed |= self.count()?;
            changed |= self.list()?;
        }
        if (trials_changed || !quiet)
            && let Some(index) = self.index.get()
        {
            changed |= live::follow(&self.catalog, index, &live, &mut self.follower, &mut self.snapshot)?;
        }
        self.snapshot.loaded = true;
        Ok(changed | self.presets(trials_changed) | self.open() | self.compare(true) | self.report())
    }

    fn answer_or_fail(&mut self) -> Result<bool> {
        let listed = self.snapshot.loaded && self.snapshot.page.query != self.request.query && self.list()?;
        Ok(listed | self.presets(false) | self.open() | self.compare(false) | self.forecast() | self.report())
    }

    /// Counts trials and experiments; returns whether the counts have changed.
    fn count(&mut self) -> Result<bool> {
        let Some(index) = self.index.get() else { return Ok(false) };
        let totals = Totals(index.states()?);
        let changed = self.snapshot.totals != totals;
        self.snapshot.totals = totals;
        let experiments = self.experiments.read(&self.catalog, index)?;
        Ok(replace(&mut self.snapshot.experiments, experiments) | changed)
    }

    /// Reads the requested part of the list; returns whether it has changed.
    fn list(&mut self) -> Result<bool> {
        let Some(index) = self.index.get() else { return Ok(false) };
        let page = list::page(index, &self.request.query, &self.snapshot.totals)?;
        Ok(replace(&mut self.snapshot.page, page))
    }

    /// Follows the opened trial and the requested step; returns whether there is anything new to show.
    fn open(&mut self) -> bool {
        let id = self.request.open.as_ref();
        let state = id.and_then(|id| self.follower.state(id)).unwrap_or(State::Finished);
        let mut changed = self.opened.follow(&self.catalog, id, state);
        if changed {
            self.snapshot.opened = self.opened.trial();
        }
        let moment = self.request.step.and_then(|step| self.opened.moment(step));
        changed |= moment.as_ref().map(Arc::as_ptr) != self.snapshot.moment.as_ref().map(Arc::as_ptr);
        self.snapshot.moment = moment;
        changed
    }

    /// Has the trials of presets counted, if their counts can have `changed`; returns whether there is anything new.
    fn presets(&mut self, changed: bool) -> bool {
        let counted = self.counter.follow(&self.catalog, self.request.presets, changed);
        counted.is_some_and(|presets| replace(&mut self.snapshot.presets, presets))
    }

    /// Reads the trials to compare if they are new, or `again` if they are not done; returns whether any was read.
    fn compare(&mut self, again: bool) -> bool {
        let before = &self.snapshot.compared;
        let same = before.iter().map(|trial| &trial.trial.id).eq(&self.request.compare);
        if same && (!again || before.iter().all(|trial| trial.row.status.is_done())) {
            return false;
        }
        let read = |id: &TrialId| TrialDetails::read(&self.catalog.trial(id)).ok().map(Arc::new);
        self.snapshot.compared = self.request.compare.iter().filter_map(read).collect();
        true
    }

    /// Counts the trials of the launch being prepared if it has changed; returns whether it has.
    fn forecast(&mut self) -> bool {
        let Some(request) = &self.request.launch else { return self.snapshot.forecast.take().is_some() };
        if self.snapshot.forecast.as_ref().is_some_and(|forecast| forecast.request == *request) {
            return false;
        }
        self.snapshot.forecast = Some(Arc::new(forecast::forecast(&self.catalog, request)));
        true
    }

    /// Starts the requested report or checks its progress; returns whether there is anything new to show.
    fn report(&mut self) -> bool {
        let changed = self.reporter.follow(&self.catalog, self.request.report.as_ref());
        if changed {
            self.snapshot.report = self.reporter.shown();
        }
        changed
    }
}

/// Replaces `old` with `new`; returns whether they differ.
fn replace<T: PartialEq>(old: &mut Arc<T>, new: T) -> bool {
    if **old == new {
        return false;
    }
    *old = Arc::new(new);
    true
}

/// A folder as displayed: with `~` for the home folder.
fn displayed(path: &Path) -> String {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
