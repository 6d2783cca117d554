//! The trial that keys act on.

use super::snapshot::Snapshot;
use super::state::{Screen, UiState};
use crate::catalog::{State, TrialId};

/// The trial under the cursor, or the opened trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetTrial {
    /// The trial's id.
    pub id: TrialId,
    /// The trial's state.
    pub state: State,
    /// Task and seed.
    pub name: String,
}

impl TargetTrial {
    /// The trial that keys on the current screen act on, if any.
    #[must_use]
    pub fn new(ui: &UiState, snapshot: &Snapshot) -> Option<Self> {
        let row = match ui.screen {
            Screen::Launch | Screen::Compare | Screen::Report => return None,
            Screen::Trial => ui.opened(snapshot)?.row(),
            Screen::Monitor => {
                let selected = ui.monitor.selected.as_ref()?;
                &snapshot.live.iter().find(|live| live.row.id == *selected)?.row
            }
            Screen::Catalog => snapshot.page.row(ui.catalog.list.cursor)?,
        };
        Some(Self { id: row.id.clone(), state: row.status, name: format!("{}, seed {}", row.task, row.seed) })
    }

    /// Is the trial running or queued, so that it can be paused?
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        matches!(self.state, State::Running | State::Queued)
    }
}
