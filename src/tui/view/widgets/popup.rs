//! A box over the screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear};

use crate::report::Charset;
use crate::tui::theme::Theme;

const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Draws a box for `width` columns and `height` lines in the middle of `area`; returns the area inside.
pub(in crate::tui::view) fn popup(
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    (width, height): (u16, u16),
    theme: Theme,
) -> Rect {
    // If the area is too small for a border, there is none.
    let (width, height) = (width.saturating_add(4).min(area.width), height.saturating_add(2).min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    frame.render_widget(Clear, place);
    if area.height < 6 {
        return place;
    }
    let set = match theme.charset {
        Charset::Unicode => border::ROUNDED,
        Charset::Ascii => ASCII,
    };
    let title = Line::styled(format!(" {title} "), theme.strong());
    let block = Block::bordered().border_set(set).border_style(theme.accent()).title(title);
    let inner = block.inner(place);
    frame.render_widget(block, place);
    Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner }
}

/// The number of lines that fit a [`popup`] in `area`.
pub(in crate::tui::view) fn rows(area: Rect) -> u16 {
    if area.height < 6 { area.height } else { area.height - 2 }
}
