//! The catalog's filters, from what the dashboard shows.

use super::snapshot::Query;
use super::sort::{Column, Grouping};
use crate::catalog::{Filter, Key};

/// Checks that `text` is a filter; an empty one matches all trials.
///
/// # Errors
/// What is wrong with it, with the remedy.
pub fn check(text: &str) -> Result<(), String> {
    text.parse::<Filter>().map(drop).map_err(|error| error.to_string())
}

/// The filter of `query`: what was typed, the experiment, the group, and `more`.
///
/// # Errors
/// What is wrong with what was typed.
pub fn of(query: &Query, more: &str) -> Result<Filter, String> {
    let experiment = query.experiment.as_ref().map_or_else(String::new, |name| format!("experiment=\"{name}\""));
    let within = match &query.within {
        Some((_, name)) if name.contains('"') => {
            return Err(format!("cannot filter by `{name}`: it contains a quote"));
        }
        Some((_, name)) if name.is_empty() => String::new(),
        Some((grouping, name)) => format!("{}=\"{name}\"", group_key(*grouping).name()),
        None => String::new(),
    };
    format!("{experiment} {within} {more} {}", query.filter).parse::<Filter>().map_err(|error| error.to_string())
}

/// The catalog's key for a grouping.
#[must_use]
pub fn group_key(grouping: Grouping) -> Key {
    match grouping {
        Grouping::Task => Key::Task,
        Grouping::State => Key::Status,
        Grouping::Experiment => Key::Experiment,
    }
}

/// The catalog's key for a column.
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
        Column::TrueModules => Key::TrueModules,
        Column::Rounds => Key::Rounds,
        Column::Time => Key::WallS,
        Column::Tags => Key::Tag,
        Column::Experiment => Key::Experiment,
        Column::Id => Key::Id,
    }
}
