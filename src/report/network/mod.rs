//! A drawing of a network: its units, layer below layer, boxed by module, with every edge between them.
//!
//! `layout` places the units, and `edges` draws the lines between two layers. [`draw`] returns characters with their modules,
//! so that a screen can color them; [`lines`] returns plain text.

mod drawing;
mod edges;
mod layout;

use super::Charset;
use super::names::layer;
use super::pixels::Style;
use layout::{Layer, Layout};

pub use drawing::{Cell, Subject};

/// Columns for the names of layers.
const MARGIN: usize = 9;

/// The narrowest drawing.
const NARROWEST: usize = MARGIN + 11;

/// The fewest and the most lines between two layers.
const GAP: (usize, usize) = (3, 8);

/// Draws the network in at most `width` columns (20 and up) and, if that is enough, `height` lines.
///
/// Each layer is a row of units, with inputs at the top and outputs at the bottom. The units of a module are together in a
/// box with its name. If boxes do not fit, each unit is the number of its module (letters from 10 on), and if that does not
/// fit either, a character stands for several units. The boxes of a layer are ordered so that few edges cross. Inputs that
/// are pixels are a map in the given style, and their edges leave from the columns of the map. Of more than 5,000 edges
/// between two layers, only the number is shown.
#[must_use]
pub fn draw(subject: Subject<'_>, (width, height): (usize, usize), charset: Charset, pixels: Style) -> Vec<Vec<Cell>> {
    let width = width.max(NARROWEST);
    let layout = Layout::new(subject, width - MARGIN, pixels);
    let rows: usize = layout.layers.iter().map(Layer::height).sum();
    let gaps = layout.layers.len() - 1;
    let gap = (height.saturating_sub(rows) / gaps.max(1)).clamp(GAP.0, GAP.1);
    let mut drawing = Vec::new();
    for (number, placed) in layout.layers.iter().enumerate() {
        if number > 0 {
            let between = edges::draw(subject.network, &layout, number - 1, (width - MARGIN, gap), charset);
            drawing.extend(between.into_iter().map(|row| [margin(""), row].concat()));
        }
        let name = layer(number, layout.layers.len());
        let middle = placed.height() / 2;
        let rows = placed.draw(width - MARGIN, charset).into_iter().enumerate();
        drawing.extend(rows.map(|(row, cells)| [margin(if row == middle { &name } else { "" }), cells].concat()));
    }
    drawing
}

/// The drawing as plain lines without trailing spaces, with letters for pixels.
#[must_use]
pub fn lines(subject: Subject<'_>, room: (usize, usize), charset: Charset) -> Vec<String> {
    let line = |row: Vec<Cell>| row.iter().map(|cell| cell.symbol).collect::<String>().trim_end().to_owned();
    draw(subject, room, charset, Style::Letters).into_iter().map(line).collect()
}

fn margin(name: &str) -> Vec<Cell> {
    format!("{name:<MARGIN$}").chars().take(MARGIN).map(|symbol| Cell::new(symbol, None)).collect()
}

#[cfg(test)]
mod tests;
