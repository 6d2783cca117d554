//! The tables of the index, and the conversion between their lines and [`TrialRow`].

use rusqlite::types::{FromSql, Type, Value};
use rusqlite::{Connection, Row, params_from_iter};

use super::group::TrialGroup;
use crate::catalog::filter::{joined, ordered, unordered};
use crate::catalog::{State, TrialId, TrialRow, Utc};

/// The version of the tables. An index of another version is rebuilt.
pub(super) const VERSION: i32 = 2;

/// The columns of a [`TrialRow`] with their types, in the order of [`values`] and [`row`]. Depth and width follow from the
/// architecture; they are columns so that they can be filtered and sorted by.
const COLUMNS: [(&str, &str); 27] = [
    ("id", "TEXT NOT NULL"),
    ("experiments", "TEXT NOT NULL"),
    ("task", "TEXT NOT NULL"),
    ("arch", "TEXT NOT NULL"),
    ("depth", "INTEGER NOT NULL"),
    ("width", "INTEGER NOT NULL"),
    ("seed", "INTEGER NOT NULL"),
    ("status", "TEXT NOT NULL"),
    ("accuracy", "REAL"),
    ("density", "REAL"),
    ("edges", "INTEGER"),
    ("hidden_units", "INTEGER"),
    ("p_u", "REAL"),
    ("p_e", "REAL"),
    ("rounds", "INTEGER"),
    ("wall_s", "REAL"),
    ("cpu_s", "REAL"),
    ("module_count", "INTEGER"),
    ("success", "INTEGER"),
    ("learning_rate", "REAL NOT NULL"),
    ("batch_size", "INTEGER NOT NULL"),
    ("epochs", "INTEGER NOT NULL"),
    ("stages", "TEXT NOT NULL"),
    ("engine", "TEXT NOT NULL"),
    ("created", "TEXT NOT NULL"),
    ("tags", "TEXT NOT NULL"),
    ("note", "TEXT NOT NULL"),
];

/// The columns by which lists can be sorted. Each has an index that sorts trials with the same value by creation time and
/// id.
const SORTED: [&str; 15] = [
    "at",
    "status",
    "task",
    "arch",
    "seed",
    "accuracy",
    "density",
    "edges",
    "hidden_units",
    "module_count",
    "success",
    "rounds",
    "wall_s",
    "experiments",
    "tags",
];

/// What the index needs to know, besides the row, to tell whether a trial has changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fingerprint {
    /// When the folder last changed, in nanoseconds since 1970; [`UNSETTLED`] if it must be read again.
    pub mtime: i64,
    /// The evidence that the state was derived from, as JSON.
    pub evidence: String,
}

/// A time that no folder has, so that the trial is read again.
pub(super) const UNSETTLED: i64 = i64::MIN;

/// Creates the tables that do not exist.
pub(super) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let columns: Vec<String> = COLUMNS.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS trial (number INTEGER PRIMARY KEY NOT NULL, {}, at INTEGER NOT NULL);
         CREATE TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY NOT NULL, mtime INTEGER NOT NULL, \
         evidence TEXT NOT NULL);
         {}
         CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
         PRAGMA user_version = {VERSION};",
        columns.join(", "),
        SORTED
            .map(|column| format!("CREATE INDEX IF NOT EXISTS by_{column} ON trial ({});", sorted(column)))
            .join("\n")
    ))?;
    transaction.commit()
}

fn sorted(column: &str) -> String {
    // SQLite appends the number to every index.
    if column == "at" { column.to_owned() } else { format!("{column}, at") }
}

/// The statement that writes a row. Its parameters come from [`parameters`].
pub(super) fn insert() -> String {
    format!("INSERT OR REPLACE INTO trial VALUES ({})", vec!["?"; COLUMNS.len() + 2].join(", "))
}

/// The parameters of [`insert`].
pub(super) fn parameters(row: &TrialRow) -> impl rusqlite::Params + use<> {
    let number = [Value::Integer(row.id.number())];
    params_from_iter(number.into_iter().chain(values(row)).chain([Value::Integer(row.created.millisecond())]))
}

/// The statement that writes a [`Fingerprint`]. Its parameters are number, time and evidence.
pub(super) const INSERT_FINGERPRINT: &str = "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)";

/// The columns to select for [`row`], in its order.
pub(super) fn selection() -> String {
    COLUMNS.map(|(name, _)| name).join(", ")
}

fn values(row: &TrialRow) -> [Value; COLUMNS.len()] {
    let text = |text: &str| Value::Text(text.to_owned());
    let real = |real: Option<f64>| real.map_or(Value::Null, Value::Real);
    let count = |count: Option<u64>| count.map_or(Value::Null, integer);
    let size = |size: usize| integer(u64::try_from(size).unwrap_or(u64::MAX));
    [
        text(row.id.as_str()),
        Value::Text(joined(&row.experiments)),
        text(&row.task),
        Value::Text(row.architecture.to_string()),
        size(row.depth()),
        size(row.width()),
        Value::Integer(ordered(row.seed)),
        text(row.status.as_str()),
        real(row.accuracy),
        real(row.density),
        count(row.edges),
        count(row.hidden_units),
        real(row.p_u),
        real(row.p_e),
        count(row.rounds),
        real(row.wall_s),
        real(row.cpu_s),
        count(row.module_count),
        row.true_modules.map_or(Value::Null, |found| Value::Integer(found.into())),
        Value::Real(row.learning_rate),
        size(row.batch_size),
        size(row.epochs),
        Value::Text(row.stages.to_string()),
        text(row.engine.name()),
        Value::Text(row.created.to_string()),
        Value::Text(joined(&row.tags)),
        text(&row.note),
    ]
}

/// A count as an integer of SQLite, which is signed; counts never get so large that they are clipped.
fn integer(whole: u64) -> Value {
    Value::Integer(i64::try_from(whole).unwrap_or(i64::MAX))
}

/// Converts a line of the table to a row.
///
/// # Errors
/// A value is not one that [`values`] wrote: the file is damaged.
pub(super) fn row(line: &Row<'_>) -> rusqlite::Result<TrialRow> {
    Ok(TrialRow {
        id: parsed(line, 0)?,
        experiments: list(line, 1)?,
        task: line.get(2)?,
        architecture: parsed(line, 3)?,
        seed: unordered(line.get(6)?),
        status: parsed(line, 7)?,
        accuracy: line.get(8)?,
        density: line.get(9)?,
        edges: count(line, 10)?,
        hidden_units: count(line, 11)?,
        p_u: line.get(12)?,
        p_e: line.get(13)?,
        rounds: count(line, 14)?,
        wall_s: line.get(15)?,
        cpu_s: line.get(16)?,
        module_count: count(line, 17)?,
        true_modules: line.get(18)?,
        learning_rate: line.get(19)?,
        batch_size: size(line, 20)?,
        epochs: size(line, 21)?,
        stages: parsed(line, 22)?,
        engine: parsed(line, 23)?,
        created: Utc::try_from(line.get::<_, String>(24)?).map_err(|error| damaged(24, error))?,
        tags: list(line, 25)?,
        note: line.get(26)?,
    })
}

/// Converts a line of [`Index::groups`](super::Index::groups)' query, which counts a group's trials in one state, to the
/// group's value and the counts.
pub(super) fn group(line: &Row<'_>) -> rusqlite::Result<(String, TrialGroup)> {
    let state = status(line, 1)?;
    let value = match line.get_ref(0)? {
        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        _ => line.get::<_, Value>(0).map(|value| shown(&value))?,
    };
    let mut group = TrialGroup { least_density: line.get(5)?, ..TrialGroup::default() };
    let trials: i64 = line.get(2)?;
    for (count, other) in group.states.iter_mut().zip(State::ALL) {
        *count = if other == state { trials.unsigned_abs() } else { 0 };
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "totals of counts")]
    let whole = |index| line.get::<_, f64>(index).map(|total| total as u64);
    (group.successes, group.judged) = (whole(3)?, whole(4)?);
    Ok((value, group))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The id in column `index`.
pub(super) fn id(line: &Row<'_>, index: usize) -> rusqlite::Result<TrialId> {
    parsed(line, index)
}

/// The state in column `index`.
pub(super) fn status(line: &Row<'_>, index: usize) -> rusqlite::Result<State> {
    parsed(line, index)
}

fn parsed<T>(line: &Row<'_>, index: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    line.get::<_, String>(index)?.parse().map_err(|error| damaged(index, error))
}

fn list(line: &Row<'_>, index: usize) -> rusqlite::Result<Vec<String>> {
    Ok(line.get::<_, String>(index)?.split('\n').filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

fn count(line: &Row<'_>, index: usize) -> rusqlite::Result<Option<u64>> {
    line.get::<_, Option<i64>>(index)?.map(|count| whole(index, count)).transpose()
}

fn size(line: &Row<'_>, index: usize) -> rusqlite::Result<usize> {
    whole(index, line.get(index)?)
}

fn whole<T: TryFrom<i64>>(index: usize, number: i64) -> rusqlite::Result<T> {
    T::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, number))
}

fn damaged(index: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}

/// A stored fact about the whole index; `None` if there is none for `key`.
pub(super) fn fact<T: FromSql>(connection: &Connection, key: &str) -> rusqlite::Result<Option<T>> {
    use rusqlite::OptionalExtension;
    connection.query_row("SELECT value FROM about WHERE key = ?", [key], |line| line.get(0)).optional()
}

/// Stores a fact about the whole index.
pub(super) fn note_fact(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", [key, value]).map(drop)
}
