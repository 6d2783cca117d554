//! Lines and columns of text.

use ratatui::text::{Line, Span};

use crate::report::Charset;
use crate::report::network::Cell;
use crate::report::numbers::thousands;
use crate::tui::theme::Theme;

/// The alignment of a text in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui::view) enum Side {
    Left,
    Right,
}

/// `text` in exactly `width` columns: padded with spaces, or cut off with two dots at the end. Control characters become
/// question marks.
pub(in crate::tui::view) fn fit(text: &str, width: usize, side: Side, charset: Charset) -> String {
    let text = crate::report::text::printable(text, charset);
    let columns = columns_of(&text);
    if columns <= width {
        let fill = " ".repeat(width - columns);
        return match side {
            Side::Left => format!("{text}{fill}"),
            Side::Right => format!("{fill}{text}"),
        };
    }
    let dots = if width > 4 { ".." } else { "" };
    let mut cut = String::new();
    for character in text.chars() {
        if columns_of(&cut) + columns_of(character.encode_utf8(&mut [0; 4])) + dots.len() > width {
            break;
        }
        cut.push(character);
    }
    let fill = " ".repeat(width - columns_of(&cut) - dots.len());
    format!("{cut}{dots}{fill}")
}

/// The number of columns of a text in a terminal.
pub(in crate::tui::view) fn columns_of(text: &str) -> usize {
    Span::raw(text).width()
}

/// A horizontal line.
pub(in crate::tui::view) fn rule<'a>(width: usize, theme: Theme) -> Line<'a> {
    Line::styled(theme.pick("─", "-").repeat(width), theme.quiet())
}

/// A heading, followed by a line to the end.
pub(in crate::tui::view) fn heading<'a>(title: &str, width: usize, theme: Theme) -> Line<'a> {
    let line = width.saturating_sub(columns_of(title) + 3);
    Line::from(vec![
        Span::styled(format!(" {title} "), theme.strong()),
        Span::styled(theme.pick("─", "-").repeat(line), theme.quiet()),
    ])
}

/// Spans with `between` between them.
pub(in crate::tui::view) fn join<'a>(spans: Vec<Span<'a>>, between: &'static str) -> Line<'a> {
    let mut line = Vec::new();
    for (index, span) in spans.into_iter().enumerate() {
        if index > 0 {
            line.push(Span::raw(between));
        }
        line.push(span);
    }
    Line::from(line)
}

/// A name and its value, the names in a column of their own.
pub(in crate::tui::view) fn fact<'a>(name: &str, value: impl Into<Span<'a>>, theme: Theme) -> Line<'a> {
    Line::from(vec![Span::styled(format!(" {name:<16}"), theme.quiet()), value.into()])
}

/// Plain lines of text, indented by one column.
pub(in crate::tui::view) fn plain<'a>(lines: impl IntoIterator<Item = String>) -> Vec<Line<'a>> {
    lines.into_iter().map(|line| Line::raw(format!(" {line}"))).collect()
}

/// A row of characters in the colors of their modules, indented by one column.
pub(in crate::tui::view) fn colored<'a>(row: &[Cell], theme: Theme) -> Line<'a> {
    let spans = row.chunk_by(|&a, &b| theme.cell(a) == theme.cell(b)).map(|cells| {
        let text: String = cells.iter().map(|cell| cell.symbol).collect();
        Span::styled(text, theme.cell(cells[0]))
    });
    [Span::raw(" ")].into_iter().chain(spans).collect()
}

/// A paragraph, wrapped, indented by one column.
pub(in crate::tui::view) fn paragraph<'a>(text: &str, width: usize) -> Vec<Line<'a>> {
    plain(crate::report::text::wrapped(text, width.saturating_sub(2).max(8), 0))
}

/// The visible part of a list, such as `3-20 of 48`; `None` if all of it is visible.
pub(in crate::tui::view) fn stretch(top: u64, height: u64, total: u64) -> Option<String> {
    (total > height)
        .then(|| format!("{}-{} of {}", thousands(top + 1), thousands((top + height).min(total)), thousands(total)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fill_their_column_exactly() {
        let fitted = |text: &str, width| fit(text, width, Side::Left, Charset::Unicode);
        assert_eq!(fitted("abc", 5), "abc  ");
        assert_eq!(fitted("abcdefgh", 6), "abcd..");
        assert_eq!(fitted("abcdefgh", 3), "abc");
        assert_eq!(fitted("数字数字数字", 7), "数字.. ");
        assert_eq!(fitted("a\u{1b}[2J", 9), "a?[2J    ");
        assert_eq!(fit("é", 2, Side::Right, Charset::Ascii), " ?");
    }
}
