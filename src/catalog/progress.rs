//! Live numbers of a trial, for gauges; may be lost at any time.

use serde::{Deserialize, Serialize};

use super::Utc;
use super::json::nullable;
use crate::train::Stage;

/// Where a running trial is (`progress`). Replaced whole, without waiting for the disk; the writer throttles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The stage of the current walk.
    pub stage: Stage,
    /// Step of the current unit walk or of the one that the edge walk builds on, percent.
    pub p_u: Option<f64>,
    /// Step of the current edge walk, percent.
    pub p_e: Option<f64>,
    /// Which walk, 1 to `walks_total`; 0 during the dense round.
    pub walk: u64,
    /// Round of the current walk, from 1.
    pub round: u64,
    /// The share that is being tried, percent of the original units or weights.
    #[serde(with = "nullable")]
    pub p: f64,
    /// Accuracy of the last round, 0 to 1.
    #[serde(with = "nullable")]
    pub accuracy: f64,
    /// Validation loss of the last round.
    #[serde(with = "nullable")]
    pub loss: f64,
    /// Density of the last round's network, 0 to 1.
    #[serde(with = "nullable")]
    pub density: f64,
    /// Hidden units left.
    pub units: u64,
    /// Edges left.
    pub edges: u64,
    /// Walks walked.
    pub walks_done: u64,
    /// Walks of the whole grid.
    pub walks_total: u64,
    /// Rounds trained in the whole trial.
    pub rounds_done: u64,
    /// Estimated share of the trial that is done, 0 to 1.
    #[serde(with = "nullable")]
    pub fraction: f64,
    /// Estimated seconds left; `None` while there is nothing to estimate from.
    pub eta_s: Option<f64>,
    /// When this was written.
    pub updated: Utc,
    /// The last rounds, oldest first, at most [`Progress::RECENT`].
    pub recent: Vec<Point>,
}

impl Progress {
    /// The most points that are kept.
    pub const RECENT: usize = 120;

    /// The progress of a trial that begins now, with `walks_total` walks ahead of it.
    #[must_use]
    pub fn new(walks_total: u64) -> Self {
        Self {
            stage: Stage::Dense,
            p_u: None,
            p_e: None,
            walk: 0,
            round: 0,
            p: 0.0,
            accuracy: 0.0,
            loss: f64::NAN,
            density: 1.0,
            units: 0,
            edges: 0,
            walks_done: 0,
            walks_total,
            rounds_done: 0,
            fraction: 0.0,
            eta_s: None,
            updated: Utc::now(),
            recent: Vec::new(),
        }
    }

    /// Takes in the outcome of a round: sets `accuracy`, `density` and `loss`, appends to `recent`, counts the round.
    pub fn push(&mut self, point: Point) {
        (self.accuracy, self.density, self.loss) = (point.accuracy, point.density, point.loss);
        self.rounds_done += 1;
        self.recent.push(point);
        let surplus = self.recent.len().saturating_sub(Self::RECENT);
        self.recent.drain(..surplus);
    }
}

/// The outcome of one round; `[accuracy, density, loss, walk]` in files, where older ones have no walk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Option<f64>>", into = "Vec<Option<f64>>")]
pub struct Point {
    /// Fraction of output bits right, 0 to 1.
    pub accuracy: f64,
    /// Edges over weights of the dense network, 0 to 1.
    pub density: f64,
    /// Validation loss; NaN where it is not finite.
    pub loss: f64,
    /// Which walk it is of, 1 and up; 0 for the dense round. Several workers walk at once.
    pub walk: u64,
}

impl From<Vec<Option<f64>>> for Point {
    fn from(values: Vec<Option<f64>>) -> Self {
        let value = |index: usize| values.get(index).copied().flatten().unwrap_or(f64::NAN);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; what is none becomes 0")]
        let walk = value(3) as u64;
        Self { accuracy: value(0), density: value(1), loss: value(2), walk }
    }
}

impl From<Point> for Vec<Option<f64>> {
    #[expect(clippy::cast_precision_loss, reason = "walks are counted in hundreds")]
    fn from(point: Point) -> Self {
        let values = [point.accuracy, point.density, point.loss, point.walk as f64];
        values.map(|value| Some(value).filter(|value| value.is_finite())).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_rounds_are_kept_and_undefined_losses_survive() {
        let mut progress = Progress::new(84);
        for round in 0..200 {
            progress.push(Point {
                accuracy: 1.0,
                density: 0.5,
                loss: if round == 199 { f64::NAN } else { 0.1 },
                walk: round / 30,
            });
        }
        assert_eq!((progress.recent.len(), progress.rounds_done), (Progress::RECENT, 200));
        let text = serde_json::to_string(&progress).unwrap();
        let back: Progress = serde_json::from_str(&text).unwrap();
        assert_eq!(back.recent[0], progress.recent[0]);
        assert!(back.recent[119].loss.is_nan() && back.loss.is_nan());
        assert_eq!(back.recent[119].walk, 6);
        let older: Point = serde_json::from_str("[1.0, 0.5, null]").unwrap();
        assert!(older.loss.is_nan() && older.walk == 0 && older.density == 0.5);
    }
}
