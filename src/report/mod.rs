//! Results as plain text and files, for the command and the dashboard.

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
pub mod pixels;
pub mod text;
pub mod times;
pub mod trial;

/// The characters to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Charset {
    /// Unicode, with box-drawing characters and arrows.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// ASCII if `ascii`, otherwise Unicode.
    #[must_use]
    pub fn new(ascii: bool) -> Self {
        if ascii { Self::Ascii } else { Self::Unicode }
    }
}
