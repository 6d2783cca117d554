//! What can be chosen about detection (Table 4 of the paper, design 3.5).

use serde::{Deserialize, Serialize};

use super::dendrogram::Linkage;
use super::distance::Distance;
use super::quality::Quality;

/// How modules are detected. The default is what the paper settled on for Boolean tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct DetectionSettings {
    /// Which two clusters of a layer are merged next.
    pub linkage: Linkage,
    /// How far apart two units are.
    pub distance: Distance,
    /// The index that chooses the number of clusters.
    pub quality: Quality,
    /// How many layers ahead the features of a unit look, 1 and up; `None` for all later layers.
    pub feature_steps: Option<usize>,
    /// The separability tests decide where the least modularity metric is above this (t_m).
    pub modularity_threshold: f64,
    /// The share of edges, above 0 and at most 1, from which clusters of adjacent layers are one module (delta_m).
    pub merge_threshold: f64,
}

/// Why settings make no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// Ward linkage is about squared Euclidean distances.
    #[error("ward linkage needs euclidean distances, not {0}; choose euclidean distances or another linkage")]
    WardDistance(Distance),
    /// No layer ahead.
    #[error("feature steps must be 1 or more; leave them out for all later layers")]
    FeatureSteps,
    /// Not a number.
    #[error("the modularity threshold must be a number, such as -0.2")]
    ModularityThreshold,
    /// Not a share.
    #[error("the merge threshold is {0}; it is a share of edges, above 0 and at most 1, such as 0.9")]
    MergeThreshold(f64),
}

impl Default for DetectionSettings {
    fn default() -> Self {
        Self {
            linkage: Linkage::Average,
            distance: Distance::Cosine,
            quality: Quality::Modularity,
            feature_steps: None,
            modularity_threshold: -0.2,
            merge_threshold: 0.9,
        }
    }
}

impl DetectionSettings {
    /// The settings of the paper for tasks on images of digits.
    #[must_use]
    pub fn digits() -> Self {
        Self { modularity_threshold: -0.3, merge_threshold: 0.6, ..Self::default() }
    }

    /// The settings themselves, if they make sense together.
    ///
    /// # Errors
    /// Ward linkage of other than Euclidean distances, no feature step, a threshold out of its range.
    pub fn checked(self) -> Result<Self, SettingsError> {
        if self.linkage == Linkage::Ward && self.distance != Distance::Euclidean {
            return Err(SettingsError::WardDistance(self.distance));
        }
        if self.feature_steps == Some(0) {
            return Err(SettingsError::FeatureSteps);
        }
        if !self.modularity_threshold.is_finite() {
            return Err(SettingsError::ModularityThreshold);
        }
        if !(self.merge_threshold > 0.0 && self.merge_threshold <= 1.0) {
            return Err(SettingsError::MergeThreshold(self.merge_threshold));
        }
        Ok(self)
    }
}
