//! How long trials take, before any is run.

use std::time::Duration;

use super::PlannedTrial;

/// Rounds of a unit walk and of an edge walk, as counted on the paper's Boolean tasks.
const UNIT_ROUNDS: f64 = 15.0;
const EDGE_ROUNDS: f64 = 10.0;
/// Microseconds that burn takes for a weight matrix in a step, whatever its size, and floating-point operations a
/// microsecond beyond, measured on one core of a current server (see ARCHITECTURE.md).
const MATRIX_US: f64 = 12.0;
const OPERATIONS_A_US: f64 = 22_000.0;

/// Processor time that a trial takes, as far as can be said before it is run: within a factor of two on the machine
/// that the constants are from.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn trial_time(trial: &PlannedTrial) -> Duration {
    let plan = &trial.plan;
    let matrices = plan.architecture.matrices().len() as f64;
    let weights = plan.architecture.weights() as f64;
    let rows = trial.task.training.count as f64;
    let batch = (plan.hyperparameters.batch_size as f64).min(rows);
    let steps = (rows / batch).ceil();
    // Forward, backward and the update: three products a weight and row, two operations each.
    let step = matrices * MATRIX_US + 6.0 * batch * weights / OPERATIONS_A_US;
    let evaluation = matrices * MATRIX_US / 3.0 + 2.0 * trial.task.validation.count as f64 * weights / OPERATIONS_A_US;
    let round = plan.hyperparameters.epochs as f64 * (steps * step + evaluation);
    let units = if plan.stages.units() { plan.grid.p_u.len() as f64 } else { 0.0 };
    let branches = units.max(1.0);
    let edges = if plan.stages.edges() { branches * plan.grid.p_e.len() as f64 } else { 0.0 };
    let rounds = 1.0 + units * (UNIT_ROUNDS + 1.0) + edges * EDGE_ROUNDS;
    Duration::from_secs_f64(rounds * round * 1e-6)
}

/// Bytes that are kept of a finished walk, of each weight of the dense network, and of the rest of a trial, as measured
/// on the paper's Boolean tasks.
const WALK_BYTES: usize = 800;
const WEIGHT_BYTES: usize = 9;
const TRIAL_BYTES: usize = 16_000;

/// Bytes of disk that a trial takes, as far as can be said before it is run.
#[must_use]
pub fn trial_space(trial: &PlannedTrial) -> u64 {
    let plan = &trial.plan;
    let units = if plan.stages.units() { plan.grid.p_u.len() } else { 0 };
    let edges = if plan.stages.edges() { units.max(1) * plan.grid.p_e.len() } else { 0 };
    let bytes = TRIAL_BYTES + (units + edges) * WALK_BYTES + plan.architecture.weights() * WEIGHT_BYTES;
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Time on the clock for all trials with `jobs` workers.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn total_time(trials: &[PlannedTrial], jobs: usize) -> Duration {
    trials.iter().map(trial_time).sum::<Duration>().div_f64(jobs.max(1) as f64)
}
