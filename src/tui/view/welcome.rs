//! The screen of an empty catalog: what sculpt does, and the first key to press.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::widgets::text::{heading, paragraph};
use super::{Scene, launch};

const WHAT: &str = "Pick a task: sculpt trains small networks on it, prunes them for as long as accuracy holds, and \
                    draws the hierarchy of sub-functions that remains.";

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (theme, width) = (scene.theme, usize::from(body.width));
    let mut lines = Vec::new();
    if body.height >= 12 {
        lines.push(Line::default());
        lines.push(Line::styled(" Welcome to neural sculpting.", theme.strong()));
        lines.push(Line::default());
        lines.extend(paragraph(WHAT, width.min(78)));
        lines.push(Line::default());
        lines.push(Line::from(vec![
            Span::raw(" No trials yet in "),
            Span::styled(scene.snapshot.catalog.clone(), theme.accent()),
            Span::raw("."),
        ]));
        lines.push(Line::default());
        lines.push(heading("press a letter to launch", width, theme));
        lines.push(Line::default());
    }
    let room = usize::from(body.height).saturating_sub(lines.len());
    lines.extend(launch::presets(scene, body.width, room));
    lines
}
