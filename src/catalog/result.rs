//! What comes out of a trial: its result, its times, its failure, and whether it counts as a success.

use serde::{Deserialize, Serialize};

use super::json::nullable;
use super::{FORMAT, RunId, Utc};

/// How a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Completion {
    /// The dense network had the required accuracy, and every walk was walked.
    Finished,
    /// The dense network missed the required accuracy: nothing was pruned.
    Untrained,
}

/// The summary of a trial's best network (`result.json`).
///
/// Holds no times and nothing else that differs from run to run: the same trial gives the same bytes after any
/// interruption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialResult {
    /// Version of the file, see [`FORMAT`].
    pub format: u32,
    /// How the trial ended.
    pub status: Completion,
    /// The class of vector instructions that computed it, within which results repeat bit for bit (design 3.7).
    pub kernel: String,
    /// Fraction of output bits right on the validation rows, 0 to 1.
    #[serde(with = "nullable")]
    pub accuracy: f64,
    /// Validation loss; NaN where it is not finite.
    #[serde(with = "nullable")]
    pub loss: f64,
    /// Edges over weights of the dense network, 0 to 1.
    #[serde(with = "nullable")]
    pub density: f64,
    /// Weights left on a path from an input to an output.
    pub edges: u64,
    /// Hidden units left on such a path.
    pub hidden_units: u64,
    /// Weights of the dense network, biases not counted.
    pub weights_dense: u64,
    /// Step of the best network's unit walk, percent; `None` without a unit walk.
    pub p_u: Option<f64>,
    /// Step of the best network's edge walk, percent; `None` without an edge walk.
    pub p_e: Option<f64>,
    /// Rounds trained over all walks, the dense one included.
    pub rounds: u64,
    /// Walks walked.
    pub walks: u64,
    /// The accuracy that was required, 0 to 1.
    #[serde(with = "nullable")]
    pub required_accuracy: f64,
    /// Modules under the settings of the experiment, if they were detected with it; [`Verdict`] has the last word.
    pub module_count: Option<u64>,
}

impl TrialResult {
    /// The version of the files that this program writes.
    pub const FORMAT: u32 = FORMAT;
}

/// Time spent on a trial over all its sessions (`times.json`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Seconds on the clock.
    pub wall_s: f64,
    /// Seconds of processor time.
    pub cpu_s: f64,
    /// How often work on the trial was begun.
    pub sessions: u32,
    /// When the first session began.
    pub started: Utc,
    /// When the trial was finished, `None` until then.
    pub finished: Option<Utc>,
}

impl Times {
    /// The times at the start of a session that follows on `earlier` ones.
    #[must_use]
    pub fn session(earlier: Option<Self>) -> Self {
        let first = Self { wall_s: 0.0, cpu_s: 0.0, sessions: 0, started: Utc::now(), finished: None };
        let times = earlier.unwrap_or(first);
        Self { sessions: times.sessions.saturating_add(1), finished: None, ..times }
    }

    /// These times and `wall_s`, `cpu_s` seconds more.
    #[must_use]
    pub fn plus(self, wall_s: f64, cpu_s: f64) -> Self {
        Self { wall_s: self.wall_s + wall_s, cpu_s: self.cpu_s + cpu_s, ..self }
    }
}

/// Why a trial failed (`failed.json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong, in one sentence.
    pub message: String,
    /// Where: the walk and round, or the place in the program.
    pub place: String,
    /// The run that it happened in.
    pub run: Option<RunId>,
    /// When.
    pub utc: Utc,
}

/// What was concluded from a detection (`verdict.json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Hash of the detection settings, the name of the file in `detections/`.
    pub settings: String,
    /// Number of modules.
    pub module_count: u64,
    /// Was the known hierarchy found? `None` where none is known.
    pub success: Option<bool>,
    /// The criterion that decided.
    pub criterion: String,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::catalog) fn result() -> TrialResult {
        TrialResult {
            format: FORMAT,
            status: Completion::Finished,
            kernel: "avx2".to_owned(),
            accuracy: 1.0,
            loss: 0.001,
            density: 0.04,
            edges: 20,
            hidden_units: 6,
            weights_dense: 192,
            p_u: Some(5.0),
            p_e: None,
            rounds: 900,
            walks: 84,
            required_accuracy: 1.0,
            module_count: None,
        }
    }

    #[test]
    fn a_loss_that_is_no_number_survives() {
        let text = serde_json::to_string(&TrialResult { loss: f64::INFINITY, ..result() }).unwrap();
        assert!(text.contains("\"loss\":null"));
        assert!(serde_json::from_str::<TrialResult>(&text).unwrap().loss.is_nan());
    }

    #[test]
    fn times_add_up_over_sessions() {
        let first = Times::session(None).plus(2.0, 1.0);
        let second = Times::session(Some(first)).plus(3.0, 1.5);
        assert_eq!((second.wall_s, second.cpu_s, second.sessions), (5.0, 2.5, 2));
        assert_eq!(second.started, first.started);
    }
}
