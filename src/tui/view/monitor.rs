//! The monitor: a block for each running trial, the curves of the one under the cursor, and recent events.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::curve::{Cell, Range, curves as draw_curves};
use super::widgets::gauge::gauge;
use super::widgets::text::{Side, columns_of, fit, heading};
use crate::catalog::{Point, Progress, State};
use crate::report::numbers::{self, counted, estimate, or_dash, thousands};
use crate::train::Stage;
use crate::tui::snapshot::{Event, Live, Run};
use crate::tui::theme::Theme;

/// The number of lines of a block, including the empty one below.
const BLOCK: u16 = 5;

/// The fewest lines for legible curves.
const CURVES: u16 = 5;

/// The fewest and the most lines for recent events.
const EVENTS: (u16, u16) = (3, 10);

/// The number of lines of each part of the screen.
struct Shares {
    runs: u16,
    blocks: u16,
    curves: u16,
    events: u16,
}

/// Divides the screen among `live` trials, as many as fit, the curves of one of them, and recent events.
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

/// The number of visible blocks if there are `live` trials, at least 1.
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

/// The screen without running trials: what to do next, and recent events.
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
        lines.push(key("enter", "open the trial that finished last"));
    }
    lines.push(key("n", "launch an experiment"));
    lines.push(key("1", "browse the catalog"));
    let paused = totals.of(State::Paused) + totals.of(State::Stale);
    if paused > 0 {
        lines.push(key("P", &format!("resume {}", counted(paused, "trial"))));
    }
    if body.height >= 10 {
        lines.push(Line::default());
        let room = usize::from(body.height).saturating_sub(lines.len());
        lines.extend(events(scene, usize::from(body.width), room));
    }
    lines
}

/// A run and its note.
fn noted(run: &Run) -> String {
    format!("{}: {}", run.name, run.note)
}

/// The runs, in one line.
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
        let workers = counted(run.workers, "worker");
        format!("{}: {} of {} done, {workers}, {place}", run.name, thousands(run.done), counted(run.trials, "trial"))
    };
    let mut texts: Vec<String> = scene.snapshot.runs.iter().map(text).collect();
    if let ([run], Some(seconds)) = (&scene.snapshot.runs[..], run_left(scene)) {
        texts[0] = format!("{}, {} left", texts[0].replace(&format!(", process {}", run.pid), ""), estimate(seconds));
    }
    Line::styled(fit(&format!(" {}", texts.join("   ")), width, Side::Left, theme.charset), theme.quiet())
}

/// The estimated seconds left for the only run; `None` if there are several runs, or before its trials have estimates.
#[expect(clippy::cast_precision_loss, reason = "counts of trials")]
fn run_left(scene: &Scene<'_>) -> Option<f64> {
    let [run] = &scene.snapshot.runs[..] else { return None };
    let running = scene.snapshot.live.iter().filter(|live| live.row.status == State::Running);
    let known: Vec<(f64, f64)> = running
        .filter_map(|live| {
            let progress = live.progress.as_ref()?;
            let left = progress.eta_s?;
            Some((left, left / (1.0 - done(progress)?).max(0.01)))
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

/// The block of a trial: its name, three gauges with details, and an empty line.
fn block<'a>(scene: &Scene<'_>, live: &Live, width: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let progress = live.progress.as_ref();
    let accuracy = progress.filter(|progress| progress.rounds_done > 0).map(|progress| progress.accuracy);
    let density = progress.map(|progress| progress.density);
    let done = progress.and_then(done);
    let about = |text: fn(&Progress) -> String| progress.map_or_else(String::new, text);
    let bar = Bar { width: width.saturating_sub(60).clamp(4, 60), theme };
    let rest = match (progress, live.row.status) {
        (_, State::Paused) => "paused; press p to resume".to_owned(),
        (None, _) => "waiting for the first round".to_owned(),
        (Some(progress), _) => left(progress),
    };
    let percent = or_dash(done, numbers::percent);
    vec![
        block_title(scene, live, width),
        bar.line("accuracy", accuracy, &or_dash(accuracy, numbers::accuracy), theme.good(), &about(walk)),
        bar.line("density", density, &or_dash(density, numbers::density), theme.accent(), &about(round)),
        bar.line("done", done, &percent, theme.second(), &rest),
        Line::default(),
    ]
}

/// The estimated share of a trial that is done.
fn done(progress: &Progress) -> Option<f64> {
    Some(progress.fraction).filter(|fraction| fraction.is_finite())
}

fn block_title<'a>(scene: &Scene<'_>, live: &Live, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let row = &live.row;
    let chosen = Some(&row.id) == scene.ui.monitor.selected.as_ref();
    let name = format!("{}  {}  seed {}", row.task, row.architecture, row.seed);
    let state = format!("{} {}", theme.state_glyph(row.status), row.status);
    let experiment = if width >= 60 { format!("{}  ", row.experiments.join(", ")) } else { String::new() };
    let room = width.saturating_sub(columns_of(&experiment) + columns_of(&state) + 3);
    Line::from(vec![
        Span::styled(if chosen { theme.pick("▸", ">") } else { " " }, theme.key()),
        Span::styled(fit(&name, room, Side::Left, theme.charset), theme.strong()),
        Span::raw(" "),
        Span::styled(experiment, theme.quiet()),
        Span::styled(format!("{state} "), theme.state(row.status)),
    ])
}

/// Gauges of a given width.
struct Bar {
    width: usize,
    theme: Theme,
}

impl Bar {
    /// A name, its gauge, its number, and details.
    fn line<'a>(&self, name: &str, share: Option<f64>, number: &str, style: Style, text: &str) -> Line<'a> {
        let mut spans = vec![Span::styled(format!(" {name:<9}"), self.theme.quiet())];
        spans.extend(gauge(share, self.width, style, self.theme));
        spans.push(Span::raw(format!(" {number:>7}   {text}")));
        Line::from(spans)
    }
}

/// `walk 14 of 84, p_u 15%, p_e 1.5%`.
fn walk(progress: &Progress) -> String {
    if progress.stage == Stage::Dense {
        return "dense network".to_owned();
    }
    let p_u = progress.p_u.map_or_else(String::new, |step| format!(", p_u {}", numbers::step(step)));
    let stage = match (progress.stage, progress.p_e) {
        (Stage::Retrain, _) => ", retraining".to_owned(),
        (_, Some(step)) => format!(", p_e {}", numbers::step(step)),
        (_, None) => ", unit pruning".to_owned(),
    };
    format!("walk {} of {}{p_u}{stage}", progress.walk, progress.walks_total)
}

/// `round 9, p 86.5%, 119 edges left`.
fn round(progress: &Progress) -> String {
    let edges = counted(progress.edges, "edge");
    if progress.stage == Stage::Dense {
        return edges;
    }
    let tried = match progress.stage {
        Stage::Unit | Stage::Edge if progress.p.is_finite() => format!("p {}, ", numbers::step(progress.p)),
        _ => String::new(),
    };
    format!("round {}, {tried}{edges} left", progress.round)
}

/// `about 40 s left, 512 rounds so far`.
fn left(progress: &Progress) -> String {
    let rounds = format!("{} so far", counted(progress.rounds_done, "round"));
    match progress.eta_s {
        Some(eta) => format!("{} left, {rounds}", estimate(eta)),
        None => rounds,
    }
}

/// The most walks whose curves are drawn: the latest ones.
const WALKS: usize = 4;

/// The loss and the density of each walk's last rounds, side by side, and an empty line.
fn curves<'a>(scene: &Scene<'_>, live: &Live, width: usize, height: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let walks = by_walk(live.progress.as_ref().map_or(&[], |progress| &progress.recent));
    let shown = &walks[walks.len().saturating_sub(WALKS)..];
    let half = width / 2;
    let (plot, rows) = (half.saturating_sub(LABEL + 2), height.saturating_sub(2).max(1));
    // Both fall over orders of magnitude, so they are drawn on logarithmic scales.
    let series = |value: fn(&Point) -> f64| -> Vec<(String, Vec<f64>)> {
        let of = |(walk, rounds): &(u64, Vec<Point>)| {
            (walk.to_string(), rounds.iter().map(|round| value(round).ln()).collect())
        };
        shown.iter().map(of).collect()
    };
    let sides = [series(|round| round.loss), series(|round| round.density)];
    let ranges = [range(&sides[0], 0.01_f64.ln(), 0.0), range(&sides[1], 0.1_f64.ln(), 0.0)];
    let drawn = [0, 1].map(|side| draw_curves(&sides[side], ranges[side], (plot, rows), theme.charset));
    let mut title = heading(&format!("loss (log) by walk: {}, seed {}", live.row.task, live.row.seed), half, theme);
    title.spans.extend(heading("density (log) by walk", width - half, theme).spans);
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

/// Rounds by walk, in the order in which the walks were last worked on; walk 0 is the dense round.
fn by_walk(points: &[Point]) -> Vec<(u64, Vec<Point>)> {
    let mut walks: Vec<(u64, Vec<Point>)> = Vec::new();
    for &point in points {
        let index = walks.iter().position(|(walk, _)| *walk == point.walk);
        let mut walk = index.map_or_else(|| (point.walk, Vec::new()), |index| walks.remove(index));
        walk.1.push(point);
        walks.push(walk);
    }
    walks
}

/// A row of characters in the colors of their series.
fn colored<'a>(row: &[Cell], theme: Theme) -> impl Iterator<Item = Span<'a>> {
    row.chunk_by(|a, b| a.1 == b.1).map(move |cells| {
        let text: String = cells.iter().map(|cell| cell.0).collect();
        Span::styled(text, cells[0].1.map_or_else(Style::new, |series| theme.series(series)))
    })
}

/// The width of the numbers beside a curve.
const LABEL: usize = 7;

/// The range from `low`, or lower if a value is, to `high`; it grows in steps, so that it seldom changes.
fn range(series: &[(String, Vec<f64>)], low: f64, high: f64) -> Range {
    let values = series.iter().flat_map(|(_, values)| values).copied();
    let least = values.filter(|value| value.is_finite()).fold(low, f64::min);
    let steps = ((high - least) / (high - low)).ceil().max(1.0);
    Range { low: high - steps * (high - low), high }
}

/// Recent events, the latest last, in at most `room` lines including the heading.
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
    [heading("recent events", width, theme)].into_iter().chain(events[last..].iter().map(line)).collect()
}
