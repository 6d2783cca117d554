//! The report of an experiment.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::text::{Side, columns_of, fit, paragraph, plain, stretch};
use crate::report::experiment::bars::bar;
use crate::report::experiment::text::page;
use crate::report::numbers::{counted, thousands};
use crate::report::text::MIN_WIDTH;
use crate::tui::loaded_report::LoadedReport;
use crate::tui::snapshot::Snapshot;
use crate::tui::state::UiState;
use crate::tui::theme::Theme;

/// The greatest width of prose.
const WIDEST: usize = 100;

/// The number of visible lines of the report, below the line with its name.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    u64::from(body.height.saturating_sub(1))
}

/// The number of all lines.
#[must_use]
pub fn length(snapshot: &Snapshot, ui: &UiState, body: Rect) -> u64 {
    all(snapshot, ui, body).len() as u64
}

/// All lines.
pub(super) fn all<'a>(snapshot: &Snapshot, ui: &UiState, body: Rect) -> Vec<Line<'a>> {
    text(snapshot, ui, usize::from(body.width), Theme::unicode())
}

pub(super) fn lines<'a>(scene: &Scene<'_>, body: Rect) -> Vec<Line<'a>> {
    let (theme, width, top) = (scene.theme, usize::from(body.width), scene.ui.report.scroll);
    let text = text(scene.snapshot, scene.ui, width, theme);
    let shown = stretch(top, rows(body), text.len() as u64).unwrap_or_default();
    let name = scene.ui.report.request.as_ref().map_or("no experiment", |request| &request.experiment);
    let room = width.saturating_sub(columns_of(&shown) + 2);
    let head = Line::from(vec![
        Span::styled(format!(" {}", fit(name, room, Side::Left, theme.charset)), theme.strong()),
        Span::styled(shown, theme.quiet()),
    ]);
    [head].into_iter().chain(text.into_iter().skip(usize::try_from(top).unwrap_or(usize::MAX))).collect()
}

fn text<'a>(snapshot: &Snapshot, ui: &UiState, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let Some(request) = &ui.report.request else {
        return paragraph("Press r in the catalog (1) to compare an experiment with the paper.", width);
    };
    let reported = snapshot.report.as_deref().filter(|reported| reported.request == *request);
    match reported.and_then(|reported| reported.result.as_ref()) {
        None => waiting(reported, theme),
        Some(Err(problem)) => paragraph(problem, width).into_iter().map(|line| line.style(theme.bad())).collect(),
        Some(Ok(report)) => {
            let room = width.saturating_sub(2).clamp(MIN_WIDTH, WIDEST);
            let problems = report.problems.iter().flat_map(|problem| paragraph(problem, width));
            let problems = problems.map(|line| line.style(theme.bad()));
            // Tables are up to 80 columns wide: at this width there is no margin.
            let page = page(report, room, theme.charset);
            let lines = if width <= 80 { page.into_iter().map(Line::raw).collect() } else { plain(page) };
            problems.chain(lines).collect()
        }
    }
}

/// How many trials have been read so far.
fn waiting<'a>(reported: Option<&LoadedReport>, theme: Theme) -> Vec<Line<'a>> {
    let (read, total) = reported.map_or((0, 0), |reported| (reported.read, reported.total));
    if total == 0 {
        return vec![Line::styled(" reading trials ..", theme.quiet())];
    }
    #[allow(clippy::cast_precision_loss)] // counts of trials
    let bar = bar(read as f64 / total as f64, theme.charset);
    vec![Line::raw(format!(" {bar} {} of {} read", thousands(read), counted(total, "trial")))]
}
