//! The map of an output's path products from the pixels of an image.

use super::Fold;
use crate::report::Charset;
use crate::report::paths::{number, shade};
use crate::report::text::{length, printable};
use crate::task::Shape;

/// Columns between two maps side by side.
const BETWEEN: usize = 3;

/// A map for each output, as many side by side as fit `width` columns: each character is the sum of the products of its
/// pixels, shaded relative to the greatest one of the map. `pi` has a row for each pixel, row by row, and a column for each
/// of `outputs`, which name them.
pub(in crate::report) fn maps(
    pi: &[Vec<f64>],
    shape: Shape,
    outputs: &[String],
    width: usize,
    charset: Charset,
) -> Vec<String> {
    let maps: Vec<Vec<String>> =
        outputs.iter().enumerate().map(|(at, name)| map(pi, shape, (at, name), width, charset)).collect();
    let wide = maps.iter().flatten().map(|line| length(line)).max().unwrap_or(0).min(width);
    let beside = ((width + BETWEEN) / (wide + BETWEEN)).max(1);
    let mut rows = Vec::new();
    for band in maps.chunks(beside) {
        for line in 0..band[0].len() {
            let parts: Vec<String> = band.iter().map(|map| format!("{:wide$.wide$}", map[line])).collect();
            rows.push(parts.join(&" ".repeat(BETWEEN)).trim_end().to_owned());
        }
        rows.push(String::new());
    }
    rows
}

/// The title and the lines of one output's map.
fn map(pi: &[Vec<f64>], shape: Shape, (output, name): (usize, &str), width: usize, charset: Charset) -> Vec<String> {
    let fold = Fold::new(shape, 2, width);
    let (across, down) = fold.size(shape);
    let mut sums = vec![0.0; across * down];
    for (pixel, products) in pi.iter().take(shape.pixels()).enumerate() {
        let (row, column) = (pixel / shape.width, pixel % shape.width);
        sums[row / fold.rows * across + column / fold.columns] += products.get(output).copied().unwrap_or(0.0);
    }
    let greatest = sums.iter().copied().fold(0.0, f64::max);
    let lines = sums.chunks(across).map(|line| line.iter().map(|&sum| shade(sum, greatest, charset)).collect());
    [printable(&format!("{name}, up to {}", number(greatest)), charset)].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Products of a 4 x 3 image with two outputs.
    fn products() -> Vec<Vec<f64>> {
        let mut pi = vec![vec![0.0; 2]; 12];
        (pi[0][0], pi[3][0], pi[5][0], pi[11][0]) = (1.0, 3.0, 2.0, 0.5);
        pi[7][1] = 0.25;
        pi
    }

    #[test]
    fn a_character_is_the_sum_of_two_pixels() {
        let shape = Shape { height: 4, width: 3 };
        let names = ["y1".to_owned(), "a long name".to_owned()];
        let rows = maps(&products(), shape, &names, 80, Charset::Ascii);
        let line = |left: &str, right: &str| format!("{left:27}{right}");
        let title = line("y1, up to 4.00", "a long name, up to 0.250");
        assert_eq!(rows, [title, line("#.+", "..."), line("..-", ".#."), String::new()], "side by side");
        let rows = maps(&products(), shape, &names, 40, Charset::Unicode);
        assert_eq!(rows[..3], ["y1, up to 4.00", "█·▒", "··░"], "1 + 3, 0, 2; 0, 0, 0.5");
        assert_eq!(rows.len(), 8, "one below the other");
    }

    #[test]
    fn a_wide_image_is_shrunk() {
        let rows = maps(&products(), Shape { height: 1, width: 12 }, &["y1".to_owned()], 6, Charset::Ascii);
        assert_eq!(rows, ["y1, up", "+#*..-", ""], "1, 3, 2, 0, 0, 0.5");
    }
}
