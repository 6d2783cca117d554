//! Maps of pixels on standard output: in color on a terminal that has colors, or else as letters.

use std::io::IsTerminal;

use ratatui::backend::IntoCrossterm;

use crate::detect::Detection;
use crate::report::detection::Section;
use crate::report::network::Cell;
use crate::report::pixels::Map;
use crate::task::Shape;
use crate::tui::theme::Theme;

/// How standard output shows colors.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    theme: Theme,
}

impl Paint {
    /// The colors of standard output; none if it is no terminal.
    pub(super) fn new(ascii: bool) -> Self {
        let theme = Theme::new(ascii, None, |name| std::env::var(name).ok());
        let palette = theme.palette.filter(|_| std::io::stdout().is_terminal());
        Self { theme: Theme { palette, ..theme } }
    }

    /// The map of the inputs of a network, in `width` columns.
    pub(super) fn map(self, shape: Shape, detection: &Detection, width: usize) -> Section {
        let map = Map::new(shape, detection).draw(width.saturating_sub(2), self.theme.pixels());
        Section { title: "Pixels by module".to_owned(), rows: map.iter().map(|row| self.row(row)).collect() }
    }

    /// A row of characters, with the codes of their colors.
    fn row(self, cells: &[Cell]) -> String {
        let parts = cells.chunk_by(|&a, &b| self.theme.cell(a) == self.theme.cell(b)).map(|cells| {
            let text: String = cells.iter().map(|cell| cell.symbol).collect();
            match self.theme.palette {
                Some(_) => self.theme.cell(cells[0]).into_crossterm().apply(text).to_string(),
                None => text,
            }
        });
        parts.collect::<String>().trim_end().to_owned()
    }
}
