//! The filter grammar of the catalog, as the dashboard asks for it.

use super::snapshot::Query;
use super::sort::Column;
use crate::catalog::{Filter, Key};

/// Is `text` a filter? An empty one lets all trials through.
///
/// # Errors
/// What is wrong with it, with the remedy.
pub fn check(text: &str) -> Result<(), String> {
    text.parse::<Filter>().map(drop).map_err(|error| error.to_string())
}

/// The filter that `query` asks for: what was typed, the experiment, and `more`.
///
/// # Errors
/// What is wrong with what was typed.
pub fn of(query: &Query, more: &str) -> Result<Filter, String> {
    let experiment = query.experiment.as_ref().map_or_else(String::new, |name| format!("experiment=\"{name}\""));
    format!("{experiment} {more} {}", query.filter).parse::<Filter>().map_err(|error| error.to_string())
}

/// What a column is called in the catalog.
#[must_use]
pub fn key(column: Column) -> Key {
    match column {
        Column::Status => Key::Status,
        Column::Task => Key::Task,
        Column::Arch => Key::Architecture,
        Column::Seed => Key::Seed,
        Column::Accuracy => Key::Accuracy,
        Column::Density => Key::Density,
        Column::Edges => Key::Edges,
        Column::Units => Key::HiddenUnits,
        Column::Modules => Key::Modules,
        Column::Success => Key::Success,
        Column::Rounds => Key::Rounds,
        Column::Time => Key::WallS,
        Column::Experiment => Key::Experiment,
        Column::Id => Key::Id,
    }
}
