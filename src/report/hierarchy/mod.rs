//! The hierarchy of modules as a drawing in text: boxes from the inputs above to the outputs below.
//!
//! [`draw`] reads as the drawing is made: `describe` says what stands in each box, `levels` which box stands above
//! which, `layout` where, `routes` how the lines go between two levels, `canvas` puts it all on a grid of characters.
//! Where the boxes do not fit the width, `list` says the same in lines.

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
/// A box is a module: its inputs and outputs by name, its hidden units by number, layer by layer. A number beside an
/// arrow counts the edges that it stands for. Modules that feed each other in a circle are drawn in their order, and
/// the edges that lead back are told in words. Where the boxes do not fit, a list stands in place of them.
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

/// Widths of the text in a box, from generous to as narrow as is readable.
const BOX_TEXT: [usize; 6] = [40, 32, 26, 22, 18, 15];

/// The drawing, if the boxes fit.
fn picture(text: &describe::Describer<'_>, width: usize) -> Option<Vec<String>> {
    let levels = levels::Levels::new(&text.detection.hierarchy, &text.alone());
    BOX_TEXT.iter().find_map(|&limit| {
        let boxes: Vec<Vec<String>> =
            (0..text.detection.module_count).map(|module| text.lines(module, limit)).collect();
        let layout = layout::Layout::new(&levels, &boxes);
        (layout.width <= width).then(|| layout.draw(&levels, &boxes, text.charset))
    })
}
