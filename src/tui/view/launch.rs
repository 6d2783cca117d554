//! The list of presets, each with its key.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::text::{Side, fit, heading, paragraph};
use crate::report::numbers::thousands;
use crate::tui::format;
use crate::tui::keys;
use crate::tui::snapshot::Preset;

/// The number of lines about the preset under the cursor.
const ABOUT: u16 = 7;

/// Is there room for a text about the preset under the cursor?
fn about_fits(body: Rect) -> bool {
    body.height >= 14
}

/// The number of visible presets.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    let used = if about_fits(body) { ABOUT + 2 } else { 0 };
    u64::from(body.height.saturating_sub(used).max(1))
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let (theme, width) = (scene.theme, usize::from(body.width));
    if !about_fits(body) {
        return presets(scene, body.width, usize::from(body.height));
    }
    let room = usize::try_from(rows(body)).unwrap_or(usize::MAX);
    let mut lines = vec![titles(scene, width)];
    lines.extend(presets(scene, body.width, room));
    lines.push(Line::default());
    let chosen = usize::try_from(scene.ui.launch.cursor).ok().and_then(|index| scene.snapshot.presets.get(index));
    if let Some(preset) = chosen {
        lines.push(heading(&preset.name, width, theme));
        let texts = [&*preset.description, &*preset.hyperparameters].into_iter().filter(|text| !text.is_empty());
        let about = texts.flat_map(|text| paragraph(text, width.min(100)));
        lines.extend(about.take(usize::from(ABOUT) - 2));
    }
    lines
}

fn titles<'a>(scene: &Scene<'_>, width: usize) -> Line<'a> {
    let columns = Columns::new(width);
    let text = format!(
        "    {}  {}  {:>7}  {:>11}",
        fit("preset", columns.name, Side::Left, scene.theme.charset),
        fit("", columns.title, Side::Left, scene.theme.charset),
        "trials",
        "time"
    );
    Line::styled(text, scene.theme.quiet())
}

/// The widths of names and titles.
struct Columns {
    name: usize,
    title: usize,
}

impl Columns {
    fn new(width: usize) -> Self {
        let name = 13.min(width.saturating_sub(5));
        Self { name, title: width.saturating_sub(4 + name + 2 + 2 + 7 + 2 + 11 + 1) }
    }
}

/// The presets around the cursor, in at most `room` lines.
pub(super) fn presets<'a>(scene: &Scene<'a>, width: u16, room: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let presets = &scene.snapshot.presets;
    if presets.is_empty() {
        let text = if scene.snapshot.loaded { " no presets" } else { " reading presets .." };
        return vec![Line::styled(text, theme.quiet())];
    }
    let cursor = usize::try_from(scene.ui.launch.cursor).unwrap_or(0);
    let top = usize::try_from(scene.ui.launch.top).unwrap_or(0).max((cursor + 1).saturating_sub(room));
    let columns = Columns::new(usize::from(width));
    presets.iter().enumerate().skip(top).take(room).map(|(index, preset)| row(scene, &columns, index, preset)).collect()
}

fn row<'a>(scene: &Scene<'_>, columns: &Columns, index: usize, preset: &Preset) -> Line<'a> {
    let theme = scene.theme;
    let selected = index as u64 == scene.ui.launch.cursor;
    let letter = keys::letter(index).map_or_else(|| " ".to_owned(), String::from);
    let left = preset.trials.saturating_sub(preset.done);
    // A search for depths may need fewer trials.
    let open = preset.at_first < preset.trials;
    let most = theme.pick("≤", "<=");
    let trials = match preset.seconds {
        None => "..".to_owned(),
        Some(_) if open => format!("{most} {}", thousands(preset.trials)),
        Some(_) => thousands(preset.trials),
    };
    let time = match preset.seconds {
        None => "counting ..".to_owned(),
        _ if preset.trials == 0 => "cannot run".to_owned(),
        _ if left == 0 => "done".to_owned(),
        Some(seconds) => format::time_needed(seconds, Some(if open { most } else { "" })),
    };
    let line = Line::from(vec![
        Span::raw(if selected { theme.pick("▸", ">") } else { " " }),
        Span::styled(letter, theme.key()),
        Span::raw("  "),
        Span::styled(fit(&preset.name, columns.name, Side::Left, theme.charset), theme.strong()),
        Span::raw("  "),
        Span::raw(fit(&preset.title, columns.title, Side::Left, theme.charset)),
        Span::raw(format!("  {trials:>7}")),
        Span::styled(format!("  {time:>11} "), theme.quiet()),
    ]);
    if selected { line.style(theme.selected()) } else { line }
}
