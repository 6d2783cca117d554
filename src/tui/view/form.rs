//! What is to be launched, with what can be changed of it, and what it comes to.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::widgets::popup::popup;
use super::widgets::text::{Side, columns_of, fit};
use super::{Scene, put};
use crate::report::text::{printable, wrapped};
use crate::tui::format;
use crate::tui::snapshot::{Forecast, Snapshot};
use crate::tui::state::{Field, Form};

/// Columns of a name, and of what is typed.
const NAME: usize = 9;
const TYPED: usize = 18;

/// The forecast for what is typed now, if it is known yet.
#[must_use]
pub fn forecast<'a>(snapshot: &'a Snapshot, form: &Form) -> Option<&'a Forecast> {
    snapshot.forecast.as_deref().filter(|forecast| forecast.request == form.request)
}

pub(super) fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>, body: Rect, form: &Form) {
    let theme = scene.theme;
    let width = usize::from(body.width).saturating_sub(6).clamp(20, 68);
    let room = usize::from(body.height).saturating_sub(2);
    let mut size = vec![size(scene, form, width)];
    let searched = forecast(scene.snapshot, form).map_or("", |forecast| &forecast.hyperparameters);
    if !searched.is_empty() {
        size.push(Line::styled(fit(searched, width, Side::Left, theme.charset), theme.quiet()));
    }
    let keys = Line::from(vec![
        Span::styled("enter", theme.key()),
        Span::raw(" launch it   "),
        Span::styled(theme.pick("↑ ↓", "up down"), theme.key()),
        Span::raw(" change   "),
        Span::styled("esc", theme.key()),
        Span::raw(" no, go back"),
    ]);
    let about: Vec<Line<'_>> =
        wrapped(&printable(&form.about, theme.charset), width, 0).into_iter().map(Line::raw).collect();
    let fields: Vec<Line<'_>> = Field::ALL.into_iter().map(|field| self::field(scene, form, field, width)).collect();
    // The fields and what they come to matter most; where even they have no room, the field under the cursor.
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
    // A long text is shown from where its end fits.
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

/// What it comes to, or what is wrong with it.
fn size<'a>(scene: &Scene<'_>, form: &Form, width: usize) -> Line<'a> {
    let theme = scene.theme;
    let Some(forecast) = forecast(scene.snapshot, form) else {
        return Line::styled("counting the trials ..", theme.quiet());
    };
    if let Some(problem) = &forecast.problem {
        return Line::styled(fit(&format!("! {problem}"), width, Side::Left, theme.charset), theme.bad());
    }
    let mut trials = format::counted(forecast.trials, "trial");
    let open = forecast.at_first < forecast.trials;
    if open {
        trials = format!("at most {trials}, {} at first", format::count(Some(forecast.at_first)));
    }
    if forecast.done > 0 {
        trials = format!("{trials}, {} done already", forecast.done);
    }
    let left = forecast.trials - forecast.done.min(forecast.trials);
    let text = if left == 0 {
        format!("{trials}: nothing is left to do")
    } else {
        let workers = format::counted(forecast.workers as u64, "worker");
        let (time, bytes) = (format::estimate(forecast.seconds), format::bytes(forecast.bytes));
        let about = if open { "up to" } else { "about" };
        format!("{trials}; {about} {time} with {workers}, {bytes}")
    };
    Line::styled(text, theme.strong())
}
