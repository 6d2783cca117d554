//! What keys do: a pure function from the state and an input to the next state and commands, so every path can be
//! tested.
//!
//! A key is looked up in the one table of keys; what it does on a screen is in that screen's file.

mod catalog;
mod compare;
mod dialog;
mod labels;
mod launch;
mod monitor;
mod report;
mod trial;
mod work;

use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::command::Command;
use super::keys::{self, Action, Context};
use super::snapshot::Snapshot;
use super::state::{Message, Overlay, Screen, UiState};
use super::view;

/// An input from outside.
#[derive(Clone, Debug)]
pub enum Input {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal now has this many columns and rows.
    Resize(u16, u16),
    /// There is a new snapshot.
    News,
    /// There is a new message, or the last one is obsolete.
    Message(Option<Message>),
}

/// Handles one input.
pub fn update(ui: &mut UiState, snapshot: &Snapshot, input: Input) -> Vec<Command> {
    let commands = match input {
        Input::Key(key) => press(ui, snapshot, key),
        Input::Paste(text) => {
            dialog::type_text(ui, &text);
            Vec::new()
        }
        Input::Resize(columns, rows) => {
            ui.size = (columns, rows);
            Vec::new()
        }
        Input::News => Vec::new(),
        Input::Message(message) => {
            ui.message = message;
            Vec::new()
        }
    };
    settle(ui, snapshot);
    commands
}

fn press(ui: &mut UiState, snapshot: &Snapshot, key: KeyEvent) -> Vec<Command> {
    ui.message = None;
    let context = ui.context(snapshot);
    if let Some(action) = keys::action(context, key) {
        return perform(ui, snapshot, context, action);
    }
    if let (Context::Filter | Context::Form, Some(character)) = (context, keys::typed(key)) {
        dialog::type_text(ui, &character.to_string());
    }
    Vec::new()
}

/// Performs an action: here if it is the same everywhere, else in the overlay or the screen.
fn perform(ui: &mut UiState, snapshot: &Snapshot, context: Context, action: Action) -> Vec<Command> {
    match action {
        Action::Suspend => return vec![Command::Suspend],
        Action::Redraw => return vec![Command::Redraw],
        Action::Quit => return quit(ui, snapshot),
        _ => {}
    }
    if action == Action::Report {
        report::open(ui, snapshot);
        return Vec::new();
    }
    if ui.overlay.is_some() {
        return dialog::perform(ui, snapshot, action);
    }
    match action {
        Action::Help => ui.overlay = Some(Overlay::Help(0)),
        Action::GoCatalog => go(ui, Screen::Catalog),
        Action::GoLaunch => go(ui, Screen::Launch),
        Action::GoMonitor => go(ui, Screen::Monitor),
        Action::GoTrial => trial::go(ui, snapshot),
        Action::GoCompare => go(ui, Screen::Compare),
        Action::GoReport => go(ui, Screen::Report),
        Action::NextScreen => step_screen(ui, 1),
        Action::PreviousScreen => step_screen(ui, -1),
        Action::Pause | Action::PauseAll | Action::Cancel | Action::CancelAll => {
            return work::perform(ui, snapshot, action);
        }
        Action::Mark
        | Action::Unmark
        | Action::Compare
        | Action::Tag
        | Action::Note
        | Action::Trash
        | Action::CopyId
        | Action::Copy
        | Action::Undelete => return labels::perform(ui, snapshot, action),
        _ => {
            return match context {
                Context::Catalog => catalog::perform(ui, snapshot, action),
                Context::Monitor => monitor::perform(ui, snapshot, action),
                Context::Trial => trial::perform(ui, snapshot, action),
                Context::Compare => compare::perform(ui, action),
                Context::Report => report::perform(ui, action),
                _ => launch::perform(ui, snapshot, action),
            };
        }
    }
    Vec::new()
}

fn go(ui: &mut UiState, screen: Screen) {
    ui.screen = screen;
}

/// To the next of the three main screens; the others are opened from these.
fn step_screen(ui: &mut UiState, step: isize) {
    let screens = [Screen::Catalog, Screen::Launch, Screen::Monitor];
    let index = screens.iter().position(|&screen| screen == ui.screen).unwrap_or(0);
    ui.screen = screens[index.wrapping_add_signed(step + 3) % 3];
}

/// Quits, after a question if trials are running.
fn quit(ui: &mut UiState, snapshot: &Snapshot) -> Vec<Command> {
    if snapshot.is_working() {
        ui.overlay = Some(Overlay::Quit);
        Vec::new()
    } else {
        vec![Command::Quit]
    }
}

/// The number of lines to move by a page.
fn page(height: u64) -> i64 {
    i64::try_from(height.max(2) - 1).unwrap_or(i64::MAX)
}

/// The number of lines by which `action` moves a list with `height` visible lines.
fn lines(action: Action, height: u64) -> Option<i64> {
    Some(match action {
        Action::Up => -1,
        Action::Down => 1,
        Action::PageUp => -page(height),
        Action::PageDown => page(height),
        Action::First => i64::MIN,
        Action::Last => i64::MAX,
        _ => return None,
    })
}

/// Keeps every cursor on its item, and visible.
fn settle(ui: &mut UiState, snapshot: &Snapshot) {
    let regions = view::regions(Rect::new(0, 0, ui.size.0, ui.size.1));
    catalog::settle(ui, snapshot, view::catalog::rows(regions.body));
    ui.launch.settle(snapshot.presets.len() as u64, view::launch::rows(regions.body));
    monitor::settle(ui, snapshot, view::monitor::blocks(regions.body, snapshot.live.len()));
    trial::settle(ui, snapshot, regions.body);
    compare::settle(ui, snapshot, regions.body);
    report::settle(ui, snapshot, regions.body);
    dialog::settle(ui, snapshot, regions.body);
}
