//! How often the vote of a few seeds is right, by drawing many times from the seeds that were run.

use super::cell_trials::CellTrials;
use super::trials::TrialOutcome;
use crate::analysis::interval::{CONFIDENCE, wilson};
use crate::analysis::vote::{Ballot, VoteSettings, vote};
use crate::task::draws::Draws;

/// The number of draws.
pub const DRAWS: usize = 1000;

/// The votes of some seeds of a cell, drawn many times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// Seeds per draw; all trials of the cell with these seeds vote.
    pub seeds: usize,
    /// The number of seeds to draw from.
    pub from: usize,
    /// The number of draws.
    pub draws: usize,
    /// Draws in which the criterion holds for the answer, or for either of two that tie.
    pub right: usize,
    /// Those among them in which structures tie.
    pub right_by_tie: usize,
}

impl Drawn {
    /// The share of draws that are right.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // counts of draws
    pub fn share(&self) -> f64 {
        self.right as f64 / self.draws as f64
    }

    /// Wilson's interval of that share for as many draws as there can be without a common seed, since overlapping draws are
    /// not independent.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // counts of seeds
    pub fn interval(&self) -> (f64, f64) {
        let apart = self.from as f64 / self.seeds as f64;
        wilson(self.share() * apart, apart, CONFIDENCE)
    }
}

/// Draws `seeds` of the seeds of a cell many times, without replacement within a draw, and lets their trials vote; one
/// result per criterion. `None` if there are fewer seeds. The same cell always has the same draws.
#[must_use]
pub fn drawn(group: &CellTrials<'_>, criteria: usize, seeds: usize, rule: &VoteSettings) -> Option<Vec<Drawn>> {
    let done: Vec<usize> = (0..group.trials.len())
        .filter(|&trial| !matches!(group.trials[trial].outcome, TrialOutcome::Missing))
        .collect();
    let seed_of = |ballot: usize| group.trials[done[ballot]].plan.seed;
    let ballots = group.ballots();
    let mut all: Vec<u64> = (0..ballots.len()).map(seed_of).collect();
    all.sort_unstable();
    all.dedup();
    if seeds == 0 || all.len() < seeds {
        return None;
    }
    let depth = group.depth.map_or_else(|| "all".to_owned(), |depth| depth.to_string());
    let mut draws = Draws::named(format!("vote {} {depth} {seeds}", group.task.name).as_bytes());
    let mut found = vec![Drawn { seeds, from: all.len(), draws: DRAWS, right: 0, right_by_tie: 0 }; criteria];
    let by_seed: Vec<Vec<usize>> =
        all.iter().map(|&seed| (0..ballots.len()).filter(|&ballot| seed_of(ballot) == seed).collect()).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    for _ in 0..DRAWS {
        for place in 0..seeds {
            let other = place + draws.below(order.len() - place);
            order.swap(place, other);
        }
        let chosen: Vec<usize> = order[..seeds].iter().flat_map(|&seed| by_seed[seed].iter().copied()).collect();
        let part: Vec<Ballot> = chosen.iter().map(|&ballot| ballots[ballot].clone()).collect();
        let outcome = vote(&part, rule);
        for (criterion, found) in found.iter_mut().enumerate() {
            let holds = |(ballot, place): (usize, usize)| group.holds(chosen[ballot], place, criterion);
            if outcome.answers().iter().any(|answer| holds(answer.representative)) {
                found.right += 1;
                found.right_by_tie += usize::from(outcome.tied > 1);
            }
        }
    }
    Some(found)
}
