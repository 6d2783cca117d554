//! Laying out text: line breaks, columns, and characters that can be shown.

use super::Charset;

/// The narrowest width that texts are laid out for, in columns.
pub const MIN_WIDTH: usize = 40;

/// Breaks `text` between words into lines of at most `width` columns, longer only for a word that is; all lines but the
/// first start with `indent` spaces.
#[must_use]
pub fn wrapped(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        let start = line.trim_start().is_empty();
        if !start && length(line) + 1 + length(word) > width {
            lines.push(format!("{}{word}", " ".repeat(indent)));
        } else {
            line.push_str(if start { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

/// The number of columns of a text, counted as one per character.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// `text` with question marks for control characters and, in ASCII, for everything outside it.
#[must_use]
pub fn printable(text: &str, charset: Charset) -> String {
    let shown = |c: char| !c.is_control() && (charset == Charset::Unicode || c.is_ascii());
    text.chars().map(|c| if shown(c) { c } else { '?' }).collect()
}

/// Rows of cells as lines: columns as wide as their widest cell with two spaces between them, those marked in `right`
/// aligned to the right. Missing cells are empty.
#[must_use]
pub fn aligned(rows: &[Vec<String>], right: &[bool]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| length(cell)).max();
    let widths: Vec<usize> = (0..count).map(|column| widest(column).unwrap_or(0)).collect();
    let cell = |(column, cell): (usize, &String)| {
        let width = widths[column];
        if right.get(column) == Some(&true) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
    };
    let line =
        |row: &Vec<String>| row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned();
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrapped("one two  three", 8, 2), ["one two", "  three"]);
        assert_eq!(wrapped("unbreakable word", 4, 0), ["unbreakable", "word"]);
        assert_eq!(wrapped("", 4, 0), [""]);
    }

    #[test]
    fn columns_never_run_together() {
        let rows = [vec!["my_truth_table", "2,4,1", "0.05"], vec!["a", "2,4,1", "1000000"], vec!["b"]];
        let rows = rows.map(|row| row.into_iter().map(str::to_owned).collect());
        let lines = aligned(&rows, &[false, false, true]);
        assert_eq!(lines, ["my_truth_table  2,4,1     0.05", "a               2,4,1  1000000", "b"]);
    }
}
