//! The classes of the rows of a table, which become outputs of which exactly one is 1.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::natural::natural;
use super::table_error::TableProblem;
use super::text;

/// The most classes.
const MOST: usize = 1000;

/// Integers up to this magnitude are compared as numbers.
const MOST_INTEGER: f64 = 1e15;

/// Collects the class of each row.
#[derive(Debug, Default)]
pub(super) struct Classes {
    names: Vec<String>,
    /// The index of each name.
    known: HashMap<String, u32>,
    /// The class of each row, as an index of `names`.
    rows: Vec<u32>,
}

impl Classes {
    /// Adds a row of the class that `field` names. `7`, `07` and `7.0` are the same class.
    ///
    /// # Errors
    /// The field is empty, or not printable, or there are too many classes.
    pub(super) fn push(&mut self, field: &str) -> Result<(), TableProblem> {
        if let Some(&class) = self.known.get(field) {
            self.rows.push(class);
            return Ok(());
        }
        if field.is_empty() {
            return Err(TableProblem::MissingClass);
        }
        if !text::is_printable(field) {
            return Err(TableProblem::BadClass);
        }
        let name = canonical(field);
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let class = self.known.get(&name).copied().unwrap_or(next);
        if class == next {
            if self.names.len() == MOST {
                return Err(TableProblem::TooManyClasses);
            }
            self.known.insert(name.clone(), class);
            self.names.push(name);
        }
        self.rows.push(class);
        Ok(())
    }

    /// The names of the outputs, such as `digit=3` for the label `digit`, in natural order, and the outputs of all rows,
    /// `[rows, classes]`.
    ///
    /// # Errors
    /// There is only one class.
    pub(super) fn outputs(self, label: &str) -> Result<(Vec<String>, Vec<f32>), TableProblem> {
        if let [only] = &self.names[..] {
            return Err(TableProblem::OneClass(text::excerpt(only)));
        }
        if self.rows.len().saturating_mul(self.names.len()) > super::MAX_VALUES {
            return Err(TableProblem::TooManyValues);
        }
        let count = self.names.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| in_order(&self.names[a], &self.names[b]));
        let mut place = vec![0; count];
        for (at, &class) in order.iter().enumerate() {
            place[class] = at;
        }
        let mut outputs = vec![0.0; self.rows.len() * count];
        for (row, &class) in self.rows.iter().enumerate() {
            outputs[row * count + place[class as usize]] = 1.0;
        }
        Ok((order.iter().map(|&class| format!("{label}={}", self.names[class])).collect(), outputs))
    }
}

/// Integers in one form, so that `7` and `7.0` are the same class; other names as they are.
fn canonical(field: &str) -> String {
    match field.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 && number.abs() <= MOST_INTEGER => (number + 0.0).to_string(),
        _ => field.to_owned(),
    }
}

/// The order in which people sort: numbers first, by value; digits within names by value as well.
fn in_order(a: &str, b: &str) -> Ordering {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => natural(a).cmp(&natural(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_in_natural_order() {
        let mut classes = Classes::default();
        for class in ["b10", "10", "b9", "-1", "9", "a", "2.5", "b10", "B"] {
            classes.push(class).unwrap();
        }
        let (names, outputs) = classes.outputs("c").unwrap();
        assert_eq!(names, ["c=-1", "c=2.5", "c=9", "c=10", "c=B", "c=a", "c=b9", "c=b10"]);
        assert_eq!(outputs[..8], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(outputs[8..16], [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(outputs.iter().sum::<f32>(), 9.0);
    }

    #[test]
    fn equal_integers_are_one_class() {
        let mut classes = Classes::default();
        for class in ["7", "7.0", "07", "7e0", "-0", "0", "x7"] {
            classes.push(class).unwrap();
        }
        assert_eq!(classes.outputs("c").unwrap().0, ["c=0", "c=7", "c=x7"]);
    }

    #[test]
    fn two_to_a_thousand_classes() {
        let mut classes = Classes::default();
        for class in 0..MOST {
            classes.push(&class.to_string()).unwrap();
        }
        assert_eq!(classes.push("more"), Err(TableProblem::TooManyClasses));
        assert_eq!(classes.push("7"), Ok(()));
        let mut classes = Classes::default();
        classes.push("a").unwrap();
        assert_eq!(classes.outputs("c"), Err(TableProblem::OneClass("a".to_owned())));
    }
}
