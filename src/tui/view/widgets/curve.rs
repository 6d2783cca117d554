//! Several curves in one plot: Braille dots, or ASCII characters.

use crate::report::Charset;
use crate::report::dots::Dots;

/// The range of values from the bottom to the top of a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::tui::view) struct Range {
    pub low: f64,
    pub high: f64,
}

/// A character and the series that it belongs to.
pub(in crate::tui::view) type Cell = (char, Option<usize>);

/// The most dots from one value to the next.
const STRIDE: usize = 6;

/// Draws `series`, oldest value first, into `width` columns and `height` lines, later ones over earlier ones, each with
/// its name at its end. The longest takes the whole width, up to a few dots per value; of one that is too long, the last
/// values are shown.
pub(in crate::tui::view) fn curves(
    series: &[(String, Vec<f64>)],
    range: Range,
    (width, height): (usize, usize),
    charset: Charset,
) -> Vec<Vec<Cell>> {
    let (across, down) = Dots::fineness(charset);
    let names = series.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let plot = width.saturating_sub(names);
    let longest = series.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let room = (plot * across).max(1);
    let stride = ((room - 1) / longest.saturating_sub(1).max(1)).clamp(1, STRIDE);
    let mut dots = Dots::new((width, height), charset);
    let mut owners = vec![None; width * height];
    let mut ends = Vec::new();
    for (number, (_, values)) in series.iter().enumerate() {
        let shown = &values[values.len().saturating_sub(room)..];
        let mut before: Option<(usize, usize)> = None;
        for (place, &value) in shown.iter().enumerate() {
            let Some(dot) = dot(value, range, height * down) else {
                before = None;
                continue;
            };
            let point = (place * stride, height * down - 1 - dot);
            for (x, y) in line(before.unwrap_or(point), point) {
                if let Some(cell) = dots.set(x, y) {
                    owners[cell] = Some(number);
                }
            }
            before = Some(point);
        }
        ends.extend(before.map(|(x, y)| (number, x / across + 1, y / down)));
    }
    let cell = |index: usize| (dots.symbol(index), owners[index]);
    let mut rows: Vec<Vec<Cell>> =
        (0..height).map(|row| (0..width).map(|column| cell(row * width + column)).collect()).collect();
    for (number, column, row) in ends {
        let name = &series[number].0;
        for (symbol, cell) in name.chars().zip(rows[row].iter_mut().skip(column)) {
            *cell = (symbol, Some(number));
        }
    }
    rows
}

/// The points of a line without gaps.
fn line(from: (usize, usize), to: (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let count = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
    let between = move |a: usize, b: usize, step: usize| {
        let part = (2 * a.abs_diff(b) * step + count) / (2 * count);
        if b >= a { a + part } else { a - part }
    };
    (0..=count).map(move |step| (between(from.0, to.0, step), between(from.1, to.1, step)))
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

    const UNIT: Range = Range { low: 0.0, high: 1.0 };

    fn text(series: &[(&str, &[f64])], size: (usize, usize), charset: Charset) -> Vec<String> {
        let series: Vec<_> = series.iter().map(|(name, values)| ((*name).to_owned(), values.to_vec())).collect();
        let rows = curves(&series, UNIT, size, charset);
        rows.iter().map(|row| row.iter().map(|cell| cell.0).collect()).collect()
    }

    #[test]
    fn values_are_joined_and_named_at_the_end() {
        assert_eq!(text(&[("7", &[1.0, 1.0, 0.0])], (8, 1), Charset::Ascii), ["''''--.7"]);
        assert_eq!(text(&[("", &[1.0, f64::NAN, 0.0])], (3, 1), Charset::Ascii), ["' ."]);
        assert_eq!(text(&[("", &[1.0, 1.0])], (2, 1), Charset::Unicode), ["⠉⠉"]);
        assert_eq!(text(&[], (3, 2), Charset::Unicode), ["   ", "   "]);
    }

    #[test]
    fn each_series_is_its_own() {
        let series = [("a".to_owned(), vec![1.0; 4]), ("b".to_owned(), vec![0.0; 3])];
        let rows = curves(&series, UNIT, (5, 2), Charset::Ascii);
        assert_eq!(rows[0], [('\'', Some(0)), ('\'', Some(0)), ('\'', Some(0)), ('\'', Some(0)), ('a', Some(0))]);
        assert_eq!(rows[1][..4], [('.', Some(1)), ('.', Some(1)), ('.', Some(1)), ('b', Some(1))]);
    }

    #[test]
    fn the_last_values_are_shown() {
        let values: Vec<f64> = (0..100).map(|step| if step < 96 { 0.0 } else { 1.0 }).collect();
        assert_eq!(text(&[("", &values)], (4, 1), Charset::Ascii), ["''''"]);
    }
}
