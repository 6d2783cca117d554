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

    /// The initial step, in percent.
    fn initial_step(self) -> f64 {
        match self {
            Self::Unit { p_u } => p_u,
            Self::Edge { p_e, .. } => p_e,
        }
    }
}

/// A walk between two rounds: plain data that can be stored and resumed.
///
/// The first step has the initial size; an accepted step is followed by one of the same size, a rejected or empty one by
/// one of half its size, and not less than a single unit or weight. The walk ends when such a smallest step is rejected
/// or empty. With [`Plan::regrow`](super::Plan::regrow), once the step has been the smallest, each accepted step is
/// followed by one of twice its size, but not more than the initial size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Walk {
    /// What the walk prunes.
    pub kind: WalkKind,
    /// Share pruned so far, in percent.
    pub p: f64,
    /// Size of the next step, in percent; 0 when the walk is done.
    pub step: f64,
    /// Whether accepted steps double the next one.
    pub regrows: bool,
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
        let p = match kind {
            WalkKind::Unit { .. } => 0.0,
            WalkKind::Edge { .. } => masked_percent(&start.network.mask),
        };
        let step = kind.initial_step();
        let (network, trajectory) = (start.network.clone(), trajectory.clone());
        let (best, engine) = (start.best, start.engine);
        Self { kind, p, step, regrows: false, round: 0, trained: 0, burned: 0, network, best, engine, trajectory }
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
                self.shorten(context.plan.regrow);
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
                    self.lengthen();
                } else {
                    self.trajectory.reject(stage, p, &result);
                    self.shorten(context.plan.regrow);
                }
            }
        }
        self.round += 1;
        if self.step <= 0.0 { Advance::Done } else { Advance::Tried }
    }

    /// After a rejected step: halves the step, or ends the walk if it was the smallest one.
    fn shorten(&mut self, regrow: bool) {
        let smallest = self.smallest_step();
        self.step = if self.step <= smallest { 0.0 } else { (self.step / 2.0).max(smallest) };
        self.regrows |= regrow && self.step <= smallest;
    }

    /// After an accepted step: doubles the step, up to the initial one, if the walk regrows.
    fn lengthen(&mut self) {
        if self.regrows {
            self.step = (self.step * 2.0).min(self.kind.initial_step());
        }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::network::Architecture;
    use crate::prune::{Grid, Plan, Required, Stages};
    use crate::task::{Task, builtin};
    use crate::train::{Accuracy, Engine, Evaluation, Gradients, Hyperparameters, Learner};

    /// An engine that changes nothing. The networks of its rounds are right as often as these say, the last one from then
    /// on.
    struct Untrained {
        right: Vec<u64>,
        rounds: AtomicUsize,
    }

    struct Unchanged(Network, u64);

    impl Engine for Untrained {
        fn learner<'a>(&self, _: &'a Task, network: &'a Network, _: &Hyperparameters) -> Box<dyn Learner + 'a> {
            let round = self.rounds.fetch_add(1, Ordering::Relaxed);
            Box::new(Unchanged(network.clone(), self.right[round.min(self.right.len() - 1)]))
        }

        fn kind(&self) -> Computed {
            Computed::Burn
        }
    }

    impl Learner for Unchanged {
        fn epoch(&mut self, _: &[u32], _: &[f32]) {}

        fn evaluate(&mut self) -> Evaluation {
            Evaluation { right: self.1, loss: 0.0 }
        }

        fn keep(&mut self) {}

        fn into_kept(self: Box<Self>) -> Network {
            self.0
        }

        fn gradients(&mut self, _: &[u32], _: &[f32]) -> Gradients {
            unreachable!("a round needs no gradients")
        }
    }

    const REQUIRED: u64 = 64;

    /// Does a whole walk from a dense network `4,10,4`, whose weights grow from 1 on. Each round is accepted or not as
    /// `accepted` says, the last one from then on.
    fn walked(kind: WalkKind, regrow: bool, accepted: &[bool]) -> Walk {
        let task = builtin::get("4-2-4").unwrap();
        let architecture: Architecture = "4,10,4".parse().unwrap();
        let mut network = Network::zeros(&architecture);
        network.weights.iter_mut().flatten().zip(1_u8..).for_each(|(weight, number)| *weight = f32::from(number));
        let hyperparameters = Hyperparameters {
            learning_rate: 0.1,
            batch_size: 8,
            epochs: 1,
            weight_decay: 0.0,
            noise: 0.0,
            patience: None,
        };
        let (stages, grid, required) = (Stages::UnitEdge, Grid::quick(), Required::Perfect);
        let plan = Plan { architecture, seed: 0, hyperparameters, stages, grid, required, regrow };
        let right = accepted.iter().map(|&accepted| if accepted { REQUIRED } else { REQUIRED - 1 }).collect();
        let engine = Untrained { right, rounds: AtomicUsize::new(0) };
        let context = TrialContext { plan: &plan, task: &task, engine: &engine };
        let best = Epoch { epoch: 1, accuracy: Accuracy { right: REQUIRED, of: REQUIRED }, loss: 0.0 };
        let start = RoundResult { network, best, engine: Computed::Edges };
        let mut walk = Walk::new(kind, &start, &Trajectory::default());
        while walk.advance(&context, REQUIRED, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
        walk
    }

    /// The shares tried, and what became of each: accepted, rejected or empty.
    fn steps(walk: &Walk) -> Vec<(f64, &'static str)> {
        let steps = walk.trajectory.rounds.iter().map(|round| match (round.accepted, round.best) {
            (true, _) => (round.p, "accepted"),
            (false, Some(_)) => (round.p, "rejected"),
            (false, None) => (round.p, "empty"),
        });
        steps.collect()
    }

    #[test]
    fn rejected_steps_are_halved_down_to_a_single_unit() {
        let walk = walked(WalkKind::Unit { p_u: 45.0 }, false, &[false]);
        assert_eq!(steps(&walk), [(45.0, "rejected"), (22.5, "rejected"), (11.25, "rejected"), (10.0, "rejected")]);
        assert_eq!((walk.p, walk.round, walk.trained, walk.burned), (0.0, 4, 4, 4));
        assert_eq!(walk.network.mask.kept(), 80, "the network is that of the start");
        let record = walk.into_record();
        assert_eq!((record.p_u, record.p_e, record.edges, record.hidden_units), (Some(45.0), None, 80, 10));
    }

    #[test]
    fn accepted_steps_add_up_and_empty_ones_are_not_trained() {
        let walk = walked(WalkKind::Edge { p_u: None, p_e: 40.0 }, false, &[true]);
        // The first matrix has the 40 smallest of all 80 weights, so that pruning half of them would empty it.
        let expected = [
            (40.0, "accepted"),
            (80.0, "empty"),
            (60.0, "empty"),
            (50.0, "empty"),
            (45.0, "accepted"),
            (50.0, "empty"),
            (47.5, "accepted"),
            (50.0, "empty"),
            (48.75, "accepted"),
            (50.0, "empty"),
        ];
        assert_eq!(steps(&walk), expected);
        assert_eq!((walk.p, walk.round, walk.trained, walk.burned), (48.75, 10, 4, 4));
        let kept = [0, 1].map(|layer| walk.network.mask.layer(layer).iter().filter(|kept| **kept).count());
        assert_eq!(kept, [1, 40]);
        assert_eq!(walk.trajectory.mask_after(8, &Mask::full(walk.network.architecture())), walk.network.mask);
    }

    const A: bool = true;
    const R: bool = false;

    /// The smallest step is one of 80 weights, 1.25%, and the initial one 10%.
    #[test]
    fn regrown_steps_double_up_to_the_initial_one() {
        let outcomes = [R, R, R, A, A, A, A, R, R, A, R];
        let expected = [
            (10.0, "rejected"),
            (5.0, "rejected"),
            (2.5, "rejected"),
            (1.25, "accepted"),
            // Steps of 2.5, 5 and 10%, and not more.
            (3.75, "accepted"),
            (8.75, "accepted"),
            (18.75, "accepted"),
            (28.75, "rejected"),
            (23.75, "rejected"),
            // Having been smallest, the step now doubles from any size.
            (21.25, "accepted"),
            (26.25, "rejected"),
            (23.75, "rejected"),
            (22.5, "rejected"),
        ];
        let walk = walked(WalkKind::Edge { p_u: None, p_e: 10.0 }, true, &outcomes);
        assert_eq!(steps(&walk), expected);
        assert_eq!((walk.p, walk.round, walk.trained), (21.25, 13, 13));
    }

    #[test]
    fn the_same_outcomes_without_regrowth() {
        let walk = walked(WalkKind::Edge { p_u: None, p_e: 10.0 }, false, &[R, R, R, A, A, A, A, R]);
        let tried: Vec<f64> = steps(&walk).into_iter().map(|(p, _)| p).collect();
        assert_eq!(tried, [10.0, 5.0, 2.5, 1.25, 2.5, 3.75, 5.0, 6.25]);
        assert_eq!(walk.p, 5.0);
    }

    /// The smallest step is one of 10 units, 10%.
    #[test]
    fn steps_that_were_never_smallest_do_not_regrow() {
        let walk = walked(WalkKind::Unit { p_u: 30.0 }, true, &[R, A, R, A, A, R]);
        let expected = [
            (30.0, "rejected"),
            // 15%, which stays.
            (15.0, "accepted"),
            (30.0, "rejected"),
            // 10%, then 20 and 30.
            (25.0, "accepted"),
            (45.0, "accepted"),
            (75.0, "rejected"),
            (60.0, "rejected"),
            (55.0, "rejected"),
        ];
        // The last steps are of 30, 15 and 10%.
        assert_eq!(steps(&walk), expected);
    }

    #[test]
    fn an_empty_step_ends_a_regrown_walk() {
        let walk = walked(WalkKind::Edge { p_u: None, p_e: 5.0 }, true, &[A]);
        let last: Vec<_> = steps(&walk).into_iter().skip(9).collect();
        // 45%, then steps of 5, 2.5 and 1.25%; after that one of 2.5 and one of 1.25%.
        assert_eq!(
            last,
            [
                (50.0, "empty"),
                (47.5, "accepted"),
                (50.0, "empty"),
                (48.75, "accepted"),
                (51.25, "empty"),
                (50.0, "empty")
            ]
        );
        assert_eq!((walk.p, walk.step), (48.75, 0.0));
    }
}
