//! Which inputs and which outputs belong together, according to the trials of a cell.

use serde::Serialize;

use super::cell_trials::CellTrials;
use crate::analysis::consensus::{Side, consensus, modules};
use crate::report::names;

/// Inputs or outputs in groups that share a module in most trials.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Units {
    /// The names in each group.
    pub groups: Vec<Vec<String>>,
    /// For each pair, in the order of the task, the share of trials that agree with the groups on whether they belong
    /// together.
    pub stability: Vec<Vec<f64>>,
}

/// The groups on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitConsensus {
    /// Inputs.
    pub inputs: Units,
    /// Outputs.
    pub outputs: Units,
}

impl UnitConsensus {
    /// The groups according to the trials of a cell. Each trial has one vote, which its sparsest networks share. `None` if no
    /// trial has a network.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // networks of a trial
    pub fn of(group: &CellTrials<'_>) -> Option<Self> {
        let side = |side: Side, names: &[String]| {
            let mut networks = Vec::new();
            for (_, finished) in group.finished() {
                let least = finished.near.first().map(|near| near.found.edges);
                let sparsest = finished.near.iter().take_while(|near| Some(near.found.edges) == least);
                let weight = 1.0 / sparsest.clone().count().max(1) as f64;
                networks.extend(sparsest.map(|near| (weight, modules(&near.found.graph, side, names.len()))));
            }
            let found = consensus(&networks, names.len())?;
            let mut groups = vec![Vec::new(); found.groups.iter().max().map_or(0, |last| last + 1)];
            for (name, &group) in names.iter().zip(&found.groups) {
                groups[group].push(name.clone());
            }
            Some(Units { groups, stability: found.stability })
        };
        Some(Self {
            inputs: side(Side::Inputs, &group.task.inputs)?,
            outputs: side(Side::Outputs, &group.task.outputs)?,
        })
    }

    /// The groups as one line, with the shares of the least stable pairs: `x1,x2 | x3,x4 (97%) and y1-y4 (91%)`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} and {}", self.inputs.line(), self.outputs.line())
    }
}

impl Units {
    fn line(&self) -> String {
        let groups: Vec<String> = self.groups.iter().map(|group| names::short(group, 40)).collect();
        let least = self.stability.iter().flatten().copied().fold(1.0, f64::min);
        format!("{} ({:.0}%)", groups.join(" | "), 100.0 * least)
    }
}
