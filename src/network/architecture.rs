//! Layer widths, from the inputs to the outputs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Layer widths from the inputs to the outputs, such as `4,24,24,16`: at least two layers, none of them empty.
///
/// ```
/// use neural_sculpting::network::Architecture;
///
/// let architecture: Architecture = "4,24,24,16".parse()?;
/// assert_eq!(architecture.depth(), 2);
/// assert_eq!(architecture.weights(), 4 * 24 + 24 * 24 + 24 * 16);
/// # Ok::<(), neural_sculpting::network::ArchitectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<usize>", into = "Vec<usize>")]
pub struct Architecture(Vec<usize>);

/// Why a list of widths is not an architecture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchitectureError {
    /// A width is not a positive whole number.
    #[error("`{0}` is not a layer width; write positive whole numbers, inputs first, as in 4,24,24,16")]
    Width(String),
    /// Fewer than two layers.
    #[error("an architecture has at least two layers, inputs and outputs; write it as in 4,24,16")]
    TooShort,
    /// More weights than [`Architecture::MAX_WEIGHTS`].
    #[error("architecture {0} has more than 100 million weights; make its layers narrower")]
    TooLarge(String),
}

impl Architecture {
    /// The most weights that an architecture may have. Each takes 4 bytes, several times over during training.
    pub const MAX_WEIGHTS: usize = 100_000_000;

    /// An architecture with these widths, inputs first.
    ///
    /// # Errors
    /// Fewer than two layers, an empty layer, or more than [`Self::MAX_WEIGHTS`] weights.
    pub fn new(widths: Vec<usize>) -> Result<Self, ArchitectureError> {
        if widths.len() < 2 {
            return Err(ArchitectureError::TooShort);
        }
        if widths.contains(&0) {
            return Err(ArchitectureError::Width("0".to_owned()));
        }
        let weights = widths
            .windows(2)
            .try_fold(0_usize, |sum, pair| pair[0].checked_mul(pair[1]).and_then(|product| sum.checked_add(product)));
        if weights.is_none_or(|weights| weights > Self::MAX_WEIGHTS) {
            return Err(ArchitectureError::TooLarge(Self(widths).to_string()));
        }
        Ok(Self(widths))
    }

    /// All widths, inputs first, outputs last.
    #[must_use]
    pub fn widths(&self) -> &[usize] {
        &self.0
    }

    /// Number of input units.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.0[0]
    }

    /// Number of output units.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.0[self.0.len() - 1]
    }

    /// Widths of the hidden layers.
    #[must_use]
    pub fn hidden(&self) -> &[usize] {
        &self.0[1..self.0.len() - 1]
    }

    /// Number of hidden layers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.hidden().len()
    }

    /// Number of hidden units over all hidden layers.
    #[must_use]
    pub fn hidden_units(&self) -> usize {
        self.hidden().iter().sum()
    }

    /// Number of weights of the dense network, without biases.
    #[must_use]
    pub fn weights(&self) -> usize {
        self.matrices().map(|(outputs, inputs)| outputs * inputs).sum()
    }

    /// The shape `(outputs, inputs)` of each weight matrix, from the inputs on.
    #[must_use]
    pub fn matrices(&self) -> impl ExactSizeIterator<Item = (usize, usize)> + '_ {
        self.0.windows(2).map(|pair| (pair[1], pair[0]))
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (layer, width) in self.0.iter().enumerate() {
            if layer > 0 {
                f.write_str(",")?;
            }
            write!(f, "{width}")?;
        }
        Ok(())
    }
}

impl FromStr for Architecture {
    type Err = ArchitectureError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let width = |part: &str| part.trim().parse().map_err(|_| ArchitectureError::Width(part.trim().to_owned()));
        Self::new(text.split(',').map(width).collect::<Result<_, _>>()?)
    }
}

impl TryFrom<Vec<usize>> for Architecture {
    type Error = ArchitectureError;

    fn try_from(widths: Vec<usize>) -> Result<Self, Self::Error> {
        Self::new(widths)
    }
}

impl From<Architecture> for Vec<usize> {
    fn from(architecture: Architecture) -> Self {
        architecture.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_follow_from_the_widths() {
        let architecture: Architecture = "4, 24,24,16".parse().unwrap();
        assert_eq!(architecture.depth(), 2);
        assert_eq!(architecture.hidden_units(), 48);
        assert_eq!(architecture.weights(), 4 * 24 + 24 * 24 + 24 * 16);
        assert_eq!(architecture.to_string(), "4,24,24,16");
    }

    #[test]
    fn wrong_widths_are_reported() {
        let message = |text: &str| text.parse::<Architecture>().unwrap_err().to_string();
        let width = "is not a layer width; write positive whole numbers, inputs first, as in 4,24,24,16";
        assert_eq!(message("4,x,2"), format!("`x` {width}"));
        assert_eq!(message("4,0,2"), format!("`0` {width}"));
        assert_eq!(message("4"), "an architecture has at least two layers, inputs and outputs; write it as in 4,24,16");
        assert_eq!(
            message("99999999999,99999999999"),
            "architecture 99999999999,99999999999 has more than 100 million weights; make its layers narrower"
        );
    }
}
