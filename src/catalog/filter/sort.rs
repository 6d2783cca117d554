//! Sort orders.

use std::cmp::Ordering;
use std::str::FromStr;

use super::error::FilterError;
use super::field::Field;
use super::key::Key;
use crate::catalog::TrialRow;

/// The direction of a sort order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest value first.
    Ascending,
    /// The largest value first.
    Descending,
}

/// A sort order of trials: by a key, then by creation time and id, all in the same direction. Trials without a value come
/// last in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The key to sort by.
    pub key: Key,
    /// The direction.
    pub direction: Direction,
}

impl Default for Sort {
    /// By creation time, oldest first.
    fn default() -> Self {
        Self { key: Key::Created, direction: Direction::Ascending }
    }
}

impl Sort {
    /// Compares `a` and `b` in this order, in the same way as the index sorts.
    #[must_use]
    pub fn compare(&self, a: &TrialRow, b: &TrialRow) -> Ordering {
        self.by_key(&Field::of(a, self.key), &Field::of(b, self.key))
            .then_with(|| self.directed(a.created.cmp(&b.created).then_with(|| a.id.cmp(&b.id))))
    }

    fn directed(self, ordering: Ordering) -> Ordering {
        match self.direction {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        }
    }

    fn by_key(self, a: &Field<'_>, b: &Field<'_>) -> Ordering {
        let directed = |ordering| self.directed(ordering);
        match (a, b) {
            (Field::Text(a), Field::Text(b)) => directed(a.cmp(b)),
            (Field::Whole(a), Field::Whole(b)) => directed(a.cmp(b)),
            (Field::List(a), Field::List(b)) => directed(joined(a).cmp(&joined(b))),
            (Field::Number(a), Field::Number(b)) => last_if_missing(*a, *b, |a, b| directed(a.total_cmp(&b))),
            (Field::Truth(a), Field::Truth(b)) => last_if_missing(*a, *b, |a, b| directed(a.cmp(&b))),
            // A key has the same kind of field in every row.
            _ => Ordering::Equal,
        }
    }
}

fn last_if_missing<T>(a: Option<T>, b: Option<T>, compare: impl FnOnce(T, T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

/// A list as one text, as stored in the index: each item between line feeds; empty for an empty list.
pub(in crate::catalog) fn joined(list: &[String]) -> String {
    if list.is_empty() { String::new() } else { format!("\n{}\n", list.join("\n")) }
}

impl FromStr for Sort {
    type Err = FilterError;

    /// Parses `density`, or `-density` or `density:desc` for the largest first.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let (name, direction) = match (text.strip_prefix('-'), text.split_once(':')) {
            (Some(name), _) | (None, Some((name, "desc"))) => (name, Direction::Descending),
            (None, Some((name, "asc"))) => (name, Direction::Ascending),
            _ => (text, Direction::Ascending),
        };
        Ok(Self { key: name.parse()?, direction })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_orders_are_a_key_and_a_direction() {
        let sort = |text: &str| text.parse::<Sort>().unwrap();
        assert_eq!(sort("density"), Sort { key: Key::Density, direction: Direction::Ascending });
        assert_eq!(sort("-density"), sort("density:desc"));
        assert_eq!(sort("lr:asc").key, Key::LearningRate);
        assert!("size".parse::<Sort>().unwrap_err().to_string().contains("density"));
        assert!("density:up".parse::<Sort>().is_err());
    }
}
