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

/// `count` and its noun: `1 edge`, `2 edges`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A number of bytes: `12 KiB`, `3.4 MiB`, `120 GiB`.
#[must_use]
#[allow(clippy::cast_precision_loss)] // told to two digits
pub fn bytes(count: u64) -> String {
    let mut size = count as f64 / 1024.0;
    for unit in ["KiB", "MiB", "GiB"] {
        if size < 9.95 {
            return format!("{size:.1} {unit}");
        }
        if size < 999.5 || unit == "GiB" {
            return format!("{size:.0} {unit}");
        }
        size /= 1024.0;
    }
    unreachable!("the last unit takes any size")
}

/// A length of time in at most eight columns: `0.4 s`, `42 s`, `3 min`, `2 h 05`, `3 d 4 h`.
#[must_use]
pub fn duration(time: std::time::Duration) -> String {
    let seconds = time.as_secs_f64();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not negative, and saturating
    let whole = seconds.round() as u64;
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    match whole {
        0..100 => format!("{whole} s"),
        100..6_000 => format!("{} min", (whole + 30) / 60),
        6_000..172_800 => format!("{} h {:02}", whole / 3600, whole % 3600 / 60),
        _ => format!("{} d {} h", whole / 86_400, whole % 86_400 / 3600),
    }
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
    fn lengths_of_time() {
        let shown = |seconds: f64| duration(std::time::Duration::from_secs_f64(seconds));
        assert_eq!(
            [0.0, 0.44, 42.4, 150.0, 7500.0, 280_000.0].map(shown),
            ["0.0 s", "0.4 s", "42 s", "3 min", "2 h 05", "3 d 5 h"]
        );
    }
}
