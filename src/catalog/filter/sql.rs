//! Translating filters to SQL with bound parameters; the user's text never becomes part of a statement.

use rusqlite::types::Value as Sql;

use super::key::{Key, Kind};
use super::operator::Op;
use super::sort::{Direction, Sort};
use super::{Filter, Term, Value};
use crate::catalog::State;

/// A condition for `WHERE`, and its parameters in order.
#[derive(Debug)]
pub(in crate::catalog) struct Clause {
    pub sql: String,
    pub parameters: Vec<Sql>,
}

impl Filter {
    /// The filter as a condition on the index's columns, equivalent to [`Filter::matches`].
    pub(in crate::catalog) fn clause(&self) -> Clause {
        let mut clause = Clause { sql: "1".to_owned(), parameters: Vec::new() };
        for term in &self.terms {
            clause.sql.push_str(" AND ");
            match term {
                Term::Word(word) => clause.word(word),
                Term::Compare(key, op, value) => clause.compare(*key, *op, value),
            }
        }
        clause
    }
}

impl Clause {
    fn word(&mut self, word: &str) {
        self.sql.push_str(
            "(substr(id, 1, length(?)) = ? OR instr(lower(task), ?) \
             OR instr(lower(experiments), ?) OR instr(lower(tags), ?))",
        );
        self.parameters.extend((0..5).map(|_| Sql::Text(word.to_owned())));
    }

    fn compare(&mut self, key: Key, op: Op, value: &Value) {
        // The unary plus keeps SQLite from using the column's index. Looking up each trial found in an index takes far
        // longer than scanning the table, unless there are few, as with unfinished trials.
        let few = matches!(value, Value::Text(text) if key == Key::Status && op == Op::Equal && !is_done(text));
        let column = if few { key.column().to_owned() } else { format!("+{}", key.column()) };
        let (sql, parameters) = match value {
            Value::Text(text) if op == Op::Contains => {
                (format!("instr(lower({column}), ?)"), vec![Sql::Text(text.clone())])
            }
            Value::Text(text) if key.kind() == Kind::List => {
                let found = if op == Op::Unequal { "= 0" } else { "> 0" };
                (format!("instr({column}, ?) {found}"), vec![Sql::Text(format!("\n{text}\n"))])
            }
            Value::Text(text) if key.by_prefix() => {
                let text = Sql::Text(text.clone());
                (format!("substr({column}, 1, length(?)) {} ?", symbol(op)), vec![text.clone(), text])
            }
            Value::Text(text) => (format!("{column} {} ?", symbol(op)), vec![Sql::Text(text.clone())]),
            Value::Number(number) if op == Op::Unequal => {
                (format!("CAST({column} AS REAL) IS NOT ?"), vec![Sql::Real(*number)])
            }
            Value::Number(number) => (format!("CAST({column} AS REAL) {} ?", symbol(op)), vec![Sql::Real(*number)]),
            Value::Whole(whole) => (format!("{column} {} ?", symbol(op)), vec![Sql::Integer(ordered(*whole))]),
            Value::Truth(truth) => {
                let is = if op == Op::Unequal { "IS NOT" } else { "IS" };
                (format!("{column} {is} ?"), vec![Sql::Integer(i64::from(*truth))])
            }
        };
        self.sql.push_str(&sql);
        self.parameters.extend(parameters);
    }
}

impl Sort {
    /// The terms of `ORDER BY` for this order, optionally reversed. Equivalent to [`Sort::compare`], and matches the order
    /// of the columns' indexes.
    pub(in crate::catalog) fn order(self, reversed: bool) -> String {
        let ascending = (self.direction == Direction::Ascending) != reversed;
        let ties = if ascending { "at, number" } else { "at DESC, number DESC" };
        if self.key == Key::Created {
            return ties.to_owned();
        }
        // Trials without a value come last in both directions, but SQLite sorts NULL before all values.
        let first = match (ascending, reversed) {
            (true, false) => "ASC NULLS LAST",
            (true, true) => "ASC",
            (false, false) => "DESC",
            (false, true) => "DESC NULLS FIRST",
        };
        format!("{} {first}, {ties}", self.key.column())
    }
}

fn is_done(state: &str) -> bool {
    state.parse::<State>().is_ok_and(State::is_done)
}

fn symbol(op: Op) -> &'static str {
    match op {
        Op::Equal | Op::Contains => "=",
        Op::Unequal => "<>",
        Op::Less => "<",
        Op::AtMost => "<=",
        Op::Greater => ">",
        Op::AtLeast => ">=",
    }
}

/// Maps `u64` to `i64`, the only integer type of SQLite, preserving the order.
pub(in crate::catalog) fn ordered(whole: u64) -> i64 {
    (whole ^ (1 << 63)).cast_signed()
}

/// The inverse of [`ordered`].
pub(in crate::catalog) fn unordered(ordered: i64) -> u64 {
    ordered.cast_unsigned() ^ (1 << 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mapped_numbers_keep_their_order() {
        let numbers = [0, 1, 1 << 62, (1 << 63) - 1, 1 << 63, u64::MAX];
        assert!(numbers.map(ordered).is_sorted());
        assert_eq!(numbers.map(|number| unordered(ordered(number))), numbers);
    }

    #[test]
    fn the_users_text_is_bound_not_pasted() {
        let clause = "task=x';DROP task~y' tag=z' w'".parse::<Filter>().unwrap().clause();
        assert!(!clause.sql.contains("DROP") && !clause.sql.contains('\''), "{}", clause.sql);
        assert_eq!(clause.sql.matches('?').count(), clause.parameters.len());
    }
}
