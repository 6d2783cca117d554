//! Text from outside, as it is repeated to the user: on one line, without control characters, and not too long.

use std::path::Path;

/// The longest piece that an error repeats, in characters.
const LONGEST_EXCERPT: usize = 40;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// A piece of the user's file, escaped and cut.
pub(super) fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.chars().take(LONGEST_EXCERPT).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST_EXCERPT).is_some() {
        excerpt.push_str("..");
    }
    excerpt
}

/// Can the text be shown as a name? Not if a terminal would act on it or not show it.
pub(super) fn is_printable(text: &str) -> bool {
    text.chars().nth(MAX_NAME).is_none() && text.chars().all(|c| !c.is_control() && c != '\u{feff}')
}

/// The text with a replacement for each character that a terminal would act on.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A path as errors name it, and the name that a task gets from it: the file's name without its ending.
pub(super) fn names_of(path: &Path) -> (String, String) {
    let file = printable(&path.display().to_string());
    let name = path.file_stem().map_or_else(|| file.clone(), |stem| printable(&stem.to_string_lossy()));
    (file, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_not_repeated() {
        assert_eq!(excerpt("a\u{1b}[2J\n"), "a\\u{1b}[2J\\n");
        assert_eq!(names_of(Path::new("d/a\nb.csv")), ("d/a\u{fffd}b.csv".to_owned(), "a\u{fffd}b".to_owned()));
        assert!(is_printable("größe") && !is_printable("a\u{7}") && !is_printable(&"a".repeat(101)));
    }
}
