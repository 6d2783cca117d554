//! The head and the foot, which are the same on every screen.

use ratatui::Frame;
use ratatui::layout::{Alignment, Position};
use ratatui::text::{Line, Span};

use super::widgets::text::{join, rule};
use super::{Regions, Scene, put};
use crate::catalog::{State, TrialId};
use crate::report::numbers::counted;
use crate::tui::keys::{self, Action, Context, names};
use crate::tui::snapshot::Totals;
use crate::tui::state::{Overlay, Purpose, Screen};
use crate::tui::target_trial::TargetTrial;

pub(super) fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>, regions: &Regions) {
    head(frame, scene, regions);
    put(frame, regions.rule, [rule(usize::from(regions.rule.width), scene.theme)]);
    put(frame, regions.hints, [hints(scene, usize::from(regions.hints.width))]);
    if let Some(Overlay::Prompt(_)) = &scene.ui.overlay {
        prompt(frame, scene, regions);
    } else if let Some(line) = message(scene) {
        // If they share a line, the message covers the hints.
        frame.render_widget(ratatui::widgets::Clear, regions.message);
        put(frame, regions.message, [line]);
    }
}

/// The names of the screens on the left, the trials at work on the right; abbreviated if need be.
fn head(frame: &mut Frame<'_>, scene: &Scene<'_>, regions: &Regions) {
    let width = usize::from(regions.head.width);
    let left = [true, false].map(|all| screens(scene, all));
    let left = left.into_iter().find(|left| left.width() <= width).unwrap_or_default();
    let room = width.saturating_sub(left.width() + 1);
    let right = [true, false].map(|words| at_work(scene, words));
    let right = right.into_iter().find(|right| right.width() <= room);
    put(frame, regions.head, [left]);
    if let Some(right) = right {
        put(frame, regions.head, [right.alignment(Alignment::Right)]);
    }
}

/// The names of all screens, or only of the current one.
fn screens<'a>(scene: &Scene<'_>, all: bool) -> Line<'a> {
    let theme = scene.theme;
    let mut line = vec![Span::styled(" sculpt ", theme.strong())];
    for (number, screen) in (1..).zip(Screen::ALL) {
        let current = screen == scene.ui.screen;
        let hidden = match screen {
            Screen::Trial => scene.ui.trial.id.is_none(),
            Screen::Compare => scene.ui.catalog.marked.len() < 2,
            Screen::Report => scene.ui.report.request.is_none(),
            _ => false,
        };
        if !current && (!all || hidden) {
            continue;
        }
        let style = if current { theme.strong().patch(theme.selected()) } else { theme.quiet() };
        line.push(Span::raw(" "));
        line.push(Span::styled(format!(" {number} {} ", screen.title()), style));
    }
    Line::from(line)
}

/// `● 2 running  ○ 1 queued`, or without the words.
fn at_work<'a>(scene: &Scene<'_>, words: bool) -> Line<'a> {
    let theme = scene.theme;
    let mut parts = Vec::new();
    for state in [State::Running, State::Queued, State::Paused] {
        let count = scene.snapshot.totals.of(state);
        if count > 0 {
            let word = if words { format!(" {state}") } else { String::new() };
            parts.push(Span::styled(format!("{} {count}{word}", theme.state_glyph(state)), theme.state(state)));
        }
    }
    if parts.is_empty() && scene.snapshot.totals != Totals::default() {
        parts.push(Span::styled("nothing running", theme.quiet()));
    }
    let mut line = join(parts, "  ");
    line.push_span(" ");
    line
}

fn message<'a>(scene: &Scene<'a>) -> Option<Line<'a>> {
    let theme = scene.theme;
    if let Some(message) = &scene.ui.message {
        let (mark, style) = if message.bad { ("! ", theme.bad()) } else { ("", theme.accent()) };
        return Some(Line::styled(format!(" {mark}{}", message.text), style));
    }
    scene.snapshot.problem.as_ref().map(|problem| Line::styled(format!(" ! {problem}"), theme.bad()))
}

/// The label of a prompt, and an example of what to type.
fn label(purpose: &Purpose) -> (String, &'static str) {
    let of = |trials: &[TrialId]| counted(trials.len(), "trial");
    match purpose {
        Purpose::Filter => (" / ".to_owned(), "task=4-1-2-16 depth>=2 density<0.05 status=running"),
        Purpose::Tag(trials) => (format!(" tags for {}: ", of(trials)), "fast -slow"),
        Purpose::File => (" file: ".to_owned(), "sweep.toml"),
        Purpose::Note(trials) => (format!(" note on {}: ", of(trials)), "the cleanest of them"),
    }
}

/// A prompt, with the terminal's own cursor.
fn prompt(frame: &mut Frame<'_>, scene: &Scene<'_>, regions: &Regions) {
    let Some(Overlay::Prompt(input)) = &scene.ui.overlay else { return };
    let area = regions.message;
    frame.render_widget(ratatui::widgets::Clear, area);
    let (before, after) = input.text.parts();
    let (label, example) = label(&input.purpose);
    let room = usize::from(area.width).saturating_sub(label.len() + 1);
    // Of a long text, the end is shown.
    let hidden = before.chars().count().saturating_sub(room);
    let shown: String = before.chars().skip(hidden).collect();
    let column = Span::raw(label.as_str()).width() + Span::raw(shown.as_str()).width();
    let mut line = vec![Span::styled(label, scene.theme.key()), Span::raw(shown), Span::raw(after)];
    match &input.problem {
        Some(problem) => line.push(Span::styled(format!("   ! {problem}"), scene.theme.bad())),
        None if input.text.text().is_empty() => {
            line.push(Span::styled(format!("   e.g.  {example}"), scene.theme.quiet()));
        }
        None => {}
    }
    put(frame, area, [Line::from(line)]);
    if area.height > 0 && column < usize::from(area.width) {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        frame.set_cursor_position(Position::new(area.x + column, area.y));
    }
}

/// Hints about the keys that matter here, as many as fit; help, quit and back are always among them.
fn hints<'a>(scene: &Scene<'_>, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let context = scene.ui.context(scene.snapshot);
    let (last, first): (Vec<_>, Vec<_>) = keys::bindings()
        .filter(|binding| binding.contexts.contains(&context) && !binding.hint.is_empty())
        .filter_map(|binding| Some((binding, hint(scene, context, binding)?)))
        .partition(|(_, hint)| matches!(*hint, "help" | "quit" | "back"));
    let hint = |(binding, hint): (&keys::Binding, &'static str)| {
        let key = names::shown(binding.keys[0], theme);
        [Span::styled(key, theme.key()), Span::raw(format!(" {hint}"))]
    };
    let cost = |spans: &[Span<'_>; 2]| spans[0].width() + spans[1].width() + 3;
    let last: Vec<_> = last.into_iter().map(hint).collect();
    let mut room = width.saturating_sub(1 + last.iter().map(cost).sum::<usize>());
    let mut shown = Vec::new();
    for spans in first.into_iter().map(hint) {
        if cost(&spans) > room {
            break;
        }
        room -= cost(&spans);
        shown.push(spans);
    }
    let mut line = vec![Span::raw(" ")];
    for spans in shown.into_iter().chain(last) {
        line.extend(spans);
        line.push(Span::raw("   "));
    }
    Line::from(line)
}

/// The words of a key's hint; `None` if the key would do nothing.
fn hint(scene: &Scene<'_>, context: Context, binding: &keys::Binding) -> Option<&'static str> {
    let target = TargetTrial::new(scene.ui, scene.snapshot);
    match binding.action {
        Action::Back if matches!(context, Context::Catalog | Context::Welcome) => {
            let catalog = &scene.ui.catalog;
            let narrowed = !catalog.filter.is_empty() || catalog.experiment.is_some();
            let grouped = catalog.within.is_some() || catalog.group.is_some();
            if grouped { Some("back") } else { narrowed.then_some("show all") }
        }
        Action::Report if context == Context::Report => Some("refresh"),
        Action::Compare => (scene.ui.catalog.marked.len() > 1).then_some(binding.hint),
        Action::Pause => match target? {
            target if target.state.is_done() => None,
            target if target.is_at_work() => Some(binding.hint),
            _ => Some("resume"),
        },
        Action::Cancel => target?.is_at_work().then_some(binding.hint),
        Action::MoreWorkers => scene.snapshot.is_working().then_some(binding.hint),
        Action::Open if context == Context::Monitor && scene.snapshot.live.is_empty() => None,
        _ => Some(binding.hint),
    }
}
