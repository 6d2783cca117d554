//! The index: what lists, filters and sorts need of every trial, in SQLite.
//!
//! A copy of what the trials' folders say, made again whenever it is missing, damaged or of another version. It lies
//! on a local file system, since SQLite's locks cannot be relied on elsewhere; if there is none, or if it fails, the
//! index is in memory and made anew by each process.

mod location;
mod matches;
mod reader;
mod refresh;
mod schema;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi, params_from_iter};

use matches::MatchCache;
pub use refresh::{Refreshed, Scope};

use super::{Catalog, Error, Filter, Key, Process, Result, Sort, State, TrialId, TrialRow};

/// How far a refresh is, for whoever waits for it in another thread.
#[derive(Debug, Default)]
pub struct RefreshProgress {
    read: AtomicUsize,
    total: AtomicUsize,
}

impl RefreshProgress {
    /// Trials that have been read, and all that are to be; `None` while nothing is being read.
    #[must_use]
    pub fn so_far(&self) -> Option<(usize, usize)> {
        let total = self.total.load(Ordering::Relaxed);
        (total > 0).then(|| (self.read.load(Ordering::Relaxed).min(total), total))
    }

    fn begin(&self, total: usize) {
        self.read.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    fn one_more(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }
}

/// How long one process waits for another that writes the index.
const PATIENCE: Duration = Duration::from_secs(3);

/// Which of the trials found to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Page {
    /// How many to leave out at the start.
    pub offset: usize,
    /// How many at most, `None` for all.
    pub limit: Option<usize>,
}

/// Trials that have something in common.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TrialGroup {
    /// What they have in common.
    pub name: String,
    /// How many trials are in each state, in the order of [`State::ALL`].
    pub states: [u64; State::ALL.len()],
    /// Trials for which it is known whether the known hierarchy was found.
    pub judged: u64,
    /// Those for which it was.
    pub successes: u64,
    /// The least density that a trial has.
    pub least_density: Option<f64>,
}

impl TrialGroup {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn add(&mut self, part: &Self) {
        for (count, more) in self.states.iter_mut().zip(part.states) {
            *count += more;
        }
        self.judged += part.judged;
        self.successes += part.successes;
        let least = [self.least_density, part.least_density].into_iter().flatten().reduce(f64::min);
        self.least_density = least;
    }

    /// How many trials there are.
    #[must_use]
    pub fn trials(&self) -> u64 {
        self.states.iter().sum()
    }

    /// How many of them are in `state`.
    #[must_use]
    pub fn of(&self, state: State) -> u64 {
        State::ALL.iter().position(|&other| other == state).map_or(0, |index| self.states[index])
    }
}

/// The index of a catalog. Starts as another process left it, or empty: [`Self::refresh`] brings it up to date.
#[derive(Debug)]
pub struct Index {
    catalog: Catalog,
    connection: Connection,
    /// The file; `None` in memory.
    file: Option<PathBuf>,
    /// When the folders that trials lie in last changed, as of the last refresh.
    shards: HashMap<String, i64>,
    progress: Arc<RefreshProgress>,
    /// When each experiment last changed, and its trials.
    experiments: HashMap<String, (i64, Vec<TrialId>)>,
    matches: MatchCache,
}

impl Index {
    /// Opens the index of `catalog` in the user's cache folder, or in memory if it cannot be there.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn open(catalog: &Catalog) -> Result<Self> {
        // A catalog that is not there yet gets no file either.
        let file = if catalog.root().is_dir() { location::file(catalog) } else { None };
        Self::at(catalog, file)
    }

    /// As [`Self::open`], in `folder`; in memory if that cannot be written or is on a network file system.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn open_in(catalog: &Catalog, folder: &Path) -> Result<Self> {
        let file = location::is_local(folder).then(|| folder.join(location::file_name(catalog)));
        Self::at(catalog, file)
    }

    /// As [`Self::open`], in memory.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn in_memory(catalog: &Catalog) -> Result<Self> {
        Self::at(catalog, None)
    }

    /// How far a refresh is: to be asked from another thread while it goes on.
    #[must_use]
    pub fn progress(&self) -> Arc<RefreshProgress> {
        Arc::clone(&self.progress)
    }

    /// Tells `progress` from now on how far a refresh is.
    pub fn set_progress(&mut self, progress: Arc<RefreshProgress>) {
        self.progress = progress;
    }

    /// The file of the index; `None` if it is in memory.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn at(catalog: &Catalog, file: Option<PathBuf>) -> Result<Self> {
        let (connection, file) = match file {
            Some(file) => match open_sound(&file) {
                Ok(connection) => (connection, Some(file)),
                Err(_) => (in_memory()?, None),
            },
            None => (in_memory()?, None),
        };
        Ok(Self {
            catalog: catalog.clone(),
            connection,
            file,
            shards: HashMap::new(),
            progress: Arc::default(),
            experiments: HashMap::new(),
            matches: MatchCache::default(),
        })
    }

    /// Brings the index up to date with the trials' folders; see [`Scope`] for how thoroughly.
    ///
    /// # Errors
    /// A folder of the catalog cannot be read. What is damaged in single trials is told in the answer.
    pub fn refresh(&mut self, scope: Scope) -> Result<Refreshed> {
        self.robustly(|index| index.refresh_once(scope))
    }

    /// The trials that pass `filter`, in the order of `sort` (by time of creation without one), as of the last refresh.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn query(&mut self, filter: &Filter, sort: Option<Sort>, page: Page) -> Result<Vec<TrialRow>> {
        if !filter.is_empty() && page.limit.is_some() {
            return self.robustly(|index| index.pick(filter, sort, page));
        }
        let (clause, order) = (filter.clause(), sort.unwrap_or_default().order(false));
        // Only numbers are sorted and passed over; the rows are fetched for those that are asked for.
        let sql = format!(
            "SELECT {} FROM trial WHERE number IN (SELECT number FROM trial WHERE {} ORDER BY {order} LIMIT {} OFFSET {}) \
             ORDER BY {order}",
            schema::selection(),
            clause.sql,
            page.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX)),
            i64::try_from(page.offset).unwrap_or(i64::MAX),
        );
        self.robustly(|index| {
            let mut statement = index.connection.prepare(&sql)?;
            let rows = statement.query_map(params_from_iter(&clause.parameters), schema::row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many trials pass `filter`, as of the last refresh.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn count(&mut self, filter: &Filter) -> Result<usize> {
        if !filter.is_empty() {
            return self.robustly(|index| index.count_passing(filter));
        }
        self.robustly(|index| {
            let count: i64 = index.connection.query_row("SELECT count(*) FROM trial", [], |line| line.get(0))?;
            Ok(usize::try_from(count).unwrap_or(0))
        })
    }

    /// The trials that pass `filter` in groups with the same value of `key`, as of the last refresh, by that value. A
    /// trial of several experiments or with several tags is in the group of each.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn groups(&mut self, filter: &Filter, key: Key) -> Result<Vec<TrialGroup>> {
        let clause = filter.clause();
        let sql = format!(
            "SELECT +{key}, status, count(*), total(success = 1), total(success IS NOT NULL), min(density) FROM trial \
             WHERE {} GROUP BY 1, 2",
            clause.sql,
            key = key.column(),
        );
        self.robustly(|index| {
            let mut groups: BTreeMap<String, TrialGroup> = BTreeMap::new();
            let mut statement = index.connection.prepare(&sql)?;
            let mut lines = statement.query(params_from_iter(&clause.parameters))?;
            while let Some(line) = lines.next()? {
                let (value, part) = schema::group(line)?;
                // A list is kept with line feeds around each item.
                for name in value.split('\n').filter(|name| !name.is_empty() || value.is_empty()) {
                    let group = groups.entry(name.to_owned()).or_insert_with(|| TrialGroup::new(name));
                    group.add(&part);
                }
            }
            Ok(groups.into_values().collect())
        })
    }

    /// Does `action`; if the index fails, makes it again and repeats, and if that fails too, repeats it in memory.
    fn robustly<T>(&mut self, action: impl Fn(&mut Self) -> Result<T>) -> Result<T> {
        let error = match action(self) {
            Err(Error::Index(error)) if self.file.is_some() => error,
            outcome => return outcome,
        };
        if let Some(file) = self.file.clone().filter(|_| !is_busy(&error)) {
            if !is_moved(&error) {
                location::remove(&file);
            }
            if let Ok(connection) = open_sound(&file) {
                match self.start_over(connection).and_then(|()| action(self)) {
                    Err(Error::Index(_)) => {}
                    outcome => return outcome,
                }
            }
        }
        let connection = in_memory()?;
        self.file = None;
        self.start_over(connection)?;
        action(self)
    }

    /// Goes on with another connection, and fills what may be empty.
    fn start_over(&mut self, connection: Connection) -> Result<()> {
        self.connection = connection;
        self.matches = MatchCache::default();
        self.refresh_once(Scope::All).map(drop)
    }
}

/// Opens `file` and makes sure that it is an index of this version; makes it again if it is not.
fn open_sound(file: &Path) -> rusqlite::Result<Connection> {
    match open(file) {
        Err(error) if !is_busy(&error) => {
            location::remove(file);
            open(file)
        }
        outcome => outcome,
    }
}

fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // What a loss of power destroys is made again: nothing waits for the disk.
    connection.pragma_update(None, "synchronous", "OFF")?;
    // All of the index of 100,000 trials, if there are that many.
    connection.pragma_update(None, "cache_size", -64_000)?;
    // Read where it lies: the first question that looks at every trial need not copy the whole file.
    connection.pragma_update(None, "mmap_size", 1 << 28)?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |line| line.get(0))?;
    match version {
        schema::VERSION => {}
        0 => schema::create(&mut connection)?,
        _ => return Err(rusqlite::Error::InvalidQuery),
    }
    check_after_restart(&connection)?;
    Ok(connection)
}

/// Looks through the whole file if the machine has been restarted since that was last done: only a loss of power can
/// tear it, as nothing waits for the disk.
fn check_after_restart(connection: &Connection) -> rusqlite::Result<()> {
    let boot = &Process::current().boot;
    if schema::fact::<String>(connection, "boot")?.as_ref() == Some(boot) {
        return Ok(());
    }
    let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |line| line.get(0))?;
    if answer != "ok" {
        return Err(rusqlite::Error::InvalidQuery);
    }
    schema::note_fact(connection, "boot", boot)
}

fn in_memory() -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    schema::create(&mut connection)?;
    Ok(connection)
}

/// Is another process writing, and for longer than we wait?
fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Has another process deleted or replaced the file, so that ours has no name any more?
fn is_moved(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_READONLY_DBMOVED)
}
