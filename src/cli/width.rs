//! How wide texts are.

use std::io::IsTerminal;

use crate::report::text::MIN_WIDTH;

/// Columns for text: those of the terminal, between 40 and 120, or 80 if standard output is no terminal.
pub(super) fn width() -> usize {
    let columns = std::io::stdout().is_terminal().then(|| crossterm::terminal::size().ok()).flatten();
    columns.map_or(80, |(columns, _)| usize::from(columns).clamp(MIN_WIDTH, 120))
}
