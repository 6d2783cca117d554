//! The header of a table, which names the columns.

use std::collections::HashMap;
use std::io::BufRead;

use super::lines::{Lines, each_field};
use super::table_error::{TableError, TablePosition, TableProblem};
use super::table_options::TableOptions;
use super::text::{self, excerpt};

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Input,
    /// The output with this number, from 0.
    Output(usize),
    /// The class of the row.
    Label,
    /// Whether the row is for training or validation.
    Split,
}

/// The columns of a table.
pub(super) struct Header {
    pub(super) names: Vec<String>,
    pub(super) roles: Vec<Role>,
}

impl Header {
    /// Reads the header from the first line that is not blank.
    pub(super) fn read<R: BufRead>(
        file: &str,
        lines: &mut Lines<R>,
        options: &TableOptions,
    ) -> Result<Self, TableError> {
        let header = match lines.next_line() {
            Ok(Some(line)) => names(line).and_then(|names| Self::new(names, options)),
            Ok(None) => return Err(TableProblem::Empty.at(file, TablePosition::default())),
            Err(problem) => Err(problem),
        };
        header.map_err(|problem| problem.at(file, TablePosition::at_line(lines.number())))
    }

    fn new(names: Vec<String>, options: &TableOptions) -> Result<Self, TableProblem> {
        let by_name = check_names(&names)?;
        let mut roles = vec![Role::Input; names.len()];
        let mut give = |column: usize, role| match std::mem::replace(&mut roles[column], role) {
            Role::Input => Ok(()),
            Role::Output(_) if matches!(role, Role::Output(_)) => {
                Err(TableProblem::OutputTwice(excerpt(&names[column])))
            }
            _ => Err(TableProblem::TwoRoles(excerpt(&names[column]))),
        };
        let find = |name: &String| by_name.get(name.trim()).copied();
        if let Some(name) = &options.split_column {
            give(find(name).ok_or_else(|| TableProblem::UnknownSplit(excerpt(name)))?, Role::Split)?;
        }
        if let Some(name) = &options.label {
            give(find(name).ok_or_else(|| TableProblem::UnknownLabel(excerpt(name)))?, Role::Label)?;
        } else if options.outputs.is_empty() {
            let split = options.split_column.as_ref().and_then(find);
            for (number, column) in default_outputs(&names, split)?.into_iter().enumerate() {
                give(column, Role::Output(number))?;
            }
        } else {
            for (number, name) in options.outputs.iter().enumerate() {
                let column = find(name).ok_or_else(|| TableProblem::UnknownOutput(excerpt(name)))?;
                give(column, Role::Output(number))?;
            }
        }
        if roles.contains(&Role::Input) { Ok(Self { names, roles }) } else { Err(TableProblem::NoInputs) }
    }

    /// The names of the inputs, in order.
    pub(super) fn inputs(&self) -> Vec<String> {
        self.columns().filter(|(_, role)| *role == Role::Input).map(|(name, _)| name.clone()).collect()
    }

    /// The names of the outputs, in the order in which they are listed.
    pub(super) fn outputs(&self) -> Vec<String> {
        let number = |(name, role)| match role {
            Role::Output(number) => Some((number, name)),
            _ => None,
        };
        let mut outputs: Vec<(usize, &String)> = self.columns().filter_map(number).collect();
        outputs.sort_unstable();
        outputs.into_iter().map(|(_, name)| name.clone()).collect()
    }

    fn columns(&self) -> impl Iterator<Item = (&String, Role)> {
        self.names.iter().zip(self.roles.iter().copied())
    }

    /// Checks that the columns are those of the table in `file`; an error has its column.
    pub(super) fn check_same(&self, first: &Self, file: &str) -> Result<(), (Option<usize>, TableProblem)> {
        let (count, expected) = (self.names.len(), first.names.len());
        match self.names.iter().zip(&first.names).position(|(name, expected)| name != expected) {
            Some(column) => Err((Some(column), TableProblem::OtherColumn(excerpt(&first.names[column])))),
            None if count != expected => {
                Err((None, TableProblem::OtherColumns { count, expected, file: file.to_owned() }))
            }
            None => Ok(()),
        }
    }

    /// The error of a problem at a line and, if given, a column.
    pub(super) fn error(&self, file: &str, line: u64, (column, problem): (Option<usize>, TableProblem)) -> TableError {
        let column = column.map(|column| (column + 1, excerpt(&self.names[column])));
        problem.at(file, TablePosition { line: Some(line), column })
    }
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

/// The columns `y1`, `y2`, and so on. All others but the split column must be `x1`, `x2`, and so on.
fn default_outputs(names: &[String], split: Option<usize>) -> Result<Vec<usize>, TableProblem> {
    let numbered = |column: usize, letter: char| {
        let digits = names[column].strip_prefix(letter).filter(|_| Some(column) != split);
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut columns = (0..names.len()).filter(|&column| Some(column) != split);
    if let Some(column) = columns.find(|&column| !numbered(column, 'x') && !numbered(column, 'y')) {
        return Err(TableProblem::StrangeColumn { column: column + 1, name: excerpt(&names[column]) });
    }
    let outputs: Vec<usize> = (0..names.len()).filter(|&column| numbered(column, 'y')).collect();
    if outputs.is_empty() { Err(TableProblem::NoOutputs) } else { Ok(outputs) }
}
