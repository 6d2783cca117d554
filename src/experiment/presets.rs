//! Presets, the built-in experiments: one TOML file per table or figure of the paper.

use std::path::Path;

use super::definition::{self, Definition};
use super::{Outline, Overrides};

/// A built-in experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The preset's name.
    pub name: &'static str,
    /// The experiment file, in TOML.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        [$(Preset { name: $name, text: include_str!(concat!("../../presets/", $name, ".toml")) }),*]
    };
}

/// All presets, in display order.
pub const ALL: [Preset; 18] = presets![
    "quickstart",
    "digits-demo",
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
    "digits-pair",
    "digits-pair-small",
    "figure-13",
    "figure-13-small",
];

/// The preset called `name`.
#[must_use]
pub fn get(name: &str) -> Option<Preset> {
    ALL.into_iter().find(|preset| preset.name == name)
}

/// The error message that `name` is neither a preset nor a file.
#[must_use]
pub fn unknown(name: &str) -> String {
    let start: String = name.chars().take(64).collect();
    let nearest = ALL.map(|preset| (strsim::levenshtein(&start, preset.name), preset.name)).into_iter().min();
    let remedy = match nearest {
        Some((1..=2, near)) => format!("did you mean `{near}`?"),
        _ => format!("choose one of {}, or give the path of a .toml file", ALL.map(|preset| preset.name).join(", ")),
    };
    format!("there is no preset `{name}`; {remedy}")
}

impl Preset {
    /// The parsed preset.
    ///
    /// # Panics
    /// Never, because a test parses every preset.
    #[must_use]
    pub fn definition(self) -> Definition {
        definition::parse(self.text).expect("a test parses every preset")
    }

    /// The outline of the preset with changes.
    ///
    /// # Errors
    /// A change does not apply to the preset.
    pub fn outline(self, overrides: &Overrides) -> Result<Outline, String> {
        Outline::new(self.name, self.text, &self.definition(), overrides, Path::new(""))
    }
}
