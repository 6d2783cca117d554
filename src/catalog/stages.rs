//! The stages of a trial, as data.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::SpecificationError;

/// A part of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Training of the dense network; every trial begins with it.
    Dense,
    /// Unit pruning (Algorithm 1).
    Unit,
    /// Edge pruning (Algorithm 2).
    Edge,
}

impl Stage {
    /// The name as it is written everywhere.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Unit => "unit",
            Self::Edge => "edge",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The stages of a trial, in order: `dense`, `unit`, `edge` or `unit+edge`.
///
/// The dense stage comes first in every trial and is named only where it is the only one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stages(Vec<Stage>);

impl Stages {
    /// Checks the stages of a trial.
    ///
    /// # Errors
    /// Something else than `dense`, `unit`, `edge` or `unit` and `edge`.
    pub fn new(stages: Vec<Stage>) -> Result<Self, SpecificationError> {
        match stages[..] {
            [_] | [Stage::Unit, Stage::Edge] => Ok(Self(stages)),
            _ => Err(SpecificationError::Stages(Self(stages).to_string())),
        }
    }

    /// The stages as they are named.
    #[must_use]
    pub fn as_slice(&self) -> &[Stage] {
        &self.0
    }

    /// Does a trial with these stages go through `stage`? Always so for [`Stage::Dense`].
    #[must_use]
    pub fn has(&self, stage: Stage) -> bool {
        stage == Stage::Dense || self.0.contains(&stage)
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|stage| stage.as_str()).collect();
        f.write_str(&names.join("+"))
    }
}

impl FromStr for Stages {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let stage = |name: &str| {
            let all = [Stage::Dense, Stage::Unit, Stage::Edge];
            all.into_iter().find(|stage| stage.as_str() == name.trim())
        };
        let stages: Option<Vec<_>> = text.split('+').map(stage).collect();
        stages.and_then(|stages| Self::new(stages).ok()).ok_or_else(|| SpecificationError::Stages(text.to_owned()))
    }
}

impl TryFrom<String> for Stages {
    type Error = SpecificationError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Stages> for String {
    fn from(stages: Stages) -> Self {
        stages.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_one_word() {
        for text in ["dense", "unit", "edge", "unit+edge"] {
            assert_eq!(text.parse::<Stages>().unwrap().to_string(), text);
        }
        for text in ["", "edge+unit", "dense+edge", "edge+edge", "units"] {
            assert!(text.parse::<Stages>().is_err(), "{text}");
        }
        assert!(Stages::new(Vec::new()).is_err());
        let edge: Stages = "edge".parse().unwrap();
        assert!(edge.has(Stage::Dense) && edge.has(Stage::Edge) && !edge.has(Stage::Unit));
    }
}
