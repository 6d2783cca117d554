//! The plan of a trial: everything that determines it, apart from its task.

use serde::{Deserialize, Serialize};

use super::{Grid, Required, Stages};
use crate::network::Architecture;
use crate::task::Task;
use crate::train::{Engine, Hyperparameters};

/// Everything that determines a trial, given its task: the same plan always gives the same networks (within a
/// [kernel class](crate::train::KernelClass)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Layer widths before pruning.
    pub architecture: Architecture,
    /// The seed of all random draws.
    pub seed: u64,
    /// How each round trains.
    pub hyperparameters: Hyperparameters,
    /// The stages after the dense round.
    pub stages: Stages,
    /// Initial step sizes of the walks.
    pub grid: Grid,
    /// The accuracy that a pruning step must keep.
    pub required: Required,
    /// Whether the steps of a walk grow again at its end (see [`Walk`](super::Walk)); not in the paper.
    #[serde(default, skip_serializing_if = "is_off")]
    pub regrow: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_off(setting: &bool) -> bool {
    !setting
}

/// Why a plan is invalid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// A number is out of range.
    #[error("{name} is {value}; it must be {range}")]
    Range {
        /// The setting, such as `learning_rate`.
        name: &'static str,
        /// Its value.
        value: f64,
        /// The allowed range, in words.
        range: &'static str,
    },
    /// A stage without a step size.
    #[error("the grid has no {0}; give at least one step in percent")]
    EmptyGrid(&'static str),
    /// Unit walks in an architecture without hidden units.
    #[error("architecture {0} has no hidden units to prune; use stages = \"edge\"")]
    NoHiddenUnits(Architecture),
}

impl Plan {
    /// Checks all ranges and normalizes the plan, so that plans with the same meaning are equal: drops the steps of
    /// stages that the trial does not have, and turns -0 into 0. Without walks, nothing can regrow.
    ///
    /// # Errors
    /// If a number is out of range, a stage has no steps, or there are unit walks but no hidden units.
    ///
    /// ```
    /// # use neural_sculpting::prune::{Grid, Plan, Required, Stages};
    /// # use neural_sculpting::train::Hyperparameters;
    /// # let hyperparameters =
    /// #     Hyperparameters { learning_rate: 0.01, batch_size: 8, epochs: 30, weight_decay: 1e-4, noise: 0.1, patience: None };
    /// # let (stages, grid, required) = (Stages::Edge, Grid::paper(), Required::Threshold(98.0));
    /// let (architecture, seed, regrow) = ("4,24,4".parse()?, 0, false);
    /// let plan = Plan { architecture, seed, hyperparameters, stages, grid, required, regrow };
    /// let error = plan.checked().unwrap_err();
    /// assert_eq!(error.to_string(), "the required accuracy is 98; it must be a share from 0 to 1, such as 0.98");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checked(mut self) -> Result<Self, PlanError> {
        self.check_hyperparameters()?;
        // Adding 0 turns -0 into 0.
        self.hyperparameters.weight_decay += 0.0;
        self.hyperparameters.noise += 0.0;
        for (walked, name, steps) in [
            (self.stages.has_unit_walks(), "p_u", &mut self.grid.p_u),
            (self.stages.has_edge_walks(), "p_e", &mut self.grid.p_e),
        ] {
            if !walked {
                steps.clear();
            } else if steps.is_empty() {
                return Err(PlanError::EmptyGrid(name));
            }
            for &step in &*steps {
                check(name, step, step > 0.0 && step < 100.0, "above 0 and below 100 percent")?;
            }
        }
        if self.stages.has_unit_walks() && self.architecture.depth() == 0 {
            return Err(PlanError::NoHiddenUnits(self.architecture));
        }
        self.regrow &= self.stages != Stages::Dense;
        if let Required::Threshold(share) = &mut self.required {
            check("the required accuracy", *share, (0.0..=1.0).contains(share), "a share from 0 to 1, such as 0.98")?;
            *share += 0.0;
        }
        Ok(self)
    }

    fn check_hyperparameters(&self) -> Result<(), PlanError> {
        let Hyperparameters { learning_rate, batch_size, epochs, weight_decay, noise, patience } = self.hyperparameters;
        check("learning_rate", learning_rate, learning_rate > 0.0, "above 0")?;
        check("batch_size", batch_size as f64, batch_size > 0, "at least 1")?;
        check("epochs", epochs as f64, epochs > 0, "at least 1")?;
        check("weight_decay", weight_decay, weight_decay >= 0.0, "0 or more")?;
        check("noise", noise, noise >= 0.0, "0 or more")?;
        patience.map_or(Ok(()), |patience| check("patience", patience as f64, patience > 0, "at least 1"))
    }
}

fn check(name: &'static str, value: f64, in_range: bool, range: &'static str) -> Result<(), PlanError> {
    if in_range && value.is_finite() { Ok(()) } else { Err(PlanError::Range { name, value, range }) }
}

/// What a trial's jobs need: its plan, its task and the engine.
#[derive(Clone, Copy)]
pub struct TrialContext<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The task.
    pub task: &'a Task,
    /// The engine that trains.
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
                patience: None,
            },
            stages: Stages::UnitEdge,
            grid: Grid::paper(),
            required: Required::Perfect,
            regrow: false,
        }
    }

    #[test]
    fn plans_with_the_same_meaning_are_equal() {
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
    fn without_walks_nothing_regrows() {
        let regrowing = |stages| Plan { stages, regrow: true, ..plan() }.checked().unwrap().regrow;
        assert!(!regrowing(Stages::Dense) && regrowing(Stages::Unit) && regrowing(Stages::Edge));
    }

    #[test]
    fn invalid_plans_are_refused() {
        let message = |change: fn(&mut Plan)| {
            let mut changed = plan();
            change(&mut changed);
            changed.checked().unwrap_err().to_string()
        };
        assert!(message(|plan| plan.hyperparameters.learning_rate = f64::NAN).contains("learning_rate"));
        assert!(message(|plan| plan.hyperparameters.noise = -0.1).contains("noise is -0.1"));
        assert!(message(|plan| plan.hyperparameters.epochs = 0).contains("epochs"));
        assert!(
            message(|plan| plan.hyperparameters.patience = Some(0)).contains("patience is 0; it must be at least 1")
        );
        assert!(message(|plan| plan.hyperparameters.batch_size = 0).contains("batch_size"));
        assert!(message(|plan| plan.grid.p_e = vec![]).contains("p_e"));
        assert!(message(|plan| plan.grid.p_u = vec![100.0]).contains("p_u"));
        assert!(message(|plan| plan.required = Required::Threshold(95.0)).contains("from 0 to 1"));
        assert!(message(|plan| plan.architecture = "4,4".parse().unwrap()).contains("no hidden units"));
    }
}
