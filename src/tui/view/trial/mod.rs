//! A trial: a line that names it, the tabs, and the text of the current tab.

mod modules;
mod network;
mod overview;
mod rounds;
mod slider;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::text::{Side, columns_of, fit, paragraph, stretch};
use crate::catalog::State;
use crate::detect::Detection;
use crate::network::Condensed;
use crate::report::pixels::Style;
use crate::tui::snapshot::{OpenedTrial, Snapshot};
use crate::tui::state::{Tab, UiState};
use crate::tui::theme::Theme;

/// The number of lines above the text.
fn head(body: Rect) -> u16 {
    if body.height >= 8 { 3 } else { 1 }
}

/// The number of visible lines of text.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    u64::from(body.height.saturating_sub(head(body)))
}

/// The number of all lines of the current tab.
#[must_use]
pub fn length(snapshot: &Snapshot, ui: &UiState, body: Rect) -> u64 {
    all(snapshot, ui, body, ui.pixels).len() as u64
}

/// All lines of the current tab, with pixels in the given style; none before the trial is read.
pub(super) fn all<'a>(snapshot: &'a Snapshot, ui: &UiState, body: Rect, pixels: Style) -> Vec<Line<'a>> {
    let palette = Theme::unicode().palette.filter(|_| pixels == Style::Blocks);
    let theme = Theme { palette, ..Theme::unicode() };
    let room = (usize::from(body.width), usize::try_from(rows(body)).unwrap_or(0));
    let lines = |trial| text(&Shown::new(trial, snapshot, ui), ui, room, theme);
    ui.opened(snapshot).map(lines).unwrap_or_default()
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (theme, width) = (scene.theme, usize::from(body.width));
    let Some(trial) = scene.ui.opened(scene.snapshot) else {
        return vec![Line::styled(" reading the trial ..", theme.quiet())];
    };
    let room = (width, usize::try_from(rows(body)).unwrap_or(0));
    let text = text(&Shown::new(trial, scene.snapshot, scene.ui), scene.ui, room, theme);
    let top = scene.ui.trial.scroll;
    let stretch = stretch(top, rows(body), text.len() as u64);
    let short = slider::short(trial, &scene.ui.trial).filter(|_| head(body) == 1);
    let shown = short.or(stretch);
    let mut lines = Vec::new();
    if head(body) == 3 {
        lines.push(title(trial, width, theme));
    }
    lines.push(tabs(scene, width, shown));
    if head(body) == 3 {
        lines.push(slider::line(trial, &scene.ui.trial, width, theme));
    }
    lines.extend(text.into_iter().skip(usize::try_from(top).unwrap_or(usize::MAX)));
    lines
}

/// The network that is shown: the best one, or an earlier one of a walk.
struct Shown<'a> {
    trial: &'a OpenedTrial,
    network: Option<&'a Condensed>,
    detection: Option<&'a Detection>,
    /// Is it the best network?
    is_best: bool,
    /// Is its detection still running?
    pending: bool,
}

impl<'a> Shown<'a> {
    fn new(trial: &'a OpenedTrial, snapshot: &'a Snapshot, ui: &UiState) -> Self {
        let Some(step) = ui.trial.step(trial) else {
            let (network, detection) = (trial.network.as_ref(), trial.detection());
            return Self { trial, network, detection, is_best: true, pending: false };
        };
        let moment = snapshot.moment.as_deref().filter(|moment| moment.id == *trial.id() && moment.step == step);
        let clustered = moment.and_then(|moment| moment.clustered.as_ref());
        Self {
            trial,
            network: clustered.map(|clustered| &clustered.network),
            detection: clustered.map(|clustered| &clustered.detection),
            is_best: false,
            pending: moment.is_none(),
        }
    }

    /// The text in place of something that is missing.
    fn absent<'b>(&self, what: &str, width: usize) -> Vec<Line<'b>> {
        if self.pending {
            return vec![Line::raw(" detecting the modules of this step ..")];
        }
        absent(self.trial, what, width)
    }
}

/// The text of the current tab.
fn text<'a>(shown: &Shown<'_>, ui: &UiState, (width, height): (usize, usize), theme: Theme) -> Vec<Line<'a>> {
    match ui.trial.tab {
        Tab::Overview => overview::lines(shown.trial, width, theme),
        Tab::Rounds => rounds::lines(shown.trial, &ui.trial, width, theme),
        Tab::Clusters => modules::clusters(shown, width, theme),
        Tab::Modularity => modules::modularity(shown, width, theme),
        Tab::Hierarchy => modules::hierarchy(shown, width, theme),
        Tab::Network => network::lines(shown, (width, height), theme),
        Tab::Paths => modules::paths(shown, width, theme),
    }
}

fn title<'a>(trial: &OpenedTrial, width: usize, theme: Theme) -> Line<'a> {
    let row = trial.row();
    let state = format!("{} {} ", theme.state_glyph(row.status), row.status);
    let id = format!("{}   ", &row.id.as_str()[..8]);
    let room = width.saturating_sub(columns_of(&state) + columns_of(&id) + 1);
    let name = format!("{}   {}   seed {}", row.task, row.architecture, row.seed);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(fit(&name, room, Side::Left, theme.charset), theme.strong()),
        Span::styled(id, theme.quiet()),
        Span::styled(state, theme.state(row.status)),
    ])
}

/// The names of the tabs, the current one highlighted, and which part of it is visible.
fn tabs<'a>(scene: &Scene<'_>, width: usize, shown: Option<String>) -> Line<'a> {
    let theme = scene.theme;
    let mut line = Vec::new();
    let mut used = 0;
    let right = shown.unwrap_or_default();
    let all = |around: usize| Tab::ALL.iter().map(|tab| tab.title().len() + around).sum::<usize>() + right.len() + 1;
    let end = if all(2) > width { "" } else { " " };
    for tab in Tab::ALL {
        let current = tab == scene.ui.trial.tab;
        // If they do not all fit, only the current one is shown.
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

/// The text in place of `what`, something that is missing: why it is missing, and what to do.
fn absent<'a>(trial: &OpenedTrial, what: &str, width: usize) -> Vec<Line<'a>> {
    let (stages, state) = (trial.plan().stages, trial.row().status);
    if state == State::Finished && !stages.has_unit_walks() && !stages.has_edge_walks() {
        return paragraph(&format!("No {what}: this trial only trains its dense network."), width);
    }
    let why = match state {
        State::Queued => "the trial is waiting for its turn.",
        State::Running => "the trial is still running; press 3 to see its progress.",
        State::Paused | State::Cancelled | State::Stale => "the trial was interrupted; press p to resume it.",
        State::Failed => "the trial failed; press p to try again.",
        State::Untrained => "the dense network missed the required accuracy, so nothing was pruned.",
        State::Finished => "none was recorded for this trial.",
    };
    let yet = if state.is_done() { "" } else { " yet" };
    paragraph(&format!("No {what}{yet}: {why}"), width)
}
