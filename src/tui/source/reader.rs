//! Looks at the catalog, and keeps what was seen last.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::live::Follower;
use super::presets::Plans;
use super::{Wish, detail, list, live};
use crate::catalog::{Catalog, Index, LiveRuns, Scope, State, TrialId};
use crate::tui::snapshot::Snapshot;

/// How often every trial is looked at, not only those that are not done.
const THOROUGH: Duration = Duration::from_mins(1);

/// From this many trials on, what the index knew before is shown while it is brought up to date.
const MANY: usize = 5000;

/// Looks at a catalog.
pub struct Reader {
    catalog: Catalog,
    index: Option<Index>,
    plans: Plans,
    snapshot: Snapshot,
    wish: Wish,
    follower: Follower,
    /// When each experiment was first asked for.
    experiments: HashMap<String, i64>,
    /// When all trials were last looked at; `None` before the first time.
    thorough: Option<Instant>,
    /// The times of the folders as of the last look.
    folders: Vec<Option<SystemTime>>,
    /// The open trial and the times of its files as of the last look.
    opened: Option<(TrialId, State, Option<SystemTime>)>,
    /// Must the list be read again, whether or not trials changed?
    list_is_old: bool,
}

impl Reader {
    /// Starts with nothing seen.
    #[must_use]
    pub fn new(catalog: Catalog) -> Self {
        let snapshot = Snapshot { catalog: shown(catalog.root()), ..Snapshot::default() };
        Self {
            catalog,
            index: None,
            plans: Plans::default(),
            snapshot,
            wish: Wish::default(),
            follower: Follower::default(),
            experiments: HashMap::new(),
            thorough: None,
            folders: Vec::new(),
            opened: None,
            list_is_old: true,
        }
    }

    /// What was seen last.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What to look at from now on.
    pub fn wish(&mut self, wish: Wish) {
        self.list_is_old |= wish.query != self.wish.query;
        self.wish = wish;
    }

    /// Looks at every trial next time.
    pub fn look_closely(&mut self) {
        self.folders.clear();
    }

    /// Looks; has anything changed? What goes wrong is told in the snapshot.
    pub fn look(&mut self) -> bool {
        let before = (self.snapshot.problem.clone(), self.snapshot.loaded);
        let looked = self.look_or_fail();
        self.snapshot.problem = looked.as_ref().err().map(ToString::to_string).or_else(|| self.damage());
        self.snapshot.loaded |= looked.is_ok();
        before != (self.snapshot.problem.clone(), self.snapshot.loaded) || looked.unwrap_or(false)
    }

    /// What the last look found damaged; it stays until it is repaired.
    fn damage(&self) -> Option<String> {
        self.snapshot.problem.clone().filter(|_| self.snapshot.loaded && self.thorough.is_some() && !self.list_is_old)
    }

    fn look_or_fail(&mut self) -> crate::catalog::Result<bool> {
        let live = self.catalog.live_runs()?;
        let mut changed = self.refresh(&live)?;
        let Some(index) = &mut self.index else { return Ok(changed) };
        if changed || self.list_is_old {
            let totals = list::totals(index)?;
            let experiments = list::experiments(&self.catalog, index, &mut self.experiments)?;
            let page = list::page(index, &self.wish.query)?;
            changed |= self.snapshot.totals != totals;
            changed |= replace(&mut self.snapshot.experiments, experiments);
            changed |= replace(&mut self.snapshot.page, page);
            self.snapshot.totals = totals;
            self.list_is_old = false;
            changed |= replace(&mut self.snapshot.presets, self.plans.presets(&self.catalog));
        }
        changed |= live::follow(&self.catalog, index, &live, &mut self.follower, &mut self.snapshot)?;
        changed |= self.open();
        Ok(changed)
    }

    /// Brings the index up to date, if anything can have changed.
    fn refresh(&mut self, live: &LiveRuns) -> crate::catalog::Result<bool> {
        let folders = self.folder_times();
        let due = self.thorough.is_none_or(|last| last.elapsed() >= THOROUGH);
        let quiet = live.runs().is_empty() && self.snapshot.runs.is_empty();
        if self.index.is_some() && !due && quiet && folders == self.folders {
            return Ok(false);
        }
        let first = self.index.is_none();
        if first {
            self.index = Some(Index::open(&self.catalog)?);
        }
        let Some(index) = &mut self.index else { return Ok(false) };
        if first && index.count(&crate::catalog::Filter::default())? >= MANY {
            // The next look, which comes at once, brings it up to date.
            self.folders = Vec::new();
            return Ok(true);
        }
        let scope = if due || self.folders.is_empty() { Scope::All } else { Scope::Live };
        let refreshed = index.refresh(scope)?;
        if scope == Scope::All {
            self.thorough = Some(Instant::now());
            self.snapshot.problem = refreshed.problems.first().map(ToString::to_string);
        }
        self.folders = folders;
        Ok(first || refreshed.changed + refreshed.removed > 0)
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
        let Some(id) = self.wish.open.clone() else {
            self.opened = None;
            return self.snapshot.opened.take().is_some();
        };
        let folder = self.catalog.trial(&id);
        let state = self.follower.watched.get(&id).map_or(State::Finished, |watched| watched.state);
        let now = Some((id.clone(), state, modified(folder.path())));
        if now == self.opened {
            return false;
        }
        self.opened = now;
        match detail::read(&folder) {
            Ok(detail) => self.snapshot.opened = Some(Arc::new(detail)),
            Err(error) => {
                self.snapshot.opened = None;
                self.snapshot.problem = Some(error.to_string());
            }
        }
        true
    }
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
