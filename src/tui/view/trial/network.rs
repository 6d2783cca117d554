//! The network tab: every unit and every edge.

use ratatui::text::Line;

use super::Shown;
use crate::report::names::Labels;
use crate::report::network::{Subject, draw};
use crate::tui::theme::Theme;
use crate::tui::view::widgets::text::colored;

pub(super) fn lines<'a>(shown: &Shown<'_>, (width, height): (usize, usize), theme: Theme) -> Vec<Line<'a>> {
    let about = shown.trial.about();
    let (Some(network), Some(detection)) = (shown.network, shown.detection) else {
        return shown.absent("network", width);
    };
    let subject = Subject { network, detection, labels: Labels::of(about) };
    let rows = draw(subject, (width.saturating_sub(2), height), theme.charset, theme.pixels());
    rows.iter().map(|row| colored(row, theme)).collect()
}
