//! What is drawn: every screen a pure function of a [`Snapshot`], a [`UiState`] and a [`Theme`].
//!
//! A screen makes lines of text for the room that it has; [`draw`] puts them between the head, which names the
//! screens and counts what is running, and the foot, which tells what happened and hints at keys. What does not fit is
//! cut, never wrapped.

pub mod catalog;
pub mod compare;
pub mod dialog;
pub mod form;
mod frame;
pub mod help;
pub mod launch;
pub mod monitor;
pub mod report;
pub mod trial;
mod welcome;
mod widgets;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::snapshot::Snapshot;
use super::state::{Overlay, Screen, UiState};
use super::theme::Theme;

/// What a part of a screen is drawn from.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What there is.
    pub snapshot: &'a Snapshot,
    /// Where the user is.
    pub ui: &'a UiState,
    /// How things look.
    pub theme: Theme,
}

/// Where the parts of the screen are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The names of the screens.
    pub head: Rect,
    /// The line below them; empty where there is no room.
    pub rule: Rect,
    /// The screen.
    pub body: Rect,
    /// What happened; the same as `hints` where there is no room.
    pub message: Rect,
    /// Keys.
    pub hints: Rect,
}

/// From this height on there is room for the line below the head and for a line of its own for messages.
const ROOMY: u16 = 12;

/// Divides the terminal.
#[must_use]
pub fn regions(area: Rect) -> Regions {
    let (above, below) = if area.height >= ROOMY { (2, 2) } else { (1, 1) };
    let row = |row: u16, height: u16| {
        let y = row.min(area.height);
        Rect { y: area.y + y, height: height.min(area.height - y), ..area }
    };
    let foot = area.height.saturating_sub(below).max(1);
    let body = row(above, foot.saturating_sub(above));
    let hints = row(area.height.saturating_sub(1).max(1), 1);
    let message = if below == 2 { row(foot, 1) } else { hints };
    Regions { head: row(0, 1), rule: row(1, above - 1), body, message, hints }
}

/// The room for a screen on a terminal of this size.
#[must_use]
pub fn body(size: (u16, u16)) -> Rect {
    regions(Rect::new(0, 0, size.0, size.1)).body
}

/// The text of an opened trial's tab, of the comparison or of the report, all of it and without color.
#[must_use]
pub fn text(ui: &UiState, snapshot: &Snapshot) -> Vec<String> {
    let body = body(ui.size);
    let lines = match ui.screen {
        Screen::Compare => compare::all(snapshot, ui, body),
        Screen::Report => report::all(snapshot, ui, body),
        _ => trial::all(snapshot, ui, body),
    };
    lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
}

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, snapshot: &Snapshot, ui: &UiState, theme: Theme) {
    let scene = Scene { snapshot, ui, theme };
    let regions = regions(frame.area());
    frame::draw(frame, &scene, &regions);
    let lines = match ui.screen {
        Screen::Catalog if snapshot.is_empty() => welcome::lines(&scene, regions.body),
        Screen::Catalog => catalog::lines(&scene, regions.body),
        Screen::Launch => launch::lines(&scene, regions.body),
        Screen::Monitor => monitor::lines(&scene, regions.body),
        Screen::Trial => trial::lines(&scene, regions.body),
        Screen::Compare => compare::lines(&scene, regions.body),
        Screen::Report => report::lines(&scene, regions.body),
    };
    put(frame, regions.body, lines);
    match &ui.overlay {
        Some(Overlay::Help(top)) => help::draw(frame, &scene, regions.body, *top),
        Some(Overlay::Experiments(list)) => dialog::experiments(frame, &scene, regions.body, *list),
        Some(Overlay::Confirm(question)) => dialog::confirm(frame, &scene, regions.body, question),
        Some(Overlay::Form(form)) => form::draw(frame, &scene, regions.body, form),
        Some(Overlay::Quit) => dialog::quit(frame, &scene, regions.body),
        Some(Overlay::Prompt(_)) | None => {}
    }
}

/// Puts lines below each other, as many as there is room for.
fn put<'a>(frame: &mut Frame<'_>, area: Rect, lines: impl IntoIterator<Item = Line<'a>>) {
    for (row, line) in area.rows().zip(lines) {
        frame.render_widget(line, row);
    }
}
