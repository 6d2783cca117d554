//! What can be launched, and how much of it is done.

use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use super::forecast::Work;
use crate::catalog::{Catalog, TrialId};
use crate::experiment::launch_request::named;
use crate::experiment::presets::{ALL, Preset as Text};
use crate::experiment::{Overrides, default_jobs, definition};
use crate::tui::snapshot::Preset;

/// Counts the trials of presets in a thread of its own: there are thousands of them, each with a folder to check, which
/// would keep the reader from answering keys.
#[derive(Default)]
pub(super) struct Counter {
    state: Counting,
    /// Has anything changed since the last count began?
    is_behind: bool,
}

#[derive(Default)]
enum Counting {
    /// Nothing has been counted yet.
    #[default]
    New,
    /// No thread is counting.
    Idle(Plans),
    /// A thread is counting.
    Running(JoinHandle<(Plans, Vec<Preset>)>),
}

impl Counter {
    /// Is a thread counting?
    pub fn is_counting(&self) -> bool {
        matches!(self.state, Counting::Running(_))
    }

    /// Starts a count if presets are `listed` and something has `changed` since the last one. Returns what was counted,
    /// at first only the presets' names, or `None` if there is nothing new.
    pub fn follow(&mut self, catalog: &Catalog, listed: bool, changed: bool) -> Option<Vec<Preset>> {
        self.is_behind |= changed;
        let ended = match std::mem::take(&mut self.state) {
            Counting::Running(thread) if thread.is_finished() => thread.join().ok(),
            Counting::New => None,
            state => {
                self.state = state;
                return self.begin(catalog, listed, None);
            }
        };
        let (plans, presets) = ended.unwrap_or_else(|| {
            self.is_behind = true;
            (Plans::default(), ALL.into_iter().map(described).collect())
        });
        self.state = Counting::Idle(plans);
        self.begin(catalog, listed, Some(presets))
    }

    /// Starts a count if one is due; returns `news`.
    fn begin(&mut self, catalog: &Catalog, listed: bool, news: Option<Vec<Preset>>) -> Option<Vec<Preset>> {
        if !self.is_behind || !listed {
            return news;
        }
        self.state = match std::mem::take(&mut self.state) {
            Counting::Idle(mut plans) => {
                self.is_behind = false;
                let catalog = catalog.clone();
                let count = move || {
                    let presets = plans.presets(&catalog);
                    (plans, presets)
                };
                // If the thread cannot be started, the next call tries again.
                let thread = thread::Builder::new().name("presets".to_owned()).spawn(count);
                thread.map_or(Counting::New, Counting::Running)
            }
            state => state,
        };
        news
    }
}

/// The presets with their trials, planned again when a search has found hyperparameters.
#[derive(Default)]
struct Plans {
    /// Empty before the first planning.
    plans: Vec<Plan>,
    /// When a search last found hyperparameters, at the time of planning.
    as_of: Option<SystemTime>,
}

struct Plan {
    preset: Preset,
    /// Each trial and its estimated processor time in seconds.
    trials: Vec<(TrialId, f64)>,
}

fn described(text: Text) -> Preset {
    let definition = text.definition();
    Preset {
        name: text.name.to_owned(),
        title: definition.title.unwrap_or_default(),
        description: definition.about.unwrap_or_default(),
        ..Preset::default()
    }
}

impl Plans {
    /// The presets, then the experiment files in the working folder, with how much of each is done in `catalog`.
    fn presets(&mut self, catalog: &Catalog) -> Vec<Preset> {
        let changed = catalog.searches_changed();
        if self.plans.is_empty() || self.as_of != changed {
            let own = own_files(Path::new("")).into_iter().filter_map(|name| own(&name, catalog));
            self.plans = ALL.into_iter().map(|text| plan(text, catalog)).chain(own).collect();
            self.as_of = changed;
        }
        self.plans.iter().map(|plan| plan.in_catalog(catalog)).collect()
    }
}

/// Plans a preset. A preset whose data are missing is listed without trials, and says what is missing.
fn plan(text: Text, catalog: &Catalog) -> Plan {
    match text.outline(&Overrides::default()).and_then(|outline| Work::new(&outline, catalog)) {
        Ok(work) => Plan::new(described(text), work),
        Err(problem) => Plan::new(Preset { description: problem, ..described(text) }, Work::default()),
    }
}

/// The most experiment files that are listed.
const OWN: usize = 12;

/// The experiment files in `folder`, sorted.
fn own_files(folder: &Path) -> Vec<String> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let files = std::fs::read_dir(here).into_iter().flatten().filter_map(Result::ok);
    let all = files.filter_map(|file| file.file_name().into_string().ok());
    let is_experiment = |name: &String| {
        let path = folder.join(name);
        // A longer file was not written by hand.
        let short = std::fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() < 100_000);
        name.ends_with(".toml") && short && std::fs::read_to_string(&path).is_ok_and(|text| text.contains("[[trials]]"))
    };
    let mut names: Vec<String> = all.filter(is_experiment).collect();
    names.sort_unstable();
    names.truncate(OWN);
    names
}

/// The plan of an experiment file; a wrong file is listed with what is wrong with it.
fn own(name: &str, catalog: &Catalog) -> Option<Plan> {
    let definition = definition::parse(&std::fs::read_to_string(name).ok()?);
    let work = named(name, &Overrides::default()).and_then(|outline| Work::new(&outline, catalog));
    let (title, description) = match (&definition, &work) {
        (Ok(definition), Ok(_)) => (definition.title.clone(), definition.about.clone()),
        (_, Err(problem)) | (Err(problem), _) => (Some("cannot be run".to_owned()), Some(problem.clone())),
    };
    let preset = Preset {
        name: name.to_owned(),
        title: title.unwrap_or_else(|| "your experiment file".to_owned()),
        description: description.unwrap_or_default(),
        ..Preset::default()
    };
    Some(Plan::new(preset, work.unwrap_or_default()))
}

impl Plan {
    /// The plan of `preset`, without the details of its trials.
    fn new(preset: Preset, work: Work) -> Self {
        let (trials, at_first) = (work.trials.len() as u64, work.at_first as u64);
        let preset = Preset { trials, at_first, hyperparameters: work.hyperparameters, ..preset };
        Self { preset, trials: work.trials.into_iter().map(|(id, seconds, _)| (id, seconds)).collect() }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few workers")]
    fn in_catalog(&self, catalog: &Catalog) -> Preset {
        let left: Vec<f64> =
            self.trials.iter().filter(|(id, _)| !catalog.trial(id).has_result()).map(|(_, seconds)| *seconds).collect();
        let workers = default_jobs();
        Preset {
            done: (self.trials.len() - left.len()) as u64,
            seconds: Some(left.iter().sum::<f64>() / workers as f64),
            ..self.preset.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiment_files_are_found() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("b.toml", "[[trials]]"),
            ("a.toml", "x = 1\n[[trials]]\n"),
            ("Cargo.toml", "[package]"),
            ("c.txt", "[[trials]]"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(own_files(folder.path()), ["a.toml", "b.toml"]);
    }

    #[test]
    fn presets_are_counted_only_while_listed() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        let mut counter = Counter::default();
        let named = counter.follow(&catalog, false, false).unwrap();
        assert!(named.len() == ALL.len() && named.iter().all(|preset| preset.seconds.is_none()), "{named:?}");
        assert!(counter.follow(&catalog, false, true).is_none() && !counter.is_counting());
        let mut news = |changed| {
            let mut found = counter.follow(&catalog, true, changed);
            while counter.is_counting() {
                thread::yield_now();
                found = counter.follow(&catalog, true, false).or(found);
            }
            found
        };
        let presets = news(false).unwrap();
        assert!(presets.iter().all(|preset| is_planned(preset) && preset.seconds.is_some()), "{presets:?}");
        assert_eq!((news(false), news(true)), (None, Some(presets)));
    }

    #[test]
    fn every_preset_can_be_planned() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        for preset in Plans::default().presets(&catalog) {
            assert!(is_planned(&preset), "{preset:?}");
        }
    }

    /// Has the preset trials, or does it lack the images of MNIST and say so?
    fn is_planned(preset: &Preset) -> bool {
        let needs_images = ["digits-pair", "digits-pair-small", "figure-13", "figure-13-small"];
        let lacks_images = needs_images.contains(&preset.name.as_str()) && preset.description.contains("needs MNIST");
        if lacks_images {
            preset.trials == 0
        } else {
            preset.trials > 0 && preset.seconds.is_some_and(|time| time > 0.0)
        }
    }
}
