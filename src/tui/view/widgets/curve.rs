//! A series of numbers as a curve: dots of braille, or plain characters.

use crate::report::Charset;
use crate::report::dots::Dots;

/// The range of a curve, from bottom to top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::tui::view) struct Range {
    pub low: f64,
    pub high: f64,
}

/// `values`, oldest first, as `height` lines of `width` columns. The last ones are shown if there are too many; they
/// start on the left if there are few.
pub(in crate::tui::view) fn curve(
    values: &[f64],
    range: Range,
    (width, height): (usize, usize),
    charset: Charset,
) -> Vec<String> {
    let (across, down) = Dots::fineness(charset);
    let shown = &values[values.len().saturating_sub(width * across)..];
    let mut dots = Dots::new((width, height), charset);
    let mut before = None;
    for (column, &value) in shown.iter().enumerate() {
        let Some(dot) = dot(value, range, height * down) else {
            before = None;
            continue;
        };
        // Small gaps to the value before are closed, so that a fall is a line. Large ones are not: with several
        // workers, rounds of different walks alternate, and each walk shall be seen for itself.
        let from = before.filter(|before: &usize| before.abs_diff(dot) <= down).unwrap_or(dot);
        for dot in dot.min(from)..=dot.max(from) {
            dots.set(column, height * down - 1 - dot);
        }
        before = Some(dot);
    }
    dots.rows()
}

/// The dot of a value, counted from the bottom.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a few dots")]
fn dot(value: f64, range: Range, dots: usize) -> Option<usize> {
    let share = (value - range.low) / (range.high - range.low);
    share.is_finite().then(|| (share.clamp(0.0, 1.0) * (dots.saturating_sub(1)) as f64).round() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_step_is_a_line_and_a_large_one_is_a_gap() {
        let range = Range { low: 0.0, high: 1.0 };
        let values = [1.0, 1.0, 0.6, 0.4, 0.0, f64::NAN, 0.0, 1.0];
        assert_eq!(curve(&values, range, (8, 2), Charset::Ascii), ["''|.   '", "   '| . "]);
        assert_eq!(curve(&values, range, (4, 1), Charset::Unicode).concat().chars().count(), 4);
    }

    #[test]
    fn the_last_values_are_shown() {
        let range = Range { low: 0.0, high: 1.0 };
        let values: Vec<f64> = (0..100).map(|step| if step < 96 { 0.0 } else { 1.0 }).collect();
        assert_eq!(curve(&values, range, (4, 1), Charset::Ascii), ["''''"]);
        assert_eq!(curve(&values, range, (2, 1), Charset::Unicode), ["⠉⠉"]);
        assert_eq!(curve(&[], range, (3, 2), Charset::Unicode), ["   ", "   "]);
    }
}
