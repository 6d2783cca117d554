//! Keys of the opened trial.

use ratatui::layout::Rect;

use crate::catalog::TrialId;
use crate::tui::command::Command;
use crate::tui::keys::Action;
use crate::tui::snapshot::{Snapshot, steps};
use crate::tui::state::{Message, Screen, Tab, TrialUi, UiState};
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    let height = view::trial::rows(view::body(ui.size));
    if let Some(lines) = super::lines(action, height) {
        ui.trial.scroll = ui.trial.scroll.saturating_add_signed(lines);
        return Vec::new();
    }
    match action {
        Action::Left => step_tab(ui, -1),
        Action::Right => step_tab(ui, 1),
        Action::StepBack | Action::StepForward | Action::FirstStep | Action::LastStep => step(ui, snapshot, action),
        Action::NextWalk => next_walk(ui, snapshot),
        Action::NextTrial => step_trial(ui, snapshot, 1),
        Action::PreviousTrial => step_trial(ui, snapshot, -1),
        Action::Back => ui.screen = ui.trial.from,
        _ => {}
    }
    Vec::new()
}

/// Opens trial `id` on the current tab, so that trials can be compared.
pub(super) fn open(ui: &mut UiState, id: TrialId, from: Screen) {
    ui.trial = TrialUi::new(Some(id), ui.trial.tab, from);
    ui.screen = Screen::Trial;
}

/// Shows the last opened trial, or else the one under the catalog's cursor.
pub(super) fn go(ui: &mut UiState, snapshot: &Snapshot) {
    let known = ui.trial.id.clone().or_else(|| snapshot.page.row(ui.catalog.list.cursor).map(|row| row.id.clone()));
    match known {
        Some(id) if ui.screen != Screen::Trial => {
            if ui.trial.id.as_ref() == Some(&id) {
                ui.trial.from = ui.screen;
                ui.screen = Screen::Trial;
            } else {
                open(ui, id, ui.screen);
            }
        }
        Some(_) => {}
        None => ui.message = Some(Message::note("no trials yet; press n to launch an experiment")),
    }
}

fn step_tab(ui: &mut UiState, step: isize) {
    let count = Tab::ALL.len();
    let index = Tab::ALL.iter().position(|&tab| tab == ui.trial.tab).unwrap_or(0);
    ui.trial.tab = Tab::ALL[(index + count).wrapping_add_signed(step) % count];
    ui.trial.scroll = 0;
}

/// Moves to another step of the walk.
fn step(ui: &mut UiState, snapshot: &Snapshot, action: Action) {
    let Some(walk) = ui.opened(snapshot).and_then(|trial| trial.recorded_walk(ui.trial.walk)) else {
        ui.message = Some(Message::note("no pruning steps were recorded for this trial"));
        return;
    };
    let steps = steps(walk);
    let Some(last) = steps.len().checked_sub(1) else { return };
    let place = ui.trial.round.and_then(|round| steps.iter().position(|&step| step == round)).unwrap_or(last);
    let next = match action {
        Action::StepBack => place.saturating_sub(1),
        Action::StepForward => (place + 1).min(last),
        Action::FirstStep => 0,
        _ => last,
    };
    ui.trial.round = (next < last).then(|| steps[next]);
}

/// Moves to the next walk with a trajectory.
fn next_walk(ui: &mut UiState, snapshot: &Snapshot) {
    let count = ui.opened(snapshot).map_or(0, |trial| trial.recorded_walks().len());
    if count < 2 {
        ui.message = Some(Message::note("only the best walk's steps were recorded for this trial"));
        return;
    }
    (ui.trial.walk, ui.trial.round) = ((ui.trial.walk + 1) % count, None);
}

/// Opens the next or previous trial in the list.
fn step_trial(ui: &mut UiState, snapshot: &Snapshot, step: i64) {
    super::catalog::move_by(ui, snapshot, step);
    match ui.catalog.selected.clone() {
        Some(id) if Some(&id) != ui.trial.id.as_ref() => open(ui, id, Screen::Catalog),
        _ => ui.message = Some(Message::note("no more trials in the list")),
    }
}

/// Keeps the step valid and the text visible. Only a scrolled text has to be laid out for this.
pub(super) fn settle(ui: &mut UiState, snapshot: &Snapshot, body: Rect) {
    if let Some(trial) = ui.opened(snapshot) {
        if let Some(walk) = trial.recorded_walk(ui.trial.walk) {
            ui.trial.round = ui.trial.round.filter(|round| steps(walk).contains(round));
        } else {
            (ui.trial.walk, ui.trial.round) = (0, None);
        }
    }
    if ui.screen == Screen::Trial && ui.trial.scroll > 0 {
        let total = view::trial::length(snapshot, ui, body);
        ui.trial.scroll = ui.trial.scroll.min(total.saturating_sub(view::trial::rows(body)));
    }
}
