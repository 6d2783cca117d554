//! The list of all keys, from the one table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::widgets::popup::{self, popup};
use super::widgets::text::stretch;
use super::{Scene, put};
use crate::tui::keys::changes::sections;
use crate::tui::keys::names;
use crate::tui::theme::Theme;

/// The width of the column of keys.
const KEYS: usize = 18;

/// The number of all lines.
#[must_use]
pub fn length() -> u64 {
    lines(Theme::ascii()).len() as u64
}

/// The number of visible lines.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    u64::from(popup::rows(body))
}

pub(super) fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect, top: u64) {
    let lines = lines(scene.theme);
    let (total, height) = (lines.len() as u64, rows(body));
    let title = match stretch(top, height, total) {
        Some(stretch) => format!("keys, {stretch}"),
        None => "keys".to_owned(),
    };
    let size = (74, u16::try_from(total).unwrap_or(u16::MAX));
    let area = popup(frame, body, &title, size, scene.theme);
    put(frame, area, lines.into_iter().skip(usize::try_from(top).unwrap_or(0)));
}

/// Headings and keys; those needed most often come first.
fn lines<'a>(theme: Theme) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for section in sections().iter().rev() {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(section.title, theme.strong()));
        for binding in section.bindings.iter().filter(|binding| !binding.help.is_empty()) {
            lines.push(Line::from(vec![
                Span::styled(format!("  {:<KEYS$}", names::all_shown(binding.keys, theme)), theme.key()),
                Span::raw(binding.help),
            ]));
        }
    }
    lines
}
