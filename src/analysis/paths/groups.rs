//! Groups of inputs and outputs to test, such as `1,2:1,2`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Inputs and outputs that may belong together, numbered from 1, like their names `x1` and `y1`.
///
/// ```
/// use neural_sculpting::analysis::paths::UnitGroup;
///
/// let group: UnitGroup = "1-3,5:1,2".parse()?;
/// assert_eq!((group.inputs(), group.outputs()), (&[1, 2, 3, 5][..], &[1, 2][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitGroup {
    inputs: Vec<usize>,
    outputs: Vec<usize>,
    /// The text it was parsed from.
    text: String,
}

/// The highest unit number in a group.
const MAX_UNIT: usize = 100_000;

/// Why a text is not a group, or why a group does not fit a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// The text is not of the form `INPUTS:OUTPUTS`.
    #[error("`{0}` is not a group; write INPUTS:OUTPUTS, numbered from 1, such as 1,2:1,2 or 1-4:1,3,5")]
    Form(String),
    /// The group names a unit that the network does not have.
    #[error("group {group} names {kind} {unit}, but there are only {count}")]
    Unit {
        /// The group.
        group: String,
        /// `input` or `output`.
        kind: &'static str,
        /// The number of the unit.
        unit: usize,
        /// Number of such units in the network.
        count: usize,
    },
    /// The group has all outputs, which leaves none to compare with.
    #[error("group {0} has all outputs; leave some out to compare with")]
    NoOther(String),
}

impl UnitGroup {
    /// The inputs, numbered from 1, ascending.
    #[must_use]
    pub fn inputs(&self) -> &[usize] {
        &self.inputs
    }

    /// The outputs, numbered from 1, ascending.
    #[must_use]
    pub fn outputs(&self) -> &[usize] {
        &self.outputs
    }

    /// Checks that the group fits a network with `inputs` inputs and `outputs` outputs.
    pub(super) fn check(&self, inputs: usize, outputs: usize) -> Result<(), GroupError> {
        for (units, count, kind) in [(&self.inputs, inputs, "input"), (&self.outputs, outputs, "output")] {
            if let Some(&unit) = units.iter().find(|&&unit| unit > count) {
                return Err(GroupError::Unit { group: self.text.clone(), kind, unit, count });
            }
        }
        if self.outputs.len() == outputs { Err(GroupError::NoOther(self.text.clone())) } else { Ok(()) }
    }
}

impl fmt::Display for UnitGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for UnitGroup {
    type Err = GroupError;

    fn from_str(text: &str) -> Result<Self, GroupError> {
        let parts = text.split_once(':').and_then(|(inputs, outputs)| Some((units(inputs)?, units(outputs)?)));
        let (inputs, outputs) = parts.ok_or_else(|| GroupError::Form(text.to_owned()))?;
        Ok(Self { inputs, outputs, text: text.to_owned() })
    }
}

/// Parses units such as `1,3-5`; each counts once.
fn units(text: &str) -> Option<Vec<usize>> {
    let mut units = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first < 1 || last < first || last > MAX_UNIT {
            return None;
        }
        units.extend(first..=last);
    }
    Some(units.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_lists_and_ranges() {
        let group: UnitGroup = "1-3,7,2 : 4,1".parse().unwrap();
        assert_eq!((group.inputs(), group.outputs()), (&[1, 2, 3, 7][..], &[1, 4][..]));
        assert_eq!(group.to_string(), "1-3,7,2 : 4,1");
    }

    #[test]
    fn malformed_groups_are_refused() {
        for text in ["", "1,2", "1:", ":1", "0:1", "1:2-1", "1:a", "1:1:1", "1-99999999999:1", "1:-1", "1,:1"] {
            assert_eq!(text.parse::<UnitGroup>(), Err(GroupError::Form(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn groups_are_checked_against_the_network() {
        let message = |text: &str| text.parse::<UnitGroup>().unwrap().check(4, 2).unwrap_err().to_string();
        assert_eq!(message("5:1"), "group 5:1 names input 5, but there are only 4");
        assert!(message("1:3").contains("names output 3"));
        assert!(message("1:1,2").contains("has all outputs"));
        assert_eq!("1-4:2".parse::<UnitGroup>().unwrap().check(4, 2), Ok(()));
    }
}
