//! What is trained: all that a trial's networks depend on, and nothing else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::is_hex;
use super::{Stage, Stages, TrialId};
use crate::network::Architecture;

/// The version of the catalog's files, and of the specification that ids are made from.
pub const FORMAT: u32 = 1;

/// The training specification of a trial: two trials with the same one are the same trial.
///
/// Detection settings, experiments and criteria of success are no part of it: they do not change what is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Specification {
    /// Version of the specification, see [`FORMAT`].
    pub format: u32,
    /// Hash of the task's content, lower-case hexadecimal.
    pub task: String,
    /// Layer widths of the dense network.
    pub architecture: Architecture,
    /// Names the streams that every draw comes from (design 3.7).
    pub seed: u64,
    /// Step size of Adam, above 0.
    pub learning_rate: f64,
    /// Rows a batch, at least 1.
    pub batch_size: usize,
    /// Epochs a round, at least 1.
    pub epochs: usize,
    /// L2 penalty added to the gradient, 0 or above.
    pub weight_decay: f64,
    /// Standard deviation of the noise on inputs while training, 0 or above.
    pub noise: f64,
    /// What is done after the dense network.
    pub stages: Stages,
    /// The steps to prune with.
    pub grid: Grid,
    /// When a network counts as trained.
    pub required: RequiredAccuracy,
    /// What computes the rounds.
    pub engine: EnginePolicy,
}

/// The steps that walks start with (design 3.4), in the order in which they are walked.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Grid {
    /// Steps of unit walks, percent of the hidden units, above 0 and at most 100; ignored without a unit stage.
    pub p_u: Vec<f64>,
    /// Steps of edge walks, percent of the weights, above 0 and at most 100; ignored without an edge stage.
    pub p_e: Vec<f64>,
}

/// The accuracy that a pruned network must keep (design 3.2), compared with the fraction of output bits right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequiredAccuracy {
    /// Every bit right, in the dense network too.
    Exact,
    /// That of the dense network, whatever it is.
    Dense,
    /// A fraction from 0 to 1, which the dense network must reach too.
    Threshold(f64),
}

/// What computes the rounds of a trial; part of what its results depend on, bit for bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnginePolicy {
    /// burn on ndarray.
    BurnNdarray,
    /// burn on flex.
    BurnFlex,
    /// The program's own engine for sparse networks.
    Edges,
    /// A fixed rule on shapes, edges and batch chooses before each round.
    Auto,
}

impl EnginePolicy {
    /// All policies, in the order in which they are listed to the user.
    pub const ALL: [Self; 4] = [Self::BurnNdarray, Self::BurnFlex, Self::Edges, Self::Auto];

    /// The name as it is written everywhere.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BurnNdarray => "burn-ndarray",
            Self::BurnFlex => "burn-flex",
            Self::Edges => "edges",
            Self::Auto => "auto",
        }
    }
}

impl fmt::Display for EnginePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for EnginePolicy {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|policy| policy.as_str() == text);
        found.ok_or_else(|| SpecificationError::Engine(text.to_owned()))
    }
}

/// Why a specification cannot be trained.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SpecificationError {
    /// A number lies outside its range.
    #[error("{name} is {value}; it must be {range}")]
    Range {
        /// The field, as in `learning_rate`.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Its range in words.
        range: &'static str,
    },
    /// A walk's stage has no steps to walk with.
    #[error("the grid has no {0}; name at least one step in percent")]
    EmptyGrid(&'static str),
    /// The task's hash is not one.
    #[error("`{0}` is not the hash of a task")]
    Task(String),
    /// Text names no stages.
    #[error("`{0}` are no stages; use dense, unit, edge or unit+edge")]
    Stages(String),
    /// Text names no engine.
    #[error("there is no engine `{0}`; use burn-ndarray, burn-flex, edges or auto")]
    Engine(String),
}

impl Specification {
    /// Checks all ranges and puts the specification in the one form that its id is made from: no grid for stages that
    /// the trial does not have, no negative zeros, the current format.
    ///
    /// # Errors
    /// A number outside its range, or a stage without grid.
    pub fn canonical(mut self) -> Result<Self, SpecificationError> {
        self.format = FORMAT;
        if !is_hex(&self.task) || self.task.len() > 64 {
            return Err(SpecificationError::Task(self.task));
        }
        self.check_numbers()?;
        // Adding 0 turns -0 into 0.
        self.weight_decay += 0.0;
        self.noise += 0.0;
        for (stage, name, steps) in [(Stage::Unit, "p_u", &mut self.grid.p_u), (Stage::Edge, "p_e", &mut self.grid.p_e)]
        {
            if !self.stages.has(stage) {
                steps.clear();
            } else if steps.is_empty() {
                return Err(SpecificationError::EmptyGrid(name));
            }
            for &step in &*steps {
                check(name, step, step > 0.0 && step <= 100.0, "above 0 and at most 100 percent")?;
            }
        }
        if let RequiredAccuracy::Threshold(threshold) = &mut self.required {
            check("required accuracy", *threshold, (0.0..=1.0).contains(threshold), "from 0 to 1")?;
            *threshold += 0.0;
        }
        Ok(self)
    }

    #[expect(clippy::cast_precision_loss, reason = "only told in a message")]
    fn check_numbers(&self) -> Result<(), SpecificationError> {
        check("learning_rate", self.learning_rate, self.learning_rate > 0.0, "a number above 0")?;
        check("batch_size", self.batch_size as f64, self.batch_size > 0, "at least 1")?;
        check("epochs", self.epochs as f64, self.epochs > 0, "at least 1")?;
        check("weight_decay", self.weight_decay, self.weight_decay >= 0.0, "a number of 0 or above")?;
        check("noise", self.noise, self.noise >= 0.0, "a number of 0 or above")
    }

    /// The id of the trial, from the fields in their fixed order as compact JSON.
    ///
    /// Only [`Self::canonical`] specifications that mean the same have the same id.
    ///
    /// # Panics
    /// Never: a structure of numbers, text and lists always has a JSON form.
    #[must_use]
    pub fn id(&self) -> TrialId {
        TrialId::of(&serde_json::to_vec(self).expect("plain data has a JSON form"))
    }
}

fn check(name: &'static str, value: f64, in_range: bool, range: &'static str) -> Result<(), SpecificationError> {
    if in_range && value.is_finite() { Ok(()) } else { Err(SpecificationError::Range { name, value, range }) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::catalog) fn specification(seed: u64) -> Specification {
        Specification {
            format: FORMAT,
            task: "0123abcd".to_owned(),
            architecture: "4,24,4".parse().unwrap(),
            seed,
            learning_rate: 0.001,
            batch_size: 4,
            epochs: 60,
            weight_decay: 1e-4,
            noise: 0.1,
            stages: "unit+edge".parse().unwrap(),
            grid: Grid { p_u: vec![5.0, 10.0], p_e: vec![0.5] },
            required: RequiredAccuracy::Exact,
            engine: EnginePolicy::BurnNdarray,
        }
    }

    #[test]
    fn the_canonical_form_and_the_id_never_change() {
        let specification = specification(7).canonical().unwrap();
        assert_eq!(
            serde_json::to_string(&specification).unwrap(),
            "{\"format\":1,\"task\":\"0123abcd\",\"architecture\":[4,24,4],\"seed\":7,\"learning_rate\":0.001,\
             \"batch_size\":4,\"epochs\":60,\"weight_decay\":0.0001,\"noise\":0.1,\"stages\":\"unit+edge\",\
             \"grid\":{\"p_u\":[5.0,10.0],\"p_e\":[0.5]},\"required\":\"exact\",\"engine\":\"burn-ndarray\"}"
        );
        assert_eq!(specification.id().as_str(), "2ba62ab2e9de5e4adac1");
        assert_ne!(specification.id(), super::tests::specification(8).id());
    }

    #[test]
    fn what_means_the_same_has_the_same_id() {
        let edge = |p_u: Vec<f64>, noise| {
            let mut edge = specification(0);
            edge.stages = "edge".parse().unwrap();
            edge.grid.p_u = p_u;
            edge.noise = noise;
            edge.canonical().unwrap().id()
        };
        assert_eq!(edge(vec![5.0], 0.0), edge(Vec::new(), -0.0));
    }

    #[test]
    fn numbers_outside_their_range_are_told() {
        let message = |change: fn(&mut Specification)| {
            let mut changed = specification(0);
            change(&mut changed);
            changed.canonical().unwrap_err().to_string()
        };
        assert!(message(|s| s.learning_rate = f64::NAN).contains("learning_rate"));
        assert!(message(|s| s.noise = -0.1).contains("noise is -0.1"));
        assert!(message(|s| s.epochs = 0).contains("epochs"));
        assert!(message(|s| s.grid.p_e = vec![]).contains("p_e"));
        assert!(message(|s| s.grid.p_u = vec![101.0]).contains("p_u"));
        assert!(message(|s| s.required = RequiredAccuracy::Threshold(95.0)).contains("from 0 to 1"));
        assert!(message(|s| s.task = "../x".to_owned()).contains("hash"));
    }

    #[test]
    fn rules_and_engines_are_words() {
        let json = |required| serde_json::to_string(&required).unwrap();
        assert_eq!(json(RequiredAccuracy::Dense), "\"dense\"");
        assert_eq!(json(RequiredAccuracy::Threshold(0.9)), "{\"threshold\":0.9}");
        for policy in EnginePolicy::ALL {
            assert_eq!(policy.to_string().parse::<EnginePolicy>().unwrap(), policy);
            assert_eq!(serde_json::to_value(policy).unwrap(), policy.as_str());
        }
    }
}
