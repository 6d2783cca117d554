//! What is asked for to be run: an experiment by name or file, and what is changed of it, as it is typed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::definition::{self, GridChoice, Seeds};
use super::presets;
use super::{Overrides, Planned};

/// An experiment with its changes. An empty text leaves what the experiment says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Asked {
    /// A preset, or the path of a file.
    pub name: String,
    /// Numbers of hidden layers, as in `1,2` or `1..3`.
    pub depths: String,
    /// Widths of hidden layers, as in `24,48`.
    pub widths: String,
    /// Seeds, as in `0,1,5` or `0..19`.
    pub seeds: String,
    /// `paper`, `quick`, or steps as in `35,70/1`.
    pub grid: String,
    /// Worker threads; one a core where it is empty.
    pub workers: String,
}

impl Asked {
    /// The experiment as it is.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// What is changed, as options of `sculpt run`: each by its name, and what was typed.
    fn options(&self) -> [(&'static str, &str); 5] {
        [
            ("--depths", self.depths.trim()),
            ("--widths", self.widths.trim()),
            ("--seeds", self.seeds.trim()),
            ("--grid", self.grid.trim()),
            ("--jobs", self.workers.trim()),
        ]
    }

    /// The arguments of `sculpt` that run it.
    #[must_use]
    pub fn arguments(&self) -> Vec<OsString> {
        let typed = self.options().into_iter().filter(|(_, text)| !text.is_empty());
        let options = typed.map(|(name, text)| format!("{name}={text}"));
        ["run".to_owned(), self.name.clone()].into_iter().chain(options).map(OsString::from).collect()
    }

    /// Worker threads.
    ///
    /// # Errors
    /// Text that is no number from 1 to 256.
    pub fn workers(&self) -> Result<usize, String> {
        let text = self.workers.trim();
        if text.is_empty() {
            return Ok(super::default_jobs());
        }
        let workers = text.parse().ok().filter(|workers| (1..=256).contains(workers));
        workers.ok_or_else(|| format!("`{text}` workers make no sense; write a number from 1 to 256"))
    }

    /// The changes.
    ///
    /// # Errors
    /// Text that is not what it should be, with the remedy.
    pub fn overrides(&self) -> Result<Overrides, String> {
        let read = |text: &str, what: &str| (!text.trim().is_empty()).then(|| numbers(text.trim(), what)).transpose();
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Overrides {
            depths: read(&self.depths, "depths")?,
            widths: read(&self.widths, "widths")?,
            seeds: filled(&self.seeds).map(|text| Seeds::parse(&text)).transpose()?,
            grid: filled(&self.grid).map(|text| GridChoice::parse(&text)?.grid()).transpose()?,
            engine: None,
        })
    }

    /// The trials that it comes to.
    ///
    /// # Errors
    /// One sentence with the remedy.
    pub fn planned(&self) -> Result<Planned, String> {
        named(&self.name, &self.overrides()?)
    }
}

/// Reads depths or widths: a list, or a range, of whole numbers from 1.
///
/// # Errors
/// Text that is neither, told with the remedy.
pub fn numbers(text: &str, what: &str) -> Result<Vec<usize>, String> {
    let wrong = || format!("`{text}` are no {what}; write a list as in 1,2 or a range as in 1..3, from 1 up");
    let numbers = Seeds::parse(text).map_err(|_| wrong())?;
    let numbers = numbers.into_iter().map(|number| usize::try_from(number).ok().filter(|&number| number > 0));
    numbers.collect::<Option<_>>().ok_or_else(wrong)
}

/// The experiment `name`, a preset or a file, with changes.
///
/// # Errors
/// One sentence with the remedy, which names the file.
pub fn named(name: &str, overrides: &Overrides) -> Result<Planned, String> {
    if let Some(preset) = presets::get(name) {
        return Planned::new(name, preset.text, &preset.definition(), overrides, Path::new(""));
    }
    let path = PathBuf::from(name);
    if path.extension().is_none_or(|extension| extension != "toml") {
        let names = presets::ALL.map(|preset| preset.name).join(", ");
        return Err(format!("there is no preset `{name}`; choose one of {names}, or give a .toml file"));
    }
    let told = |message: String| format!("{name}: {message}");
    let text =
        std::fs::read_to_string(&path).map_err(|error| told(format!("cannot be read ({error}); check the path")))?;
    let definition = definition::parse(&text).map_err(told)?;
    let stem = path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    Planned::new(&stem, &text, &definition, overrides, folder).map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_change_the_trials() {
        let count = |change: fn(&mut Asked)| {
            let mut asked = Asked::new("figure-6");
            change(&mut asked);
            asked.planned().map(|planned| planned.trials.len())
        };
        // Four tasks, three depths, three widths, four seeds.
        assert_eq!(count(|_| {}), Ok(144));
        assert_eq!(count(|asked| asked.depths = "1".into()), Ok(48));
        assert_eq!(count(|asked| asked.widths = "24, 36".into()), Ok(96));
        assert_eq!(count(|asked| asked.seeds = "0..9".into()), Ok(360));
        assert_eq!(count(|asked| asked.grid = "35,70/1".into()), Ok(144));
        for (change, word) in [
            ((|asked| asked.depths = "0".into()) as fn(&mut Asked), "depths"),
            (|asked| asked.widths = "wide".into(), "widths"),
            (|asked| asked.seeds = "x".into(), "seeds"),
            (|asked| asked.grid = "1/x".into(), "grid"),
            (|asked| asked.name = "nosuch".into(), "figure-6"),
            (|asked| asked.name = "nosuch.toml".into(), "nosuch.toml"),
        ] {
            let problem = count(change).unwrap_err();
            assert!(problem.contains(word), "{problem}");
        }
    }

    #[test]
    fn arguments_say_what_is_changed() {
        let asked = Asked { seeds: " 0..3 ".into(), workers: "2".into(), ..Asked::new("figure-6") };
        assert_eq!(asked.arguments(), ["run", "figure-6", "--seeds=0..3", "--jobs=2"]);
        assert_eq!(asked.workers(), Ok(2));
        assert!(Asked { workers: "0".into(), ..Asked::default() }.workers().is_err());
    }
}
