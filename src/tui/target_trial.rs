//! The trial that keys act on.

use super::snapshot::Snapshot;
use super::state::{Screen, UiState};
use crate::catalog::{State, TrialId};

/// The trial under the cursor, or the open trial.
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
            Screen::Monitor => {
                let live = snapshot.live.iter().find(|live| Some(&live.id) == ui.monitor.selected.as_ref())?;
                return Some(Self { id: live.id.clone(), state: live.state, name: name(&live.task, live.seed) });
            }
            Screen::Trial => {
                &snapshot.opened.as_ref().filter(|detail| Some(&detail.row.id) == ui.trial.id.as_ref())?.row
            }
            Screen::Catalog => snapshot.page.row(ui.catalog.list.cursor)?,
        };
        Some(Self { id: row.id.clone(), state: row.state, name: name(&row.task, row.seed) })
    }

    /// Is the trial running or queued, so that it can be paused?
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        matches!(self.state, State::Running | State::Queued)
    }
}

fn name(task: &str, seed: u64) -> String {
    format!("{task}, seed {seed}")
}
