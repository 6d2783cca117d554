//! The columns of the list of trials, and its order.

/// A column of the list of trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The state, as a glyph and a word.
    Status,
    /// The task's name.
    Task,
    /// Layer widths.
    Arch,
    /// The seed.
    Seed,
    /// Accuracy, 0 to 1.
    Accuracy,
    /// Density, 0 to 1.
    Density,
    /// Edges of the best network.
    Edges,
    /// Hidden units of the best network.
    Units,
    /// Number of modules.
    Modules,
    /// Were the true modules found?
    TrueModules,
    /// Rounds trained.
    Rounds,
    /// Wall-clock time.
    Time,
    /// The user's tags.
    Tags,
    /// The trial's experiments.
    Experiment,
    /// The first eight digits of the id.
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

    /// The column's heading.
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
            Self::TrueModules => "true",
            Self::Rounds => "rounds",
            Self::Time => "time",
            Self::Tags => "tags",
            Self::Experiment => "experiment",
            Self::Id => "id",
        }
    }
}

/// What trials are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// Their task.
    Task,
    /// Their state.
    State,
    /// Their experiments.
    Experiment,
}

impl Grouping {
    /// All groupings, in the order in which the key cycles through them.
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

    /// The grouping after `current`; `None` after the last.
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
    /// Running trials, then the others from newest to oldest, queued trials last.
    #[default]
    Latest,
    /// By a column.
    By {
        /// The column.
        column: Column,
        /// From highest to lowest?
        descending: bool,
    },
}

impl Sort {
    /// The order after the sort key is pressed on `column`: ascending, then descending, then [`Sort::Latest`].
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
