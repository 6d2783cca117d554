//! Names of layers and units, and short forms of long lists of them.

use super::pixels;
use super::text::length;
use crate::catalog::About;
use crate::task::Shape;

/// The names of a network's inputs and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Names of the inputs, in order.
    pub inputs: &'a [String],
    /// Names of the outputs, in order.
    pub outputs: &'a [String],
    /// The height and width of the image whose pixels the inputs are, row by row, if they are.
    pub shape: Option<Shape>,
}

impl<'a> Labels<'a> {
    /// The names in a trial's task.
    #[must_use]
    pub fn of(about: &'a About) -> Self {
        Self { inputs: &about.inputs, outputs: &about.outputs, shape: about.shape }
    }
}

/// `count` numbered names, such as `x1`, `x2`, .. for inputs.
#[must_use]
pub fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{prefix}{number}")).collect()
}

/// The name of layer `layer` of a network with `layers` layers of units: `inputs`, `layer 1`, .., `outputs`.
#[must_use]
pub fn layer(layer: usize, layers: usize) -> String {
    match layer {
        0 => "inputs".to_owned(),
        last if last + 1 == layers => "outputs".to_owned(),
        hidden => format!("layer {hidden}"),
    }
}

/// The names of `units` of a layer: inputs and outputs by name, hidden units by index from 0.
#[must_use]
pub fn of_units(units: &[usize], layer: usize, layers: usize, inputs: &[String], outputs: &[String]) -> Vec<String> {
    let named = match layer {
        0 => inputs,
        last if last + 1 == layers => outputs,
        _ => &[],
    };
    units.iter().map(|&unit| named.get(unit).cloned().unwrap_or_else(|| unit.to_string())).collect()
}

/// The most pieces of a list of pixels; longer ones are put into words.
const PIXELS: usize = 6;

/// A list of names in about `width` columns at most: `x1-x4`, `y1,y3..y15`, `a,b,c`, `x1,x7,+20`. More than a few pixels are
/// put into words, such as `rows 5-22, columns 3-25`.
#[must_use]
pub fn short(names: &[String], width: usize) -> String {
    let words = pixels::words(names, width);
    if let Some(words) = words.as_ref().filter(|words| words.starts_with("row") || names.len() > width) {
        return words.clone();
    }
    let pieces = pieces(names);
    if let Some(words) = words {
        let list = pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(",");
        return if pieces.len() <= PIXELS && length(&list) <= width { list } else { words };
    }
    let mut text = String::new();
    let mut shown = 0;
    for piece in &pieces {
        let more = if text.is_empty() { piece.text.clone() } else { format!("{text},{}", piece.text) };
        let rest = names.len() - shown - piece.count;
        let tail = if rest > 0 { length(&format!(",+{rest}")) } else { 0 };
        if shown > 0 && length(&more) + tail > width {
            break;
        }
        text = more;
        shown += piece.count;
    }
    if shown < names.len() { format!("{text},+{}", names.len() - shown) } else { text }
}

/// One or several names as one text.
struct Piece {
    text: String,
    count: usize,
}

/// Names split into pieces, with runs of numbers shortened: three or more in steps of 1, or four or more in larger steps.
fn pieces(names: &[String]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < names.len() {
        let (count, step) = run(&names[start..]);
        let (first, last) = (&names[start], &names[start + count - 1]);
        let (text, count) = match (step, count) {
            (1, 3..) => (format!("{first}-{last}"), count),
            (2.., 4..) => (format!("{first},{}..{last}", names[start + 1]), count),
            _ => (first.clone(), 1),
        };
        start += count;
        pieces.push(Piece { text, count });
    }
    pieces
}

/// The number of first names that follow each other in equal steps, and the step (0 for a single name).
fn run(names: &[String]) -> (usize, u64) {
    let step = |pair: &[String]| {
        let ((prefix, first), (next_prefix, second)) = (split(&pair[0])?, split(&pair[1])?);
        second.checked_sub(first).filter(|&step| prefix == next_prefix && step > 0)
    };
    let Some(first) = names.get(..2).and_then(step) else {
        return (1, 0);
    };
    (1 + names.windows(2).take_while(|pair| step(pair) == Some(first)).count(), first)
}

/// A name split into prefix and number.
fn split(name: &str) -> Option<(&str, u64)> {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, number) = name.split_at(name.len() - digits);
    Some((prefix, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(names: &str, width: usize) -> String {
        short(&names.split(' ').map(str::to_owned).collect::<Vec<_>>(), width)
    }

    #[test]
    fn runs_of_numbers_are_shortened() {
        assert_eq!(shortened("x1 x2 x3 x4", 40), "x1-x4");
        assert_eq!(shortened("x1 x2", 40), "x1,x2");
        assert_eq!(shortened("y1 y3 y5 y7 y9", 40), "y1,y3..y9");
        assert_eq!(shortened("y1 y3 y5", 40), "y1,y3,y5");
        assert_eq!(shortened("x1 x2 x3 x7 cold x8", 40), "x1-x3,x7,cold,x8");
        assert_eq!(shortened("3 4 5 9", 40), "3-5,9");
    }

    #[test]
    fn more_than_a_few_pixels_are_put_into_words() {
        assert_eq!(shortened("r1c1 r1c2", 40), "r1c1,r1c2");
        assert_eq!(shortened("r1c1 r1c2 r1c3", 40), "row 1, columns 1-3");
        assert_eq!(shortened("r1c1 r1c2 r1c3 r2c9", 40), "r1c1-r1c3,r2c9");
        assert_eq!(shortened("r1c1 r1c2 r1c3 r2c9", 12), "4 pixels");
        assert_eq!(shortened("r1c1 r2c3 r3c1 r4c3 r5c1 r6c3 r7c1", 40), "7 pixels in columns 1-3 (rows 1-7)");
    }

    #[test]
    fn long_lists_are_cut_with_the_number_of_the_rest() {
        assert_eq!(shortened("a b c d e f g h", 9), "a,b,c,+5");
        assert_eq!(shortened("wet cold windy", 2), "wet,+2");
        assert_eq!(short(&[], 9), "");
    }
}
