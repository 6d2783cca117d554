//! The rows of a table in one CSV file or two, the second for validation.

use std::io::BufRead;

use super::MAX_VALUES;
use super::canonical::Contradiction;
use super::classes::Classes;
use super::header::{Header, Role};
use super::lines::{Lines, each_field};
use super::rows::{Rows, is_bit};
use super::samples::Collector;
use super::table::Content;
use super::table_error::{TableError, TablePosition, TableProblem};
use super::table_options::TableOptions;
use super::text::excerpt;

/// A problem, and its column.
type Wrong = (Option<usize>, TableProblem);

/// Collects rows.
pub(super) struct CsvRows<'a> {
    options: &'a TableOptions,
    /// The files that were read, and the number of rows before each.
    files: Vec<(String, usize)>,
    /// The columns; `None` before the first file.
    header: Option<Header>,
    inputs: Collector,
    /// The outputs of all rows, unless rows have classes.
    outputs: Vec<f32>,
    classes: Classes,
    /// The rows for validation, if they are given.
    validation: Vec<u32>,
    /// The line number of each row.
    lines: Vec<u64>,
}

impl<'a> CsvRows<'a> {
    pub(super) fn new(options: &'a TableOptions) -> Self {
        Self {
            options,
            files: Vec::new(),
            header: None,
            inputs: Collector::new(0),
            outputs: Vec::new(),
            classes: Classes::default(),
            validation: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Reads all rows of a file. A second file has rows for validation.
    pub(super) fn read(&mut self, file: &str, reader: impl BufRead) -> Result<(), TableError> {
        let mut lines = Lines::new(reader);
        let mut header = Header::read(file, &mut lines, self.options)?;
        let before = self.lines.len();
        if let (Some(first), Some((name, _))) = (self.header.take(), self.files.first()) {
            header.check_same(&first, name).map_err(|wrong| header.error(file, lines.number(), wrong))?;
            header = first;
        } else {
            self.inputs = Collector::new(header.inputs().len());
        }
        let mut bits = vec![0.0; header.outputs().len()];
        loop {
            let wrong = match lines.next_line() {
                Ok(Some(_)) if (self.lines.len() + 1).saturating_mul(header.names.len()) > MAX_VALUES => {
                    Some((None, TableProblem::TooManyValues))
                }
                Ok(Some(line)) => self.row(line, &header, &mut bits).err(),
                Ok(None) => break,
                Err(problem) => Some((None, problem)),
            };
            if let Some(wrong) = wrong {
                return Err(header.error(file, lines.number(), wrong));
            }
            self.lines.push(lines.number());
        }
        if self.lines.len() == before {
            return Err(TableProblem::NoRows.at(file, TablePosition::default()));
        }
        if !self.files.is_empty() {
            self.validation.extend((before..self.lines.len()).filter_map(|row| u32::try_from(row).ok()));
        }
        self.header = Some(header);
        self.files.push((file.to_owned(), before));
        Ok(())
    }

    /// Adds a row. If it is wrong, nothing more can be read.
    fn row(&mut self, line: &str, header: &Header, bits: &mut [f32]) -> Result<(), Wrong> {
        let (mut fields, mut wrong, mut not_a_bit) = (0, None, None);
        let split = each_field(line, |field| {
            let problem = match header.roles.get(fields) {
                Some(Role::Input) => self.input(field).err(),
                Some(&Role::Output(output)) => match number(field) {
                    Ok(value) => {
                        if !is_bit(value) && not_a_bit.is_none() {
                            not_a_bit = Some((Some(fields), TableProblem::NotBoolean(value.to_string())));
                        }
                        bits[output] = value;
                        None
                    }
                    Err(problem) => Some(problem),
                },
                Some(Role::Label) => self.classes.push(field).err(),
                Some(Role::Split) => self.part(field).err(),
                None => None,
            };
            if let (Some(problem), None) = (problem, &wrong) {
                wrong = Some((Some(fields), problem));
            }
            fields += 1;
        });
        split.map_err(|problem| (None, problem))?;
        let columns = header.names.len();
        if fields != columns {
            return Err((None, TableProblem::Ragged { fields, columns }));
        }
        if let Some(wrong) = wrong.or(not_a_bit) {
            return Err(wrong);
        }
        self.outputs.extend_from_slice(bits);
        Ok(())
    }

    fn input(&mut self, field: &str) -> Result<(), TableProblem> {
        let value = number(field)?;
        self.inputs.push(match self.options.scale {
            None => value,
            Some(scale) => scaled(value, scale).ok_or_else(|| TableProblem::NotFinite(excerpt(field)))?,
        });
        Ok(())
    }

    /// Notes whether the row is for validation.
    fn part(&mut self, field: &str) -> Result<(), TableProblem> {
        match field.to_ascii_lowercase().as_str() {
            "train" | "training" => Ok(()),
            "validation" | "valid" | "val" | "test" => {
                self.validation.push(u32::try_from(self.lines.len()).unwrap_or(u32::MAX));
                Ok(())
            }
            _ => Err(TableProblem::NotAPart(excerpt(field))),
        }
    }

    /// Everything that was read, and where the rows are.
    pub(super) fn content(self) -> Result<(Content, Places), TableProblem> {
        let header = self.header.ok_or(TableProblem::Empty)?;
        let is_split = self.options.validation.is_some() || self.options.split_column.is_some();
        let (outputs, bits) = match &self.options.label {
            Some(label) => self.classes.outputs(label.trim())?,
            None => (header.outputs(), self.outputs),
        };
        let rows = Rows::of_samples(self.inputs.finish(), bits);
        let validation = is_split.then_some(self.validation);
        let content = Content { inputs: header.inputs(), outputs, rows, validation, shape: self.options.shape };
        Ok((content, Places { files: self.files, lines: self.lines }))
    }
}

/// The files and lines of rows.
pub(super) struct Places {
    files: Vec<(String, usize)>,
    lines: Vec<u64>,
}

impl Places {
    /// The error for two rows that contradict each other.
    pub(super) fn contradiction(&self, file: &str, pair: &Contradiction) -> TableError {
        let file_of = |row: usize| self.files.iter().rfind(|(_, first)| *first <= row).map_or(file, |(file, _)| file);
        let line = self.lines[pair.contradicts];
        let problem = match file_of(pair.contradicts) {
            other if other == file_of(pair.row) => TableProblem::Contradiction(line),
            other => TableProblem::ContradictionOf { line, file: other.to_owned() },
        };
        problem.at(file_of(pair.row), TablePosition::at_line(self.lines[pair.row]))
    }
}

/// A value divided by the scale; `None` if that is out of range.
pub(super) fn scaled(value: f32, scale: f64) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "what is out of range becomes infinite")]
    let value = (f64::from(value) / scale) as f32;
    value.is_finite().then_some(value)
}

/// A finite number. -0 becomes 0, so that equal values have equal bits.
fn number(field: &str) -> Result<f32, TableProblem> {
    if let &[digit @ b'0'..=b'9'] = field.as_bytes() {
        return Ok(f32::from(digit - b'0'));
    }
    if field.is_empty() {
        return Err(TableProblem::Missing);
    }
    let value: f32 = field.parse().map_err(|_| TableProblem::NotANumber(excerpt(field)))?;
    if value.is_finite() { Ok(value + 0.0) } else { Err(TableProblem::NotFinite(excerpt(field))) }
}
