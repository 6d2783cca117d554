//! The header of a table, which names the columns, and the rows below it.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use super::MAX_VALUES;
use super::lines::{Lines, each_field};
use super::rows::{Rows, is_bit};
use super::samples::Collector;
use super::table_error::{TableError, TablePosition, TableProblem};
use super::text::{self, excerpt};

/// The columns of a table.
pub(super) struct Header {
    names: Vec<String>,
    /// The input columns, in order.
    pub(super) inputs: Vec<usize>,
    /// The output columns, in the order in which they were listed.
    pub(super) outputs: Vec<usize>,
}

impl Header {
    /// Reads the header from the first line that is not blank.
    pub(super) fn read<R: BufRead>(file: &str, lines: &mut Lines<R>, outputs: &[String]) -> Result<Self, TableError> {
        let header = match lines.next_line() {
            Ok(Some(line)) => names(line).and_then(|names| Self::new(names, outputs)),
            Ok(None) => return Err(TableProblem::Empty.at(file, TablePosition::default())),
            Err(problem) => Err(problem),
        };
        header.map_err(|problem| problem.at(file, position(lines, None)))
    }

    fn new(names: Vec<String>, outputs: &[String]) -> Result<Self, TableProblem> {
        let by_name = check_names(&names)?;
        let outputs = if outputs.is_empty() { default_outputs(&names)? } else { listed(&by_name, outputs)? };
        let mut is_output = vec![false; names.len()];
        for &column in &outputs {
            is_output[column] = true;
        }
        let inputs: Vec<usize> = (0..names.len()).filter(|&column| !is_output[column]).collect();
        if inputs.is_empty() {
            return Err(TableProblem::NoInputs);
        }
        Ok(Self { names, inputs, outputs })
    }

    /// The names of these columns.
    pub(super) fn names_of(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|&column| self.names[column].clone()).collect()
    }

    /// Reads all rows; returns them with their line numbers.
    pub(super) fn rows<R: BufRead>(&self, file: &str, lines: &mut Lines<R>) -> Result<(Rows, Vec<u64>), TableError> {
        let (mut inputs, mut outputs) = (Collector::new(self.inputs.len()), Vec::new());
        let mut numbers = Vec::new();
        let mut values = Vec::with_capacity(self.names.len());
        loop {
            let problem = match lines.next_line() {
                Ok(Some(line)) => self.values(line, &mut values).err(),
                Ok(None) => break,
                Err(problem) => Some((None, problem)),
            };
            if let Some((column, problem)) = problem {
                let column = column.map(|column| (column + 1, excerpt(&self.names[column])));
                return Err(problem.at(file, position(lines, column)));
            }
            if (numbers.len() + 1).saturating_mul(self.names.len()) > MAX_VALUES {
                return Err(TableProblem::TooManyValues.at(file, position(lines, None)));
            }
            self.inputs.iter().for_each(|&column| inputs.push(values[column]));
            outputs.extend(self.outputs.iter().map(|&column| values[column]));
            numbers.push(lines.number());
        }
        if numbers.is_empty() {
            return Err(TableProblem::NoRows.at(file, TablePosition::default()));
        }
        Ok((Rows::of_samples(inputs.finish(), outputs), numbers))
    }

    /// Reads the values of a row, one per column, or reports a problem and its column.
    fn values(&self, line: &str, values: &mut Vec<f32>) -> Result<(), (Option<usize>, TableProblem)> {
        values.clear();
        let (mut fields, mut wrong) = (0, None);
        let split = each_field(line, |field| {
            match number(field) {
                Ok(value) => values.push(value),
                Err(problem) => wrong = wrong.take().or(Some((Some(fields), problem))),
            }
            fields += 1;
        });
        split.map_err(|problem| (None, problem))?;
        if fields != self.names.len() {
            return Err((None, TableProblem::Ragged { fields, columns: self.names.len() }));
        }
        let wrong = wrong.or_else(|| {
            let column = *self.outputs.iter().find(|&&column| !is_bit(values[column]))?;
            Some((Some(column), TableProblem::NotBoolean(values[column].to_string())))
        });
        wrong.map_or(Ok(()), Err)
    }
}

fn position<R: BufRead>(lines: &Lines<R>, column: Option<(usize, String)>) -> TablePosition {
    TablePosition { line: Some(lines.number()), column }
}

fn names(line: &str) -> Result<Vec<String>, TableProblem> {
    let mut names = Vec::new();
    each_field(line, |field| names.push(field.to_owned()))?;
    let other = [(";", "semicolons"), ("\t", "tabs")].into_iter().find(|(mark, _)| line.contains(mark));
    match other {
        Some((_, separator)) if names.len() == 1 => Err(TableProblem::Separator(separator)),
        _ => Ok(names),
    }
}

/// Checks that every column has a name of its own; returns the columns by name.
fn check_names(names: &[String]) -> Result<HashMap<&str, usize>, TableProblem> {
    if names.iter().all(|name| name.parse::<f32>().is_ok()) {
        return Err(TableProblem::NoHeader);
    }
    let mut by_name = HashMap::new();
    for (column, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(TableProblem::Unnamed(column + 1));
        }
        if !text::is_printable(name) {
            return Err(TableProblem::BadName(column + 1));
        }
        if let Some(first) = by_name.insert(name.as_str(), column) {
            let (first, second) = (first + 1, column + 1);
            return Err(TableProblem::DuplicateColumn { name: excerpt(name), first, second });
        }
    }
    Ok(by_name)
}

/// The columns `y1`, `y2`, and so on. All others must be `x1`, `x2`, and so on.
fn default_outputs(names: &[String]) -> Result<Vec<usize>, TableProblem> {
    let numbered = |name: &str, letter: char| {
        name.strip_prefix(letter).is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let strange = names.iter().position(|name| !numbered(name, 'x') && !numbered(name, 'y'));
    if let Some(column) = strange {
        return Err(TableProblem::StrangeColumn { column: column + 1, name: excerpt(&names[column]) });
    }
    let outputs: Vec<usize> = (0..names.len()).filter(|&column| numbered(&names[column], 'y')).collect();
    if outputs.is_empty() { Err(TableProblem::NoOutputs) } else { Ok(outputs) }
}

/// The listed output columns.
fn listed(by_name: &HashMap<&str, usize>, outputs: &[String]) -> Result<Vec<usize>, TableProblem> {
    let mut columns = Vec::with_capacity(outputs.len());
    let mut seen = HashSet::new();
    for name in outputs {
        let column = *by_name.get(name.trim()).ok_or_else(|| TableProblem::UnknownOutput(excerpt(name)))?;
        if !seen.insert(column) {
            return Err(TableProblem::OutputTwice(excerpt(name)));
        }
        columns.push(column);
    }
    Ok(columns)
}

/// A finite number. -0 becomes 0, so that equal values have equal bits.
fn number(field: &str) -> Result<f32, TableProblem> {
    if field.is_empty() {
        return Err(TableProblem::Missing);
    }
    let value: f32 = field.parse().map_err(|_| TableProblem::NotANumber(excerpt(field)))?;
    if value.is_finite() { Ok(value + 0.0) } else { Err(TableProblem::NotFinite(excerpt(field))) }
}
