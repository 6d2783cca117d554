//! Questions, and the list of experiments.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::widgets::popup::{self, popup};
use super::widgets::text::{Side, columns_of, fit};
use super::{Scene, put};
use crate::report::numbers::{counted, thousands};
use crate::report::text::wrapped;
use crate::tui::snapshot::Run;
use crate::tui::state::{List, Question};

/// The number of visible experiments.
#[must_use]
pub fn experiment_rows(body: Rect) -> u64 {
    u64::from(popup::rows(body))
}

pub(super) fn experiments(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect, list: List) {
    let (theme, experiments) = (scene.theme, &scene.snapshot.experiments);
    let width = experiments.iter().map(|known| columns_of(&known.name)).max().unwrap_or(0).clamp(12, 40);
    let all = ("all trials".to_owned(), counted(scene.snapshot.totals.trials(), "trial"));
    let others = experiments
        .iter()
        .map(|known| (known.name.clone(), format!("{} of {} done", thousands(known.done), thousands(known.trials))));
    let total = experiments.len() + 1;
    let size = (u16::try_from(width + 24).unwrap_or(60), u16::try_from(total).unwrap_or(u16::MAX));
    let area = popup(frame, body, "experiments", size, theme);
    let line = |(index, (name, done)): (u64, (String, String))| {
        let name = fit(&name, width, Side::Left, theme.charset);
        let mark = if index == list.cursor { theme.pick("▸", ">") } else { " " };
        let line = Line::from(vec![Span::raw(format!("{mark} {name}  ")), Span::styled(done, theme.quiet())]);
        if index == list.cursor { line.style(theme.selected()) } else { line }
    };
    let lines = (0..).zip([all].into_iter().chain(others)).map(line);
    put(frame, area, lines.skip(usize::try_from(list.top).unwrap_or(0)));
}

pub(super) fn confirm(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect, question: &Question) {
    let answers = [("enter", question.yes.as_str()), ("esc", "no, go back")];
    ask(frame, scene, body, &question.title, &question.lines, &answers);
}

pub(super) fn quit(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect) {
    let lines: Vec<String> = scene.snapshot.runs.iter().map(at_work).collect();
    let answers = [
        ("enter", "leave it running; start sculpt again to see it"),
        ("p", "pause it, to resume later"),
        ("c", "cancel it (asks again)"),
        ("esc", "stay here"),
    ];
    ask(frame, scene, body, "Work is running. Quit?", &lines, &answers);
}

fn at_work(run: &Run) -> String {
    let place = run.host.as_ref().map_or_else(String::new, |host| format!(", on {host}"));
    format!("{}: {} of {} done{place}", run.name, thousands(run.done), counted(run.trials, "trial"))
}

/// A question: its background, then one line per answer.
fn ask(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect, title: &str, about: &[String], answers: &[(&str, &str)]) {
    let theme = scene.theme;
    let most = usize::from(body.width).saturating_sub(6).clamp(8, 64);
    let mut lines: Vec<Line<'_>> = Vec::new();
    if body.height >= 10 {
        let shown = about.iter().flat_map(|line| wrapped(line, most, 0));
        lines.extend(shown.take(usize::from(body.height).saturating_sub(answers.len() + 4)).map(Line::raw));
        lines.push(Line::default());
    } else {
        lines.push(Line::styled(title.to_owned(), theme.strong()));
    }
    for (key, meaning) in answers {
        lines.push(Line::from(vec![Span::styled(format!("{key:<7}"), theme.key()), Span::raw((*meaning).to_owned())]));
    }
    if lines.len() > usize::from(body.height) {
        // The answers matter most.
        lines.drain(..lines.len() - answers.len());
    }
    let width = lines.iter().map(Line::width).max().unwrap_or(0).max(columns_of(title) + 2);
    let size = (u16::try_from(width).unwrap_or(64), u16::try_from(lines.len()).unwrap_or(u16::MAX));
    let area = popup(frame, body, title, size, theme);
    put(frame, area, lines);
}
