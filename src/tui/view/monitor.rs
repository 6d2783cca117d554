//! What is running: a block a trial, the curves of the chosen one, and what happened lately.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::curve::{Range, curve};
use super::widgets::gauge::gauge;
use super::widgets::text::{Side, columns_of, fit, heading};
use crate::catalog::{Stage, State};
use crate::tui::format;
use crate::tui::snapshot::{Event, Live, Place, Run};

/// Lines of a trial, with the empty one below.
const BLOCK: u16 = 5;

/// Lines of the curves, with their heading.
const CURVES: u16 = 7;

/// Lines of what happened, with the heading.
const EVENTS: u16 = 4;

/// What of the screen goes where.
struct Shares {
    runs: u16,
    blocks: u16,
    curves: u16,
    events: u16,
}

/// Divides the screen: first some trials, then the curves, then what happened.
fn shares(body: Rect) -> Shares {
    let runs = if body.height >= 8 { 2 } else { 0 };
    let mut left = body.height - runs;
    let mut take = |wanted: u16, at_least: u16| {
        let taken = if left >= at_least + wanted { wanted } else { 0 };
        left -= taken;
        taken
    };
    let curves = take(CURVES, BLOCK);
    let events = take(EVENTS, BLOCK);
    let more = if left > 4 * BLOCK { left - 4 * BLOCK } else { 0 };
    Shares { runs, blocks: left - more, curves: if curves > 0 { curves + more / 2 } else { 0 }, events: if events > 0 { events + more - more / 2 } else { 0 } }
}

/// The number of trials that are shown at once, at least 1.
#[must_use]
pub fn blocks(body: Rect) -> u64 {
    u64::from((shares(body).blocks / BLOCK).max(1))
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (snapshot, width) = (scene.snapshot, usize::from(body.width));
    if snapshot.live.is_empty() {
        return quiet(scene, body);
    }
    let shares = shares(body);
    let mut lines = Vec::new();
    if shares.runs > 0 {
        lines.push(runs(scene, width));
        lines.push(Line::default());
    }
    let first = usize::try_from(scene.ui.monitor.list.top).unwrap_or(0);
    let shown = usize::try_from(blocks(body)).unwrap_or(1);
    let mut used = 0;
    for live in snapshot.live.iter().skip(first).take(shown) {
        lines.extend(block(scene, live, width));
        used += BLOCK;
    }
    // With few trials, the room below them goes to the curves.
    let spare = shares.blocks.saturating_sub(used.min(shares.blocks));
    let chosen = usize::try_from(scene.ui.monitor.list.cursor).ok().and_then(|index| snapshot.live.get(index));
    if let (Some(live), 1..) = (chosen, shares.curves) {
        lines.extend(curves(scene, live, width, shares.curves + spare.min(5)));
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
        Line::from(vec![Span::raw("   "), Span::styled(format!("{key:<3}"), theme.key()), Span::raw(text.to_owned())])
    };
    let head = if scene.snapshot.is_working() { " Starting .." } else { " Nothing is running." };
    let mut lines = vec![Line::styled(head, theme.strong()), Line::default()];
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

/// What the runs are, in one line.
fn runs<'a>(scene: &Scene<'_>, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let text = |run: &Run| {
        let place = match &run.host {
            Some(host) => format!("on {host}"),
            None => format!("process {}", run.pid),
        };
        let workers = format::counted(run.workers as u64, "worker");
        format!("{}: {} of {}, {workers}, {place}", run.name, run.done, format::counted(run.trials, "trial") + " done")
    };
    let texts: Vec<String> = scene.snapshot.runs.iter().map(text).collect();
    Line::styled(fit(&format!(" {}", texts.join("   ")), width, Side::Left, theme.charset), theme.quiet())
}

/// A trial: its name, and three gauges with what belongs to them.
fn block<'a>(scene: &Scene<'_>, live: &Live, width: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let chosen = Some(&live.id) == scene.ui.monitor.selected.as_ref();
    let name = format!("{}  {}  seed {}", live.task, live.arch, live.seed);
    let state = format!("{} {}", theme.state_glyph(live.state), live.state);
    let right = format!("{}  {state} ", live.experiment);
    let room = width.saturating_sub(columns_of(&right) + 2);
    let title = Line::from(vec![
        Span::styled(if chosen { theme.pick("▸", ">") } else { " " }, theme.key()),
        Span::styled(fit(&name, room, Side::Left, theme.charset), theme.strong()),
        Span::raw(" "),
        Span::styled(format!("{}  ", live.experiment), theme.quiet()),
        Span::styled(format!("{state} "), theme.state(live.state)),
    ]);
    let bar = (width / 2).saturating_sub(20).clamp(4, 60);
    let place = live.place.as_ref();
    let line = |name: &str, share: Option<f64>, value: String, style, text: String| {
        let mut line = vec![Span::styled(format!(" {name:<9}"), theme.quiet())];
        line.extend(gauge(share, bar, style, theme));
        line.push(Span::raw(format!(" {value:>7}   ")));
        line.push(Span::raw(text));
        Line::from(line)
    };
    let accuracy = place.and_then(|place| place.accuracy);
    let density = place.and_then(|place| place.density);
    let done = place.and_then(|place| place.fraction);
    vec![
        title,
        line("accuracy", accuracy, format::fraction(accuracy), theme.good(), place.map_or_else(String::new, walk)),
        line("density", density, format::fraction(density), theme.accent(), place.map_or_else(String::new, round)),
        line(
            "done",
            done,
            done.map_or_else(|| "-".to_owned(), format::percent),
            theme.second(),
            place.map_or_else(|| "waiting for the first round".to_owned(), left),
        ),
        Line::default(),
    ]
}

/// `edges: walk 14 of 84, p_u 15 %, p_e 1 %`.
fn walk(place: &Place) -> String {
    if place.stage == Stage::Dense {
        return "dense network".to_owned();
    }
    let stage = if place.stage == Stage::Unit { "units" } else { "edges" };
    let steps = [("p_u", place.p_u), ("p_e", place.p_e)];
    let steps = steps.into_iter().filter_map(|(name, step)| Some(format!(", {name} {}", format::step(step?))));
    format!("{stage}: walk {} of {}{}", place.walk, place.walks, steps.collect::<String>())
}

/// `round 9, 86.5 % tried: 119 edges`.
fn round(place: &Place) -> String {
    let tried = match place.p {
        Some(p) if place.stage != Stage::Dense => format!(", {} tried", format::step(p)),
        _ => String::new(),
    };
    format!("round {}{tried}: {}", place.round, format::counted(place.edges, "edge"))
}

/// `about 40 s left, 512 rounds`.
fn left(place: &Place) -> String {
    let rounds = format::counted(place.rounds, "round");
    match place.eta_s {
        Some(eta) => format!("about {} left, {rounds}", format::estimate(eta)),
        None => rounds,
    }
}

/// Accuracy and density over the last rounds, side by side.
fn curves<'a>(scene: &Scene<'_>, live: &Live, width: usize, height: u16) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let recent = live.place.as_ref().map_or(&[][..], |place| &place.recent);
    let title = match recent.len() {
        0 => format!("{}, seed {}", live.task, live.seed),
        rounds => format!("{}, seed {}: last {}", live.task, live.seed, format::counted(rounds as u64, "round")),
    };
    let half = (width / 2).saturating_sub(LABEL + 2);
    let rows = usize::from(height).saturating_sub(3).max(1);
    let accuracy: Vec<f64> = recent.iter().map(|&(accuracy, _)| accuracy).collect();
    // Density falls over orders of magnitude: what it is divided by each time is what matters.
    let density: Vec<f64> = recent.iter().map(|&(_, density)| density.ln()).collect();
    let (accuracy_range, density_range) = (range(&accuracy, 0.5, 1.0), range(&density, 0.1_f64.ln(), 0.0));
    let left = curve(&accuracy, accuracy_range, (half, rows), theme.charset);
    let right = curve(&density, density_range, (half, rows), theme.charset);
    let names = format!("{:LABEL$} {:half$}  {:LABEL$} {}", "", "accuracy", "", "density, logarithmic");
    let mut lines = vec![heading(&title, width, theme), Line::styled(fit(&names, width, Side::Left, theme.charset), theme.quiet())];
    for (row, (left, right)) in left.into_iter().zip(right).enumerate() {
        let label = |range: Range, exp: bool| {
            let value = if row == 0 { range.high } else { range.low };
            let value = if exp { value.exp() } else { value };
            if row == 0 || row + 1 == rows { format!("{value:>LABEL$.4}") } else { " ".repeat(LABEL) }
        };
        lines.push(Line::from(vec![
            Span::styled(label(accuracy_range, false), theme.quiet()),
            Span::raw(" "),
            Span::styled(fit(&left, half, Side::Left, theme.charset), theme.good()),
            Span::raw("  "),
            Span::styled(label(density_range, true), theme.quiet()),
            Span::raw(" "),
            Span::styled(right, theme.accent()),
        ]));
    }
    lines.push(Line::default());
    lines
}

/// Columns for the numbers beside a curve.
const LABEL: usize = 7;

/// From `low`, or the least of `values` if that is below, up to `high`; in steps, so that it seldom changes.
fn range(values: &[f64], low: f64, high: f64) -> Range {
    let least = values.iter().copied().filter(|value| value.is_finite()).fold(low, f64::min);
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
