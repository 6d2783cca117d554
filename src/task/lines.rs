//! Numbered lines of a CSV file, read in bounded memory, and the fields of a line.
//!
//! A quoted field must end on its line. A table of numbers needs no line breaks in fields, and errors can name the line
//! number that the user's editor shows.

use std::io::{BufRead, Read};

use super::table_error::TableProblem;

/// The longest line that is read, in bytes: 16 MiB, about a million numbers.
pub(super) const MAX_LINE: usize = 16 << 20;

/// Reads the lines that are not blank, without their line ends.
pub(super) struct Lines<R> {
    reader: R,
    bytes: Vec<u8>,
    /// Number of the last line that was read, from 1.
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, bytes: Vec::new(), number: 0 }
    }

    /// Number of the last line that was read, from 1; 0 before the first.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank, or `None` at the end of the file.
    ///
    /// # Errors
    /// The file cannot be read, or the line is longer than [`MAX_LINE`], not UTF-8, or has a carriage return inside.
    pub(super) fn next_line(&mut self) -> Result<Option<&str>, TableProblem> {
        loop {
            self.bytes.clear();
            let limit = MAX_LINE as u64 + 2;
            let read = self.reader.by_ref().take(limit).read_until(b'\n', &mut self.bytes);
            let read = read.map_err(|error| TableProblem::of_io(&error))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.number == 1 && self.bytes.starts_with(b"\xef\xbb\xbf") {
                self.bytes.drain(..3);
            }
            if !self.bytes.trim_ascii().is_empty() {
                break;
            }
        }
        self.checked().map(Some)
    }

    /// The last line as text, without its line end.
    fn checked(&self) -> Result<&str, TableProblem> {
        let line = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > MAX_LINE {
            return Err(TableProblem::LongLine);
        }
        if has(line, b'\r') {
            return Err(TableProblem::CarriageReturn);
        }
        std::str::from_utf8(line).map_err(|_| TableProblem::NotUtf8)
    }
}

/// Calls `each` with every field of a line in turn, trimmed and without quotes.
///
/// # Errors
/// A quote is not closed.
pub(super) fn each_field(line: &str, mut each: impl FnMut(&str)) -> Result<(), TableProblem> {
    if !has(line.as_bytes(), b'"') {
        // A loop over bytes, since most fields are too short for a search to be faster.
        let mut start = 0;
        for (at, &byte) in line.as_bytes().iter().enumerate() {
            if byte == b',' {
                each(trimmed(&line[start..at]));
                start = at + 1;
            }
        }
        each(trimmed(&line[start..]));
        return Ok(());
    }
    if line.matches('"').count() % 2 == 1 {
        return Err(TableProblem::OpenQuote);
    }
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(line.trim().as_bytes());
    let mut record = csv::StringRecord::new();
    reader.read_record(&mut record).map_err(|error| TableProblem::Io(error.to_string()))?;
    record.iter().for_each(each);
    Ok(())
}

/// Is there such a byte? Compares whole blocks, which is fast for a byte that is seldom there.
fn has(bytes: &[u8], byte: u8) -> bool {
    bytes.chunks(4096).any(|block| block.iter().fold(0, |found, &other| found | u8::from(other == byte)) == 1)
}

/// The field without white space around it.
fn trimmed(field: &str) -> &str {
    match field.as_bytes() {
        [only] | [only, .., _] if !only.is_ascii_graphic() => field.trim(),
        [.., last] if !last.is_ascii_graphic() => field.trim(),
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Vec<String> {
        let mut fields = Vec::new();
        each_field(line, |field| fields.push(field.to_owned())).unwrap();
        fields
    }

    #[test]
    fn quoted_and_plain_fields() {
        assert_eq!(fields("a, b ,,c"), ["a", "b", "", "c"]);
        assert_eq!(fields("\u{a0}a,b\u{2003}, ,ä"), ["a", "b", "", "ä"]);
        assert_eq!(fields(r#""a,b","say ""hi""", c"#), ["a,b", r#"say "hi""#, "c"]);
        assert_eq!(fields(r#"  "a",1"#), ["a", "1"]);
    }

    #[test]
    fn lines_keep_their_numbers() {
        let mut lines = Lines::new("\u{feff}a\r\n\r\n  \nb\nc".as_bytes());
        let mut seen = Vec::new();
        while let Some(line) = lines.next_line().unwrap().map(str::to_owned) {
            seen.push((lines.number(), line));
        }
        assert_eq!(seen, [(1, "a".to_owned()), (4, "b".to_owned()), (5, "c".to_owned())]);
    }

    #[test]
    fn an_endless_line_is_refused_in_bounded_memory() {
        let mut lines = Lines::new(std::io::BufReader::new(std::io::repeat(b'1')));
        assert_eq!(lines.next_line().unwrap_err(), TableProblem::LongLine);
    }
}
