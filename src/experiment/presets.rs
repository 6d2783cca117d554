//! The experiments that come with the program: one TOML a table or figure of the paper.

use super::definition::{self, Definition};

/// An experiment that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name it is run by.
    pub name: &'static str,
    /// Its TOML.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        [$(Preset { name: $name, text: include_str!(concat!("../../presets/", $name, ".toml")) }),*]
    };
}

/// Every preset, in the order in which they are listed.
pub const ALL: [Preset; 2] = presets!["quickstart", "figure-6"];

/// The preset of this name.
#[must_use]
pub fn get(name: &str) -> Option<Preset> {
    ALL.into_iter().find(|preset| preset.name == name)
}

impl Preset {
    /// What the preset says.
    ///
    /// # Panics
    /// Never: the text is part of the program, and a test reads every preset.
    #[must_use]
    pub fn definition(self) -> Definition {
        definition::parse(self.text).expect("the presets are part of the program, and a test reads them all")
    }
}
