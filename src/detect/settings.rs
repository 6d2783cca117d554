//! The settings of detection (Table 4 of the paper).

use serde::{Deserialize, Serialize};

use super::dendrogram::Linkage;
use super::distance::Distance;
use super::quality::Quality;

/// How modules are detected. The default is the choice of the paper for Boolean tasks.
///
/// ```
/// use neural_sculpting::detect::{DetectionSettings, Distance, Linkage};
///
/// let settings = DetectionSettings { linkage: Linkage::Ward, ..DetectionSettings::default() };
/// assert!(settings.clone().checked().is_err(), "ward linkage needs euclidean distances");
/// let settings = DetectionSettings { distance: Distance::Euclidean, ..settings }.checked()?;
/// # Ok::<(), neural_sculpting::detect::SettingsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct DetectionSettings {
    /// Which clusters of a layer are merged next.
    pub linkage: Linkage,
    /// The distance between two units.
    pub distance: Distance,
    /// The index that chooses the number of clusters.
    pub quality: Quality,
    /// How many layers ahead the features of a unit look, at least 1; `None` for all later layers.
    pub feature_steps: Option<usize>,
    /// If the lowest modularity metric of a layer is above this threshold (t_m), the separability tests decide.
    pub modularity_threshold: f64,
    /// The share of edges, above 0 and at most 1, at which clusters of adjacent layers become one module (delta_m).
    pub merge_threshold: f64,
}

/// Why settings are not valid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// Ward linkage with other than Euclidean distances.
    #[error("ward linkage needs euclidean distances, not {0}; choose euclidean distances or another linkage")]
    WardDistance(Distance),
    /// A feature step of 0.
    #[error("feature steps must be at least 1; omit them to look at all later layers")]
    FeatureSteps,
    /// A modularity threshold that is not finite.
    #[error("the modularity threshold must be a number, such as -0.2")]
    ModularityThreshold,
    /// A merge threshold that is not a share.
    #[error("the merge threshold is {0}; it must be a share of edges above 0 and at most 1, such as 0.9")]
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
    /// The choice of the paper for images of digits.
    #[must_use]
    pub fn digits() -> Self {
        Self { modularity_threshold: -0.3, merge_threshold: 0.6, ..Self::default() }
    }

    /// The settings themselves, if they are valid.
    ///
    /// # Errors
    /// Ward linkage with other than Euclidean distances, a feature step of 0, or a threshold out of its range.
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
