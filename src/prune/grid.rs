//! How a trial prunes, as data: its stages, its grid and the required accuracy.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::train::Accuracy;

/// The stages of a trial after its dense round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Stages {
    /// None: the dense round only.
    #[serde(rename = "dense")]
    Dense,
    /// Unit walks from the dense network.
    #[serde(rename = "unit")]
    Unit,
    /// Edge walks from the dense network.
    #[serde(rename = "edge")]
    Edge,
    /// Unit walks, then edge walks from the result of each.
    #[default]
    #[serde(rename = "unit+edge")]
    UnitEdge,
}

impl Stages {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Dense, Self::Unit, Self::Edge, Self::UnitEdge];

    /// Are there unit walks?
    #[must_use]
    pub fn has_unit_walks(self) -> bool {
        matches!(self, Self::Unit | Self::UnitEdge)
    }

    /// Are there edge walks?
    #[must_use]
    pub fn has_edge_walks(self) -> bool {
        matches!(self, Self::Edge | Self::UnitEdge)
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dense => "dense",
            Self::Unit => "unit",
            Self::Edge => "edge",
            Self::UnitEdge => "unit+edge",
        })
    }
}

impl FromStr for Stages {
    type Err = UnknownStages;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|stages| stages.to_string() == text).ok_or_else(|| UnknownStages(text.to_owned()))
    }
}

/// A text that is not the name of a choice of stages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a choice of stages; choose dense, unit, edge or unit+edge")]
pub struct UnknownStages(String);

/// The initial step sizes of the walks: one unit walk per `p_u`, and under it one edge walk per `p_e`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Initial steps of the unit walks, in percent of the hidden units, above 0 and below 100.
    pub p_u: Vec<f64>,
    /// Initial steps of the edge walks, in percent of the weights, above 0 and below 100.
    pub p_e: Vec<f64>,
}

impl Grid {
    /// The paper's grid (section H.1): 14 unit steps from 5 to 70%, 5 edge steps from 0.5 to 2.5%.
    #[must_use]
    pub fn paper() -> Self {
        Self {
            p_u: (1..=14).map(|step| f64::from(step) * 5.0).collect(),
            p_e: (1..=5).map(|step| f64::from(step) * 0.5).collect(),
        }
    }

    /// One unit walk and one edge walk, with the largest steps of the paper's grid.
    #[must_use]
    pub fn quick() -> Self {
        Self { p_u: vec![70.0], p_e: vec![2.5] }
    }
}

/// The accuracy that a round must reach for its pruning step to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Required {
    /// Every output bit is right.
    Perfect,
    /// As many output bits are right as in the dense network.
    Dense,
    /// At least this share of the output bits is right, 0 to 1.
    Threshold(f64),
}

impl Required {
    /// The number of output bits that must be right, given the accuracy of the dense network; `None` if that network
    /// misses it.
    #[must_use]
    pub fn bits(self, dense: Accuracy) -> Option<u64> {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bits = match self {
            Self::Perfect => dense.of,
            Self::Dense => dense.right,
            Self::Threshold(share) => (share * dense.of as f64).ceil() as u64,
        };
        (dense.right >= bits).then_some(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_grid_has_70_edge_walks() {
        let grid = Grid::paper();
        assert_eq!((grid.p_u.len(), grid.p_e.len()), (14, 5));
        assert_eq!((grid.p_u[13], grid.p_e[0]), (70.0, 0.5));
    }

    #[test]
    fn required_bits() {
        let dense = Accuracy { right: 97, of: 100 };
        assert_eq!(Required::Perfect.bits(dense), None);
        assert_eq!(Required::Dense.bits(dense), Some(97));
        assert_eq!(Required::Threshold(0.965).bits(dense), Some(97));
        assert_eq!(Required::Threshold(0.98).bits(dense), None);
    }
}
