//! A walk: pruning step after pruning step from one initial step size (algorithms 1 and 2 of the paper).

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{SparseNetwork, Trajectory, TrialContext, WalkRecord, percentile};
use crate::network::{Mask, Network};
use crate::train::{Computed, Epoch, RoundResult, Stage, Stream, StreamName, round, unit_sensitivity};

/// What a walk prunes, and its initial step size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum WalkKind {
    /// Hidden units, scored by loss sensitivity.
    Unit {
        /// Initial step, in percent of the hidden units.
        p_u: f64,
    },
    /// Weights, scored by magnitude.
    Edge {
        /// Initial step of the unit walk above it; `None` in a trial without unit walks.
        p_u: Option<f64>,
        /// Initial step, in percent of the weights.
        p_e: f64,
    },
}

impl WalkKind {
    /// The stage of the trial that the walk belongs to.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::Unit { .. } => Stage::Unit,
            Self::Edge { .. } => Stage::Edge,
        }
    }
}

/// A walk between two rounds: plain data that can be stored and resumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Walk {
    /// What the walk prunes.
    pub kind: WalkKind,
    /// Share pruned so far, in percent.
    pub p: f64,
    /// Size of the next step, in percent; 0 when the walk is done.
    pub step: f64,
    /// Pruning steps so far.
    pub round: u32,
    /// Steps so far that trained a round; an empty step does not.
    pub trained: u32,
    /// Rounds so far that burn computed.
    pub burned: u32,
    /// The last accepted network.
    pub network: Network,
    /// The evaluation of that network.
    pub best: Epoch,
    /// The engine that trained it.
    pub engine: Computed,
    /// All rounds so far.
    pub trajectory: Trajectory,
}

/// What one call of [`Walk::advance`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// A pruning step was accepted or rejected, and there are more to come.
    Tried,
    /// The work is done.
    Done,
    /// `watch` broke the round off; nothing has changed.
    Interrupted,
}

/// The mask of a pruning step.
enum Step {
    Train(Mask),
    /// It would empty a layer.
    Empty(Mask),
}

impl Walk {
    /// A walk that starts from an accepted network.
    #[must_use]
    pub fn new(kind: WalkKind, start: &RoundResult, trajectory: &Trajectory) -> Self {
        let (p, step) = match kind {
            WalkKind::Unit { p_u } => (0.0, p_u),
            WalkKind::Edge { p_e, .. } => (masked_percent(&start.network.mask), p_e),
        };
        let (network, trajectory) = (start.network.clone(), trajectory.clone());
        let (best, engine) = (start.best, start.engine);
        Self { kind, p, step, round: 0, trained: 0, burned: 0, network, best, engine, trajectory }
    }

    /// Does one pruning step: prunes, trains a round, and accepts the result or goes back. `required` is the number of
    /// output bits that must be right; `watch` sees the evaluation of every epoch and can break the round off.
    pub fn advance(
        &mut self,
        context: &TrialContext<'_>,
        required: u64,
        watch: &mut dyn FnMut(&Epoch) -> ControlFlow<()>,
    ) -> Advance {
        if self.step <= 0.0 {
            return Advance::Done;
        }
        let p = self.p + self.step;
        let stage = self.kind.stage();
        match self.next_mask(context, p) {
            Step::Empty(mask) => {
                self.trajectory.reject_empty(stage, p, &mask);
                self.shorten();
            }
            Step::Train(mask) => {
                let mut start = self.network.clone();
                start.apply_mask(mask);
                let mut stream = Stream::new(&self.stream_name(context));
                let settings = &context.plan.hyperparameters;
                let Some(result) = round(context.engine, context.task, &start, settings, &mut stream, watch) else {
                    return Advance::Interrupted;
                };
                self.trained += 1;
                self.burned += u32::from(result.engine == Computed::Burn);
                if result.best.accuracy.right >= required {
                    self.trajectory.accept(stage, p, &result);
                    self.network = result.network;
                    self.best = result.best;
                    self.engine = result.engine;
                    self.p = p;
                } else {
                    self.trajectory.reject(stage, p, &result);
                    self.shorten();
                }
            }
        }
        self.round += 1;
        if self.step <= 0.0 { Advance::Done } else { Advance::Tried }
    }

    /// After a rejected step: halves the step, or ends the walk if it was the smallest one.
    fn shorten(&mut self) {
        let smallest = self.smallest_step();
        self.step = if self.step <= smallest { 0.0 } else { (self.step / 2.0).max(smallest) };
    }

    /// The step that prunes a single unit or weight, in percent.
    fn smallest_step(&self) -> f64 {
        let architecture = self.network.architecture();
        100.0
            / match self.kind {
                WalkKind::Unit { .. } => architecture.hidden_units() as f64,
                WalkKind::Edge { .. } => architecture.weights() as f64,
            }
    }

    fn next_mask(&self, context: &TrialContext<'_>, p: f64) -> Step {
        if p >= 100.0 {
            return Step::Empty(self.network.mask.clone());
        }
        let (mask, empties) = match self.kind {
            WalkKind::Unit { .. } => self.prune_units(context, p),
            WalkKind::Edge { .. } => {
                let mask = self.prune_edges(p);
                let empties = !mask.every_layer_keeps_a_weight();
                (mask, empties)
            }
        };
        if empties { Step::Empty(mask) } else { Step::Train(mask) }
    }

    /// Prunes the hidden units whose score is at or below the percentile. Returns the mask and whether a layer is empty
    /// under it. Units pruned earlier score 0, because their activation is 0.
    fn prune_units(&self, context: &TrialContext<'_>, p: f64) -> (Mask, bool) {
        let scores = unit_sensitivity(&self.network, &context.task.validation);
        let threshold = percentile(0, &mut scores.concat(), p);
        let mut mask = self.network.mask.clone();
        for (hidden, layer) in scores.iter().enumerate() {
            for (unit, &score) in layer.iter().enumerate() {
                // Written so that a score of NaN is pruned, too.
                let stays = score > threshold;
                if !stays {
                    mask.prune_unit(hidden + 1, unit);
                }
            }
        }
        let empties = scores.iter().any(|layer| !layer.iter().any(|&score| score > threshold));
        (mask, empties)
    }

    /// Prunes the weights whose magnitude is at or below the percentile.
    fn prune_edges(&self, p: f64) -> Mask {
        // Most weights are masked and 0: these are counted instead of sorted.
        let weights = self.network.weights.iter().flatten();
        let mut above: Vec<f64> =
            weights.map(|weight| f64::from(weight.abs())).filter(|magnitude| *magnitude != 0.0).collect();
        let zeros = self.network.architecture().weights() - above.len();
        let threshold = percentile(zeros, &mut above, p);
        let layers = self.network.weights.iter().enumerate().map(|(layer, weights)| {
            let kept = self.network.mask.layer(layer);
            weights.iter().zip(kept).map(|(weight, &kept)| kept && f64::from(weight.abs()) > threshold).collect()
        });
        Mask::from_layers(self.network.architecture(), layers.collect())
    }

    fn stream_name(&self, context: &TrialContext<'_>) -> StreamName {
        let (p_u, p_e) = match self.kind {
            WalkKind::Unit { p_u } => (p_u, 0.0),
            WalkKind::Edge { p_u, p_e } => (p_u.unwrap_or(0.0), p_e),
        };
        StreamName { seed: context.plan.seed, stage: self.kind.stage(), p_u, p_e, round: self.round }
    }

    /// The record of the walk when it is done.
    #[must_use]
    pub fn into_record(self) -> WalkRecord {
        let condensed = self.network.condense();
        let (p_u, p_e) = match self.kind {
            WalkKind::Unit { p_u } => (Some(p_u), None),
            WalkKind::Edge { p_u, p_e } => (p_u, Some(p_e)),
        };
        WalkRecord {
            p_u,
            p_e,
            best: self.best,
            edges: condensed.edges(),
            hidden_units: condensed.hidden_units(),
            rounds: self.trained,
            burn_rounds: self.burned,
            network: SparseNetwork::new(&self.network),
            trajectory: Some(self.trajectory),
        }
    }
}

/// The share of the weights that are masked, in percent.
fn masked_percent(mask: &Mask) -> f64 {
    let weights = mask.architecture().weights();
    100.0 * (weights - mask.kept()) as f64 / weights as f64
}
