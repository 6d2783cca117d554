//! Hyperparameters of a round.

use serde::{Deserialize, Serialize};

/// The hyperparameters of a round (section H.2 of the paper).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hyperparameters {
    /// Step size of Adam, constant.
    pub learning_rate: f64,
    /// Rows per step.
    pub batch_size: usize,
    /// Passes over the training rows; fewer if [`Self::patience`] ends the round.
    pub epochs: usize,
    /// L2 coefficient, added to the gradient.
    pub weight_decay: f64,
    /// Standard deviation of the noise added to the inputs during training.
    pub noise: f64,
    /// A round ends early after this many epochs in a row without a validation loss below the lowest so far, at least
    /// 1; `None` if it never does, as in the paper. The best epoch is chosen alike. [`Self::epochs`] - 1 or more has no
    /// effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
}
