//! Looks at the catalog, and keeps what was seen last.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::live::Follower;
use super::presets::{self, Counter};
use super::report::Reporter;
use super::{ViewRequest, detail, list, live};
use crate::catalog::{Catalog, Filter, Index, RefreshProgress, Refreshed, Result, Scope, State, TrialId};
use crate::experiment::details::TrialDetails;
use crate::tui::snapshot::{Moment, Snapshot, Step, Totals};

/// How often every trial is looked at, not only those that are not done.
const THOROUGH: Duration = Duration::from_mins(1);

/// For how many times as long as it took nobody looks at all trials again: a dashboard that nobody looks at costs next to
/// nothing.
const REST: u32 = 500;

/// From this many trials on, what the index knew before is shown while it is brought up to date.
const MANY: usize = 5000;

/// What comes of a look at all trials: what it found, and the index that it did so with.
type Looked = Result<(Index, Refreshed)>;

/// Looks at a catalog.
pub struct Reader {
    catalog: Catalog,
    index: Option<Index>,
    counter: Counter,
    snapshot: Snapshot,
    request: ViewRequest,
    follower: Follower,
    /// When each experiment was first asked for.
    experiments: HashMap<String, i64>,
    /// When all trials were last looked at; `None` before the first time.
    thorough: Option<Instant>,
    /// The times of the folders as of the last look.
    folders: Vec<Option<SystemTime>>,
    opened: Opened,
    reporter: Reporter,
    /// How long after the last look at all trials the next one is due.
    pause: Duration,
    /// What the last look at all trials found damaged.
    damage: Option<String>,
    /// Is what is shown that of an earlier process?
    seen_before: bool,
    /// How far the index is.
    reading: Arc<RefreshProgress>,
    /// Was the folder of the catalog there at an earlier look?
    existed: bool,
    /// A look at all of many trials that is under way in a thread of its own, so that keys are answered meanwhile.
    under_way: Option<Receiver<(Looked, Duration)>>,
    /// Can there be such a thread?
    in_thread: bool,
}

/// What was read of the open trial.
#[derive(Default)]
struct Opened {
    /// The trial and the times of its files as of the last look.
    seen: Option<(TrialId, State, Option<SystemTime>)>,
    /// What its folder said.
    details: Option<TrialDetails>,
    /// The steps that were looked at.
    moments: HashMap<Step, Arc<Moment>>,
}

impl Opened {
    /// The most steps that are remembered; a network of digits takes a megabyte.
    const MOMENTS: usize = 100;

    /// The network at `step`.
    fn at(&mut self, step: Step) -> Option<Arc<Moment>> {
        let details = self.details.as_ref()?;
        if self.moments.len() > Self::MOMENTS {
            self.moments.clear();
        }
        let found = self.moments.entry(step).or_insert_with(|| {
            let walk = details.trajectories().get(step.walk).copied();
            let clustered = walk.and_then(|walk| details.clustered_after(walk, step.round));
            Arc::new(Moment { id: details.trial.id.clone(), step, clustered })
        });
        Some(Arc::clone(found))
    }
}

/// What a refresh found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing new.
    Nothing,
    /// What the index knew from before; it is yet to be brought up to date.
    AsBefore,
    /// Something new.
    Changes,
}

impl Reader {
    /// Starts with nothing seen.
    #[must_use]
    pub fn new(catalog: Catalog) -> Self {
        let snapshot = Snapshot { catalog: shown(catalog.root()), ..Snapshot::default() };
        Self {
            catalog,
            index: None,
            counter: Counter::default(),
            snapshot,
            request: ViewRequest::default(),
            follower: Follower::default(),
            experiments: HashMap::new(),
            thorough: None,
            folders: Vec::new(),
            opened: Opened::default(),
            reporter: Reporter::default(),
            pause: THOROUGH,
            damage: None,
            seen_before: false,
            reading: Arc::default(),
            existed: false,
            under_way: None,
            in_thread: true,
        }
    }

    /// What was seen last.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Is what is shown that of an earlier process, so that a look is due at once?
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.seen_before && self.under_way.is_none()
    }

    /// Is a look at all trials under way?
    #[must_use]
    pub fn is_looking(&self) -> bool {
        self.under_way.is_some()
    }

    /// How far a look is at the trials that are new to it.
    #[must_use]
    pub fn reading(&self) -> Arc<RefreshProgress> {
        Arc::clone(&self.reading)
    }

    /// Are the trials of presets being counted?
    #[must_use]
    pub fn is_counting(&self) -> bool {
        self.counter.is_at_work()
    }

    /// Is a report being made?
    #[must_use]
    pub fn is_reporting(&self) -> bool {
        self.reporter.is_at_work()
    }

    /// What to look at from now on.
    pub fn request(&mut self, request: ViewRequest) {
        self.request = request;
    }

    /// Looks at every trial next time.
    pub fn look_closely(&mut self) {
        self.folders.clear();
    }

    /// Looks at what has changed on disk; has what is shown? What goes wrong is told in the snapshot.
    pub fn look(&mut self) -> bool {
        self.told(Self::look_or_fail)
    }

    /// Shows what is wished for, from what was seen last; is that something else than before?
    pub fn answer(&mut self) -> bool {
        self.told(Self::answer_or_fail)
    }

    /// Tells a failure, and takes it back once it is over. What is damaged stays told.
    fn told(&mut self, act: fn(&mut Self) -> Result<bool>) -> bool {
        let acted = act(self);
        let problem = acted.as_ref().err().map(ToString::to_string).or_else(|| self.gone());
        let problem = problem.or_else(|| self.damage.clone());
        let told = problem != self.snapshot.problem;
        self.snapshot.problem = problem;
        acted.unwrap_or(false) || told
    }

    /// What is told of a catalog whose folder is not there any more.
    fn gone(&self) -> Option<String> {
        let gone = self.existed && !self.catalog.root().is_dir();
        gone.then(|| {
            let folder = &self.snapshot.catalog;
            format!("the catalog's folder is gone: {folder}; put it back (what it held is still shown)")
        })
    }

    fn look_or_fail(&mut self) -> Result<bool> {
        if self.gone().is_some() {
            // What was seen last is kept, on the screen and in the index.
            return Ok(false);
        }
        self.existed |= self.catalog.root().is_dir();
        let live = self.catalog.live_runs()?;
        let quiet = live.runs().is_empty() && self.snapshot.runs.is_empty();
        let found = self.refresh(quiet)?;
        let Some(index) = &mut self.index else { return Ok(false) };
        let mut changed = false;
        if found == Found::AsBefore {
            // Quickly, something to look at: what nobody runs and nobody waits for.
            self.list()?;
            self.snapshot.loaded = true;
            return Ok(true);
        }
        if found == Found::Changes {
            let totals = Totals(index.states()?);
            changed |= self.snapshot.totals != totals;
            self.snapshot.totals = totals;
            let experiments = list::experiments(&self.catalog, index, &mut self.experiments)?;
            changed |= replace(&mut self.snapshot.experiments, experiments);
            changed |= self.list()?;
        }
        if found == Found::Changes || !quiet {
            let Some(index) = &mut self.index else { return Ok(changed) };
            changed |= live::follow(&self.catalog, index, &live, &mut self.follower, &mut self.snapshot)?;
        }
        changed |= !self.snapshot.loaded;
        self.snapshot.loaded = true;
        Ok(changed | self.presets(found == Found::Changes) | self.open() | self.compare(true) | self.report())
    }

    fn answer_or_fail(&mut self) -> Result<bool> {
        let listed = self.snapshot.loaded && self.snapshot.page.query != self.request.query && self.list()?;
        Ok(listed | self.presets(false) | self.open() | self.compare(false) | self.forecast() | self.report())
    }

    /// Reads the stretch of the list that is wished for.
    fn list(&mut self) -> Result<bool> {
        let Some(index) = &mut self.index else { return Ok(false) };
        let page = list::page(index, &self.request.query, &self.snapshot.totals)?;
        Ok(replace(&mut self.snapshot.page, page))
    }

    /// Brings the index up to date, if anything can have changed.
    fn refresh(&mut self, quiet: bool) -> Result<Found> {
        if let Some(found) = self.looked_closely() {
            return found;
        }
        let folders = self.folder_times();
        let due = self.thorough.is_none_or(|last| last.elapsed() >= self.pause);
        if self.index.is_some() && !due && quiet && folders == self.folders {
            return Ok(Found::Nothing);
        }
        let first = self.index.is_none();
        if first {
            let mut index = Index::open(&self.catalog)?;
            index.set_progress(self.reading());
            self.index = Some(index);
        }
        let Some(index) = &mut self.index else { return Ok(Found::Nothing) };
        if first && index.count(&Filter::default())? >= MANY {
            // The next look brings it up to date.
            self.seen_before = true;
            return Ok(Found::AsBefore);
        }
        let closely = due || self.folders.is_empty();
        let scope = if closely && self.under_way.is_none() { Scope::All } else { Scope::Live };
        if scope == Scope::All && self.in_thread && index.file().is_some() && index.count(&Filter::default())? >= MANY {
            self.begin_to_look_closely();
            self.folders = folders;
            return Ok(Found::Nothing);
        }
        let began = Instant::now();
        let refreshed = index.refresh(scope)?;
        if scope == Scope::All {
            self.note_close_look(&refreshed, began.elapsed());
        }
        // What was to be looked at closely still is.
        self.folders = if closely && scope == Scope::Live { Vec::new() } else { folders };
        Ok(self.found(&refreshed))
    }

    fn note_close_look(&mut self, refreshed: &Refreshed, took: Duration) {
        self.thorough = Some(Instant::now());
        self.pause = THOROUGH.max(took * REST);
        self.damage = refreshed.problems.first().map(ToString::to_string);
    }

    fn found(&mut self, refreshed: &Refreshed) -> Found {
        let changed = !self.snapshot.loaded || self.seen_before || refreshed.changed + refreshed.removed > 0;
        self.seen_before = false;
        if changed { Found::Changes } else { Found::Nothing }
    }

    /// Starts a thread that looks at all trials, with an index of its own to the same file.
    fn begin_to_look_closely(&mut self) {
        let catalog = self.catalog.clone();
        let (tell, told) = mpsc::channel();
        let look = move || {
            step_back();
            let began = Instant::now();
            let looked = Index::open(&catalog).and_then(|mut index| {
                let refreshed = index.refresh(Scope::All)?;
                Ok((index, refreshed))
            });
            // A reader that is over wants to know no more.
            let _ = tell.send((looked, began.elapsed()));
        };
        self.in_thread = thread::Builder::new().name("look".to_owned()).spawn(look).is_ok();
        self.under_way = self.in_thread.then_some(told);
    }

    /// What came of the look that is under way; `None` if there is something else to be done.
    fn looked_closely(&mut self) -> Option<Result<Found>> {
        match self.under_way.as_ref()?.try_recv() {
            Ok((looked, took)) => {
                self.under_way = None;
                Some(looked.map(|(index, refreshed)| {
                    // That index knows the times of all folders.
                    self.index = Some(index);
                    self.note_close_look(&refreshed, took);
                    self.found(&refreshed)
                }))
            }
            // Until the first one is over, the index here knows no folder.
            Err(TryRecvError::Empty) => self.thorough.is_none().then_some(Ok(Found::Nothing)),
            // It panicked: here that is told.
            Err(TryRecvError::Disconnected) => {
                (self.under_way, self.in_thread) = (None, false);
                None
            }
        }
    }

    /// The times at which the folders of the catalog last changed.
    fn folder_times(&self) -> Vec<Option<SystemTime>> {
        let root = self.catalog.root();
        let mut times: Vec<_> = ["trials", "experiments", "runs"].map(|name| modified(&root.join(name))).into();
        times.extend((0..256).map(|shard| modified(&root.join("trials").join(format!("{shard:02x}")))));
        times
    }

    /// Reads the open trial, if it has changed.
    fn open(&mut self) -> bool {
        let Some(id) = self.request.open.clone() else {
            self.opened = Opened::default();
            self.snapshot.moment = None;
            return self.snapshot.opened.take().is_some();
        };
        let folder = self.catalog.trial(&id);
        let state = self.follower.watched.get(&id).map_or(State::Finished, |watched| watched.state);
        let now = Some((id.clone(), state, modified(folder.path())));
        if now == self.opened.seen {
            return self.look_back();
        }
        self.opened = Opened { seen: now, ..Opened::default() };
        let read =
            TrialDetails::read(&folder).and_then(|details| Ok((detail::read(&folder, details.clone())?, details)));
        match read {
            Ok((detail, details)) => {
                self.snapshot.opened = Some(Arc::new(detail));
                self.opened.details = Some(details);
            }
            Err(error) => {
                self.snapshot.opened = None;
                self.damage = Some(error.to_string());
            }
        }
        self.look_back();
        true
    }

    /// Has the trials of presets counted, if those can have `changed`; is anything known that was not?
    fn presets(&mut self, changed: bool) -> bool {
        let counted = self.counter.follow(&self.catalog, self.request.presets, changed);
        counted.is_some_and(|presets| replace(&mut self.snapshot.presets, presets))
    }

    /// Reads the trials that are compared, if they are others than before, or `anew`; has anything changed?
    fn compare(&mut self, anew: bool) -> bool {
        let before = &self.snapshot.compared;
        let same = before.iter().map(|trial| &trial.trial.id).eq(&self.request.compare);
        // One that is done changes no more.
        if same && (!anew || before.iter().all(|trial| trial.row.status.is_done())) {
            return false;
        }
        let read = |id: &TrialId| TrialDetails::read(&self.catalog.trial(id)).ok().map(Arc::new);
        self.snapshot.compared = self.request.compare.iter().filter_map(read).collect();
        true
    }

    /// Counts the trials of the launch that is asked for, if it is another than before; has anything changed?
    fn forecast(&mut self) -> bool {
        let Some(request) = &self.request.launch else { return self.snapshot.forecast.take().is_some() };
        if self.snapshot.forecast.as_ref().is_some_and(|forecast| forecast.request == *request) {
            return false;
        }
        self.snapshot.forecast = Some(Arc::new(presets::forecast(&self.catalog, request)));
        true
    }

    /// Begins the report that is looked at, or tells how far it is; has anything changed?
    fn report(&mut self) -> bool {
        let changed = self.reporter.follow(&self.catalog, self.request.report.as_ref());
        if changed {
            self.snapshot.report = self.reporter.shown();
        }
        changed
    }

    /// Finds the open trial's network at the step that is wished for; is it another than before?
    fn look_back(&mut self) -> bool {
        let moment = self.request.step.and_then(|step| self.opened.at(step));
        let changed = moment.as_ref().map(Arc::as_ptr) != self.snapshot.moment.as_ref().map(Arc::as_ptr);
        self.snapshot.moment = moment;
        changed
    }
}

/// Has this thread and those that it starts wait for others, such as the one that answers keys, where the system can do
/// so for threads: a look at 100,000 trials keeps all processors busy for seconds.
fn step_back() {
    /// A tenth of the processor where another thread wants it: less, and one that just holds the lock of the index would
    /// have all others wait.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const STEPS: i32 = 10;
    // Where it may not, it goes on as it is.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::nice(STEPS);
}

/// Puts `new` in the place of `old`; is it another?
fn replace<T: PartialEq>(old: &mut Arc<T>, new: T) -> bool {
    if **old == new {
        return false;
    }
    *old = Arc::new(new);
    true
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// The folder as it is shown: `~` for the home folder.
fn shown(path: &Path) -> String {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
