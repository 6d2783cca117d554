//! What is asked for to be run: an experiment by name or file, and what is changed of it, as it is typed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::definition::{self, grid, seeds};
use super::presets;
use super::{Outline, Overrides};

/// An experiment with its changes. An empty text leaves what the experiment says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LaunchRequest {
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

impl LaunchRequest {
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
            seeds: filled(&self.seeds).map(|text| seeds(&text)).transpose()?,
            grid: filled(&self.grid).map(|text| grid(&text)).transpose()?,
            engine: None,
            hyperparameters: None,
        })
    }

    /// What it asks for.
    ///
    /// # Errors
    /// One sentence with the remedy.
    pub fn outline(&self) -> Result<Outline, String> {
        named(&self.name, &self.overrides()?)
    }
}

/// Reads depths or widths: a list, or a range, of whole numbers from 1.
///
/// # Errors
/// Text that is neither, told with the remedy.
pub fn numbers(text: &str, what: &str) -> Result<Vec<usize>, String> {
    let wrong = || format!("`{text}` are no {what}; write a list as in 1,2 or a range as in 1..3, from 1 up");
    let numbers = seeds(text).map_err(|_| wrong())?;
    let numbers = numbers.into_iter().map(|number| usize::try_from(number).ok().filter(|&number| number > 0));
    numbers.collect::<Option<_>>().ok_or_else(wrong)
}

/// The experiment `name`, a preset or a file, with changes.
///
/// # Errors
/// One sentence with the remedy, which names the file.
pub fn named(name: &str, overrides: &Overrides) -> Result<Outline, String> {
    if let Some(preset) = presets::get(name) {
        return preset.outline(overrides);
    }
    let path = PathBuf::from(name);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Err(presets::unknown(name));
    }
    let told = |message: String| format!("{name}: {message}");
    let text =
        std::fs::read_to_string(&path).map_err(|error| told(format!("cannot be read ({error}); check the path")))?;
    let definition = definition::parse(&text).map_err(told)?;
    let stem = path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    Outline::new(&experiment_name(&stem), &text, &definition, overrides, folder).map_err(told)
}

/// A name as that of a folder.
#[must_use]
pub fn experiment_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().take(60).map(safe).collect();
    let name = name.trim_start_matches(|first: char| !first.is_ascii_alphanumeric());
    if name.is_empty() { "own-task".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_change_the_trials() {
        let count = |change: fn(&mut LaunchRequest)| {
            let mut asked = LaunchRequest::new("figure-6");
            change(&mut asked);
            asked.outline().map(|outline| outline.most_trials())
        };
        // Four tasks, three depths, three widths, four seeds.
        assert_eq!(count(|_| {}), Ok(144));
        assert_eq!(count(|asked| asked.depths = "1".into()), Ok(48));
        assert_eq!(count(|asked| asked.widths = "24, 36".into()), Ok(96));
        assert_eq!(count(|asked| asked.seeds = "0..9".into()), Ok(360));
        assert_eq!(count(|asked| asked.grid = "35,70/1".into()), Ok(144));
        for (change, word) in [
            ((|asked| asked.depths = "0".into()) as fn(&mut LaunchRequest), "depths"),
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
        let asked = LaunchRequest { seeds: " 0..3 ".into(), workers: "2".into(), ..LaunchRequest::new("figure-6") };
        assert_eq!(asked.arguments(), ["run", "figure-6", "--seeds=0..3", "--jobs=2"]);
        assert_eq!(asked.workers(), Ok(2));
        assert!(LaunchRequest { workers: "0".into(), ..LaunchRequest::default() }.workers().is_err());
    }

    #[test]
    fn hidden_layers_in_full_and_depths_to_be_found_are_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let asked = |hidden: &str, change: fn(&mut LaunchRequest)| {
            let file = folder.path().join("mine.toml");
            std::fs::write(&file, format!("[[trials]]\ntasks = ['4-2-4']\n{hidden}")).unwrap();
            let mut asked = LaunchRequest::new(&file.to_string_lossy());
            change(&mut asked);
            let outline = asked.outline()?;
            Ok::<_, String>(outline.cells.iter().map(|cell| cell.architecture().to_string()).collect::<Vec<_>>())
        };
        let uniform = "depths = [1]\nwidths = [8, 12]";
        assert_eq!(asked(uniform, |asked| asked.depths = "2".into()).unwrap(), ["4,8,8,4", "4,12,12,4"]);
        assert_eq!(asked(uniform, |asked| asked.widths = "5".into()).unwrap(), ["4,5,4"]);
        let auto = "depths = 'auto'\nmost_layers = 2\nwidths = 8";
        assert_eq!(asked(auto, |asked| asked.widths = "5".into()).unwrap(), ["4,5,4", "4,5,5,4"]);
        for (hidden, change, word) in [
            ("hidden = [[8]]", (|asked| asked.widths = "5".into()) as fn(&mut LaunchRequest), "`hidden = ..`"),
            ("hidden = [[8]]", |asked| asked.depths = "1".into(), "`hidden = ..`"),
            (auto, |asked| asked.depths = "1".into(), "`depths = \"auto\"`"),
            (uniform, |asked| asked.depths = "101".into(), "100 at most"),
        ] {
            let problem = asked(hidden, change).unwrap_err();
            assert!(problem.contains(word) && problem.contains("line 1"), "{problem}");
        }
    }
}
