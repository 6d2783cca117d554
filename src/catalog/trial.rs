//! A trial as it was asked for: the specification and where it comes from.

use serde::{Deserialize, Serialize};

use super::{Specification, TrialId, Utc};
use crate::task::Truth;

/// `trial.json`, written once and never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Version of the file, see [`super::FORMAT`].
    pub format: u32,
    /// The trial's id, which the specification hashes to.
    pub id: TrialId,
    /// All that the trial's networks depend on.
    pub specification: Specification,
    /// What is good to know beside.
    pub about: About,
}

/// What is good to know of a trial beside its specification, as it was when the trial was first made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Name of the task, as in `4-1-2-16`.
    pub task: String,
    /// Names of the input columns.
    pub inputs: Vec<String>,
    /// Names of the output columns.
    pub outputs: Vec<String>,
    /// The class of arithmetic kernels that results are equal bit for bit in, as in `avx2`; a resume must keep it.
    pub kernel: String,
    /// Version of the program.
    pub program: String,
    /// When the trial was made.
    pub created: Utc,
    /// The machine that it was made on.
    pub host: String,
    /// The true modules of a user's task, where they are known; built-in tasks know their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<Truth>,
}
