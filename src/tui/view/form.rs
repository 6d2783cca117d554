//! The form of a launch: what can be changed, and what it amounts to.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::widgets::popup::popup;
use super::widgets::text::{Side, columns_of, fit};
use super::{Scene, put};
use crate::report::numbers::{bytes, counted, thousands};
use crate::report::text::{printable, wrapped};
use crate::tui::format;
use crate::tui::snapshot::{Forecast, Snapshot};
use crate::tui::state::{Field, Form};

/// The widths of a field's name and of its text.
const NAME: usize = 9;
const TYPED: usize = 18;

/// The forecast for what is typed, once it is known.
#[must_use]
pub fn forecast<'a>(snapshot: &'a Snapshot, form: &Form) -> Option<&'a Forecast> {
    snapshot.forecast.as_deref().filter(|forecast| forecast.request == form.request)
}

pub(super) fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect, form: &Form) {
    let theme = scene.theme;
    let width = usize::from(body.width).saturating_sub(6).clamp(20, 68);
    let room = usize::from(body.height).saturating_sub(2);
    let mut size = size(scene, form, width);
    let searched = forecast(scene.snapshot, form).map_or("", |forecast| &forecast.hyperparameters);
    if !searched.is_empty() {
        size.push(Line::styled(fit(searched, width, Side::Left, theme.charset), theme.quiet()));
    }
    let keys = Line::from(vec![
        Span::styled("enter", theme.key()),
        Span::raw(" launch   "),
        Span::styled(theme.pick("↑ ↓", "up down"), theme.key()),
        Span::raw(" other field   "),
        Span::styled("esc", theme.key()),
        Span::raw(" back"),
    ]);
    let about: Vec<Line<'_>> =
        wrapped(&printable(&form.about, theme.charset), width, 0).into_iter().map(Line::raw).collect();
    let fields: Vec<Line<'_>> = Field::ALL.into_iter().map(|field| self::field(scene, form, field, width)).collect();
    // The fields and the forecast matter most; if even they do not fit, only the field under the cursor is shown.
    let needed = fields.len() + 1 + size.len();
    let (about, gap) = match room.checked_sub(needed + 3) {
        Some(spare) => (about.into_iter().take(spare).collect(), true),
        None => (Vec::new(), false),
    };
    let fields = if room >= needed { fields } else { vec![fields[form.field.index()].clone()] };
    let above = about.len() + usize::from(gap && !about.is_empty());
    let mut lines: Vec<Line<'_>> = about;
    if above > 0 {
        lines.push(Line::default());
    }
    let row = above + if fields.len() > 1 { form.field.index() } else { 0 };
    lines.extend(fields);
    if gap {
        lines.push(Line::default());
    }
    lines.extend(size);
    if gap {
        lines.push(Line::default());
    }
    lines.push(keys);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let title = printable(&format!("Launch {}?", form.request.name), theme.charset);
    let area = popup(frame, body, &title, (u16::try_from(width).unwrap_or(68), height), theme);
    put(frame, area, lines);
    let (before, _) = form.text.parts();
    let column = NAME + columns_of(&before).min(TYPED - 1);
    if let (Ok(column), Ok(row)) = (u16::try_from(column), u16::try_from(row))
        && column < area.width
        && row < area.height
    {
        frame.set_cursor_position(Position::new(area.x + column, area.y + row));
    }
}

fn field<'a>(scene: &Scene<'_>, form: &Form, field: Field, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let chosen = field == form.field;
    let typed = if chosen { form.text.text() } else { field.of(&form.request).to_owned() };
    // Of a long text, the end is shown.
    let hidden = columns_of(&typed).saturating_sub(TYPED - 1);
    let shown: String = typed.chars().skip(hidden).collect();
    let style = if chosen { theme.strong() } else { theme.quiet() };
    let now = forecast(scene.snapshot, form).map_or("", |forecast| field.now(forecast));
    let room = width.saturating_sub(NAME + TYPED + 3);
    Line::from(vec![
        Span::styled(format!("{:<NAME$}", field.title()), style),
        Span::styled(
            fit(&shown, TYPED, Side::Left, theme.charset),
            if chosen { theme.selected() } else { theme.accent() },
        ),
        Span::styled(format!("   {}", fit(now, room, Side::Left, theme.charset)), theme.quiet()),
    ])
}

/// What the launch amounts to, or what is wrong with it.
fn size<'a>(scene: &Scene<'_>, form: &Form, width: usize) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let Some(forecast) = forecast(scene.snapshot, form) else {
        return vec![Line::styled("counting trials ..", theme.quiet())];
    };
    if let Some(problem) = &forecast.problem {
        let lines = wrapped(&printable(&format!("! {problem}"), theme.charset), width, 2);
        return lines.into_iter().map(|line| Line::styled(line, theme.bad())).collect();
    }
    let mut trials = counted(forecast.trials, "trial");
    let open = forecast.at_first < forecast.trials;
    if open {
        trials = format!("at most {trials}, {} to begin with", thousands(forecast.at_first));
    }
    if forecast.done > 0 {
        trials = format!("{trials}, {} already done", thousands(forecast.done));
    }
    let left = forecast.trials - forecast.done.min(forecast.trials);
    let text = if left == 0 {
        format!("{trials}: nothing left to do")
    } else {
        let time = format::time_needed(forecast.seconds, open.then_some("up to"));
        format!("{trials}; {time} with {}, {}", counted(forecast.workers, "worker"), bytes(forecast.bytes))
    };
    vec![Line::styled(text, theme.strong())]
}
