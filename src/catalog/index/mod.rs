//! The index: an SQLite database with what lists, filters and sort orders need to know about each trial.
//!
//! It is a copy of what the trials' folders say and is rebuilt whenever it is missing, damaged or of another version. It
//! is kept on a local file system, because SQLite's locks are not reliable elsewhere. If there is none, or if the file
//! fails, each process builds its own index in memory.

mod changes;
mod group;
mod location;
mod matches;
mod progress;
mod reader;
mod refresh;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, ffi, params_from_iter};

pub use group::TrialGroup;
use matches::MatchCache;
pub use matches::Page;
pub use progress::RefreshProgress;
use refresh::Refresher;
pub use refresh::{Refreshed, Scope};

use super::{Catalog, Error, Filter, Key, Process, Result, Sort, State, TrialId, TrialRow};

/// How long to wait while another process writes to the index.
const PATIENCE: Duration = Duration::from_secs(3);

/// The index of a catalog. When opened it is as another process left it, or empty; [`Self::refresh`] updates it.
#[derive(Debug)]
pub struct Index {
    connection: Connection,
    /// The index's file; `None` in memory.
    file: Option<PathBuf>,
    refresher: Refresher,
    matches: MatchCache,
}

impl Index {
    /// Opens the index of `catalog` in the user's cache folder, or in memory if that is not possible.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn open(catalog: &Catalog) -> Result<Self> {
        // A catalog that does not exist yet does not get a file.
        let file = if catalog.root().is_dir() { location::file(catalog) } else { None };
        Self::at(catalog, file)
    }

    /// Like [`Self::open`], in `folder`; in memory if the folder cannot be written or is on a network file system.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn open_in(catalog: &Catalog, folder: &Path) -> Result<Self> {
        let file = location::is_local(folder).then(|| folder.join(location::file_name(catalog)));
        Self::at(catalog, file)
    }

    /// Like [`Self::open`], in memory.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn in_memory(catalog: &Catalog) -> Result<Self> {
        Self::at(catalog, None)
    }

    /// The progress of a refresh, to be watched from another thread.
    #[must_use]
    pub fn progress(&self) -> Arc<RefreshProgress> {
        Arc::clone(&self.refresher.progress)
    }

    /// Shows the progress of refreshes in `progress` from now on.
    pub fn set_progress(&mut self, progress: Arc<RefreshProgress>) {
        self.refresher.progress = progress;
    }

    /// The index's file; `None` if it is in memory.
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
        Ok(Self { connection, file, refresher: Refresher::new(catalog), matches: MatchCache::default() })
    }

    /// Updates the index from the trials' folders, as thoroughly as [`Scope`] says.
    ///
    /// # Errors
    /// A folder of the catalog cannot be read. Damage in single trials is returned in [`Refreshed::problems`].
    pub fn refresh(&mut self, scope: Scope) -> Result<Refreshed> {
        self.robustly(|index| index.refresh_once(scope))
    }

    fn refresh_once(&mut self, scope: Scope) -> Result<Refreshed> {
        let (changes, refreshed) = self.refresher.find_changes(&self.connection, scope)?;
        if !changes.is_empty() {
            self.matches.clear();
            changes.write(&mut self.connection)?;
        }
        self.refresher.written(changes);
        Ok(refreshed)
    }

    /// The trials that match `filter` in the order of `sort`, by default by creation time, as of the last refresh.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn query(&mut self, filter: &Filter, sort: Option<Sort>, page: Page) -> Result<Vec<TrialRow>> {
        if !filter.is_empty() && page.limit.is_some() {
            return self.robustly(|index| index.matches.rows(&index.connection, filter, sort, page));
        }
        let (clause, order) = (filter.clause(), sort.unwrap_or_default().order(false));
        // Only numbers are sorted and skipped; whole rows are fetched for the page alone.
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

    /// The number of trials that match `filter`, as of the last refresh.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn count(&mut self, filter: &Filter) -> Result<usize> {
        if !filter.is_empty() {
            return self.robustly(|index| index.matches.count(&index.connection, filter));
        }
        self.robustly(|index| {
            let count: i64 = index.connection.query_row("SELECT count(*) FROM trial", [], |line| line.get(0))?;
            Ok(usize::try_from(count).unwrap_or(0))
        })
    }

    /// The trials that match `filter`, grouped by the value of `key` and sorted by it, as of the last refresh. A trial
    /// with several experiments or tags is in the group of each.
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
                // Lists are stored with line feeds around each item.
                for name in value.split('\n').filter(|name| !name.is_empty() || value.is_empty()) {
                    groups.entry(name.to_owned()).or_insert_with(|| TrialGroup::new(name)).add(&part);
                }
            }
            Ok(groups.into_values().collect())
        })
    }

    /// The number of trials in each state, in the order of [`State::ALL`], as of the last refresh.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn states(&mut self) -> Result<[u64; State::ALL.len()]> {
        self.robustly(|index| {
            let mut counts = [0; State::ALL.len()];
            let mut statement =
                index.connection.prepare_cached("SELECT status, count(*) FROM trial GROUP BY status")?;
            let mut lines = statement.query([])?;
            while let Some(line) = lines.next()? {
                let (state, trials): (State, i64) = (schema::status(line, 0)?, line.get(1)?);
                for (count, _) in counts.iter_mut().zip(State::ALL).filter(|(_, other)| *other == state) {
                    *count = trials.unsigned_abs();
                }
            }
            Ok(counts)
        })
    }

    /// The row of one trial, as of the last refresh; `None` if there is no such trial.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn row(&mut self, id: &TrialId) -> Result<Option<TrialRow>> {
        let sql = format!("SELECT {} FROM trial WHERE number = ?", schema::selection());
        self.robustly(|index| Ok(index.connection.query_row(&sql, [id.number()], schema::row).optional()?))
    }

    /// Performs `action`. If the index fails, rebuilds it and tries again; if it fails again, does so in memory.
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

    /// Switches to another connection, and fills its index.
    fn start_over(&mut self, connection: Connection) -> Result<()> {
        self.connection = connection;
        self.matches = MatchCache::default();
        self.refresh_once(Scope::All).map(drop)
    }
}

/// Opens the index in `file`. Replaces it if it is damaged or of another version.
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
    // No need to wait for the disk: after a power failure the index is rebuilt.
    connection.pragma_update(None, "synchronous", "OFF")?;
    // In KiB; enough for the whole index of 100,000 trials.
    connection.pragma_update(None, "cache_size", -64_000)?;
    // With memory mapping, the first query over all trials need not copy the whole file.
    connection.pragma_update(None, "mmap_size", 1 << 28)?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |line| line.get(0))?;
    match version {
        schema::VERSION => {}
        0 => schema::create(&mut connection)?,
        _ => return Err(rusqlite::Error::InvalidQuery),
    }
    check_after_reboot(&connection)?;
    Ok(connection)
}

/// Checks the whole file if the machine was rebooted since the last check. As nothing waits for the disk, a power failure
/// can damage the file, but nothing else can.
fn check_after_reboot(connection: &Connection) -> rusqlite::Result<()> {
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

/// Whether another process was writing for longer than [`PATIENCE`].
fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Whether another process has deleted or replaced the file.
fn is_moved(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_READONLY_DBMOVED)
}
