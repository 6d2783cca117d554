//! Keys of the comparison.

use ratatui::layout::Rect;

use crate::tui::command::Command;
use crate::tui::keys::Action;
use crate::tui::snapshot::Snapshot;
use crate::tui::state::{Screen, UiState};
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, action: Action) -> Vec<Command> {
    if let Some(lines) = super::lines(action, view::compare::rows(view::body(ui.size))) {
        ui.compare.scroll = ui.compare.scroll.saturating_add_signed(lines);
    } else if action == Action::Back {
        super::go(ui, Screen::Catalog);
    }
    Vec::new()
}

/// Keeps the text visible.
pub(super) fn settle(ui: &mut UiState, snapshot: &Snapshot, body: Rect) {
    if ui.screen == Screen::Compare && ui.compare.scroll > 0 {
        let total = view::compare::length(snapshot, ui, body);
        ui.compare.scroll = ui.compare.scroll.min(total.saturating_sub(view::compare::rows(body)));
    }
}
