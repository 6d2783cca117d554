//! Adam (Kingma and Ba, 2015), over all parameters in one pass.

use super::aligned::Aligned;
use crate::train::Hyperparameters;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// The state of Adam.
pub(in crate::train) struct Adam {
    /// Moments of the gradients.
    first: Aligned,
    second: Aligned,
    learning_rate: f64,
    weight_decay: f32,
    /// The betas to the power of the number of steps so far.
    powers: (f64, f64),
}

impl Adam {
    pub(in crate::train) fn new(parameters: usize, settings: &Hyperparameters) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "parameters are f32")]
        let weight_decay = settings.weight_decay as f32;
        Self {
            first: Aligned::zeros(parameters),
            second: Aligned::zeros(parameters),
            learning_rate: settings.learning_rate,
            weight_decay,
            powers: (1.0, 1.0),
        }
    }

    /// Takes a step, with L2 added to the gradient. Both slices have one entry per parameter.
    #[inline(always)]
    pub(in crate::train) fn step(&mut self, values: &mut [f32], gradients: &[f32]) {
        self.powers.0 *= f64::from(BETA_1);
        self.powers.1 *= f64::from(BETA_2);
        #[expect(clippy::cast_possible_truncation, reason = "parameters are f32")]
        let (length, unbias) =
            ((self.learning_rate / (1.0 - self.powers.0)) as f32, (1.0 / (1.0 - self.powers.1)) as f32);
        let decay = self.weight_decay;
        let moments = self.first.iter_mut().zip(&mut *self.second);
        for ((value, &gradient), (first, second)) in values.iter_mut().zip(gradients).zip(moments) {
            let gradient = gradient + decay * *value;
            *first = BETA_1 * *first + (1.0 - BETA_1) * gradient;
            *second = BETA_2 * *second + (1.0 - BETA_2) * gradient * gradient;
            *value -= length * *first / ((*second * unbias).sqrt() + EPSILON);
        }
    }
}
