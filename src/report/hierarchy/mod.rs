//! The hierarchy of modules as a text drawing: boxes from the inputs at the top to the outputs at the bottom.
//!
//! [`draw`] proceeds in steps: `describe` writes the text of each box, `levels` decides which box is above which, `layout`
//! where boxes are, `routes` how lines run between two levels, and `canvas` puts everything on a grid of characters. If the
//! boxes do not fit the width, `list` says the same in lines.

mod canvas;
mod describe;
mod layout;
mod levels;
mod list;
mod placed;
mod routes;
#[cfg(test)]
mod tests;

use super::Charset;
use super::text::wrapped;
use crate::detect::Detection;

/// Draws the hierarchy of modules in at most `width` columns (40 and up), one string a line.
///
/// A box is a module with the names of its inputs and outputs and the number of its hidden units in each layer. The number
/// at an arrow is its number of edges. Modules that feed each other in a circle are drawn in order, and notes name the edges
/// that lead back. If the boxes do not fit, the result is a list.
#[must_use]
pub fn draw(
    detection: &Detection,
    input_names: &[String],
    output_names: &[String],
    width: usize,
    charset: Charset,
) -> Vec<String> {
    let text = describe::Describer { detection, input_names, output_names, charset };
    let mut lines = picture(&text, width).unwrap_or_else(|| list::lines(&text, width));
    let notes: Vec<String> = text.notes().iter().flat_map(|note| wrapped(note, width, 2)).collect();
    if !lines.is_empty() && !notes.is_empty() {
        lines.push(String::new());
    }
    lines.extend(notes);
    lines
}

/// Widths of the text in a box, from generous to barely readable.
const BOX_TEXT: [usize; 6] = [40, 32, 26, 22, 18, 15];

/// The most modules in a drawing; more do not fit.
const MOST: usize = 64;

/// The drawing, if the boxes fit.
fn picture(text: &describe::Describer<'_>, width: usize) -> Option<Vec<String>> {
    if text.detection.module_count > MOST {
        return None;
    }
    let levels = levels::Levels::new(&text.detection.hierarchy, &text.alone());
    BOX_TEXT.iter().find_map(|&limit| {
        let boxes: Vec<Vec<String>> =
            (0..text.detection.module_count).map(|module| text.lines(module, limit)).collect();
        let layout = layout::Layout::new(&levels, &boxes);
        (layout.width <= width).then(|| layout.draw(&levels, &boxes, text.charset))
    })
}
