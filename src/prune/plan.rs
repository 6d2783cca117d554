//! What a trial is, apart from its task's rows.

use serde::{Deserialize, Serialize};

use super::{Grid, Required, Stages};
use crate::network::Architecture;
use crate::task::Task;
use crate::train::{Engine, Hyperparameters};

/// Everything that settles a trial's course, given its task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Layer widths.
    pub architecture: Architecture,
    /// Seed of every draw.
    pub seed: u64,
    /// What each round is trained with.
    pub hyperparameters: Hyperparameters,
    /// The stages after the dense round.
    pub stages: Stages,
    /// First steps of the walks.
    pub grid: Grid,
    /// The accuracy that must hold.
    pub required: Required,
}

/// Why a plan cannot be carried out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// A number lies outside its range.
    #[error("{name} is {value}; it must be {range}")]
    Range {
        /// The setting, as in `learning_rate`.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Its range in words.
        range: &'static str,
    },
    /// A stage has no steps to walk with.
    #[error("the grid has no {0}; name at least one step in percent")]
    EmptyGrid(&'static str),
    /// Units are to be pruned where there are none.
    #[error("architecture {0} has no hidden units to prune; use stages = \"edge\"")]
    NoHiddenUnits(Architecture),
}

impl Plan {
    /// Checks every range and puts the plan in the one form that two plans which mean the same share: no steps for
    /// stages that the trial does not have, no negative zeros.
    ///
    /// # Errors
    /// A number outside its range, a stage without steps, or unit walks without hidden units.
    pub fn checked(mut self) -> Result<Self, PlanError> {
        self.check_hyperparameters()?;
        // Adding 0 turns -0 into 0.
        self.hyperparameters.weight_decay += 0.0;
        self.hyperparameters.noise += 0.0;
        for (walked, name, steps) in
            [(self.stages.has_unit_walks(), "p_u", &mut self.grid.p_u), (self.stages.has_edge_walks(), "p_e", &mut self.grid.p_e)]
        {
            if !walked {
                steps.clear();
            } else if steps.is_empty() {
                return Err(PlanError::EmptyGrid(name));
            }
            for &step in &*steps {
                check(name, step, step > 0.0 && step < 100.0, "a step above 0 and below 100 percent")?;
            }
        }
        if self.stages.has_unit_walks() && self.architecture.depth() == 0 {
            return Err(PlanError::NoHiddenUnits(self.architecture));
        }
        if let Required::Threshold(share) = &mut self.required {
            check("the required accuracy", *share, (0.0..=1.0).contains(share), "a share from 0 to 1, as in 0.98")?;
            *share += 0.0;
        }
        Ok(self)
    }

    #[expect(clippy::cast_precision_loss, reason = "only told in a message")]
    fn check_hyperparameters(&self) -> Result<(), PlanError> {
        let Hyperparameters { learning_rate, batch_size, epochs, weight_decay, noise } = self.hyperparameters;
        check("learning_rate", learning_rate, learning_rate > 0.0, "a number above 0")?;
        check("batch_size", batch_size as f64, batch_size > 0, "at least 1")?;
        check("epochs", epochs as f64, epochs > 0, "at least 1")?;
        check("weight_decay", weight_decay, weight_decay >= 0.0, "a number of 0 or above")?;
        check("noise", noise, noise >= 0.0, "a number of 0 or above")
    }
}

fn check(name: &'static str, value: f64, in_range: bool, range: &'static str) -> Result<(), PlanError> {
    if in_range && value.is_finite() { Ok(()) } else { Err(PlanError::Range { name, value, range }) }
}

/// A plan with the task and the engine that it runs on.
#[derive(Clone, Copy)]
pub struct TrialContext<'a> {
    /// What is set for the trial.
    pub plan: &'a Plan,
    /// The rows.
    pub task: &'a Task,
    /// What trains.
    pub engine: &'a dyn Engine,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            architecture: "4,24,4".parse().unwrap(),
            seed: 7,
            hyperparameters: Hyperparameters {
                learning_rate: 0.001,
                batch_size: 4,
                epochs: 60,
                weight_decay: 1e-4,
                noise: 0.1,
            },
            stages: Stages::UnitEdge,
            grid: Grid::paper(),
            required: Required::Perfect,
        }
    }

    #[test]
    fn plans_that_mean_the_same_are_the_same() {
        let edge = |p_u: Vec<f64>, noise: f64| {
            let mut plan = Plan { stages: Stages::Edge, ..plan() };
            plan.grid.p_u = p_u;
            plan.hyperparameters.noise = noise;
            plan.checked().unwrap()
        };
        let (first, second) = (edge(vec![5.0], 0.0), edge(Vec::new(), -0.0));
        assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&second).unwrap());
    }

    #[test]
    fn what_cannot_be_carried_out_is_told() {
        let message = |change: fn(&mut Plan)| {
            let mut changed = plan();
            change(&mut changed);
            changed.checked().unwrap_err().to_string()
        };
        assert!(message(|plan| plan.hyperparameters.learning_rate = f64::NAN).contains("learning_rate"));
        assert!(message(|plan| plan.hyperparameters.noise = -0.1).contains("noise is -0.1"));
        assert!(message(|plan| plan.hyperparameters.epochs = 0).contains("epochs"));
        assert!(message(|plan| plan.hyperparameters.batch_size = 0).contains("batch_size"));
        assert!(message(|plan| plan.grid.p_e = vec![]).contains("p_e"));
        assert!(message(|plan| plan.grid.p_u = vec![100.0]).contains("p_u"));
        assert!(message(|plan| plan.required = Required::Threshold(95.0)).contains("from 0 to 1"));
        assert!(message(|plan| plan.architecture = "4,4".parse().unwrap()).contains("no hidden units"));
    }
}
