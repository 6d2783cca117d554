//! A trial's folder: what anyone may read from it, and how trials are found.

use std::path::{Path, PathBuf};

use super::atomic::{self, Durability};
use super::ids::{check_name, is_hex};
use super::{
    About, Catalog, Error, FORMAT, Failure, Progress, Result, Specification, Times, Trial, TrialId, TrialResult,
    Verdict, json,
};

/// The largest binary file that is read, in bytes.
const PART_LIMIT: u64 = 8 << 30;

/// How many candidates the error for an ambiguous id lists.
const CANDIDATES: usize = 6;

/// A binary file of a trial, whose content the catalog does not interpret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The best network, `network.safetensors`.
    Network,
    /// The finished walks, including the trajectories of the near-best ones, `walks`.
    Walks,
    /// The saved state of an unfinished trial, `state`.
    State,
}

impl Part {
    /// The file's name.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Network => "network.safetensors",
            Self::Walks => "walks",
            Self::State => "state",
        }
    }
}

/// A trial's folder, for reading. [`super::OwnedTrial`] is what only the trial's owner may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialFolder {
    catalog: Catalog,
    id: TrialId,
    path: PathBuf,
}

impl Catalog {
    /// The folder of trial `id`, whether it exists or not.
    #[must_use]
    pub fn trial(&self, id: &TrialId) -> TrialFolder {
        TrialFolder { catalog: self.clone(), id: id.clone(), path: self.trial_path(id) }
    }

    /// Creates the trial that `specification` describes, unless it exists already.
    ///
    /// # Errors
    /// The specification is invalid, or the folder cannot be written.
    pub fn create_trial(&self, specification: Specification, about: About) -> Result<TrialFolder> {
        let specification = specification.canonical()?;
        let folder = self.trial(&specification.id());
        if !folder.exists() {
            atomic::create_folder(&folder.path)?;
            let path = folder.file("trial.json");
            let trial = Trial { format: FORMAT, id: folder.id.clone(), specification, about };
            atomic::create(&path, &json::bytes(&path, &trial)?, Durability::Synced)?;
        }
        Ok(folder)
    }

    /// The ids of all trials, sorted. Reads folder names only.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn trial_ids(&self) -> Result<Vec<TrialId>> {
        self.trial_ids_from("")
    }

    /// The only trial whose id starts with `prefix`.
    ///
    /// # Errors
    /// No trial matches, or several do; the error lists some of them.
    pub fn resolve(&self, prefix: &str) -> Result<TrialId> {
        let unknown = || Error::Unknown { what: "trial", name: prefix.to_owned() };
        let lower = prefix.to_ascii_lowercase();
        if !is_hex(&lower) || lower.len() > TrialId::LENGTH {
            return Err(unknown());
        }
        let mut found = self.trial_ids_from(&lower)?;
        match found.len() {
            0 => Err(unknown()),
            1 => Ok(found.swap_remove(0)),
            count => {
                let mut candidates: Vec<&str> = found.iter().take(CANDIDATES).map(TrialId::as_str).collect();
                if count > CANDIDATES {
                    candidates.push("..");
                }
                Err(Error::Ambiguous { prefix: prefix.to_owned(), count, candidates: candidates.join(", ") })
            }
        }
    }

    fn trial_ids_from(&self, prefix: &str) -> Result<Vec<TrialId>> {
        let trials = self.trials_path();
        let shard_fits =
            |shard: &String| shard.len() == 2 && (shard.starts_with(prefix) || prefix.starts_with(&**shard));
        let mut ids = Vec::new();
        for shard in atomic::names(&trials)?.into_iter().filter(shard_fits) {
            let names = atomic::names(&trials.join(&shard))?;
            let fits = |name: &String| name.starts_with(prefix) && name.starts_with(&shard);
            ids.extend(names.into_iter().filter(fits).filter_map(|name| name.parse().ok()));
        }
        ids.sort_unstable();
        Ok(ids)
    }
}

impl TrialFolder {
    /// The trial's id.
    #[must_use]
    pub fn id(&self) -> &TrialId {
        &self.id
    }

    /// The folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The catalog that the trial is in.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Whether the trial exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.file("trial.json").is_file()
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The trial's specification and origin, `trial.json`.
    ///
    /// # Errors
    /// There is no such trial, or the file is damaged, belongs to another trial, or was written by a newer program.
    pub fn trial(&self) -> Result<Trial> {
        let path = self.file("trial.json");
        let trial: Trial = json::read_versioned(&path, FORMAT)?
            .ok_or_else(|| Error::Unknown { what: "trial", name: self.id.to_string() })?;
        let same_hash = trial.specification.format != FORMAT || trial.specification.id() == self.id;
        if trial.id != self.id || !same_hash {
            let reason = "its specification belongs to another trial".to_owned();
            let remedy = "restore it from a backup, or delete the trial and run it again";
            return Err(Error::Invalid { path, reason, remedy });
        }
        Ok(trial)
    }

    /// Is there a result? It may be damaged.
    #[must_use]
    pub fn has_result(&self) -> bool {
        self.file("result.json").exists()
    }

    /// The trial's result; `None` until it has one.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or was written by a newer program.
    pub fn result(&self) -> Result<Option<TrialResult>> {
        json::read_versioned(&self.file("result.json"), TrialResult::FORMAT)
    }

    /// The time spent on the trial; `None` before it is first started.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn times(&self) -> Result<Option<Times>> {
        json::read(&self.file("times.json"))
    }

    /// The trial's live progress; `None` if there is none or it cannot be read, as it may be lost at any time.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        json::read(&self.file("progress")).ok().flatten()
    }

    /// Why the trial failed; `None` if it did not.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn failure(&self) -> Result<Option<Failure>> {
        json::read(&self.file("failed.json"))
    }

    /// The verdict of the last detection; `None` before the first.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn verdict(&self) -> Result<Option<Verdict>> {
        json::read(&self.file("verdict.json"))
    }

    /// The bytes of `part`; `None` if the trial does not have it yet.
    ///
    /// # Errors
    /// The file cannot be read or is longer than 8 GiB.
    pub fn part(&self, part: Part) -> Result<Option<Vec<u8>>> {
        atomic::read(&self.file(part.file_name()), PART_LIMIT)
    }

    /// The detection under the settings whose hash is `settings`, as bytes; `None` if there is none.
    ///
    /// # Errors
    /// `settings` is not a valid file name, or the file cannot be read.
    pub fn detection(&self, settings: &str) -> Result<Option<Vec<u8>>> {
        atomic::read(&self.detection_path(settings)?, PART_LIMIT)
    }

    /// The hashes of the settings of all stored detections, sorted.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn detections(&self) -> Result<Vec<String>> {
        let names = atomic::names(&self.file("detections"))?;
        let hash = |name: String| name.strip_suffix(".json").filter(|hash| is_hex(hash)).map(str::to_owned);
        let mut hashes: Vec<_> = names.into_iter().filter_map(hash).collect();
        hashes.sort_unstable();
        Ok(hashes)
    }

    /// Stores a detection under the settings whose hash is `settings`. This needs no ownership, because detecting modules
    /// does not affect the training.
    ///
    /// # Errors
    /// `settings` is not a valid file name, there is no such trial, or the file cannot be written.
    pub fn write_detection(&self, settings: &str, content: &[u8]) -> Result<()> {
        let path = self.detection_path(settings)?;
        self.must_exist()?;
        atomic::create_folder(&self.file("detections"))?;
        atomic::replace(&path, content, Durability::Synced)
    }

    /// Stores a detection's verdict, replacing the last one. This needs no ownership, see [`Self::write_detection`].
    ///
    /// # Errors
    /// There is no such trial, or the file cannot be written.
    pub fn write_verdict(&self, verdict: &Verdict) -> Result<()> {
        self.must_exist()?;
        json::write(&self.file("verdict.json"), verdict, Durability::Synced)
    }

    /// The same trial in another folder, such as the trash.
    pub(super) fn at(&self, path: PathBuf) -> Self {
        Self { path, ..self.clone() }
    }

    pub(super) fn must_exist(&self) -> Result<()> {
        if self.exists() { Ok(()) } else { Err(Error::Unknown { what: "trial", name: self.id.to_string() }) }
    }

    fn detection_path(&self, settings: &str) -> Result<PathBuf> {
        check_name("detection settings", settings)?;
        Ok(self.file("detections").join(format!("{settings}.json")))
    }
}
