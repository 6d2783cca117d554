//! Estimates of the time that trials take, before they run.

use std::time::Duration;

use super::PlannedTrial;
use super::calibration::Calibration;
use crate::train::EngineChoice;

/// The average number of rounds of a unit walk on the paper's Boolean tasks.
const UNIT_ROUNDS: f64 = 15.0;
/// The average number of rounds of an edge walk on these tasks.
const EDGE_ROUNDS: f64 = 10.0;
/// The average share of the weights that are left in a round of a walk on these tasks.
const WALK_DENSITY: f64 = 0.3;

/// The CPU time that a trial will take on this machine. Correct within a factor of two for the paper's Boolean tasks.
#[must_use]
pub fn trial_time(trial: &PlannedTrial) -> Duration {
    let plan = &trial.plan;
    let calibration = Calibration::here();
    let weights = plan.architecture.weights() as f64;
    let (speed, density) = match trial.engine {
        EngineChoice::Auto | EngineChoice::AutoNdarray | EngineChoice::Edges => (calibration.edges, WALK_DENSITY),
        EngineChoice::BurnNdarray | EngineChoice::BurnFlex => (calibration.burn.unwrap_or(calibration.edges), 1.0),
    };
    let rows = trial.task.training.count as f64;
    let batch = (plan.hyperparameters.batch_size as f64).min(rows);
    let products = rows + trial.task.validation.count as f64 / 3.0;
    let epoch = (rows / batch).ceil() * speed.step_us + products * weights * density * speed.product_us;
    let round = plan.hyperparameters.epochs as f64 * epoch;
    let units = if plan.stages.has_unit_walks() { plan.grid.p_u.len() as f64 } else { 0.0 };
    let branches = units.max(1.0);
    let edges = if plan.stages.has_edge_walks() { branches * plan.grid.p_e.len() as f64 } else { 0.0 };
    let rounds = 1.0 + units * (UNIT_ROUNDS + 1.0) + edges * EDGE_ROUNDS;
    Duration::from_secs_f64(rounds * round * 1e-6)
}

/// The wall-clock time for all trials with `jobs` workers.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn total_time(trials: &[PlannedTrial], jobs: usize) -> Duration {
    trials.iter().map(trial_time).sum::<Duration>().div_f64(jobs.max(1) as f64)
}
