//! The trajectory of a walk: what each round did, and when each weight was pruned.

use serde::{Deserialize, Serialize};

use crate::network::Mask;
use crate::train::{Computed, Epoch, RoundResult, Stage};

/// One round of a trajectory: the dense round, a pruning step, or the retraining between unit and edge walk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundRecord {
    /// The part of the trial it belongs to.
    pub stage: Stage,
    /// The share to be pruned, in percent: of the hidden units in a unit walk, of the weights in an edge walk.
    pub p: f64,
    /// Whether it was accepted.
    pub accepted: bool,
    /// The best epoch; `None` for an empty step, which is rejected untrained.
    pub best: Option<Epoch>,
    /// The engine that computed the round; `None` for an empty step.
    pub engine: Option<Computed>,
    /// Hidden units on a path from an input to an output.
    pub hidden_units: usize,
    /// Edges: weights on a path from an input to an output.
    pub edges: usize,
}

/// The rounds of a walk, from the dense network on, and the round that pruned each weight.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Trajectory {
    /// All rounds, accepted or not: the dense round, then those of the unit walk and of the edge walk.
    pub rounds: Vec<RoundRecord>,
    /// For each weight of the dense network, layer by layer, the accepted round that pruned it, as an index into
    /// `rounds`; [`Self::KEPT`] for a weight that was never pruned.
    pub gone: Vec<u16>,
}

impl Trajectory {
    /// In [`Self::gone`]: the weight was never pruned.
    pub const KEPT: u16 = u16::MAX;

    /// Adds an accepted round.
    pub fn accept(&mut self, stage: Stage, p: f64, result: &RoundResult) {
        let mask = &result.network.mask;
        // A walk halves its step at most a dozen times, so it has far fewer than 65,535 rounds.
        let round = u16::try_from(self.rounds.len()).unwrap_or(Self::KEPT - 1);
        let layers = mask.architecture().matrices().len();
        self.gone.resize(mask.architecture().weights(), Self::KEPT);
        let mut gone = &mut self.gone[..];
        for kept in (0..layers).map(|layer| mask.layer(layer)) {
            let (here, after) = gone.split_at_mut(kept.len());
            for (gone, &kept) in here.iter_mut().zip(kept) {
                *gone = if kept || *gone != Self::KEPT { *gone } else { round };
            }
            gone = after;
        }
        self.note(stage, p, true, Some(result), mask);
    }

    /// Adds a round that missed the required accuracy.
    pub fn reject(&mut self, stage: Stage, p: f64, result: &RoundResult) {
        self.note(stage, p, false, Some(result), &result.network.mask);
    }

    /// Adds an empty step: its mask would empty a layer, so it was rejected untrained.
    pub fn reject_empty(&mut self, stage: Stage, p: f64, mask: &Mask) {
        self.note(stage, p, false, None, mask);
    }

    fn note(&mut self, stage: Stage, p: f64, accepted: bool, result: Option<&RoundResult>, mask: &Mask) {
        let (hidden_units, edges) = mask.counts();
        let (best, engine) = (result.map(|result| result.best), result.map(|result| result.engine));
        self.rounds.push(RoundRecord { stage, p, accepted, best, engine, hidden_units, edges });
    }

    /// The mask after `round`, the index of an accepted round. `full` is the mask of the dense network.
    #[must_use]
    pub fn mask_after(&self, round: usize, full: &Mask) -> Mask {
        let mut gone = self.gone.iter();
        let layers = full.architecture().matrices().map(|(outputs, inputs)| {
            gone.by_ref().take(outputs * inputs).map(|&gone| usize::from(gone) > round).collect()
        });
        Mask::from_layers(full.architecture(), layers.collect())
    }
}
