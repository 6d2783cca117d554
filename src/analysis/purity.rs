//! Purity: how far the modules of a network separate the true groups of inputs and of outputs.
//!
//! A strict criterion fails for a single stray pixel of hundreds. Purity says how many units are where they belong: each
//! module stands for the true group that most of its units are in, and a unit belongs where its module stands for its
//! group (C. D. Manning, P. Raghavan, H. Schütze, "Introduction to Information Retrieval", 2008, section 16.3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::detect::Detection;
use crate::task::Truth;

/// How many inputs and outputs are in a module that stands for their true group.
///
/// ```
/// use neural_sculpting::analysis::Purity;
/// use neural_sculpting::detect::{DetectionSettings, detect};
/// use neural_sculpting::network::{Architecture, Condensed, Mask};
/// use neural_sculpting::task::builtin;
///
/// // x1 and x2 to y1 and y2 through one hidden unit, x3 and x4 to y3 and y4 through another.
/// let architecture: Architecture = "4,2,4".parse()?;
/// let layers = ["11000011", "10100101"].map(|bits| bits.chars().map(|bit| bit == '1').collect());
/// let network = Condensed::new(&Mask::from_layers(&architecture, layers.into()));
/// let detection = detect(&network, &DetectionSettings::default());
/// let purity = Purity::of(&builtin::get("4-2-4")?.truth.unwrap(), &detection);
/// assert_eq!((purity.kept_inputs, purity.pure_inputs), (vec![2, 2], 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purity {
    /// Number of kept inputs of each true group.
    pub kept_inputs: Vec<u64>,
    /// Number of kept inputs in a module that stands for their group.
    pub pure_inputs: u64,
    /// Number of kept outputs of each true group.
    pub kept_outputs: Vec<u64>,
    /// Number of kept outputs in a module that stands for their group.
    pub pure_outputs: u64,
}

impl Purity {
    /// The purity of the modules of a detection.
    #[must_use]
    pub fn of(truth: &Truth, detection: &Detection) -> Self {
        let side = |groups: &[Vec<usize>], units: Option<&Vec<usize>>, modules: Option<&Vec<usize>>| {
            let units = units.into_iter().flatten().zip(modules.into_iter().flatten());
            purity(groups, units.map(|(&unit, &module)| (unit, module)))
        };
        let (kept_inputs, pure_inputs) =
            side(&truth.input_groups, detection.kept_units.first(), detection.modules.first());
        let (kept_outputs, pure_outputs) =
            side(&truth.output_groups, detection.kept_units.last(), detection.modules.last());
        Self { kept_inputs, pure_inputs, kept_outputs, pure_outputs }
    }

    /// The share of the kept inputs that are where they belong; 1 if none is kept.
    #[must_use]
    pub fn inputs(&self) -> f64 {
        share(self.pure_inputs, &self.kept_inputs)
    }

    /// The share of the kept outputs that are where they belong; 1 if none is kept.
    #[must_use]
    pub fn outputs(&self) -> f64 {
        share(self.pure_outputs, &self.kept_outputs)
    }
}

fn share(pure: u64, kept: &[u64]) -> f64 {
    match kept.iter().sum::<u64>() {
        0 => 1.0,
        all => pure as f64 / all as f64,
    }
}

/// The number of units in each group, and of those in a module that stands for their group. Units in no group are left
/// out.
fn purity(groups: &[Vec<usize>], units: impl Iterator<Item = (usize, usize)>) -> (Vec<u64>, u64) {
    let group_of: BTreeMap<usize, usize> =
        groups.iter().enumerate().flat_map(|(group, units)| units.iter().map(move |&unit| (unit, group))).collect();
    let mut of_group = vec![0; groups.len()];
    let mut of_module: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for (unit, module) in units {
        if let Some(&group) = group_of.get(&unit) {
            of_group[group] += 1;
            of_module.entry(module).or_insert_with(|| vec![0; groups.len()])[group] += 1;
        }
    }
    (of_group, of_module.values().map(|counts| counts.iter().max().copied().unwrap_or(0)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_unit_is_counted() {
        let groups = [vec![0, 1, 2, 3], vec![4, 5, 6]];
        // Module 7 has three units of the first group and one of the second; module 9 the others that are kept.
        let units = [(0, 7), (1, 7), (3, 7), (4, 7), (5, 9), (6, 9), (99, 9)];
        assert_eq!(purity(&groups, units.into_iter()), (vec![3, 3], 5));
        assert_eq!(purity(&groups, std::iter::empty()), (vec![0, 0], 0));
        assert_eq!((share(5, &[3, 3]), share(0, &[0, 0])), (5.0 / 6.0, 1.0));
    }
}
