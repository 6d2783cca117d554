//! What can be filtered and sorted by.

use std::borrow::Cow;
use std::str::FromStr;

use super::{FilterError, Op};

/// A property of trials, as it is called in filters and sort orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described in the table below, which the user reads too")]
pub enum Key {
    Id,
    Experiment,
    Task,
    Architecture,
    Depth,
    Width,
    Seed,
    Status,
    Accuracy,
    Density,
    Edges,
    HiddenUnits,
    PU,
    PE,
    Rounds,
    WallS,
    CpuS,
    Modules,
    TrueModules,
    LearningRate,
    BatchSize,
    Epochs,
    Stages,
    Engine,
    Created,
    Tag,
    Note,
}

/// How the values of a key are written and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The start of an id.
    Id,
    /// Text, the whole of it or a part.
    Text,
    /// One of several texts.
    List,
    /// Layer widths.
    Architecture,
    /// A state.
    State,
    /// Stages.
    Stages,
    /// An engine.
    Engine,
    /// A number.
    Number,
    /// A whole number of up to 64 bits.
    Whole,
    /// `true` or `false`.
    Truth,
    /// The start of a time, as in `2026-11-22`.
    Time,
}

struct Entry {
    key: Key,
    name: &'static str,
    other_names: &'static [&'static str],
    kind: Kind,
    column: &'static str,
    meaning: &'static str,
}

const fn entry(
    key: Key,
    name: &'static str,
    other_names: &'static [&'static str],
    kind: Kind,
    column: &'static str,
    meaning: &'static str,
) -> Entry {
    Entry { key, name, other_names, kind, column, meaning }
}

/// All keys, in the order of [`Key`]: name, other names, kind, column of the index, meaning.
const TABLE: [Entry; 27] = [
    entry(Key::Id, "id", &["trial"], Kind::Id, "id", "start of the trial's id"),
    entry(Key::Experiment, "experiment", &[], Kind::List, "experiments", "an experiment that it belongs to"),
    entry(Key::Task, "task", &[], Kind::Text, "task", "name of the task"),
    entry(Key::Architecture, "arch", &["architecture"], Kind::Architecture, "arch", "layer widths, as in 4,24,4"),
    entry(Key::Depth, "depth", &[], Kind::Number, "depth", "number of hidden layers"),
    entry(Key::Width, "width", &[], Kind::Number, "width", "width of the widest hidden layer"),
    entry(Key::Seed, "seed", &[], Kind::Whole, "seed", "the seed"),
    entry(Key::Status, "status", &["state"], Kind::State, "status", "queued, running, paused, finished, .."),
    entry(Key::Accuracy, "accuracy", &["acc"], Kind::Number, "accuracy", "fraction of output bits right, 0 to 1"),
    entry(Key::Density, "density", &[], Kind::Number, "density", "edges over weights of the dense network, 0 to 1"),
    entry(Key::Edges, "edges", &[], Kind::Number, "edges", "edges left"),
    entry(Key::HiddenUnits, "units", &["hidden_units"], Kind::Number, "hidden_units", "hidden units left"),
    entry(Key::PU, "p_u", &[], Kind::Number, "p_u", "step of the unit walk, percent"),
    entry(Key::PE, "p_e", &[], Kind::Number, "p_e", "step of the edge walk, percent"),
    entry(Key::Rounds, "rounds", &[], Kind::Number, "rounds", "rounds trained"),
    entry(Key::WallS, "wall_s", &["time"], Kind::Number, "wall_s", "seconds on the clock"),
    entry(Key::CpuS, "cpu_s", &["cpu"], Kind::Number, "cpu_s", "seconds of processor time"),
    entry(Key::Modules, "modules", &["module_count"], Kind::Number, "module_count", "number of modules"),
    entry(Key::TrueModules, "success", &[], Kind::Truth, "success", "was the known hierarchy found?"),
    entry(Key::LearningRate, "lr", &["learning_rate"], Kind::Number, "learning_rate", "step size of Adam"),
    entry(Key::BatchSize, "batch_size", &["batch"], Kind::Number, "batch_size", "rows a batch"),
    entry(Key::Epochs, "epochs", &[], Kind::Number, "epochs", "epochs a round"),
    entry(Key::Stages, "stages", &["stage"], Kind::Stages, "stages", "dense, unit, edge or unit+edge"),
    entry(Key::Engine, "engine", &[], Kind::Engine, "engine", "what computes the rounds"),
    entry(Key::Created, "created", &[], Kind::Time, "created", "when it was made, UTC, as in 2026-11-22"),
    entry(Key::Tag, "tag", &["tags"], Kind::List, "tags", "a tag that it has"),
    entry(Key::Note, "note", &[], Kind::Text, "note", "its note"),
];

impl Key {
    /// All keys, in the order in which they are listed to the user.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.key)
    }

    fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// The name in filters and sort orders.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What it is, in a few words for help texts.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.entry().meaning
    }

    pub(super) fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The column of the index.
    pub(in crate::catalog) fn column(self) -> &'static str {
        self.entry().column
    }

    /// Is it compared only as far as the value is written?
    pub(super) fn by_prefix(self) -> bool {
        matches!(self.kind(), Kind::Id | Kind::Time)
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        let named = |entry: &&Entry| entry.name == name || entry.other_names.contains(&name);
        TABLE.iter().find(named).map(|entry| entry.key)
    }

    pub(super) fn names() -> String {
        TABLE.map(|entry| entry.name).join(", ")
    }
}

impl FromStr for Key {
    type Err = FilterError;

    fn from_str(name: &str) -> Result<Self, FilterError> {
        Self::find(name).ok_or_else(|| FilterError::unknown_key(name, 1))
    }
}

impl Kind {
    /// The operators that make sense.
    pub(super) fn operators(self) -> &'static [Op] {
        match self {
            Self::Text | Self::List | Self::Architecture => &[Op::Equal, Op::Unequal, Op::Contains],
            Self::Id | Self::State | Self::Stages | Self::Engine | Self::Truth => &[Op::Equal, Op::Unequal],
            Self::Number | Self::Whole | Self::Time => {
                &[Op::Equal, Op::Unequal, Op::Less, Op::AtMost, Op::Greater, Op::AtLeast]
            }
        }
    }
}

/// What a key is in a row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::catalog) enum Field<'a> {
    Text(Cow<'a, str>),
    List(&'a [String]),
    Number(Option<f64>),
    Whole(u64),
    Truth(Option<bool>),
}

impl Field<'_> {
    /// A number that may be missing or undefined, which is the same.
    pub fn number(number: Option<f64>) -> Self {
        // Adding 0 turns -0 into 0.
        Self::Number(number.filter(|number| !number.is_nan()).map(|number| number + 0.0))
    }

    /// A count that may be missing; compared as a number.
    #[expect(clippy::cast_precision_loss, reason = "SQLite rounds counts above 2^53 in the same way")]
    pub fn whole(whole: Option<u64>) -> Self {
        Self::Number(whole.map(|whole| whole as f64))
    }

    /// A count; compared as a number.
    pub fn count(count: usize) -> Self {
        Self::whole(u64::try_from(count).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_keys_and_no_name_means_two() {
        let mut names = Vec::new();
        for (index, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.key as usize, index, "{}", entry.name);
            names.push(entry.name);
            names.extend(entry.other_names);
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
