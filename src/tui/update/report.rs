//! Keys of the report, and the key that opens one.

use ratatui::layout::Rect;

use crate::tui::command::Command;
use crate::tui::keys::Action;
use crate::tui::snapshot::Snapshot;
use crate::tui::sort::Grouping;
use crate::tui::state::{Message, Overlay, Screen, UiState};
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, action: Action) -> Vec<Command> {
    if let Some(lines) = super::lines(action, view::report::rows(view::body(ui.size))) {
        ui.report.scroll = ui.report.scroll.saturating_add_signed(lines);
    } else if action == Action::Back {
        super::go(ui, Screen::Catalog);
    }
    Vec::new()
}

/// Opens the report of the experiment that the key refers to.
pub(super) fn open(ui: &mut UiState, snapshot: &Snapshot) {
    match target(ui, snapshot) {
        Some(experiment) => {
            ui.overlay = None;
            ui.report.request(experiment);
            super::go(ui, Screen::Report);
        }
        None => ui.message = Some(Message::note("no experiment selected; press e for the list, then r on one of them")),
    }
}

/// The experiment under the cursor, the one whose trials are shown, or the first experiment of the trial under the
/// cursor.
fn target(ui: &UiState, snapshot: &Snapshot) -> Option<String> {
    if let Some(Overlay::Experiments(list)) = &ui.overlay {
        let index = usize::try_from(list.cursor.checked_sub(1)?).ok()?;
        return snapshot.experiments.get(index).map(|experiment| experiment.name.clone());
    }
    if ui.screen == Screen::Report {
        return ui.report.request.as_ref().map(|request| request.experiment.clone());
    }
    let catalog = &ui.catalog;
    if let Some(experiment) = &catalog.experiment {
        return Some(experiment.clone());
    }
    if let Some((Grouping::Experiment, name)) = &catalog.within {
        return Some(name.clone());
    }
    if catalog.group == Some(Grouping::Experiment) {
        let index = usize::try_from(catalog.list.cursor).ok()?;
        return snapshot.page.groups.get(index).map(|group| group.name.clone());
    }
    snapshot.page.row(catalog.list.cursor)?.experiments.first().cloned()
}

/// Keeps the text visible.
pub(super) fn settle(ui: &mut UiState, snapshot: &Snapshot, body: Rect) {
    if ui.screen == Screen::Report && ui.report.scroll > 0 {
        let total = view::report::length(snapshot, ui, body);
        ui.report.scroll = ui.report.scroll.min(total.saturating_sub(view::report::rows(body)));
    }
}
