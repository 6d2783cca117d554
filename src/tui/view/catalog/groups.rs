//! The catalog in groups, one line each.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::catalog::{State, TrialGroup};
use crate::report::numbers::{self, or_dash, thousands};
use crate::tui::view::Scene;
use crate::tui::view::widgets::gauge::gauge;
use crate::tui::view::widgets::text::{Side, fit};

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (theme, width) = (scene.theme, usize::from(body.width));
    let list = scene.ui.catalog.list;
    let name = name_width(width);
    let title = format!(
        " {:<name$}  {:>7}  {:>7}  {:>7}  {:>14}  density",
        "group", "trials", "done", "running", "true modules"
    );
    let mut lines = vec![Line::styled(fit(&title, width, Side::Left, theme.charset), theme.quiet())];
    let groups = (0..).zip(&scene.snapshot.page.groups);
    let shown = groups.skip(usize::try_from(list.top).unwrap_or(usize::MAX)).take(usize::from(body.height));
    lines.extend(shown.map(|(index, group)| line(scene, group, name, width, index == list.cursor)));
    if scene.snapshot.page.groups.is_empty() {
        lines.push(super::nothing(scene));
    }
    lines
}

/// The width of the groups' names.
fn name_width(width: usize) -> usize {
    width.saturating_sub(57).clamp(8, 40)
}

fn line<'a>(scene: &Scene<'_>, group: &TrialGroup, name: usize, width: usize, selected: bool) -> Line<'a> {
    let theme = scene.theme;
    let shown = if group.name.is_empty() { "none" } else { &group.name };
    let done = group.of(State::Finished) + group.of(State::Untrained);
    let successes = match group.judged {
        0 => "-".to_owned(),
        judged => format!("{} of {}", thousands(group.successes), thousands(judged)),
    };
    let density = or_dash(group.least_density, numbers::density);
    let mut spans = vec![
        Span::styled(if selected { theme.pick("▸", ">") } else { " " }, theme.key()),
        Span::styled(fit(shown, name, Side::Left, theme.charset), theme.strong()),
        Span::raw(format!(
            "  {:>7}  {:>7}  {:>7}  {successes:>14}  {density:>7}",
            thousands(group.trials()),
            thousands(done),
            thousands(group.of(State::Running))
        )),
    ];
    let room = width.saturating_sub(name + 62).min(30);
    if room >= 8 {
        #[expect(clippy::cast_precision_loss, reason = "only drawn")]
        let share = (group.judged > 0).then(|| group.successes as f64 / group.judged as f64);
        spans.push(Span::raw("   "));
        spans.extend(gauge(share, room, theme.good(), theme));
    }
    let line = Line::from(spans);
    if selected { line.style(theme.selected()) } else { line }
}
