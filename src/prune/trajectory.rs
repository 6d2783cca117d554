//! The way of a walk: what each round did, and when each weight went.

use serde::{Deserialize, Serialize};

use crate::network::{Condensed, Mask};
use crate::train::{Epoch, Stage};

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

    /// Notes a try that was accepted with this mask.
    pub fn accept(&mut self, stage: Stage, p: f64, best: Epoch, mask: &Mask) {
        // A walk halves its step at most a dozen times: its rounds stay far below 65,535.
        let round = u16::try_from(self.rounds.len()).unwrap_or(Self::KEPT - 1);
        let layers = mask.architecture().matrices().len();
        let kept = (0..layers).flat_map(|layer| mask.layer(layer));
        self.gone.resize(mask.architecture().weights(), Self::KEPT);
        for (gone, &kept) in self.gone.iter_mut().zip(kept) {
            if !kept && *gone == Self::KEPT {
                *gone = round;
            }
        }
        self.note(stage, p, true, Some(best), mask);
    }

    /// Notes a try that was rejected; `best` is `None` where it was not trained.
    pub fn reject(&mut self, stage: Stage, p: f64, best: Option<Epoch>, mask: &Mask) {
        self.note(stage, p, false, best, mask);
    }

    fn note(&mut self, stage: Stage, p: f64, accepted: bool, best: Option<Epoch>, mask: &Mask) {
        let condensed = Condensed::new(mask);
        let (hidden_units, edges) = (condensed.hidden_units(), condensed.edges());
        self.rounds.push(RoundRecord { stage, p, accepted, best, hidden_units, edges });
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
