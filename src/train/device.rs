//! The devices of burn, whether or not this build has them.

/// A device of burn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// burn-ndarray.
    Ndarray,
    /// burn-flex.
    Flex,
}

impl Device {
    /// The name used on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndarray => "ndarray",
            Self::Flex => "flex",
        }
    }

    /// Whether this build has the device.
    pub(super) fn is_built(self) -> bool {
        match self {
            Self::Ndarray => cfg!(feature = "burn"),
            Self::Flex => cfg!(feature = "flex"),
        }
    }
}
