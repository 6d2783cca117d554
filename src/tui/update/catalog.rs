//! Keys of the catalog.

use crate::catalog::TrialId;
use crate::tui::command::Command;
use crate::tui::keys::Action;
use crate::tui::snapshot::{Query, Snapshot};
use crate::tui::state::{List, Message, Overlay, Prompt, Purpose, Screen, UiState};
use crate::tui::view;
use crate::tui::{
    input::TextInput,
    sort::{Column, Grouping},
};

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    let height = view::catalog::rows(view::body(ui.size));
    if let Some(lines) = super::lines(action, height) {
        move_by(ui, snapshot, lines);
        return Vec::new();
    }
    match action {
        Action::Open => open(ui, snapshot),
        Action::Left => step_column(ui, -1),
        Action::Right => step_column(ui, 1),
        Action::Sort => sort(ui),
        Action::Filter => {
            let text = TextInput::new(&ui.catalog.filter);
            ui.overlay = Some(Overlay::Prompt(Prompt { purpose: Purpose::Filter, text, problem: None }));
        }
        Action::Group => {
            ui.catalog.group = Grouping::after(ui.catalog.group);
            ui.catalog.within = None;
            to_top(ui);
        }
        Action::Experiments => ui.overlay = Some(Overlay::Experiments(List::default())),
        Action::Back => show_all(ui),
        _ => {}
    }
    Vec::new()
}

/// Moves the cursor of the list, here or from the opened trial.
pub(super) fn move_by(ui: &mut UiState, snapshot: &Snapshot, lines: i64) {
    ui.catalog.list.move_by(lines, snapshot.page.total);
    ui.catalog.selected = snapshot.page.row(ui.catalog.list.cursor).map(|row| row.id.clone());
}

fn open(ui: &mut UiState, snapshot: &Snapshot) {
    if let Some(grouping) = ui.catalog.group {
        let index = usize::try_from(ui.catalog.list.cursor).unwrap_or(usize::MAX);
        let group = snapshot.page.groups.get(index).filter(|_| same_list(ui, snapshot));
        if let Some(group) = group {
            ui.catalog.within = Some((grouping, group.name.clone()));
            ui.catalog.group = None;
            to_top(ui);
        }
        return;
    }
    match snapshot.page.row(ui.catalog.list.cursor) {
        Some(row) => super::trial::open(ui, row.id.clone(), Screen::Catalog),
        None => ui.message = Some(Message::note("no trial here; press esc to show all trials")),
    }
}

fn step_column(ui: &mut UiState, step: isize) {
    let columns = view::catalog::columns(ui.size.0);
    let index = columns.iter().position(|&column| column == ui.catalog.column).unwrap_or(0);
    let index = index.saturating_add_signed(step).min(columns.len().saturating_sub(1));
    ui.catalog.column = columns.get(index).copied().unwrap_or(Column::Status);
}

fn sort(ui: &mut UiState) {
    ui.catalog.sort = ui.catalog.sort.toggled(ui.catalog.column);
    to_top(ui);
}

fn show_all(ui: &mut UiState) {
    if let Some((grouping, _)) = ui.catalog.within.take() {
        ui.catalog.group = Some(grouping);
        to_top(ui);
    } else if ui.catalog.group.take().is_some() {
        to_top(ui);
    } else if ui.catalog.filter.is_empty() && ui.catalog.experiment.is_none() {
        ui.message = Some(Message::note("already at the first screen; press q to quit"));
    } else {
        ui.catalog.filter.clear();
        ui.catalog.experiment = None;
        to_top(ui);
    }
}

/// Moves the cursor to the first trial, for a list that has changed.
pub(super) fn to_top(ui: &mut UiState) {
    ui.catalog.list = List::default();
    ui.catalog.selected = None;
}

/// Keeps the cursor on its trial when the list changes.
pub(super) fn settle(ui: &mut UiState, snapshot: &Snapshot, height: u64) {
    let page = &snapshot.page;
    if !same_list(ui, snapshot) {
        return;
    }
    if let Some(index) = ui.catalog.selected.as_ref().and_then(|id| page.index_of(id)) {
        ui.catalog.list.cursor = index;
    }
    ui.catalog.list.settle(page.total, height);
    // At the top, the cursor stays at the top, even if new trials appear there.
    let row = page.row(ui.catalog.list.cursor).filter(|_| ui.catalog.list.cursor > 0);
    ui.catalog.selected = row.map(|row| row.id.clone()).or_else(|| kept(ui));
    if !view::catalog::columns(ui.size.0).contains(&ui.catalog.column) {
        ui.catalog.column = Column::Status;
    }
}

/// The trial under the cursor if its page has not arrived yet.
fn kept(ui: &UiState) -> Option<TrialId> {
    ui.catalog.selected.clone().filter(|_| ui.catalog.list.cursor > 0)
}

/// Is the snapshot's page, whichever it is, from the list that is shown?
fn same_list(ui: &UiState, snapshot: &Snapshot) -> bool {
    let asked = ui.query();
    let shown = &snapshot.page.query;
    *shown == Query { offset: shown.offset, limit: shown.limit, ..asked }
}
