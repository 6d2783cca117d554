//! Experiments: ordered lists of trials.
//!
//! An experiment is the union of the files in its folder. So running it again adds to it, two processes that run it at
//! the same time lose nothing, and catalogs can be merged by copying files.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::atomic::{self, Durability};
use super::{Catalog, Error, FORMAT, Result, TrialId, Utc, check_name, json};

/// The ordered list of trials that a preset or a user's file expands to. A trial can belong to several experiments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// Version of the file, see [`FORMAT`].
    pub format: u32,
    /// The experiment's name, also the name of its folder.
    pub name: String,
    /// The text of the preset or file, as of the last run.
    pub preset: String,
    /// The trials in order, without duplicates.
    pub trials: Vec<TrialId>,
    /// The detection settings under which trials are checked for the true modules, as JSON.
    pub detection: Value,
    /// Further detection settings, as JSON.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_detections: Vec<Value>,
    /// The chosen hyperparameters: a JSON list with one entry per network; `null` in files of older versions.
    pub hyperparameters: Value,
    /// When the experiment was first run.
    pub created: Utc,
}

impl Experiment {
    /// A new experiment, created now.
    #[must_use]
    pub fn new(name: &str, preset: &str, trials: Vec<TrialId>, detection: Value, hyperparameters: Value) -> Self {
        let (name, preset, created) = (name.to_owned(), preset.to_owned(), Utc::now());
        Self { format: FORMAT, name, preset, trials, detection, more_detections: Vec::new(), hyperparameters, created }
    }

    /// Whether merging `other` into `self` would change nothing.
    fn covers(&self, other: &Self) -> bool {
        let known: HashSet<_> = self.trials.iter().collect();
        let settings = |experiment: &Self| {
            let Self { preset, detection, more_detections, .. } = experiment.clone();
            (preset, detection, more_detections)
        };
        settings(self) == settings(other)
            && joined(&self.hyperparameters, &other.hyperparameters) == self.hyperparameters
            && other.trials.iter().all(|id| known.contains(id))
    }

    /// Merges `later` into this experiment: its trials and hyperparameters are added, its text and settings replace
    /// the earlier ones.
    fn and(mut self, later: Self) -> Self {
        self.trials.extend(later.trials);
        let hyperparameters = joined(&self.hyperparameters, &later.hyperparameters);
        Self { trials: self.trials, hyperparameters, created: self.created, ..later }
    }
}

/// The union of two lists in order. If either is not a list: the later value unless it is `null`.
fn joined(earlier: &Value, later: &Value) -> Value {
    let (Value::Array(earlier), Value::Array(later)) = (earlier, later) else {
        return if later.is_null() { earlier.clone() } else { later.clone() };
    };
    let mut seen = HashSet::new();
    let new = |entry: &&Value| seen.insert(entry.to_string());
    earlier.iter().chain(later).filter(new).cloned().collect()
}

impl Catalog {
    /// Stores `experiment`, merged into an existing one of the same name: missing trials are added, the preset text and
    /// settings are replaced. Returns the merged experiment.
    ///
    /// # Errors
    /// The name cannot name a folder (see [`check_name`]), or the file cannot be written.
    pub fn save_experiment(&self, experiment: &Experiment) -> Result<Experiment> {
        check_name("an experiment", &experiment.name)?;
        let known = self.read_experiment(&experiment.name)?;
        if let Some(known) = known.filter(|known| known.covers(experiment)) {
            return Ok(known);
        }
        let folder = self.experiments_path().join(&experiment.name);
        atomic::create_folder(&folder)?;
        let bytes = json::bytes(&folder, experiment)?;
        // Names sort by time; the hash distinguishes files of the same millisecond.
        let name = format!("{}-{}.json", experiment.created.compact(), &blake3::hash(&bytes).to_hex()[..12]);
        atomic::replace(&folder.join(name), &bytes, Durability::Synced)?;
        self.experiment(&experiment.name)
    }

    /// The experiment called `name`.
    ///
    /// # Errors
    /// There is no such experiment, or a file is damaged or was written by a newer program.
    pub fn experiment(&self, name: &str) -> Result<Experiment> {
        self.read_experiment(name)?.ok_or_else(|| Error::Unknown { what: "experiment", name: name.to_owned() })
    }

    /// The names of all experiments, sorted.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn experiment_names(&self) -> Result<Vec<String>> {
        let mut names = atomic::names(&self.experiments_path())?;
        names.retain(|name| check_name("an experiment", name).is_ok());
        names.sort_unstable();
        Ok(names)
    }

    /// The experiments that contain trial `id`, sorted by name.
    ///
    /// # Errors
    /// A file is damaged or was written by a newer program.
    pub fn experiments_naming(&self, id: &TrialId) -> Result<Vec<Experiment>> {
        let mut naming = Vec::new();
        for name in self.experiment_names()? {
            naming.extend(self.read_experiment(&name)?.filter(|experiment| experiment.trials.contains(id)));
        }
        Ok(naming)
    }

    fn read_experiment(&self, name: &str) -> Result<Option<Experiment>> {
        check_name("an experiment", name)?;
        let folder = self.experiments_path().join(name);
        let mut files = atomic::names(&folder)?;
        files.retain(|file| file.ends_with(".json") && !file.starts_with('.'));
        files.sort_unstable();
        let mut whole: Option<Experiment> = None;
        for file in files {
            if let Some(part) = json::read_versioned::<Experiment>(&folder.join(file), FORMAT)? {
                whole = Some(match whole {
                    Some(earlier) => earlier.and(part),
                    None => part,
                });
            }
        }
        Ok(whole.map(|mut experiment| {
            let mut seen = HashSet::new();
            experiment.trials.retain(|id| seen.insert(id.clone()));
            name.clone_into(&mut experiment.name);
            experiment
        }))
    }
}
