//! Pixels in words, such as `rows 5-22, columns 3-25`.

use crate::report::numbers::counted;
use crate::report::text::length;

/// Fewer pixels are listed by name.
const FEWEST: usize = 3;

/// The pixels with these names in about `width` columns, see [`of`]. `None` for a few names, and for names that are not all of
/// pixels. A pixel is called by its row and column from 1, such as `r5c12`.
pub(in crate::report) fn words(names: &[String], width: usize) -> Option<String> {
    let places: Option<Vec<(usize, usize)>> = names.iter().map(|name| place(name)).collect();
    of(places?, width)
}

/// Pixels, by row and column from 1, in about `width` columns: as a rectangle, `rows 5-22, columns 3-25`, or by their number
/// and their range, `426 pixels in columns 1-28 (rows 4-27)`. `None` for a few.
pub(super) fn of(mut pixels: Vec<(usize, usize)>, width: usize) -> Option<String> {
    pixels.sort_unstable();
    pixels.dedup();
    if pixels.len() < FEWEST {
        return None;
    }
    let (rows, columns) =
        (Range::of(pixels.iter().map(|pixel| pixel.0)), Range::of(pixels.iter().map(|pixel| pixel.1)));
    let (count, across, down) = (counted(pixels.len(), "pixel"), columns.named("column"), rows.named("row"));
    let full = if pixels.len() == rows.count() * columns.count() {
        format!("{down}, {across}")
    } else {
        format!("{count} in {across} ({down})")
    };
    let shorter = [full, format!("{count}, {across}")];
    Some(shorter.into_iter().find(|text| length(text) <= width).unwrap_or(count))
}

/// Consecutive rows or columns.
#[derive(Clone, Copy)]
struct Range {
    first: usize,
    last: usize,
}

impl Range {
    fn of(numbers: impl Iterator<Item = usize>) -> Self {
        let around = |range: Self, number: usize| Self { first: range.first.min(number), last: range.last.max(number) };
        numbers.fold(Self { first: usize::MAX, last: 0 }, around)
    }

    fn count(self) -> usize {
        self.last - self.first + 1
    }

    /// `row 5`, `rows 5-22`.
    fn named(self, noun: &str) -> String {
        if self.first == self.last {
            format!("{noun} {}", self.first)
        } else {
            format!("{noun}s {}-{}", self.first, self.last)
        }
    }
}

/// Row and column of a pixel's name.
fn place(name: &str) -> Option<(usize, usize)> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let (row, column) = name.strip_prefix('r')?.split_once('c')?;
    Some((number(row)?, number(column)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(pixels: impl Iterator<Item = (usize, usize)>) -> Vec<String> {
        pixels.map(|(row, column)| format!("r{row}c{column}")).collect()
    }

    fn rectangle(rows: std::ops::RangeInclusive<usize>, columns: std::ops::RangeInclusive<usize>) -> Vec<String> {
        named(rows.flat_map(|row| columns.clone().map(move |column| (row, column))))
    }

    #[test]
    fn rectangles_are_named_by_their_sides() {
        assert_eq!(words(&rectangle(5..=22, 3..=25), 40).unwrap(), "rows 5-22, columns 3-25");
        assert_eq!(words(&rectangle(5..=5, 3..=25), 40).unwrap(), "row 5, columns 3-25");
        assert_eq!(words(&rectangle(1..=28, 56..=56), 40).unwrap(), "rows 1-28, column 56");
        assert_eq!(words(&rectangle(5..=22, 3..=25), 22).unwrap(), "414 pixels");
    }

    #[test]
    fn other_sets_are_named_by_number_and_range() {
        let mut pixels = rectangle(4..=27, 1..=28);
        pixels.remove(30);
        assert_eq!(words(&pixels, 40).unwrap(), "671 pixels in columns 1-28 (rows 4-27)");
        assert_eq!(words(&pixels, 24).unwrap(), "671 pixels, columns 1-28");
        assert_eq!(words(&pixels, 23).unwrap(), "671 pixels");
        assert_eq!(words(&rectangle(1..=28, 1..=56), 10).unwrap(), "1,568 pixels");
    }

    #[test]
    fn a_few_pixels_and_other_names_are_left_to_their_names() {
        assert_eq!(words(&rectangle(1..=1, 1..=2), 40), None);
        for other in ["x1", "r1", "c1", "rc", "r1c", "r+1c1", "r1c1c1", "wet"] {
            let mut names = rectangle(1..=2, 1..=2);
            names.push(other.to_owned());
            assert_eq!(words(&names, 40), None, "{other}");
        }
    }
}
