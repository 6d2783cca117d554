//! The keys that trials can be filtered and sorted by.

use std::str::FromStr;

use super::error::FilterError;
use super::operator::Op;

/// A property of trials that filters and sort orders can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below describes each key, for users too")]
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
    /// Text, whole or in part.
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
    /// `yes` or `no`; `true` and `false` are accepted too.
    Truth,
    /// The start of a time, such as `2026-11-22`.
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
    entry(Key::Id, "id", &["trial"], Kind::Id, "id", "the start of the trial's id"),
    entry(Key::Experiment, "experiment", &[], Kind::List, "experiments", "an experiment that contains the trial"),
    entry(Key::Task, "task", &[], Kind::Text, "task", "the task's name"),
    entry(Key::Architecture, "arch", &["architecture"], Kind::Architecture, "arch", "layer widths, such as 4,24,4"),
    entry(Key::Depth, "depth", &[], Kind::Number, "depth", "number of hidden layers"),
    entry(Key::Width, "width", &[], Kind::Number, "width", "width of the widest hidden layer"),
    entry(Key::Seed, "seed", &[], Kind::Whole, "seed", "the seed"),
    entry(Key::Status, "status", &["state"], Kind::State, "status", "queued, running, paused, finished, .."),
    entry(Key::Accuracy, "accuracy", &["acc"], Kind::Number, "accuracy", "fraction of right output bits, 0 to 1"),
    entry(Key::Density, "density", &[], Kind::Number, "density", "edges per weight of the dense network, 0 to 1"),
    entry(Key::Edges, "edges", &[], Kind::Number, "edges", "number of edges"),
    entry(Key::HiddenUnits, "units", &["hidden_units"], Kind::Number, "hidden_units", "number of hidden units"),
    entry(Key::PU, "p_u", &[], Kind::Number, "p_u", "first step of the unit walk, percent"),
    entry(Key::PE, "p_e", &[], Kind::Number, "p_e", "first step of the edge walk, percent"),
    entry(Key::Rounds, "rounds", &[], Kind::Number, "rounds", "number of rounds trained"),
    entry(Key::WallS, "wall_s", &["time"], Kind::Number, "wall_s", "time taken, seconds"),
    entry(Key::CpuS, "cpu_s", &["cpu"], Kind::Number, "cpu_s", "CPU time, seconds"),
    entry(Key::Modules, "modules", &["module_count"], Kind::Number, "module_count", "number of modules"),
    entry(
        Key::TrueModules,
        "true_modules",
        &["success"],
        Kind::Truth,
        "success",
        "yes if the trial finds the true modules, or no",
    ),
    entry(Key::LearningRate, "lr", &["learning_rate"], Kind::Number, "learning_rate", "learning rate"),
    entry(Key::BatchSize, "batch_size", &["batch"], Kind::Number, "batch_size", "rows per batch"),
    entry(Key::Epochs, "epochs", &[], Kind::Number, "epochs", "epochs per round"),
    entry(Key::Stages, "stages", &["stage"], Kind::Stages, "stages", "dense, unit, edge or unit+edge"),
    entry(Key::Engine, "engine", &[], Kind::Engine, "engine", "the engine that computes the rounds"),
    entry(Key::Created, "created", &[], Kind::Time, "created", "when it was created (UTC), such as 2026-11-22"),
    entry(Key::Tag, "tag", &["tags"], Kind::List, "tags", "one of its tags"),
    entry(Key::Note, "note", &[], Kind::Text, "note", "its note"),
];

impl Key {
    /// All keys, in display order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.key)
    }

    fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// The key's name in filters and sort orders.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What the key means, in a few words for help texts.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.entry().meaning
    }

    pub(super) fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The key's column in the index.
    pub(in crate::catalog) fn column(self) -> &'static str {
        self.entry().column
    }

    /// Whether only as many characters are compared as the value has.
    pub(super) fn by_prefix(self) -> bool {
        matches!(self.kind(), Kind::Id | Kind::Time)
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        let named = |entry: &&Entry| entry.name == name || entry.other_names.contains(&name);
        TABLE.iter().find(named).map(|entry| entry.key)
    }

    /// The error that there is no key `name`, at character `at`.
    pub(super) fn unknown(name: &str, at: usize) -> FilterError {
        let names = TABLE.map(|entry| entry.name).join(", ");
        FilterError { at, message: format!("there is no key `{name}`; the keys are {names}") }
    }
}

impl FromStr for Key {
    type Err = FilterError;

    fn from_str(name: &str) -> Result<Self, FilterError> {
        Self::find(name).ok_or_else(|| Self::unknown(name, 1))
    }
}

impl Kind {
    /// The operators that apply.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_keys_and_names_are_unique() {
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
