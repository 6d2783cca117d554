//! The engines, by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[cfg(feature = "burn")]
use super::burn_engine::BurnEngine;
use super::edges::EdgeEngine;
use super::{Device, Engine, KernelClass};

/// An engine by the name used in files and on the command line. It is part of a trial's identity.
///
/// ```
/// use neural_sculpting::train::{Computed, EngineChoice};
///
/// let choice: EngineChoice = "auto".parse()?;
/// assert_eq!(choice.engine()?.kind(), Computed::Edges);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum EngineChoice {
    /// The program's choice: the edge engine.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// The same as `auto`; written by versions that chose between burn's devices.
    #[serde(rename = "auto-ndarray")]
    AutoNdarray,
    /// The edge engine.
    #[serde(rename = "edges")]
    Edges,
    /// burn on its ndarray device.
    #[serde(rename = "burn-ndarray")]
    BurnNdarray,
    /// burn on its flex device.
    #[serde(rename = "burn-flex")]
    BurnFlex,
}

impl EngineChoice {
    /// All choices.
    pub const ALL: [Self; 5] = [Self::Auto, Self::AutoNdarray, Self::Edges, Self::BurnNdarray, Self::BurnFlex];

    /// The name used in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::AutoNdarray => "auto-ndarray",
            Self::Edges => "edges",
            Self::BurnNdarray => "burn-ndarray",
            Self::BurnFlex => "burn-flex",
        }
    }

    /// The choice named by an engine (`auto`, `edges` or `burn`) and a device of burn (by default `ndarray`), or by a
    /// [`Self::name`].
    ///
    /// # Errors
    /// If there is no such engine, or it has no such device.
    pub fn named(engine: &str, device: Option<&str>) -> Result<Self, UnknownEngine> {
        let full = match (engine, device) {
            ("burn", device) => format!("burn-{}", device.unwrap_or("ndarray")),
            (engine, None) => engine.to_owned(),
            (engine, Some(device)) => format!("{engine}-{device}"),
        };
        full.parse()
    }

    /// The device of burn; `None` for the edge engine.
    #[must_use]
    pub fn device(self) -> Option<Device> {
        match self {
            Self::Auto | Self::AutoNdarray | Self::Edges => None,
            Self::BurnNdarray => Some(Device::Ndarray),
            Self::BurnFlex => Some(Device::Flex),
        }
    }

    /// Checks that this build has the engine.
    ///
    /// # Errors
    /// If it was built without it.
    pub fn check(self) -> Result<(), EngineMissing> {
        match self.device() {
            Some(device) if !device.is_built() => Err(EngineMissing(device)),
            _ => Ok(()),
        }
    }

    /// The engine itself.
    ///
    /// # Errors
    /// If this build does not have it. No other engine takes its place, because its results would differ.
    pub fn engine(self) -> Result<Box<dyn Engine>, EngineMissing> {
        match self.device() {
            None => Ok(Box::new(EdgeEngine(KernelClass::detect()))),
            #[cfg(feature = "burn")]
            Some(device) if device.is_built() => Ok(Box::new(BurnEngine(device))),
            Some(device) => Err(EngineMissing(device)),
        }
    }
}

/// A text that is not the name of an engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no engine is called `{0}`; choose auto, edges or burn, and for burn the device ndarray or flex")]
pub struct UnknownEngine(String);

/// An engine that this build does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this build has no burn engine with the {} device; build with `--features {}`, or choose the engine `edges`",
    .0.name(), match .0 { Device::Ndarray => "burn", Device::Flex => "flex" })]
pub struct EngineMissing(Device);

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EngineChoice {
    type Err = UnknownEngine;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|choice| choice.name() == text).ok_or_else(|| UnknownEngine(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Computed;

    #[test]
    fn names_of_engine_and_device() {
        for choice in EngineChoice::ALL {
            assert_eq!(EngineChoice::named(choice.name(), None).unwrap(), choice);
        }
        assert_eq!(EngineChoice::named("burn", None).unwrap(), EngineChoice::BurnNdarray);
        assert_eq!(EngineChoice::named("burn", Some("flex")).unwrap(), EngineChoice::BurnFlex);
        assert!(EngineChoice::named("edges", Some("flex")).is_err());
        assert!(EngineChoice::named("burn", Some("gpu")).is_err());
    }

    #[test]
    fn a_missing_engine_is_refused_and_never_replaced() {
        for choice in EngineChoice::ALL {
            let is_built = match choice {
                EngineChoice::BurnNdarray => cfg!(feature = "burn"),
                EngineChoice::BurnFlex => cfg!(feature = "flex"),
                EngineChoice::Auto | EngineChoice::AutoNdarray | EngineChoice::Edges => true,
            };
            assert_eq!(choice.check().is_ok(), is_built, "{choice}");
            match choice.engine() {
                Ok(engine) => {
                    assert!(is_built, "{choice}");
                    assert_eq!(engine.kind() == Computed::Burn, choice.device().is_some(), "{choice}");
                }
                Err(missing) => {
                    assert!(!is_built && missing.to_string().contains("--features"), "{missing}");
                }
            }
        }
    }
}
