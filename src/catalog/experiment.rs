//! Experiments: what was asked, as ordered lists of trials.
//!
//! An experiment is the union of the files in its folder, so that asking again adds to it, two processes that ask at
//! once lose nothing, and two catalogs merge by copying.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::atomic::{self, Durability};
use super::{Catalog, Error, FORMAT, Result, TrialId, Utc, check_name, json};

/// An ordered list of trials that a preset or a user's file expands to. A trial can belong to many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// Version of the file, see [`FORMAT`].
    pub format: u32,
    /// The name, also of its folder.
    pub name: String,
    /// The text of the preset or file as it was last asked for.
    pub preset: String,
    /// The trials, in order, each once.
    pub trials: Vec<TrialId>,
    /// Detection settings, in the words of the detection: those that tell whether a trial is a success.
    pub detection: Value,
    /// Further settings under which modules are detected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_detections: Vec<Value>,
    /// Hyperparameters that were chosen, in the words of the experiment: a list with an entry a network. (`null` where an
    /// older program wrote it.)
    pub hyperparameters: Value,
    /// When it was first asked for.
    pub created: Utc,
}

impl Experiment {
    /// An experiment asked for now.
    #[must_use]
    pub fn new(name: &str, preset: &str, trials: Vec<TrialId>, detection: Value, hyperparameters: Value) -> Self {
        let (name, preset, created) = (name.to_owned(), preset.to_owned(), Utc::now());
        Self { format: FORMAT, name, preset, trials, detection, more_detections: Vec::new(), hyperparameters, created }
    }

    /// Does it ask for nothing that `self` does not?
    fn covers(&self, other: &Self) -> bool {
        let known: HashSet<_> = self.trials.iter().collect();
        let words = |experiment: &Self| {
            let Self { preset, detection, more_detections, .. } = experiment.clone();
            (preset, detection, more_detections)
        };
        words(self) == words(other)
            && joined(&self.hyperparameters, &other.hyperparameters) == self.hyperparameters
            && other.trials.iter().all(|id| known.contains(id))
    }

    /// This experiment asked for again as `later`: its trials and hyperparameters are added, its words replace the old
    /// ones.
    fn and(mut self, later: Self) -> Self {
        self.trials.extend(later.trials);
        let hyperparameters = joined(&self.hyperparameters, &later.hyperparameters);
        Self { trials: self.trials, hyperparameters, created: self.created, ..later }
    }
}

/// The entries of two lists, each once; of what is no list, the later, unless it is nothing.
fn joined(earlier: &Value, later: &Value) -> Value {
    let (Value::Array(earlier), Value::Array(later)) = (earlier, later) else {
        return if later.is_null() { earlier.clone() } else { later.clone() };
    };
    let mut seen = HashSet::new();
    let new = |entry: &&Value| seen.insert(entry.to_string());
    earlier.iter().chain(later).filter(new).cloned().collect()
}

impl Catalog {
    /// Keeps `experiment`; if one of this name is there already, it gets the trials added that it does not have, and
    /// the preset text and settings of this one. Answers with all of it.
    ///
    /// # Errors
    /// The name is not one for a folder, or the file cannot be written.
    pub fn save_experiment(&self, experiment: &Experiment) -> Result<Experiment> {
        check_name("an experiment", &experiment.name)?;
        let known = self.read_experiment(&experiment.name)?;
        if let Some(known) = known.filter(|known| known.covers(experiment)) {
            return Ok(known);
        }
        let folder = self.experiments_path().join(&experiment.name);
        atomic::create_folder(&folder)?;
        let bytes = json::bytes(&folder, experiment)?;
        // Sorted by time; the hash tells apart what was asked for in the same millisecond.
        let name = format!("{}-{}.json", experiment.created.compact(), &blake3::hash(&bytes).to_hex()[..12]);
        atomic::replace(&folder.join(name), &bytes, Durability::Synced)?;
        self.experiment(&experiment.name)
    }

    /// The experiment `name`.
    ///
    /// # Errors
    /// There is none of this name, or a file is damaged or by a newer program.
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

    /// The experiments that name trial `id`, sorted by name.
    ///
    /// # Errors
    /// A file is damaged or by a newer program.
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
