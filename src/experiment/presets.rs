//! The experiments that come with the program: one TOML a table or figure of the paper.

use std::path::Path;

use super::definition::{self, Definition};
use super::{Outline, Overrides};

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
pub const ALL: [Preset; 13] = presets![
    "quickstart",
    "table-1",
    "figure-2",
    "figure-3",
    "figure-4",
    "figure-6",
    "figure-8",
    "figure-10",
    "figure-12",
    "table-2",
    "table-3",
    "table-4",
    "figures-34-36",
];

/// The preset of this name.
#[must_use]
pub fn get(name: &str) -> Option<Preset> {
    ALL.into_iter().find(|preset| preset.name == name)
}

/// What there is to say of a name that is neither a preset nor a file.
#[must_use]
pub fn unknown(name: &str) -> String {
    let names = ALL.map(|preset| preset.name).join(", ");
    format!("there is no preset `{name}`; choose one of {names}, or give a .toml file")
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

    /// What the preset asks for, unless `overrides` says otherwise.
    ///
    /// # Errors
    /// An override that does not go with it.
    pub fn outline(self, overrides: &Overrides) -> Result<Outline, String> {
        Outline::new(self.name, self.text, &self.definition(), overrides, Path::new(""))
    }
}
