//! Filters: one grammar for `--filter`, `--only` and `/` in the dashboard.
//!
//! A filter consists of terms separated by spaces, all of which must hold. A term is `key op value`, as in
//! `task=4-1-2-16 depth>=2 density<0.05 status=running`, or a bare word, which matches the start of the id or any part of
//! the task, an experiment or a tag. The operators are `=`, `!=`, `<`, `<=`, `>`, `>=` and `~` (contains, ignoring case).
//! Values with spaces are put in double quotes. A value that a trial does not have, such as the accuracy of one that never
//! ran, satisfies `!=` and nothing else.

mod error;
mod field;
mod key;
mod operator;
mod parse;
mod sort;
mod sql;

use std::fmt;

pub use error::FilterError;
use field::Field;
pub use key::Key;
use operator::Op;
pub(super) use sort::joined;
pub use sort::{Direction, Sort};
pub(super) use sql::{Clause, ordered, unordered};

use super::TrialRow;

/// A parsed filter. The default filter matches every trial.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// The start of the id, or a part of the task, an experiment or a tag; in lower case.
    Word(String),
    /// A comparison with the value of a key.
    Compare(Key, Op, Value),
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Whole(u64),
    Truth(bool),
}

impl Filter {
    /// Whether the filter has no terms, so that every trial matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the filter uses any of these keys.
    #[must_use]
    pub fn asks_for(&self, keys: &[Key]) -> bool {
        self.terms.iter().any(|term| match term {
            // A bare word may be the start of an id.
            Term::Word(_) => keys.contains(&Key::Id),
            Term::Compare(key, ..) => keys.contains(key),
        })
    }

    /// Whether the trial in `row` matches.
    #[must_use]
    pub fn matches(&self, row: &TrialRow) -> bool {
        self.terms.iter().all(|term| match term {
            Term::Word(word) => word_matches(row, word),
            Term::Compare(key, op, value) => compare(*key, &Field::of(row, *key), *op, value),
        })
    }
}

impl fmt::Display for Filter {
    /// The filter as it was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn word_matches(row: &TrialRow, word: &str) -> bool {
    let listed = |list: &[String]| list.iter().any(|text| contains(text, word));
    row.id.as_str().starts_with(word) || contains(&row.task, word) || listed(&row.experiments) || listed(&row.tags)
}

/// Whether `text` contains `part`, which is in lower case. Ignores the case of ASCII letters only, as SQLite does.
fn contains(text: &str, part: &str) -> bool {
    text.to_ascii_lowercase().contains(part)
}

fn compare(key: Key, field: &Field<'_>, op: Op, value: &Value) -> bool {
    match (field, value) {
        (Field::Text(text), Value::Text(value)) if op == Op::Contains => contains(text, value),
        (Field::Text(text), Value::Text(value)) => {
            // Ids and times are cut to the length of the value, so `created<=2026-11-22` includes that day.
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
        // The parser gives every key a value of the right kind.
        _ => false,
    }
}
