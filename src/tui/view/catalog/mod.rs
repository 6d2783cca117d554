//! The catalog: the list of all trials.

mod groups;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Scene;
use super::widgets::text::{Side, columns_of, fit, stretch};
use crate::catalog::{State, TrialRow};
use crate::report::numbers::{self, counted, or_dash, thousands};
use crate::tui::sort::{Column, Sort};

/// Columns, the most important first: they get space in this order.
const IMPORTANCE: [Column; 15] = [
    Column::Status,
    Column::Task,
    Column::Accuracy,
    Column::Density,
    Column::Arch,
    Column::Seed,
    Column::Edges,
    Column::Modules,
    Column::TrueModules,
    Column::Experiment,
    Column::Units,
    Column::Time,
    Column::Id,
    Column::Tags,
    Column::Rounds,
];

/// The width and the alignment of a column.
fn shape(column: Column) -> (usize, Side) {
    match column {
        Column::Status => (11, Side::Left),
        Column::Task => (9, Side::Left),
        Column::Arch => (13, Side::Left),
        Column::Seed => (4, Side::Right),
        Column::Accuracy => (8, Side::Right),
        Column::Density | Column::Modules | Column::TrueModules | Column::Rounds => (7, Side::Right),
        Column::Edges | Column::Units => (5, Side::Right),
        Column::Time => (10, Side::Right),
        Column::Experiment => (14, Side::Left),
        Column::Id => (8, Side::Left),
        Column::Tags => (10, Side::Left),
    }
}

/// The columns that fit a terminal of this width, from left to right.
#[must_use]
pub fn columns(width: u16) -> Vec<Column> {
    let mut room = usize::from(width).saturating_sub(1);
    let mut shown: Vec<Column> = IMPORTANCE
        .into_iter()
        .take_while(|&column| {
            let width = shape(column).0 + 1;
            let fits = width <= room + 1;
            room = room.saturating_sub(width);
            fits
        })
        .collect();
    shown.sort_unstable();
    shown
}

/// The number of lines above the first trial.
fn head(body: Rect) -> u16 {
    if body.height >= 8 { 3 } else { 1 }
}

/// The number of visible trials.
#[must_use]
pub fn rows(body: Rect) -> u64 {
    u64::from(body.height.saturating_sub(head(body)))
}

pub(super) fn lines<'a>(scene: &Scene<'a>, body: Rect) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if head(body) == 3 {
        lines.extend([summary(scene, body), Line::default()]);
    }
    if scene.ui.catalog.group.is_some() {
        lines.extend(groups::lines(scene, body));
        return lines;
    }
    let widths = widths(&columns(body.width), usize::from(body.width));
    lines.push(titles(scene, &widths));
    let page = &scene.snapshot.page;
    let list = scene.ui.catalog.list;
    for index in list.top..(list.top + rows(body)).min(page.total) {
        lines.push(match page.row(index) {
            Some(row) => self::row(scene, row, &widths, index == list.cursor),
            None => Line::styled("  ..", scene.theme.quiet()),
        });
    }
    if page.total == 0 {
        lines.push(nothing(scene));
    }
    lines
}

/// Why the list is empty.
fn nothing<'a>(scene: &Scene<'_>) -> Line<'a> {
    if scene.snapshot.loaded {
        Line::from(vec![
            Span::raw(" no matching trials; "),
            Span::styled("esc", scene.theme.key()),
            Span::raw(" shows all, "),
            Span::styled("/", scene.theme.key()),
            Span::raw(" changes the filter"),
        ])
    } else {
        let far =
            scene.snapshot.reading.map(|(read, total)| format!(" {} of {}", thousands(read), counted(total, "trial")));
        Line::styled(format!(" reading the catalog ..{}", far.unwrap_or_default()), scene.theme.quiet())
    }
}

/// What is listed, in which order, and which part of it is visible.
fn summary<'a>(scene: &Scene<'a>, body: Rect) -> Line<'a> {
    let (theme, catalog) = (scene.theme, &scene.ui.catalog);
    let (page, totals) = (&scene.snapshot.page, &scene.snapshot.totals);
    let mut left = vec![Span::raw(" ")];
    if !catalog.marked.is_empty() {
        left.push(Span::styled(format!("{} marked   ", thousands(catalog.marked.len())), theme.key()));
    }
    if let Some(grouping) = catalog.group {
        let groups = format!(
            "{} of {} by {}",
            counted(page.total, "group"),
            counted(totals.trials(), "trial"),
            grouping.title()
        );
        left.push(Span::styled(groups, theme.strong()));
    } else if catalog.filter.is_empty() && catalog.experiment.is_none() && catalog.within.is_none() {
        let trials = totals.trials().max(page.total);
        left.push(Span::styled(counted(trials, "trial"), theme.strong()));
        for state in [State::Finished, State::Untrained, State::Failed, State::Stale, State::Cancelled] {
            let count = totals.of(state);
            if count > 0 {
                left.push(Span::styled(
                    format!("   {} {} {state}", theme.state_glyph(state), thousands(count)),
                    theme.state(state),
                ));
            }
        }
    } else {
        left.push(Span::styled(
            format!("{} of {}", thousands(page.total), counted(totals.trials(), "trial")),
            theme.strong(),
        ));
        if let Some((grouping, name)) = &catalog.within {
            let name = if name.is_empty() { "none" } else { name };
            left.push(Span::styled(format!("   {} {name}", grouping.title()), theme.accent()));
        }
        if let Some(experiment) = &catalog.experiment {
            left.push(Span::styled(format!("   experiment {experiment}"), theme.accent()));
        }
        if !catalog.filter.is_empty() {
            left.push(Span::styled(format!("   filter {}", catalog.filter), theme.accent()));
        }
    }
    let order = match catalog.sort {
        Sort::Latest => "latest first".to_owned(),
        Sort::By { column, descending } => {
            format!("by {}, {}", column.title(), if descending { "descending" } else { "ascending" })
        }
    };
    let stretch = stretch(catalog.list.top, rows(body), page.total);
    let right = stretch.map_or_else(|| order.clone(), |stretch| format!("{order}   {stretch}"));
    spread(left, Span::styled(format!("{right} "), theme.quiet()), usize::from(body.width))
}

/// Spans on the left and one on the right; those on the left that do not fit are left out.
fn spread<'a>(left: Vec<Span<'a>>, right: Span<'a>, width: usize) -> Line<'a> {
    let room = width.saturating_sub(right.width());
    let mut line = Vec::new();
    let mut used = 0;
    for span in left {
        let wide = span.width();
        if used + wide + 2 > room {
            break;
        }
        used += wide;
        line.push(span);
    }
    line.push(Span::raw(" ".repeat(room.saturating_sub(used))));
    line.push(right);
    Line::from(line)
}

/// Each column with its width: spare space goes to the gaps and to the names.
fn widths(columns: &[Column], width: usize) -> Vec<(Column, usize)> {
    let used: usize = columns.iter().map(|&column| shape(column).0 + 1).sum();
    let mut left = (width).saturating_sub(used);
    let gap = usize::from(left > columns.len());
    left -= gap * columns.len().min(left);
    let name = |column: Column| matches!(column, Column::Task | Column::Arch | Column::Experiment);
    let names = columns.iter().filter(|&&column| name(column)).count().max(1);
    let more = |column: Column| gap + if name(column) { (left / names).min(10) } else { 0 };
    columns.iter().map(|&column| (column, shape(column).0 + more(column))).collect()
}

fn titles<'a>(scene: &Scene<'_>, widths: &[(Column, usize)]) -> Line<'a> {
    let (theme, catalog) = (scene.theme, &scene.ui.catalog);
    let mut line = vec![Span::raw(" ")];
    for &(column, width) in widths {
        let mark = match catalog.sort {
            Sort::By { column: by, descending } if by == column => {
                if descending {
                    theme.pick("↓", "v")
                } else {
                    theme.pick("↑", "^")
                }
            }
            _ => "",
        };
        // If the title fills its column, the arrow takes the place of the gap.
        let title = format!("{}{mark}", column.title());
        let (_, side) = shape(column);
        let room = width.max(columns_of(&title));
        let text = fit(&title, room, side, theme.charset);
        let style = if column == catalog.column {
            Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            theme.quiet()
        };
        let (before, word, after) = around(&text);
        line.push(Span::raw(before));
        line.push(Span::styled(word, style));
        line.push(Span::raw(after));
        line.push(Span::raw(" ".repeat((width + 1).saturating_sub(room))));
    }
    Line::from(line)
}

/// Splits a text into leading spaces, the text itself, and trailing spaces.
fn around(text: &str) -> (String, String, String) {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(start);
    (text[..start].to_owned(), text[start..end].to_owned(), text[end..].to_owned())
}

fn row<'a>(scene: &Scene<'_>, row: &TrialRow, widths: &[(Column, usize)], selected: bool) -> Line<'a> {
    let theme = scene.theme;
    let sign = match (selected, scene.ui.catalog.marked.contains(&row.id)) {
        (false, false) => " ",
        (true, false) => theme.pick("▸", ">"),
        (false, true) => theme.pick("•", "+"),
        (true, true) => theme.pick("◆", "#"),
    };
    let mut line = vec![Span::styled(sign, theme.key())];
    for &(column, width) in widths {
        let (text, style) = cell(scene, row, column);
        let (_, side) = shape(column);
        line.push(Span::styled(fit(&text, width, side, theme.charset), style));
        line.push(Span::raw(" "));
    }
    let line = Line::from(line);
    if selected { line.style(theme.selected()) } else { line }
}

/// A cell; the numbers of a trial that is not done are dimmed.
fn cell(scene: &Scene<'_>, row: &TrialRow, column: Column) -> (String, Style) {
    let theme = scene.theme;
    let plain = Style::new();
    let number = if row.status.is_done() { plain } else { theme.quiet() };
    match column {
        Column::Status => (format!("{} {}", theme.state_glyph(row.status), row.status), theme.state(row.status)),
        Column::Task => (row.task.clone(), theme.strong()),
        Column::Arch => (row.architecture.to_string(), plain),
        Column::Seed => (row.seed.to_string(), plain),
        Column::Accuracy => (or_dash(row.accuracy, numbers::accuracy), number),
        Column::Density => (or_dash(row.density, numbers::density), number),
        Column::Edges => (or_dash(row.edges, thousands), number),
        Column::Units => (or_dash(row.hidden_units, thousands), number),
        Column::Modules => (or_dash(row.module_count.filter(|&count| count > 0), thousands), number),
        Column::TrueModules => match row.true_modules {
            Some(true) => ("yes".to_owned(), theme.good()),
            Some(false) => ("no".to_owned(), theme.warning()),
            None => ("-".to_owned(), theme.quiet()),
        },
        Column::Rounds => (or_dash(row.rounds, thousands), number),
        Column::Time => (or_dash(row.wall_s, numbers::duration), number),
        Column::Tags => (row.tags.join(", "), theme.accent()),
        Column::Experiment => (row.experiments.join(", "), theme.quiet()),
        Column::Id => (row.id.as_str()[..8].to_owned(), theme.quiet()),
    }
}
