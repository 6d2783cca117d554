//! Text from files as error messages repeat it: short, on one line, without control characters.

use std::path::Path;

/// The longest excerpt, in characters.
const LONGEST_EXCERPT: usize = 40;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// The start of a text from a user's file, with control characters escaped.
pub(super) fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.chars().take(LONGEST_EXCERPT).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST_EXCERPT).is_some() {
        excerpt.push_str("..");
    }
    excerpt
}

/// Can the text be shown as a name? Not if it is too long or a terminal would interpret it or not show it.
pub(super) fn is_printable(text: &str) -> bool {
    text.chars().nth(MAX_NAME).is_none() && text.chars().all(|c| !c.is_control() && c != '\u{feff}')
}

/// The text with a replacement for each control character.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A path as error messages show it, and the name of its task: the file name without its extension, or two if it is
/// compressed.
pub(super) fn names_of(path: &Path) -> (String, String) {
    let file = printable(&path.display().to_string());
    let mut name = path.file_stem().map_or_else(|| file.clone(), |stem| printable(&stem.to_string_lossy()));
    if path.extension().is_some_and(|extension| extension == "gz")
        && let Some(stem) = name.strip_suffix(".csv")
    {
        name.truncate(stem.len());
    }
    (file, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_not_repeated() {
        assert_eq!(excerpt("a\u{1b}[2J\n"), "a\\u{1b}[2J\\n");
        assert_eq!(names_of(Path::new("d/a\nb.csv")), ("d/a\u{fffd}b.csv".to_owned(), "a\u{fffd}b".to_owned()));
        assert_eq!(names_of(Path::new("d/a.csv.gz")).1, "a");
        assert!(is_printable("größe") && !is_printable("a\u{7}") && !is_printable(&"a".repeat(101)));
    }
}
