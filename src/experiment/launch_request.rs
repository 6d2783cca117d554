//! Launch requests: an experiment by name or file, and changes to it, as typed by the user.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::definition::{self, grid, seeds};
use super::presets;
use super::{Outline, Overrides};

/// An experiment and changes to it. An empty text changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LaunchRequest {
    /// The name of a preset, or the path of a file.
    pub name: String,
    /// Depths, such as `1,2` or `1..3`.
    pub depths: String,
    /// Widths of the hidden layers, such as `24,48`.
    pub widths: String,
    /// Seeds, such as `0,1,5` or `0..19`.
    pub seeds: String,
    /// `paper`, `quick`, or steps such as `35,70/1`.
    pub grid: String,
    /// The number of worker threads; if empty, one per core.
    pub workers: String,
}

impl LaunchRequest {
    /// The experiment `name` without changes.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The changes as options of `sculpt run`: the option's name and the typed text.
    fn options(&self) -> [(&'static str, &str); 5] {
        [
            ("--depths", self.depths.trim()),
            ("--widths", self.widths.trim()),
            ("--seeds", self.seeds.trim()),
            ("--grid", self.grid.trim()),
            ("--jobs", self.workers.trim()),
        ]
    }

    /// The arguments of `sculpt` for this request.
    #[must_use]
    pub fn arguments(&self) -> Vec<OsString> {
        let typed = self.options().into_iter().filter(|(_, text)| !text.is_empty());
        let options = typed.map(|(name, text)| format!("{name}={text}"));
        ["run".to_owned(), self.name.clone()].into_iter().chain(options).map(OsString::from).collect()
    }

    /// The number of worker threads.
    ///
    /// # Errors
    /// The text is not a number from 1 to 256.
    pub fn workers(&self) -> Result<usize, String> {
        let text = self.workers.trim();
        if text.is_empty() {
            return Ok(super::default_jobs());
        }
        let workers = text.parse().ok().filter(|workers| (1..=256).contains(workers));
        workers.ok_or_else(|| format!("`{text}` is not a number of workers; choose 1 to 256"))
    }

    /// The parsed changes.
    ///
    /// # Errors
    /// A text is invalid; the message says what to write instead.
    pub fn overrides(&self) -> Result<Overrides, String> {
        let read = |text: &str, what: &str| (!text.trim().is_empty()).then(|| numbers(text.trim(), what)).transpose();
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Overrides {
            depths: read(&self.depths, "depths")?,
            widths: read(&self.widths, "widths")?,
            seeds: filled(&self.seeds).map(|text| seeds(&text)).transpose()?,
            grid: filled(&self.grid).map(|text| grid(&text)).transpose()?,
            ..Overrides::default()
        })
    }

    /// The outline of the changed experiment.
    ///
    /// # Errors
    /// There is no such experiment, or it or a change is invalid; the message has one sentence and a remedy.
    pub fn outline(&self) -> Result<Outline, String> {
        named(&self.name, &self.overrides()?)
    }
}

/// Parses depths or widths (`what`): a list or a range of whole numbers of at least 1.
///
/// # Errors
/// The text is neither; the message says what to write instead.
pub fn numbers(text: &str, what: &str) -> Result<Vec<usize>, String> {
    let wrong = || {
        format!("`{text}` is not a valid list of {what}; write a list such as 1,2 or a range such as 1..3, from 1 up")
    };
    let numbers = seeds(text).map_err(|_| wrong())?;
    let numbers = numbers.into_iter().map(|number| usize::try_from(number).ok().filter(|&number| number > 0));
    numbers.collect::<Option<_>>().ok_or_else(wrong)
}

/// The outline of the experiment `name`, a preset or the path of a file, with changes.
///
/// # Errors
/// There is no such experiment, or it is invalid; the message has one sentence with the file's name and a remedy.
pub fn named(name: &str, overrides: &Overrides) -> Result<Outline, String> {
    if let Some(preset) = presets::get(name) {
        return preset.outline(overrides);
    }
    let path = PathBuf::from(name);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Err(presets::unknown(name));
    }
    let in_file = |message: String| format!("{name}: {message}");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {name} ({error}); check the path and the permissions"))?;
    let definition = definition::parse(&text).map_err(in_file)?;
    let stem = path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    Outline::new(&experiment_name(&stem), &text, &definition, overrides, folder).map_err(in_file)
}

/// Turns `name` into a name that a folder can have.
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
    fn changes_apply_to_the_trials() {
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
    fn arguments_contain_the_changes() {
        let asked = LaunchRequest { seeds: " 0..3 ".into(), workers: "2".into(), ..LaunchRequest::new("figure-6") };
        assert_eq!(asked.arguments(), ["run", "figure-6", "--seeds=0..3", "--jobs=2"]);
        assert_eq!(asked.workers(), Ok(2));
        assert!(LaunchRequest { workers: "0".into(), ..LaunchRequest::default() }.workers().is_err());
    }

    #[test]
    fn explicit_layers_and_automatic_depths_cannot_be_replaced() {
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
