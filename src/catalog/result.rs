//! The outcome of a trial: its result, times, failure, and the verdict on its modules.

use serde::{Deserialize, Serialize};

use super::json::nullable;
use super::{FORMAT, RunId, Utc};
use crate::analysis::Purity;

/// How a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Completion {
    /// The dense network reached the required accuracy, and all walks are finished.
    Finished,
    /// The dense network missed the required accuracy: nothing was pruned.
    Untrained,
}

/// The summary of a trial's best network (`result.json`).
///
/// Contains no times and nothing else that differs from run to run: a trial gives the same bytes every time, no matter
/// how often it was interrupted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialResult {
    /// The file's version, see [`FORMAT`].
    pub format: u32,
    /// How the trial ended.
    pub status: Completion,
    /// The kernel class that computed the trial; results repeat bit for bit within a class.
    pub kernel: String,
    /// The fraction of output bits that are right on the validation rows, 0 to 1.
    #[serde(with = "nullable")]
    pub accuracy: f64,
    /// The validation loss; NaN if it is not finite.
    #[serde(with = "nullable")]
    pub loss: f64,
    /// Edges divided by the weights of the dense network, 0 to 1.
    #[serde(with = "nullable")]
    pub density: f64,
    /// The number of edges.
    pub edges: u64,
    /// The number of hidden units on a path from an input to an output.
    pub hidden_units: u64,
    /// The number of weights of the dense network, without biases.
    pub weights_dense: u64,
    /// The initial step size of the best network's unit walk, percent; `None` without a unit walk.
    pub p_u: Option<f64>,
    /// The initial step size of the best network's edge walk, percent; `None` without an edge walk.
    pub p_e: Option<f64>,
    /// The number of rounds trained in all walks, including the dense round.
    pub rounds: u64,
    /// The number of finished walks.
    pub walks: u64,
    /// The required accuracy, 0 to 1.
    #[serde(with = "nullable")]
    pub required_accuracy: f64,
    /// The number of modules when the trial finished; [`Verdict`] has the current number.
    pub module_count: Option<u64>,
    /// The fraction of classes that are right on the validation rows, 0 to 1, see
    /// [`classes_right`](crate::train::classes_right); `None` if no outputs are classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes_right: Option<f64>,
}

impl TrialResult {
    /// The file version that this program writes.
    pub const FORMAT: u32 = FORMAT;
}

/// The time spent on a trial in all its sessions (`times.json`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Wall-clock time in seconds.
    pub wall_s: f64,
    /// CPU time in seconds.
    pub cpu_s: f64,
    /// The number of sessions.
    pub sessions: u32,
    /// When the first session started.
    pub started: Utc,
    /// When the trial was finished; `None` until then.
    pub finished: Option<Utc>,
}

impl Times {
    /// The times at the start of a session, given those of earlier sessions.
    #[must_use]
    pub fn session(earlier: Option<Self>) -> Self {
        let first = Self { wall_s: 0.0, cpu_s: 0.0, sessions: 0, started: Utc::now(), finished: None };
        let times = earlier.unwrap_or(first);
        Self { sessions: times.sessions.saturating_add(1), finished: None, ..times }
    }

    /// These times plus `wall_s` and `cpu_s` seconds.
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
    /// Where it went wrong, such as the walk; empty if unknown.
    pub place: String,
    /// The run in which the trial failed.
    pub run: Option<RunId>,
    /// When the trial failed.
    pub utc: Utc,
}

/// The verdict on a trial's modules (`verdict.json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The hash of the detection settings, which names the file in `detections/`.
    pub settings: String,
    /// The number of modules.
    pub module_count: u64,
    /// Whether the trial finds the true modules; `None` if none are known.
    #[serde(rename = "success")]
    pub true_modules: Option<bool>,
    /// The name of the criterion that decided; empty without one.
    pub criterion: String,
    /// How many inputs and outputs are in a module of their true group, for tasks with images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purity: Option<Purity>,
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
            classes_right: None,
        }
    }

    #[test]
    fn an_undefined_loss_survives() {
        let text = serde_json::to_string(&TrialResult { loss: f64::INFINITY, ..result() }).unwrap();
        assert!(text.contains("\"loss\":null"));
        assert!(serde_json::from_str::<TrialResult>(&text).unwrap().loss.is_nan());
    }

    #[test]
    fn classes_are_optional() {
        let text = serde_json::to_string(&result()).unwrap();
        assert!(!text.contains("classes"));
        assert_eq!(serde_json::from_str::<TrialResult>(&text).unwrap(), result());
        let with = TrialResult { classes_right: Some(0.931), ..result() };
        let text = serde_json::to_string(&with).unwrap();
        assert_eq!(serde_json::from_str::<TrialResult>(&text).unwrap(), with);
    }

    #[test]
    fn times_add_up_over_sessions() {
        let first = Times::session(None).plus(2.0, 1.0);
        let second = Times::session(Some(first)).plus(3.0, 1.5);
        assert_eq!((second.wall_s, second.cpu_s, second.sessions), (5.0, 2.5, 2));
        assert_eq!(second.started, first.started);
    }
}
