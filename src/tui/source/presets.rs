//! What can be launched, and how much of it is done.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use crate::catalog::{Catalog, TrialId};
use crate::experiment::depths::Depths;
use crate::experiment::launch_request::{LaunchRequest, named};
use crate::experiment::presets::{ALL, Preset as Text};
use crate::experiment::tuning::Answers;
use crate::experiment::{
    Outline, Overrides, PlannedTrial, TaskHashes, default_jobs, definition, estimate, queued, space,
};
use crate::report::names::short;
use crate::report::numbers;
use crate::tui::snapshot::{Forecast, Preset};

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

/// Counts the trials of presets in a thread of its own: there are thousands of them, each with a folder to check, which
/// would keep the reader from answering keys.
#[derive(Default)]
pub(super) struct Counter {
    /// The plans, while no thread is counting.
    plans: Option<Plans>,
    counting: Option<JoinHandle<(Plans, Vec<Preset>)>>,
    /// Has anything changed since the last count?
    is_behind: bool,
}

impl Counter {
    /// Is a thread counting?
    pub fn is_at_work(&self) -> bool {
        self.counting.is_some()
    }

    /// Starts a count if presets are `listed` and something has `changed` since the last one. Returns what was counted,
    /// at first only the presets' names, or `None` if there is nothing new.
    pub fn follow(&mut self, catalog: &Catalog, listed: bool, changed: bool) -> Option<Vec<Preset>> {
        self.is_behind |= changed;
        let mut news = None;
        if self.counting.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(Ok((plans, presets))) = self.counting.take().map(JoinHandle::join)
        {
            (self.plans, news) = (Some(plans), Some(presets));
        } else if self.plans.is_none() && self.counting.is_none() {
            (self.plans, news) = (Some(Plans::default()), Some(uncounted()));
            self.is_behind = true;
        }
        if self.is_behind
            && listed
            && let Some(mut plans) = self.plans.take()
        {
            let catalog = catalog.clone();
            let count = move || {
                let presets = plans.presets(&catalog);
                (plans, presets)
            };
            // If the thread cannot be started or panics, the next call tries again.
            self.counting = thread::Builder::new().name("presets".to_owned()).spawn(count).ok();
            self.is_behind = false;
        }
        news
    }
}

/// The presets before their trials are counted.
fn uncounted() -> Vec<Preset> {
    ALL.into_iter().map(described).collect()
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

/// Plans a preset. A preset that cannot be planned is listed without trials; a test plans them all.
fn plan(text: Text, catalog: &Catalog) -> Plan {
    let work = text.outline(&Overrides::default()).and_then(|outline| Work::new(&outline, catalog)).unwrap_or_default();
    work.plan(described(text))
}

/// The trials of an experiment, as far as they are known.
#[derive(Default)]
struct Work {
    /// Each trial with its id and its estimated processor time in seconds.
    trials: Vec<(TrialId, f64, PlannedTrial)>,
    /// How many of them are run in any case: with `depths = "auto"`, the others only follow while the answer changes.
    at_first: usize,
    /// The number of detection settings.
    detections: usize,
    /// How many of the hyperparameters have to be searched for; empty if none are searched for.
    hyperparameters: String,
}

impl Work {
    /// Plans with the hyperparameters that the catalog knows and, for the others, those that a search starts from.
    fn new(outline: &Outline, catalog: &Catalog) -> Result<Self, String> {
        let searches = outline.searches(&|_| true);
        let known = Answers::known(catalog, &searches);
        let found = searches.iter().filter(|search| known.to(&search.question).is_some()).count();
        let hyperparameters = match searches.len() {
            0 => String::new(),
            all if found == all => "hyperparameters by the paper's rule, already found".to_owned(),
            all => format!("hyperparameters by the paper's rule, {} of {all} searches to do", all - found),
        };
        let depths = Depths::new(outline);
        let at_first = outline.plan(&known, &|cell| depths.wants(cell))?.trials.len();
        let mut hashes = TaskHashes::default();
        let planned = outline.plan(&known, &|_| true)?.trials.into_iter();
        let trials = planned.filter_map(|trial| {
            let specification = queued::specification(&trial, hashes.of(&trial.task)).ok()?;
            Some((specification.id(), estimate::trial_time(&trial).as_secs_f64(), trial))
        });
        Ok(Self { trials: trials.collect(), at_first, detections: outline.detections.len(), hyperparameters })
    }

    /// The plan of `preset`, without the details of its trials.
    fn plan(self, preset: Preset) -> Plan {
        let (trials, at_first) = (self.trials.len() as u64, self.at_first as u64);
        let preset = Preset { trials, at_first, hyperparameters: self.hyperparameters, ..preset };
        Plan { preset, trials: self.trials.into_iter().map(|(id, seconds, _)| (id, seconds)).collect() }
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
    Some(work.unwrap_or_default().plan(preset))
}

/// What a launch amounts to.
pub(super) fn forecast(catalog: &Catalog, request: &LaunchRequest) -> Forecast {
    let forecast = counted(catalog, request);
    let forecast = forecast.unwrap_or_else(|problem| Forecast { problem: Some(problem), ..Forecast::default() });
    Forecast { request: request.clone(), ..forecast }
}

fn counted(catalog: &Catalog, request: &LaunchRequest) -> Result<Forecast, String> {
    let workers = request.workers()?;
    let Work { trials: sized, at_first, detections, hyperparameters } = Work::new(&request.outline()?, catalog)?;
    let (mut trials, mut left) = (Vec::with_capacity(sized.len()), Vec::new());
    let mut seconds = 0.0;
    for (id, takes, trial) in sized {
        if !is_done(catalog, &id) {
            seconds += takes;
            left.push(trial.clone());
        }
        trials.push(trial);
    }
    let mut grids: Vec<String> = trials.iter().map(|trial| walks(&trial.plan)).collect();
    grids.dedup();
    #[expect(clippy::cast_precision_loss, reason = "a few workers")]
    Ok(Forecast {
        trials: trials.len() as u64,
        at_first: at_first as u64,
        done: (trials.len() - left.len()) as u64,
        seconds: seconds / workers as f64,
        bytes: space::total(&left, detections),
        workers,
        depths: listed(trials.iter().map(|trial| trial.plan.architecture.depth() as u64)),
        widths: listed(trials.iter().flat_map(|trial| trial.plan.architecture.hidden()).map(|&width| width as u64)),
        seeds: listed(trials.iter().map(|trial| trial.plan.seed)),
        grid: grids.join("; "),
        hyperparameters,
        ..Forecast::default()
    })
}

/// The distinct numbers, as a short list.
fn listed(numbers: impl Iterator<Item = u64>) -> String {
    let numbers: BTreeSet<u64> = numbers.collect();
    short(&numbers.iter().map(u64::to_string).collect::<Vec<_>>(), 30)
}

/// The number of walks of a trial, in words.
fn walks(plan: &crate::prune::Plan) -> String {
    let units = if plan.stages.has_unit_walks() { plan.grid.p_u.len() } else { 0 };
    let edges = if plan.stages.has_edge_walks() { units.max(1) * plan.grid.p_e.len() } else { 0 };
    match units + edges {
        0 => "none: nothing is pruned".to_owned(),
        walks => format!("{} per trial", numbers::counted(walks, "walk")),
    }
}

fn is_done(catalog: &Catalog, id: &TrialId) -> bool {
    catalog.trial(id).path().join("result.json").exists()
}

impl Plan {
    #[expect(clippy::cast_precision_loss, reason = "a few workers")]
    fn in_catalog(&self, catalog: &Catalog) -> Preset {
        let left: Vec<f64> =
            self.trials.iter().filter(|(id, _)| !is_done(catalog, id)).map(|(_, seconds)| *seconds).collect();
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
    fn a_launch_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        let request = LaunchRequest {
            seeds: "0..2".into(),
            workers: "2".into(),
            depths: "1,2".into(),
            ..LaunchRequest::new("figure-6")
        };
        let counted = forecast(&catalog, &request);
        assert_eq!((counted.trials, counted.done, &*counted.seeds, &*counted.depths), (72, 0, "0-2", "1,2"));
        assert_eq!((&*counted.widths, &*counted.grid), ("24,36,48", "84 walks per trial"));
        let more = forecast(&catalog, &LaunchRequest { workers: "1".into(), ..request.clone() });
        assert!((more.seconds / counted.seconds - 2.0).abs() < 1e-9 && more.bytes == counted.bytes);
        assert!(forecast(&catalog, &LaunchRequest { seeds: "x".into(), ..request }).problem.is_some());
    }

    #[test]
    fn searches_for_hyperparameters_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        // Five tasks with one hidden layer of one width.
        let request = LaunchRequest { depths: "1".into(), widths: "24".into(), ..LaunchRequest::new("figure-8") };
        let text = forecast(&catalog, &request).hyperparameters;
        assert!(text.ends_with("5 of 5 searches to do"), "{text}");
        assert_eq!(forecast(&catalog, &LaunchRequest::new("quickstart")).hyperparameters, "");
    }

    #[test]
    fn automatic_depths_are_counted_as_an_upper_bound() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        let file = folder.path().join("mine.toml");
        let block = "seeds = [0, 1, 2]\n[[trials]]\ntasks = ['4-2-4']\ndepths = 'auto'\nmost_layers = 5\nwidths = 8\n";
        std::fs::write(&file, block).unwrap();
        // Three seeds at one and two hidden layers, and then perhaps at three, four and five.
        let counted = forecast(&catalog, &LaunchRequest::new(&file.to_string_lossy()));
        assert_eq!((counted.problem, counted.trials, counted.at_first), (None, 15, 6));
        assert_eq!(forecast(&catalog, &LaunchRequest::new("figure-6")).at_first, 144);
    }

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
        assert!(counter.follow(&catalog, false, true).is_none() && !counter.is_at_work());
        let mut news = |changed| {
            let mut found = counter.follow(&catalog, true, changed);
            while counter.is_at_work() {
                thread::yield_now();
                found = counter.follow(&catalog, true, false).or(found);
            }
            found
        };
        let presets = news(false).unwrap();
        assert!(presets.iter().all(|preset| preset.trials > 0 && preset.seconds.is_some()), "{presets:?}");
        assert_eq!((news(false), news(true)), (None, Some(presets)));
    }

    #[test]
    fn every_preset_can_be_planned() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        for preset in Plans::default().presets(&catalog) {
            assert!(preset.trials > 0 && preset.seconds.unwrap() > 0.0, "{}", preset.name);
        }
    }
}
