//! Drawing: every screen is a pure function of a [`Snapshot`], a [`UiState`] and a [`Theme`].
//!
//! A screen makes lines of text for the space it has. [`draw`] puts them between the head, which names the screens and
//! counts the trials at work, and the foot, which has messages and hints about keys. What does not fit is cut off, never
//! wrapped.

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
use crate::report::pixels::Style;

/// What the parts of a screen are drawn from.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What there is to show.
    pub snapshot: &'a Snapshot,
    /// Where the user is.
    pub ui: &'a UiState,
    /// Colors and characters.
    pub theme: Theme,
}

/// The areas of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The names of the screens.
    pub head: Rect,
    /// The line below the head; empty if the terminal is too small.
    pub rule: Rect,
    /// The screen.
    pub body: Rect,
    /// The message; the same area as `hints` if the terminal is too small.
    pub message: Rect,
    /// The hints about keys.
    pub hints: Rect,
}

/// From this height on, there is room for the line below the head and a separate line for messages.
const ROOMY: u16 = 12;

/// Divides the terminal into areas.
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

/// The area of a screen on a terminal of this size.
#[must_use]
pub fn body(size: (u16, u16)) -> Rect {
    regions(Rect::new(0, 0, size.0, size.1)).body
}

/// The whole text of the trial's tab, the comparison or the report, without colors, so with letters for pixels.
#[must_use]
pub fn text(ui: &UiState, snapshot: &Snapshot) -> Vec<String> {
    let body = body(ui.size);
    let lines = match ui.screen {
        Screen::Compare => compare::all(snapshot, ui, body),
        Screen::Report => report::all(snapshot, ui, body),
        _ => trial::all(snapshot, ui, body, Style::Letters),
    };
    lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
}

/// Draws the whole terminal.
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

/// Draws lines below each other, as many as fit.
fn put<'a>(frame: &mut Frame<'_>, area: Rect, lines: impl IntoIterator<Item = Line<'a>>) {
    for (row, line) in area.rows().zip(lines) {
        frame.render_widget(line, row);
    }
}
