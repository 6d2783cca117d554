//! The way of a walk: what each round did, and when each weight went.

use serde::{Deserialize, Serialize};

use crate::network::Mask;
use crate::train::{Computed, Epoch, RoundResult, Stage};

/// One try of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundRecord {
    /// The part of the trial that it belongs to.
    pub stage: Stage,
    /// Share pruned that was tried: percent of the hidden units in a unit walk, of the weights in an edge walk.
    pub p: f64,
    /// Was it accepted?
    pub accepted: bool,
    /// The best epoch; `None` where the try was rejected untrained.
    pub best: Option<Epoch>,
    /// What computed the round; `None` where the try was rejected untrained.
    pub engine: Option<Computed>,
    /// Hidden units on a path from an input to an output.
    pub hidden_units: usize,
    /// Weights on a path from an input to an output.
    pub edges: usize,
}

/// A walk's rounds from the dense network on, and the step at which each weight went.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Trajectory {
    /// Every try, accepted or not: the dense round, those of the unit walk, those of the edge walk.
    pub rounds: Vec<RoundRecord>,
    /// For each weight of the dense network, layer by layer: the accepted round after which it was gone, as an index
    /// into `rounds`; [`Self::KEPT`] for those that stay.
    pub gone: Vec<u16>,
}

impl Trajectory {
    /// In [`Self::gone`]: the weight is still there.
    pub const KEPT: u16 = u16::MAX;

    /// Notes a try that was accepted.
    pub fn accept(&mut self, stage: Stage, p: f64, result: &RoundResult) {
        let mask = &result.network.mask;
        // A walk halves its step at most a dozen times: its rounds stay far below 65,535.
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

    /// Notes a try that was rejected after a round.
    pub fn reject(&mut self, stage: Stage, p: f64, result: &RoundResult) {
        self.note(stage, p, false, Some(result), &result.network.mask);
    }

    /// Notes a try that was rejected untrained, for its mask empties a layer.
    pub fn refuse(&mut self, stage: Stage, p: f64, mask: &Mask) {
        self.note(stage, p, false, None, mask);
    }

    fn note(&mut self, stage: Stage, p: f64, accepted: bool, result: Option<&RoundResult>, mask: &Mask) {
        let (hidden_units, edges) = mask.counts();
        let (best, engine) = (result.map(|result| result.best), result.map(|result| result.engine));
        self.rounds.push(RoundRecord { stage, p, accepted, best, engine, hidden_units, edges });
    }

    /// The mask as it was after round `round` (an accepted one).
    #[must_use]
    pub fn mask_after(&self, round: usize, full: &Mask) -> Mask {
        let mut gone = self.gone.iter();
        let layers = full.architecture().matrices().map(|(outputs, inputs)| {
            gone.by_ref().take(outputs * inputs).map(|&gone| usize::from(gone) > round).collect()
        });
        Mask::from_layers(full.architecture(), layers.collect())
    }
}
