//! Filters: one grammar for `--filter`, `--only` and `/`.
//!
//! A filter is terms with spaces between them, all of which must hold: `key op value`, as in
//! `task=4-1-2-16 depth>=2 density<0.05 status=running`, or a bare word, which must be the start of the id or part of
//! the task, an experiment or a tag. Operators are `=`, `!=`, `<`, `<=`, `>`, `>=` and `~` (contains, whatever the
//! case). A value with spaces stands in double quotes. What a trial does not have (the accuracy of one that never ran)
//! is neither more nor less than anything, and differs from everything.

mod key;
mod parse;
mod sort;
mod sql;

use std::cmp::Ordering;
use std::fmt;

pub(super) use key::Field;
pub use key::Key;
pub use parse::FilterError;
pub(super) use sort::joined;
pub use sort::{Direction, Sort};
pub(super) use sql::{Clause, ordered, unordered};

use super::TrialRow;

/// A parsed filter; the default one lets every trial pass.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// Start of the id, or part of the task, an experiment or a tag; in lower case.
    Word(String),
    /// A comparison with the value of a key.
    Compare(Key, Op, Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Whole(u64),
    Truth(bool),
}

impl Filter {
    /// Does every trial pass?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Does it ask for any of these keys?
    #[must_use]
    pub fn asks_for(&self, keys: &[Key]) -> bool {
        self.terms.iter().any(|term| match term {
            // A bare word may be the start of an id.
            Term::Word(_) => keys.contains(&Key::Id),
            Term::Compare(key, ..) => keys.contains(key),
        })
    }

    /// Does the trial in `row` pass?
    #[must_use]
    pub fn matches(&self, row: &TrialRow) -> bool {
        self.terms.iter().all(|term| match term {
            Term::Word(word) => word_matches(row, word),
            Term::Compare(key, op, value) => compare(*key, &row.field(*key), *op, value),
        })
    }
}

impl fmt::Display for Filter {
    /// The filter as it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn word_matches(row: &TrialRow, word: &str) -> bool {
    let listed = |list: &[String]| list.iter().any(|text| contains(text, word));
    row.id.as_str().starts_with(word) || contains(&row.task, word) || listed(&row.experiments) || listed(&row.tags)
}

/// Is `part`, given in lower case, part of `text`? Only ASCII letters have a case here, as in SQLite.
fn contains(text: &str, part: &str) -> bool {
    text.to_ascii_lowercase().contains(part)
}

fn compare(key: Key, field: &Field<'_>, op: Op, value: &Value) -> bool {
    match (field, value) {
        (Field::Text(text), Value::Text(value)) if op == Op::Contains => contains(text, value),
        (Field::Text(text), Value::Text(value)) => {
            // Ids and times are compared as far as they are written: `created<=2026-11-22` includes that day.
            let head = if key.by_prefix() { text.get(..value.len()).unwrap_or(text) } else { text };
            op.holds(Some(head.cmp(value)))
        }
        (Field::List(list), Value::Text(value)) => match op {
            Op::Contains => list.iter().any(|text| contains(text, value)),
            Op::Unequal => !list.contains(value),
            _ => list.contains(value),
        },
        (Field::Number(number), Value::Number(value)) => op.holds(number.and_then(|number| number.partial_cmp(value))),
        (Field::Whole(whole), Value::Whole(value)) => op.holds(Some(whole.cmp(value))),
        (Field::Truth(truth), Value::Truth(value)) => op.holds(truth.map(|truth| truth.cmp(value))),
        // The parser gives every key a value of its own kind.
        _ => false,
    }
}

impl Op {
    /// Does the operator hold where the field compares to the value as `ordering`, `None` where there is no field?
    fn holds(self, ordering: Option<Ordering>) -> bool {
        let Some(ordering) = ordering else { return self == Self::Unequal };
        match self {
            Self::Equal | Self::Contains => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Contains => "~",
        }
    }
}
