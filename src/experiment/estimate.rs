//! Estimates of the time that trials take, before they run.

use std::time::Duration;

use super::PlannedTrial;
use super::calibration::{Calibration, Speed};
use crate::prune::Required;
use crate::train::{EngineChoice, is_wide};

/// The average number of rounds of a unit walk on the paper's Boolean tasks. In wide networks it is about 10.
const UNIT_ROUNDS: f64 = 15.0;
/// The average number of rounds of an edge walk on these tasks.
const EDGE_ROUNDS: f64 = 10.0;
/// The average time of these rounds as a share of the dense round's. It falls like the square root of the density.
const WALK_SHARE: f64 = 0.3;
/// The time per weight and row where the edge engine multiplies whole batches, as a share of that in the calibration's
/// networks.
const WIDE_SHARE: f64 = 0.6;

/// The CPU time that a trial will take on this machine. Correct within a factor of two for the paper's Boolean tasks.
/// For wide networks on images of digits it has been eight times too long and more.
#[must_use]
pub fn trial_time(trial: &PlannedTrial) -> Duration {
    seconds(trial, Calibration::here())
}

fn seconds(trial: &PlannedTrial, calibration: &Calibration) -> Duration {
    let plan = &trial.plan;
    let weights = plan.architecture.weights();
    let (speed, is_burn) = match trial.engine {
        EngineChoice::Auto | EngineChoice::AutoNdarray | EngineChoice::Edges => (calibration.edges, false),
        EngineChoice::BurnNdarray | EngineChoice::BurnFlex => (calibration.burn.unwrap_or(calibration.edges), true),
    };
    let rows = trial.task.training.count as f64;
    let is_wide = !is_burn && is_wide(weights, weights, plan.hyperparameters.batch_size);
    let batch = (plan.hyperparameters.batch_size as f64).min(rows);
    let computed = (rows + trial.task.validation.count as f64 / 3.0) * weights as f64;
    let Speed { step_us, product_us } = speed;
    let round = |share: f64| {
        let epoch = (rows / batch).ceil() * step_us + computed * product_us * if is_burn { 1.0 } else { share };
        plan.hyperparameters.epochs as f64 * epoch
    };
    let units = if plan.stages.has_unit_walks() { plan.grid.p_u.len() as f64 } else { 0.0 };
    let branches = units.max(1.0);
    let edges = if plan.stages.has_edge_walks() { branches * plan.grid.p_e.len() as f64 } else { 0.0 };
    let full = if is_wide { WIDE_SHARE } else { 1.0 };
    let (last, last_share) = last_rounds(weights as f64, plan.required);
    let micros = round(full)
        + units * (UNIT_ROUNDS + 1.0) * round(full * WALK_SHARE)
        + edges * (EDGE_ROUNDS * round(WALK_SHARE) + last * round(last_share));
    Duration::from_secs_f64(micros * 1e-6)
}

/// The rounds at the end of an edge walk that prune single weights, and their time as a share of the dense round's.
///
/// Networks that must be right on every row have few of them. Of the others, measured on pairs of digits: 53 to 120 with
/// 30,464 weights, of which 370 to 420 are left, and 145 with 776,160, of which 2,600 are left.
fn last_rounds(weights: f64, required: Required) -> (f64, f64) {
    if required == Required::Perfect {
        return (0.0, WALK_SHARE);
    }
    let root = weights.sqrt();
    (5.0 * root.sqrt(), (3.0 / root).sqrt().min(WALK_SHARE))
}

/// The wall-clock time for all trials with `jobs` workers.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn total_time(trials: &[PlannedTrial], jobs: usize) -> Duration {
    trials.iter().map(trial_time).sum::<Duration>().div_f64(jobs.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rounds and the shares of weights left that were counted.
    #[test]
    fn last_rounds_as_counted() {
        for (weights, counted, left) in [(30_464.0, 80.0, 385.0), (776_160.0, 145.0, 2600.0)] {
            let (rounds, share) = last_rounds(weights, Required::Threshold(0.95));
            assert!((0.7..1.4).contains(&(rounds / counted)), "{weights}: {rounds}");
            assert!((0.7..1.4).contains(&(share / f64::sqrt(left / weights))), "{weights}: {share}");
        }
        assert_eq!(last_rounds(1056.0, Required::Perfect).0, 0.0);
    }
}
