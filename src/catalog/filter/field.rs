//! The values of a row that filters and sort orders compare.

use std::borrow::Cow;

use super::key::Key;
use crate::catalog::TrialRow;

/// The value of a key in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field<'a> {
    Text(Cow<'a, str>),
    List(&'a [String]),
    Number(Option<f64>),
    Whole(u64),
    Truth(Option<bool>),
}

impl<'a> Field<'a> {
    /// The value of `key` in `row`.
    pub(super) fn of(row: &'a TrialRow, key: Key) -> Self {
        let text = |text: &'a str| Self::Text(Cow::Borrowed(text));
        match key {
            Key::Id => text(row.id.as_str()),
            Key::Experiment => Self::List(&row.experiments),
            Key::Task => text(&row.task),
            Key::Architecture => Self::Text(row.architecture.to_string().into()),
            Key::Depth => Self::count(row.depth()),
            Key::Width => Self::count(row.width()),
            Key::Seed => Self::Whole(row.seed),
            Key::Status => text(row.status.as_str()),
            Key::Accuracy => Self::number(row.accuracy),
            Key::Density => Self::number(row.density),
            Key::Edges => Self::whole(row.edges),
            Key::HiddenUnits => Self::whole(row.hidden_units),
            Key::PU => Self::number(row.p_u),
            Key::PE => Self::number(row.p_e),
            Key::Rounds => Self::whole(row.rounds),
            Key::WallS => Self::number(row.wall_s),
            Key::CpuS => Self::number(row.cpu_s),
            Key::Modules => Self::whole(row.module_count),
            Key::TrueModules => Self::Truth(row.true_modules),
            Key::LearningRate => Self::number(Some(row.learning_rate)),
            Key::BatchSize => Self::count(row.batch_size),
            Key::Epochs => Self::count(row.epochs),
            Key::Stages => Self::Text(row.stages.to_string().into()),
            Key::Engine => text(row.engine.name()),
            Key::Created => Self::Text(row.created.to_string().into()),
            Key::Tag => Self::List(&row.tags),
            Key::Note => text(&row.note),
        }
    }

    /// A number; missing and undefined numbers are the same.
    fn number(number: Option<f64>) -> Self {
        // Adding 0 turns -0 into 0.
        Self::Number(number.filter(|number| !number.is_nan()).map(|number| number + 0.0))
    }

    /// A count that may be missing, compared as a number.
    #[expect(clippy::cast_precision_loss, reason = "SQLite rounds counts above 2^53 in the same way")]
    fn whole(whole: Option<u64>) -> Self {
        Self::Number(whole.map(|whole| whole as f64))
    }

    /// A count, compared as a number.
    fn count(count: usize) -> Self {
        Self::whole(u64::try_from(count).ok())
    }
}
