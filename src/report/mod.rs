//! What is shown of all that is found, as plain text: shared by the command and the dashboard.

pub mod certificate;
pub mod clusters;
pub mod compare;
pub mod detection;
pub mod dots;
pub mod experiment;
pub mod export;
pub mod hierarchy;
pub mod hyperparameters;
pub mod names;
pub mod network;
pub mod numbers;
pub mod paths;
pub mod text;
pub mod times;
pub mod trial;

/// The characters to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Charset {
    /// Box lines and arrows of Unicode.
    #[default]
    Unicode,
    /// Nothing but ASCII.
    Ascii,
}

impl Charset {
    /// ASCII if asked for.
    #[must_use]
    pub fn new(ascii: bool) -> Self {
        if ascii { Self::Ascii } else { Self::Unicode }
    }
}
