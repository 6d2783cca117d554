//! Hyperparameters of a round.

use serde::{Deserialize, Serialize};

/// The hyperparameters of a round (section H.2 of the paper).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hyperparameters {
    /// Step size of Adam, constant.
    pub learning_rate: f64,
    /// Rows per step.
    pub batch_size: usize,
    /// Passes over the training rows.
    pub epochs: usize,
    /// L2 coefficient, added to the gradient.
    pub weight_decay: f64,
    /// Standard deviation of the noise added to the inputs during training.
    pub noise: f64,
}
