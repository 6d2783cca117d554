//! The tabs with a network's clusters, modularity, hierarchy and paths.

use ratatui::text::{Line, Span};

use super::{Shown, absent};
use crate::analysis::paths::PathSettings;
use crate::catalog::About;
use crate::detect::Detection;
use crate::report::names::Labels;
use crate::report::numbers::counted;
use crate::report::pixels::Map;
use crate::report::{certificate, clusters as report, hierarchy as drawing, paths as report_paths};
use crate::tui::theme::Theme;
use crate::tui::view::widgets::text::{colored, heading, paragraph, plain};

/// The greatest width of text: longer lines are hard to follow.
const WIDEST: usize = 140;

pub(super) fn clusters<'a>(shown: &Shown<'_>, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let (Some(detection), about) = (shown.detection, shown.trial.about()) else {
        return shown.absent("clusters", width);
    };
    let room = width.saturating_sub(2).min(WIDEST);
    let mut lines = Vec::new();
    if let Some(shape) = about.shape {
        lines.push(heading("pixels by module", width, theme));
        let map = Map::new(shape, detection).draw(room, theme.pixels());
        lines.extend(map.iter().map(|row| colored(row, theme)));
        lines.push(Line::default());
    }
    lines.push(heading("clusters within each layer", width, theme));
    let rows = report::assignments(detection, &about.inputs, &about.outputs, room);
    lines.extend(titled(plain(rows), theme));
    lines.push(Line::default());
    lines.push(heading("modules across layers", width, theme));
    lines.extend(titled(plain(modules(detection, about, room)), theme));
    lines.extend(tied(detection, width, theme));
    lines
}

/// The most modules that are listed.
const MODULES: usize = 48;

/// One row per module: its units in each layer.
fn modules(detection: &Detection, about: &About, width: usize) -> Vec<String> {
    use crate::report::names::{layer, of_units, short};
    let layers = detection.kept_units.len();
    let mut rows = vec!["module  units".to_owned()];
    for node in detection.hierarchy.nodes.iter().take(MODULES) {
        let parts = node.units.iter().enumerate().filter(|(_, units)| !units.is_empty()).map(|(at, units)| {
            let names = of_units(units, at, layers, &about.inputs, &about.outputs);
            format!("{} {{{}}}", layer(at, layers), short(&names, 20))
        });
        let lines = crate::report::text::wrapped(&parts.collect::<Vec<_>>().join("; "), width.saturating_sub(8), 0);
        let title = format!("M{}", node.module + 1);
        let titles = [title.as_str()].into_iter().chain(std::iter::repeat(""));
        rows.extend(titles.zip(lines).map(|(title, line)| format!("{title:<6}  {line}")));
    }
    let rest = detection.hierarchy.nodes.len().saturating_sub(MODULES);
    if rest > 0 {
        rows.push(format!("and {}", counted(rest, "more module")));
    }
    rows
}

pub(super) fn modularity<'a>(shown: &Shown<'_>, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let Some(detection) = shown.detection else {
        return shown.absent("modularity", width);
    };
    let room = width.saturating_sub(2).min(WIDEST);
    let mut lines = vec![heading("modularity M of each cut into k clusters (* chosen)", width, theme)];
    let table = plain(report::table(detection, room));
    lines.extend(titled(table, theme).into_iter().map(|line| starred(&line, theme)));
    lines.push(Line::default());
    lines.push(heading("why", width, theme));
    for reason in report::reasons(detection, &shown.trial.settings(), room) {
        lines.push(Line::raw(format!(" {reason}")));
    }
    lines.extend(tied(detection, width, theme));
    lines
}

pub(super) fn hierarchy<'a>(shown: &Shown<'_>, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let (Some(detection), about) = (shown.detection, shown.trial.about()) else {
        return shown.absent("hierarchy", width);
    };
    let room = width.saturating_sub(2).clamp(crate::report::text::MIN_WIDTH, WIDEST);
    let mut lines = plain(drawing::draw(detection, &about.inputs, &about.outputs, room, theme.charset));
    // The truth table is only checked for the best network, not for earlier steps.
    let sentences = &shown.trial.certificate;
    if shown.is_best && !sentences.is_empty() {
        lines.push(Line::default());
        lines.push(heading("what the truth table says", width, theme));
        lines.extend(plain(certificate::rows(sentences, room, theme.charset)));
    }
    lines
}

/// The path analysis of the best network; the weights of earlier steps are not recorded.
pub(super) fn paths<'a>(shown: &Shown<'_>, width: usize, theme: Theme) -> Vec<Line<'a>> {
    let trial = shown.trial;
    let Some(analysis) = &trial.paths else { return absent(trial, "weights", width) };
    if !shown.is_best {
        return paragraph("Weights are recorded for the end of the walk only; press > to go there.", width);
    }
    let (architecture, percent) = (&trial.plan().architecture, PathSettings::default().percent);
    let room = width.saturating_sub(1).min(WIDEST);
    let mut lines = Vec::new();
    let labels = Labels::of(trial.about());
    for section in report_paths::sections(analysis, architecture, labels, percent, room, theme.charset) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(heading(&section.title.to_lowercase(), width, theme));
        lines.extend(plain(section.rows));
    }
    lines
}

/// Dims the first line, a row of titles.
fn titled(mut lines: Vec<Line<'_>>, theme: Theme) -> Vec<Line<'_>> {
    if let Some(first) = lines.first_mut() {
        *first = std::mem::take(first).style(theme.quiet());
    }
    lines
}

/// Highlights numbers with a star.
fn starred<'a>(line: &Line<'_>, theme: Theme) -> Line<'a> {
    let text = line.to_string();
    let mut spans: Vec<Span<'a>> = Vec::new();
    for piece in text.split_inclusive('*') {
        match piece.strip_suffix('*') {
            Some(rest) => {
                let start = rest.rfind(' ').map_or(0, |space| space + 1);
                spans.push(Span::raw(rest[..start].to_owned()));
                spans.push(Span::styled(format!("{}*", &rest[start..]), theme.key()));
            }
            None => spans.push(Span::raw(piece.to_owned())),
        }
    }
    Line::from(spans).style(line.style)
}

fn tied<'a>(detection: &Detection, width: usize, theme: Theme) -> Vec<Line<'a>> {
    if !detection.tied {
        return Vec::new();
    }
    let text = "Equal distances were merged in the order of the hidden units' numbers; with another numbering, the \
                result could be different.";
    [Line::default()]
        .into_iter()
        .chain(paragraph(text, width).into_iter().map(|line| line.style(theme.warning())))
        .collect()
}
