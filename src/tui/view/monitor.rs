//! What is running: a block a trial, the curves of the chosen one, and what happened lately.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::curve::{Cell, Range, curves as draw_curves};
use super::widgets::gauge::gauge;
use super::widgets::text::{Side, columns_of, fit, heading};
use crate::catalog::State;
use crate::train::Stage;
use crate::tui::format;
use crate::tui::snapshot::{Event, Live, Place, Run, WalkCurve};
use crate::tui::theme::Theme;

/// Lines of a trial, with the empty one below.
const BLOCK: u16 = 5;

/// The least lines for curves that are worth looking at.
const CURVES: u16 = 5;

/// The least and the most lines for what happened lately.
const EVENTS: (u16, u16) = (3, 10);

/// How many lines each part of the screen gets.
struct Shares {
    runs: u16,
    blocks: u16,
    curves: u16,
    events: u16,
}

/// Divides the screen while `live` trials are trained: as many of them as fit above the curves, then the curves of one
/// of them, then what happened.
fn shares(body: Rect, live: usize) -> Shares {
    let runs = if body.height >= 8 { 2 } else { 0 };
    let room = body.height - runs;
    let reserved = if room >= BLOCK + CURVES + EVENTS.0 { CURVES + EVENTS.0 } else { 0 };
    let fitting = ((room - reserved) / BLOCK).max(1);
    let blocks = (u16::try_from(live).unwrap_or(u16::MAX).min(fitting) * BLOCK).min(room);
    let left = room - blocks;
    let events = if left >= CURVES + EVENTS.0 { (left / 3).clamp(EVENTS.0, EVENTS.1) } else { 0 };
    let curves = if left - events >= CURVES { left - events } else { 0 };
    Shares { runs, blocks, curves, events }
}

/// The number of trials that are shown at once while `live` are trained, at least 1.
#[must_use]
pub fn blocks(body: Rect, live: usize) -> u64 {
    u64::from((shares(body, live).blocks / BLOCK).max(1))
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (snapshot, width) = (scene.snapshot, usize::from(body.width));
    if snapshot.live.is_empty() {
        return quiet(scene, body);
    }
    let shares = shares(body, snapshot.live.len());
    let mut lines = Vec::new();
    if shares.runs > 0 {
        lines.push(runs(scene, width));
        lines.push(Line::default());
    }
    let first = usize::try_from(scene.ui.monitor.list.top).unwrap_or(0);
    let shown = usize::try_from(blocks(body, snapshot.live.len())).unwrap_or(1);
    lines.extend(snapshot.live.iter().skip(first).take(shown).flat_map(|live| block(scene, live, width)));
    let chosen = usize::try_from(scene.ui.monitor.list.cursor).ok().and_then(|index| snapshot.live.get(index));
    if let (Some(live), 1..) = (chosen, shares.curves) {
        lines.extend(curves(scene, live, width, usize::from(shares.curves)));
    }
    if shares.events > 0 {
        lines.extend(events(scene, width, usize::from(shares.events)));
    }
    lines
}

/// Nothing runs: what to do next, and what happened.
fn quiet<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let totals = &scene.snapshot.totals;
    let key = |key: &'static str, text: &str| {
        Line::from(vec![Span::raw("   "), Span::styled(format!("{key:<7}"), theme.key()), Span::raw(text.to_owned())])
    };
    let mut heads: Vec<String> = scene.snapshot.runs.iter().filter(|run| !run.note.is_empty()).map(noted).collect();
    if heads.is_empty() {
        heads.push(if scene.snapshot.is_working() { "Starting .." } else { "Nothing is running." }.to_owned());
    }
    let head = |text: &String| Line::styled(format!(" {text}"), theme.strong());
    let mut lines: Vec<Line<'a>> = heads.iter().map(head).collect();
    lines.push(Line::default());
    if scene.snapshot.events.iter().any(|event| event.state.is_done()) {
        lines.push(key("enter", "open the trial that ended last"));
    }
    lines.push(key("n", "launch an experiment"));
    lines.push(key("1", "look at the trials of the catalog"));
    let waiting = totals.of(State::Paused) + totals.of(State::Stale);
    if waiting > 0 {
        let text = format!("go on with the {} that wait, paused or left behind", format::counted(waiting, "trial"));
        lines.push(key("P", &text));
    }
    if body.height >= 10 {
        lines.push(Line::default());
        let room = usize::from(body.height).saturating_sub(lines.len());
        lines.extend(events(scene, usize::from(body.width), room));
    }
    lines
}

/// A run and what it does beside trials.
fn noted(run: &Run) -> String {
    format!("{}: {}", run.name, run.note)
}

/// What the runs are, in one line.
fn runs<'a>(scene: &Scene<'_>, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let text = |run: &Run| {
        if !run.note.is_empty() {
            return noted(run);
        }
        let place = match &run.host {
            Some(host) => format!("on {host}"),
            None => format!("process {}", run.pid),
        };
        let workers = format::counted(run.workers as u64, "worker");
        format!("{}: {} of {}, {workers}, {place}", run.name, run.done, format::counted(run.trials, "trial") + " done")
    };
    let mut texts: Vec<String> = scene.snapshot.runs.iter().map(text).collect();
    if let ([run], Some(seconds)) = (&scene.snapshot.runs[..], run_left(scene)) {
        texts[0] = format!(
            "{}, about {} left",
            texts[0].replace(&format!(", process {}", run.pid), ""),
            format::estimate(seconds)
        );
    }
    Line::styled(fit(&format!(" {}", texts.join("   ")), width, Side::Left, theme.charset), theme.quiet())
}

/// Seconds left for the only run, judged by the trials that are being trained: `None` before they can be judged by.
#[expect(clippy::cast_precision_loss, reason = "counts of trials")]
fn run_left(scene: &Scene<'_>) -> Option<f64> {
    let [run] = &scene.snapshot.runs[..] else { return None };
    let places = scene.snapshot.live.iter().filter(|live| live.state == State::Running);
    let known: Vec<(f64, f64)> = places
        .filter_map(|live| {
            let place = live.place.as_ref()?;
            let (left, share) = (place.eta_s?, place.fraction?);
            Some((left, left / (1.0 - share).max(0.01)))
        })
        .collect();
    if known.is_empty() {
        return None;
    }
    let count = known.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| known.iter().map(part).sum::<f64>() / count;
    let waiting = run.trials.saturating_sub(run.done + run.running) as f64;
    Some(mean(|known| known.0) + waiting * mean(|known| known.1) / count)
}

/// A trial: its name, three gauges with what belongs to them, and an empty line.
fn block<'a>(scene: &Scene<'_>, live: &Live, width: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let place = live.place.as_ref();
    let accuracy = place.and_then(|place| place.accuracy);
    let density = place.and_then(|place| place.density);
    let done = place.and_then(|place| place.fraction);
    let about = |text: fn(&Place) -> String| place.map_or_else(String::new, text);
    let bar = Bar { width: width.saturating_sub(60).clamp(4, 60), theme };
    let rest = match (place, live.state) {
        (_, State::Paused) => "paused, p goes on".to_owned(),
        (None, _) => "waiting for the first round".to_owned(),
        (Some(place), _) => left(place),
    };
    let percent = done.map_or_else(|| "-".to_owned(), format::percent);
    vec![
        block_title(scene, live, width),
        bar.line("accuracy", accuracy, &format::fraction(accuracy), theme.good(), &about(walk)),
        bar.line("density", density, &format::fraction(density), theme.accent(), &about(round)),
        bar.line("done", done, &percent, theme.second(), &rest),
        Line::default(),
    ]
}

fn block_title<'a>(scene: &Scene<'_>, live: &Live, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let chosen = Some(&live.id) == scene.ui.monitor.selected.as_ref();
    let name = format!("{}  {}  seed {}", live.task, live.arch, live.seed);
    let state = format!("{} {}", theme.state_glyph(live.state), live.state);
    let experiment = if width >= 60 { format!("{}  ", live.experiment) } else { String::new() };
    let room = width.saturating_sub(columns_of(&experiment) + columns_of(&state) + 3);
    Line::from(vec![
        Span::styled(if chosen { theme.pick("▸", ">") } else { " " }, theme.key()),
        Span::styled(fit(&name, room, Side::Left, theme.charset), theme.strong()),
        Span::raw(" "),
        Span::styled(experiment, theme.quiet()),
        Span::styled(format!("{state} "), theme.state(live.state)),
    ])
}

/// Gauges of one width.
struct Bar {
    width: usize,
    theme: Theme,
}

impl Bar {
    /// A name, its gauge, the number, and what belongs to it.
    fn line<'a>(&self, name: &str, share: Option<f64>, number: &str, style: Style, text: &str) -> Line<'a> {
        let mut spans = vec![Span::styled(format!(" {name:<9}"), self.theme.quiet())];
        spans.extend(gauge(share, self.width, style, self.theme));
        spans.push(Span::raw(format!(" {number:>7}   {text}")));
        Line::from(spans)
    }
}

/// `walk 14 of 84, p_u 15 %, p_e 1.5 %`.
fn walk(place: &Place) -> String {
    if place.stage == Stage::Dense {
        return "dense network".to_owned();
    }
    let p_u = place.p_u.map_or_else(String::new, |step| format!(", p_u {}", format::step(step)));
    let stage = match (place.stage, place.p_e) {
        (Stage::Retrain, _) => ", retraining".to_owned(),
        (_, Some(step)) => format!(", p_e {}", format::step(step)),
        (_, None) => ", units".to_owned(),
    };
    format!("walk {} of {}{p_u}{stage}", place.walk, place.walks)
}

/// `round 9, p 86.5 %, 119 edges left`.
fn round(place: &Place) -> String {
    if place.stage == Stage::Dense {
        return format::counted(place.edges, "edge");
    }
    let tried = match place.p {
        Some(p) if matches!(place.stage, Stage::Unit | Stage::Edge) => format!("p {}, ", format::step(p)),
        _ => String::new(),
    };
    format!("round {}, {tried}{} left", place.round, format::counted(place.edges, "edge"))
}

/// `about 40 s left, 512 rounds so far`.
fn left(place: &Place) -> String {
    let rounds = format!("{} so far", format::counted(place.rounds, "round"));
    match place.eta_s {
        Some(eta) => format!("about {} left, {rounds}", format::estimate(eta)),
        None => rounds,
    }
}

/// The most walks whose curves are drawn: those worked on last.
const WALKS: usize = 4;

/// Loss and density over the last rounds of each walk, side by side, and an empty line.
fn curves<'a>(scene: &Scene<'_>, live: &Live, width: usize, height: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let recent = live.place.as_ref().map_or(&[][..], |place| &place.recent);
    let shown = &recent[recent.len().saturating_sub(WALKS)..];
    let half = width / 2;
    let (plot, rows) = (half.saturating_sub(LABEL + 2), height.saturating_sub(2).max(1));
    // Both fall over orders of magnitude: what they are divided by each time is what matters.
    let series = |value: fn(&(f64, f64)) -> f64| -> Vec<(String, Vec<f64>)> {
        let of =
            |curve: &WalkCurve| (curve.walk.to_string(), curve.rounds.iter().map(|round| value(round).ln()).collect());
        shown.iter().map(of).collect()
    };
    let sides = [series(|round| round.0), series(|round| round.1)];
    let ranges = [range(&sides[0], 0.01_f64.ln(), 0.0), range(&sides[1], 0.1_f64.ln(), 0.0)];
    let drawn = [0, 1].map(|side| draw_curves(&sides[side], ranges[side], (plot, rows), theme.charset));
    let mut title = heading(&format!("loss of {}, seed {}, by walk", live.task, live.seed), half, theme);
    title.spans.extend(heading("density by walk, both logarithmic", width - half, theme).spans);
    let mut lines = vec![title];
    let [left, right] = &drawn;
    for (row, (left, right)) in left.iter().zip(right).enumerate() {
        let label = |range: Range| {
            let edge = [(0, range.high), (rows - 1, range.low)].into_iter().find(|&(edge, _)| edge == row);
            let text = edge.map_or_else(String::new, |(_, value)| format!("{:.4}", value.exp()));
            Span::styled(format!("{text:>LABEL$} "), theme.quiet())
        };
        let mut spans = vec![label(ranges[0])];
        spans.extend(colored(left, theme));
        spans.push(Span::raw(" ".repeat(half.saturating_sub(LABEL + 1 + plot))));
        spans.push(label(ranges[1]));
        spans.extend(colored(right, theme));
        lines.push(Line::from(spans));
    }
    lines.push(Line::default());
    lines
}

/// A row of characters, each in the color of its series.
fn colored<'a>(row: &[Cell], theme: Theme) -> impl Iterator<Item = Span<'a>> {
    row.chunk_by(|a, b| a.1 == b.1).map(move |cells| {
        let text: String = cells.iter().map(|cell| cell.0).collect();
        Span::styled(text, cells[0].1.map_or_else(Style::new, |series| theme.series(series)))
    })
}

/// Columns for the numbers beside a curve.
const LABEL: usize = 7;

/// From `low`, or the least value if that is below, up to `high`; in steps, so that it seldom changes.
fn range(series: &[(String, Vec<f64>)], low: f64, high: f64) -> Range {
    let values = series.iter().flat_map(|(_, values)| values).copied();
    let least = values.filter(|value| value.is_finite()).fold(low, f64::min);
    let steps = ((high - least) / (high - low)).ceil().max(1.0);
    Range { low: high - steps * (high - low), high }
}

/// What happened lately, the latest last, in `room` lines with the heading.
fn events<'a>(scene: &Scene<'a>, width: usize, room: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let events = &scene.snapshot.events;
    if events.is_empty() || room < 2 {
        return Vec::new();
    }
    let line = |event: &'a Event| {
        Line::from(vec![
            Span::styled(format!(" {}  ", event.time), theme.quiet()),
            Span::styled(format!("{} ", theme.state_glyph(event.state)), theme.state(event.state)),
            Span::raw(fit(&event.text, width.saturating_sub(13), Side::Left, theme.charset)),
        ])
    };
    let last = events.len().saturating_sub(room - 1);
    [heading("lately, in UTC", width, theme)].into_iter().chain(events[last..].iter().map(line)).collect()
}
