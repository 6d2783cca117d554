//! What `--json` prints about trials; docs/reports.md describes the fields.

use serde::Serialize;
use serde_json::{Value, json};

use crate::catalog::TrialRow;
use crate::experiment::details::TrialDetails;
use crate::prune::{RoundRecord, WalkRecord};

/// Version of what `--json` prints about trials: increased when a field is removed or changes its meaning.
pub const SCHEMA: u32 = 1;

/// A trial as one line of `list --json`; `show --json` starts with the same fields.
#[derive(Serialize)]
pub struct TrialLine<'a> {
    schema: u32,
    id: &'a str,
    experiment: &'a [String],
    task: &'a str,
    arch: &'a [usize],
    seed: u64,
    status: &'a str,
    accuracy: Option<f64>,
    density: Option<f64>,
    edges: Option<u64>,
    hidden_units: Option<u64>,
    p_u: Option<f64>,
    p_e: Option<f64>,
    rounds: Option<u64>,
    wall_s: Option<f64>,
    cpu_s: Option<f64>,
    module_count: Option<u64>,
    success: Option<bool>,
    learning_rate: f64,
    batch_size: usize,
    epochs: usize,
    stages: String,
    engine: &'a str,
    created: String,
    tags: &'a [String],
    note: &'a str,
}

impl<'a> TrialLine<'a> {
    /// The line for a trial.
    pub fn new(row: &'a TrialRow) -> Self {
        Self {
            schema: SCHEMA,
            id: row.id.as_str(),
            experiment: &row.experiments,
            task: &row.task,
            arch: row.architecture.widths(),
            seed: row.seed,
            status: row.status.as_str(),
            accuracy: row.accuracy,
            density: row.density,
            edges: row.edges,
            hidden_units: row.hidden_units,
            p_u: row.p_u,
            p_e: row.p_e,
            rounds: row.rounds,
            wall_s: row.wall_s,
            cpu_s: row.cpu_s,
            module_count: row.module_count,
            success: row.true_modules,
            learning_rate: row.learning_rate,
            batch_size: row.batch_size,
            epochs: row.epochs,
            stages: row.stages.to_string(),
            engine: row.engine.name(),
            created: row.created.to_string(),
            tags: &row.tags,
            note: &row.note,
        }
    }
}

/// What `show --json` adds to the line: walks, the rounds of the best walk, settings, and the detection.
pub fn details(details: &TrialDetails) -> Value {
    let best = details.best_walk();
    let rounds = best.and_then(|walk| walk.trajectory.as_ref()).map(|trajectory| &trajectory.rounds);
    json!({
        "specification": details.trial.specification,
        "hyperparameters": details.chosen,
        "inputs": details.trial.about.inputs,
        "outputs": details.trial.about.outputs,
        "kernel": details.result.as_ref().map_or(&details.trial.about.kernel, |result| &result.kernel),
        "classes_right": details.result.as_ref().and_then(|result| result.classes_right),
        "loss": details.result.as_ref().map(|result| result.loss),
        "failure": details.failure.as_ref().map(|failure| &failure.message),
        "walks": details.walks.iter().map(|walk| walk_json(walk, details)).collect::<Vec<_>>(),
        "trajectory": rounds.map(|rounds| rounds.iter().map(|round| round_json(round, details)).collect::<Vec<_>>()),
        "detection_settings": details.detection.as_ref().map(|(settings, _)| settings),
        "detection": details.detection.as_ref().map(|(_, detection)| detection),
    })
}

#[allow(clippy::cast_precision_loss)]
fn density(edges: usize, details: &TrialDetails) -> f64 {
    edges as f64 / details.trial.specification.plan.architecture.weights() as f64
}

fn walk_json(walk: &WalkRecord, details: &TrialDetails) -> Value {
    json!({
        "p_u": walk.p_u,
        "p_e": walk.p_e,
        "accuracy": walk.best.accuracy.fraction(),
        "loss": walk.best.loss,
        "density": density(walk.edges, details),
        "edges": walk.edges,
        "hidden_units": walk.hidden_units,
        "rounds": walk.rounds,
    })
}

fn round_json(round: &RoundRecord, details: &TrialDetails) -> Value {
    json!({
        "stage": round.stage,
        "p": round.p,
        "accepted": round.accepted,
        "accuracy": round.best.map(|best| best.accuracy.fraction()),
        "loss": round.best.map(|best| best.loss),
        "epoch": round.best.map(|best| best.epoch),
        "density": density(round.edges, details),
        "edges": round.edges,
        "hidden_units": round.hidden_units,
    })
}
