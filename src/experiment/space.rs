//! Estimates of the disk space that trials need, before they run.

use std::collections::HashSet;
use std::sync::Arc;

use super::{PlannedTrial, tables};
use crate::prune::Stages;

/// The block size of most file systems in bytes. Files occupy whole blocks.
const BLOCK: f64 = 4096.0;
/// Blocks for the folders and small files of a finished trial: specification, owner, times, result and verdict.
const SMALL: f64 = 7.0;
/// Bytes per edge walk, mostly for its rounds, and additional bytes per weight of the dense network; measured on the
/// paper's Boolean tasks.
const EDGE_WALK: (f64, f64) = (600.0, 0.3);
/// Bytes per unit walk and weight of the dense network.
const UNIT_WALK: f64 = 1.0;
/// Bytes of a network's file, and additional bytes per weight, for the weight, its mask and the biases.
const NETWORK: (f64, f64) = (500.0, 9.0);
/// Bytes of a detection, and additional bytes per remaining unit.
const DETECTION: (f64, f64) = (1000.0, 80.0);
/// The number of units that remain in a pruned network.
const UNITS_LEFT: f64 = 40.0;

/// The disk space of `trials` when finished, in bytes, with `detections` detections each, and of the tables that the
/// catalog keeps for them. Correct within a factor of two.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not negative, and far below 2^64
pub fn total(trials: &[PlannedTrial], detections: usize) -> u64 {
    let mut seen = HashSet::new();
    let tables = trials.iter().filter(|trial| seen.insert(Arc::as_ptr(&trial.task.rows)));
    let tables: f64 = tables.map(|trial| tables::expected_bytes(&trial.task)).sum();
    (tables + trials.iter().map(|trial| of_trial(trial, detections as f64)).sum::<f64>()) as u64
}

fn of_trial(trial: &PlannedTrial, detections: f64) -> f64 {
    let plan = &trial.plan;
    let weights = plan.architecture.weights() as f64;
    let units: f64 = plan.architecture.widths().iter().map(|&width| width as f64).sum();
    let branches = if plan.stages.has_unit_walks() { plan.grid.p_u.len() as f64 } else { 0.0 };
    let edge_walks = if plan.stages.has_edge_walks() { branches.max(1.0) * plan.grid.p_e.len() as f64 } else { 0.0 };
    let walks = edge_walks * (EDGE_WALK.0 + EDGE_WALK.1 * weights) + branches * UNIT_WALK * weights;
    let left = if plan.stages == Stages::Dense { units } else { units.min(UNITS_LEFT) };
    let files = [blocks(walks), blocks(NETWORK.0 + NETWORK.1 * weights), SMALL];
    BLOCK * (files.iter().sum::<f64>() + detections * blocks(DETECTION.0 + DETECTION.1 * left))
}

fn blocks(bytes: f64) -> f64 {
    (bytes / BLOCK).ceil().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::tuning::Answers;
    use crate::experiment::{Overrides, presets};

    /// Compares with the sizes that `du` reports for trials of figure 6, each with the paper's grid and one detection.
    #[test]
    fn estimates_are_correct_within_a_factor_of_two() {
        let outline = presets::get("figure-6").unwrap().outline(&Overrides::default()).unwrap();
        let trials = outline.plan(&Answers::default(), &|_| true).unwrap().trials;
        for (task, architecture, counted) in [
            ("4-2-4", "4,24,4", 110_592.0),
            ("4-2-4", "4,24,24,4", 73_728.0),
            ("4-1-2-16", "4,24,24,24,16", 122_880.0),
            ("6-3-3-3", "6,24,24,24,3", 122_880.0),
            ("4-1-4", "4,24,24,24,4", 102_400.0),
        ] {
            let fits =
                |trial: &&PlannedTrial| trial.task.name == task && trial.plan.architecture.to_string() == architecture;
            let expected = of_trial(trials.iter().find(fits).unwrap(), 1.0);
            assert!(expected / counted < 2.0 && counted / expected < 2.0, "{task} {architecture}: {expected}");
        }
        assert!(total(&trials, 40) > 2 * total(&trials, 1), "forty detections are forty files");
    }
}
