//! One trial: a line that names it, the names of the tabs, and the text of the tab that is shown.

mod modules;
mod network;
mod overview;
mod rounds;
mod slider;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::text::{Side, columns_of, fit, paragraph, stretch};
use crate::detect::Detection;
use crate::network::Condensed;
use crate::tui::snapshot::{Detail, Snapshot};
use crate::tui::state::{Tab, UiState};
use crate::tui::theme::Theme;

/// The number of lines above the text.
fn head(body: Rect) -> u16 {
    if body.height >= 8 { 3 } else { 1 }
}

/// The number of lines of text that are shown at once.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    u64::from(body.height.saturating_sub(head(body)))
}

/// The number of lines of the tab that is shown.
#[must_use]
pub fn length(snapshot: &Snapshot, ui: &UiState, body: Rect) -> u64 {
    all(snapshot, ui, body).len() as u64
}

/// All lines of the tab that is shown; none before the trial is read.
pub(super) fn all<'a>(snapshot: &'a Snapshot, ui: &UiState, body: Rect) -> Vec<Line<'a>> {
    let room = (usize::from(body.width), usize::try_from(rows(body)).unwrap_or(0));
    let lines = |detail| text(&Shown::new(detail, snapshot, ui), ui, room, Theme::unicode());
    ui.opened(snapshot).map(lines).unwrap_or_default()
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (theme, width) = (scene.theme, usize::from(body.width));
    let Some(detail) = scene.ui.opened(scene.snapshot) else {
        return vec![Line::styled(" reading the trial ..", theme.quiet())];
    };
    let room = (width, usize::try_from(rows(body)).unwrap_or(0));
    let text = text(&Shown::new(detail, scene.snapshot, scene.ui), scene.ui, room, theme);
    let top = scene.ui.trial.scroll;
    let stretch = stretch(top, rows(body), text.len() as u64);
    let short = slider::short(detail, &scene.ui.trial).filter(|_| head(body) == 1);
    let shown = short.or(stretch);
    let mut lines = Vec::new();
    if head(body) == 3 {
        lines.push(title(detail, width, theme));
    }
    lines.push(tabs(scene, width, shown));
    if head(body) == 3 {
        lines.push(slider::line(detail, &scene.ui.trial, width, theme));
    }
    lines.extend(text.into_iter().skip(usize::try_from(top).unwrap_or(usize::MAX)));
    lines
}

/// The network that is looked at: the best one, or what it was at some step of its way.
struct Shown<'a> {
    detail: &'a Detail,
    network: Option<&'a Condensed>,
    detection: Option<&'a Detection>,
    /// Is it the best one?
    is_best: bool,
    /// Is it yet to be found?
    pending: bool,
}

impl<'a> Shown<'a> {
    fn new(detail: &'a Detail, snapshot: &'a Snapshot, ui: &UiState) -> Self {
        let Some(step) = ui.trial.step(detail) else {
            return Self {
                detail,
                network: detail.network.as_ref(),
                detection: detail.detection.as_ref(),
                is_best: true,
                pending: false,
            };
        };
        let moment = snapshot.moment.as_deref().filter(|moment| moment.id == detail.row.id && moment.step == step);
        let clustered = moment.and_then(|moment| moment.clustered.as_ref());
        Self {
            detail,
            network: clustered.map(|clustered| &clustered.network),
            detection: clustered.map(|clustered| &clustered.detection),
            is_best: false,
            pending: moment.is_none(),
        }
    }

    /// What stands in place of something that is not there.
    fn absent<'b>(&self, what: &str, width: usize) -> Vec<Line<'b>> {
        if self.pending {
            return vec![Line::raw(" detecting the modules of this step ..")];
        }
        absent(self.detail, what, width)
    }
}

/// The text of the tab that is shown.
fn text<'a>(shown: &Shown<'_>, ui: &UiState, (width, height): (usize, usize), theme: Theme) -> Vec<Line<'a>> {
    match ui.trial.tab {
        Tab::Overview => overview::lines(shown.detail, width, theme),
        Tab::Rounds => rounds::lines(shown.detail, &ui.trial, width, theme),
        Tab::Clusters => modules::clusters(shown, width, theme),
        Tab::Modularity => modules::modularity(shown, width, theme),
        Tab::Hierarchy => modules::hierarchy(shown, width, theme),
        Tab::Network => network::lines(shown, (width, height), theme),
        Tab::Paths => modules::weights(shown, width, theme),
    }
}

fn title<'a>(detail: &Detail, width: usize, theme: Theme) -> Line<'a> {
    let row = &detail.row;
    let state = format!("{} {} ", theme.state_glyph(row.state), row.state);
    let id = format!("{}   ", &row.id.as_str()[..8]);
    let room = width.saturating_sub(columns_of(&state) + columns_of(&id) + 1);
    let name = format!("{}   {}   seed {}", row.task, row.arch, row.seed);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(fit(&name, room, Side::Left, theme.charset), theme.strong()),
        Span::styled(id, theme.quiet()),
        Span::styled(state, theme.state(row.state)),
    ])
}

/// The names of the tabs, the shown one marked, and which part of it is in sight.
fn tabs<'a>(scene: &Scene<'_>, width: usize, shown: Option<String>) -> Line<'a> {
    let theme = scene.theme;
    let mut line = Vec::new();
    let mut used = 0;
    let right = shown.unwrap_or_default();
    let all = |around: usize| Tab::ALL.iter().map(|tab| tab.title().len() + around).sum::<usize>() + right.len() + 1;
    let end = if all(2) > width { "" } else { " " };
    for tab in Tab::ALL {
        let current = tab == scene.ui.trial.tab;
        // Where there is no room for all of them, the shown one says enough.
        if !current && all(1) > width {
            continue;
        }
        let style = if current { theme.strong().patch(theme.selected()) } else { theme.quiet() };
        let name = format!(" {}{end}", tab.title());
        used += name.len();
        line.push(Span::styled(name, style));
    }
    let fill = width.saturating_sub(used + right.len() + 1);
    line.push(Span::styled(format!("{}{right}", " ".repeat(fill)), theme.quiet()));
    Line::from(line)
}

/// What stands in place of something that is not there yet.
fn absent<'a>(detail: &Detail, what: &str, width: usize) -> Vec<Line<'a>> {
    use crate::catalog::State;
    let stages = detail.specification.plan.stages;
    if detail.row.state == State::Finished && !stages.has_unit_walks() && !stages.has_edge_walks() {
        return paragraph(&format!("There {what}: this trial trains its dense network and prunes nothing."), width);
    }
    let why = match detail.row.state {
        State::Queued => "The trial waits for its turn.",
        State::Running => "The trial is being trained: the monitor (3) shows how far it is.",
        State::Paused | State::Cancelled | State::Stale => "The trial did not come to its end: p goes on with it.",
        State::Failed => "The trial failed; p tries again.",
        State::Untrained => "The dense network did not reach the required accuracy, so nothing was pruned.",
        State::Finished => "It was not kept for this trial.",
    };
    paragraph(&format!("There {what} yet. {why}"), width)
}
