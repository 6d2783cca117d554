//! The columns of the list of trials, which are also what it can be sorted by.

/// A column of the list of trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Glyph and word of the state.
    Status,
    /// Name of the task.
    Task,
    /// Layer widths.
    Arch,
    /// Seed.
    Seed,
    /// Accuracy, 0 to 1.
    Accuracy,
    /// Edges over weights of the dense network.
    Density,
    /// Edges left.
    Edges,
    /// Hidden units left.
    Units,
    /// Modules found.
    Modules,
    /// Was the known hierarchy found?
    TrueModules,
    /// Rounds trained.
    Rounds,
    /// Seconds on the clock.
    Time,
    /// The user's tags.
    Tags,
    /// The experiments it belongs to.
    Experiment,
    /// The start of the id.
    Id,
}

impl Column {
    /// All columns, from left to right.
    pub const ALL: [Self; 15] = [
        Self::Status,
        Self::Task,
        Self::Arch,
        Self::Seed,
        Self::Accuracy,
        Self::Density,
        Self::Edges,
        Self::Units,
        Self::Modules,
        Self::TrueModules,
        Self::Rounds,
        Self::Time,
        Self::Tags,
        Self::Experiment,
        Self::Id,
    ];

    /// The heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Task => "task",
            Self::Arch => "arch",
            Self::Seed => "seed",
            Self::Accuracy => "accuracy",
            Self::Density => "density",
            Self::Edges => "edges",
            Self::Units => "units",
            Self::Modules => "modules",
            Self::TrueModules => "success",
            Self::Rounds => "rounds",
            Self::Time => "time",
            Self::Tags => "tags",
            Self::Experiment => "experiment",
            Self::Id => "id",
        }
    }
}

/// What trials are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// Their task.
    Task,
    /// Their state.
    State,
    /// The experiments they belong to.
    Experiment,
}

impl Grouping {
    /// All of them, in the order in which one key goes through them.
    pub const ALL: [Self; 3] = [Self::Task, Self::State, Self::Experiment];

    /// The name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::State => "state",
            Self::Experiment => "experiment",
        }
    }

    /// The one after `current`, none after the last.
    #[must_use]
    pub fn after(current: Option<Self>) -> Option<Self> {
        match current {
            None => Some(Self::Task),
            Some(Self::Task) => Some(Self::State),
            Some(Self::State) => Some(Self::Experiment),
            Some(Self::Experiment) => None,
        }
    }
}

/// The order of the list of trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// Those that run, then the latest first, and those that wait last.
    #[default]
    Latest,
    /// By a column.
    By {
        /// The column.
        column: Column,
        /// From the greatest to the least?
        descending: bool,
    },
}

impl Sort {
    /// The order after asking for `column`: ascending, then descending, then the latest first again.
    #[must_use]
    pub fn toggled(self, column: Column) -> Self {
        match self {
            Self::By { column: current, descending: false } if current == column => {
                Self::By { column, descending: true }
            }
            Self::By { column: current, descending: true } if current == column => Self::Latest,
            _ => Self::By { column, descending: false },
        }
    }
}
