//! The network tab: every unit and every edge.

use ratatui::text::{Line, Span};

use super::Shown;
use crate::report::network::{Cell, Subject, draw};
use crate::tui::theme::Theme;

pub(super) fn lines<'a>(shown: &Shown<'_>, (width, height): (usize, usize), theme: Theme) -> Vec<Line<'a>> {
    let about = shown.trial.about();
    let (Some(network), Some(detection)) = (shown.network, shown.detection) else {
        return shown.absent("network", width);
    };
    let subject = Subject { network, detection, inputs: &about.inputs, outputs: &about.outputs };
    let rows = draw(subject, (width.saturating_sub(2), height), theme.charset);
    rows.iter().map(|row| colored(row, theme)).collect()
}

/// A row of characters in the colors of their modules.
fn colored<'a>(row: &[Cell], theme: Theme) -> Line<'a> {
    let spans = row.chunk_by(|a, b| a.module == b.module).map(|cells| {
        let text: String = cells.iter().map(|cell| cell.symbol).collect();
        match cells[0].module {
            Some(module) => Span::styled(text, theme.series(module)),
            None => Span::raw(text),
        }
    });
    [Span::raw(" ")].into_iter().chain(spans).collect()
}
