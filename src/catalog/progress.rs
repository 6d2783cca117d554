//! The live progress of a trial. The file may be lost at any time.

use serde::{Deserialize, Serialize};

use super::Utc;
use super::json::nullable;
use crate::train::Stage;

/// How far a running trial has got (`progress`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The stage of the current walk.
    pub stage: Stage,
    /// The initial step size of the current unit walk, or of the unit walk that the current edge walk starts from,
    /// percent.
    pub p_u: Option<f64>,
    /// The initial step size of the current edge walk, percent.
    pub p_e: Option<f64>,
    /// The number of the current walk, from 1 to `walks_total`; 0 during the dense round.
    pub walk: u64,
    /// The round within the current walk, from 1.
    pub round: u64,
    /// The share that the current step tries to prune, percent of the dense network's units or weights.
    #[serde(with = "nullable")]
    pub p: f64,
    /// The last round's accuracy, 0 to 1.
    #[serde(with = "nullable")]
    pub accuracy: f64,
    /// The last round's validation loss.
    #[serde(with = "nullable")]
    pub loss: f64,
    /// The density of the last round's network, 0 to 1.
    #[serde(with = "nullable")]
    pub density: f64,
    /// The number of hidden units left.
    pub units: u64,
    /// The number of edges left.
    pub edges: u64,
    /// The number of finished walks.
    pub walks_done: u64,
    /// The number of walks in the whole grid.
    pub walks_total: u64,
    /// The number of rounds trained in the whole trial.
    pub rounds_done: u64,
    /// The estimated share of the trial that is done, 0 to 1.
    #[serde(with = "nullable")]
    pub fraction: f64,
    /// The estimated number of seconds left; `None` if it is too early to estimate.
    pub eta_s: Option<f64>,
    /// When this was written.
    pub updated: Utc,
    /// The last rounds, oldest first; at most [`Progress::RECENT`].
    pub recent: Vec<Point>,
}

impl Progress {
    /// The maximum length of `recent`.
    pub const RECENT: usize = 120;

    /// The progress of a new trial with `walks_total` walks.
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

    /// Adds a round: sets `accuracy`, `density` and `loss`, appends to `recent`, and increments `rounds_done`.
    pub fn push(&mut self, point: Point) {
        (self.accuracy, self.density, self.loss) = (point.accuracy, point.density, point.loss);
        self.rounds_done += 1;
        self.recent.push(point);
        let surplus = self.recent.len().saturating_sub(Self::RECENT);
        self.recent.drain(..surplus);
    }
}

/// The result of one round. In files: `[accuracy, density, loss, walk]`, without `walk` in those of older versions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Option<f64>>", into = "Vec<Option<f64>>")]
pub struct Point {
    /// The fraction of output bits that are right, 0 to 1.
    pub accuracy: f64,
    /// Edges divided by the weights of the dense network, 0 to 1.
    pub density: f64,
    /// The validation loss; NaN if it is not finite.
    pub loss: f64,
    /// The number of the walk, from 1; 0 for the dense round. Rounds of several walks can alternate.
    pub walk: u64,
}

impl From<Vec<Option<f64>>> for Point {
    fn from(values: Vec<Option<f64>>) -> Self {
        let value = |index: usize| values.get(index).copied().flatten().unwrap_or(f64::NAN);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; anything else becomes 0")]
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
    fn only_recent_rounds_are_kept_and_undefined_losses_survive() {
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
