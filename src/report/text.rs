//! Lines of text of a given width.

use super::Charset;

/// The narrowest width that text is made for, in columns.
pub const MIN_WIDTH: usize = 40;

/// Breaks `text` between words so that no line is longer than `width`, unless a word is; later lines start with
/// `indent` spaces.
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

/// Number of columns of a text: one a character.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// `text` as it can be shown: control characters, and with ASCII all others outside it, as question marks.
#[must_use]
pub fn printable(text: &str, charset: Charset) -> String {
    let shown = |c: char| !c.is_control() && (charset == Charset::Unicode || c.is_ascii());
    text.chars().map(|c| if shown(c) { c } else { '?' }).collect()
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
}
