//! Marked trials side by side.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::text::{heading, plain};
use crate::report::compare::sections;
use crate::report::text::MIN_WIDTH;
use crate::tui::snapshot::Snapshot;
use crate::tui::state::UiState;
use crate::tui::theme::Theme;

/// The greatest width of text.
const WIDEST: usize = 140;

/// The number of visible lines.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    u64::from(body.height)
}

/// The number of all lines.
#[must_use]
pub fn length(snapshot: &Snapshot, ui: &UiState, body: Rect) -> u64 {
    text(snapshot, ui, usize::from(body.width), Theme::unicode()).len() as u64
}

/// All lines.
pub(super) fn all<'a>(snapshot: &'a Snapshot, ui: &UiState, body: Rect) -> Vec<Line<'a>> {
    text(snapshot, ui, usize::from(body.width), Theme::unicode())
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let text = text(scene.snapshot, scene.ui, usize::from(body.width), scene.theme);
    text.into_iter().skip(usize::try_from(scene.ui.compare.scroll).unwrap_or(usize::MAX)).collect()
}

fn text<'a>(snapshot: &Snapshot, ui: &UiState, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let marked = &ui.catalog.marked;
    if marked.len() < 2 {
        let key = |key: &'static str, text: &'static str| {
            Line::from(vec![Span::raw("   "), Span::styled(format!("{key:<7}"), theme.key()), Span::raw(text)])
        };
        return vec![
            Line::styled(" Here you compare two or more trials.", theme.strong()),
            Line::default(),
            key("1", "go to the catalog"),
            key("m", "mark a trial, then another"),
            key("c", "compare them"),
        ];
    }
    let trials: Vec<_> = snapshot.compared.iter().map(AsRef::as_ref).collect();
    if trials.is_empty() {
        return vec![Line::styled(" reading trials ..", theme.quiet())];
    }
    let mut lines = Vec::new();
    for section in sections(&trials, width.saturating_sub(2).clamp(MIN_WIDTH, WIDEST)) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(heading(&section.title, width, theme));
        let rows = section.rows.iter().map(|row| crate::report::text::printable(row, theme.charset));
        lines.extend(plain(rows));
    }
    lines
}
