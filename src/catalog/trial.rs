//! `trial.json`: a trial's specification and origin.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Specification, TrialId, Utc};
use crate::task::{Shape, Truth};

/// `trial.json`, written once and never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The file's version, see [`super::FORMAT`].
    pub format: u32,
    /// The trial's id, computed from the specification.
    pub id: TrialId,
    /// Everything that the trial's networks depend on.
    pub specification: Specification,
    /// Where the trial comes from.
    pub about: About,
}

/// Where a trial comes from, as of its creation: what its specification does not say, mostly for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The task's name, such as `4-1-2-16`.
    pub task: String,
    /// The names of the input columns.
    pub inputs: Vec<String>,
    /// The names of the output columns.
    pub outputs: Vec<String>,
    /// The kernel class of the machine that created the trial, such as `avx2`.
    pub kernel: String,
    /// The program's version.
    pub program: String,
    /// When the trial was created.
    pub created: Utc,
    /// The machine that created the trial.
    pub host: String,
    /// The shape of the inputs, if they are the pixels of an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// The folder of the data files that the task is made from, if the catalog has no copy of its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// The true modules of a user's task, if known. Those of built-in tasks are not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<Truth>,
}
