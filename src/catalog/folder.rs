//! A trial's folder: what anyone may read of it, and how trials are found.

use std::path::{Path, PathBuf};

use super::atomic::{self, Durability};
use super::ids::{check_name, is_hex};
use super::{
    About, Catalog, Error, FORMAT, Failure, Progress, Result, Specification, Times, Trial, TrialId, TrialResult,
    Verdict, json,
};

/// The longest file of weights or states that is read.
const PART_LIMIT: u64 = 8 << 30;

/// How many candidates an ambiguous name lists.
const CANDIDATES: usize = 6;

/// A file of a trial that the catalog keeps without looking inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The best network, `network.safetensors`.
    Network,
    /// The finished walks, with the trajectories of the near-best ones, `walks`.
    Walks,
    /// The last accepted state of a trial that is not done, `state`.
    State,
}

impl Part {
    /// The name of the file.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Network => "network.safetensors",
            Self::Walks => "walks",
            Self::State => "state",
        }
    }
}

/// A trial's folder, for reading. What only the owner may write is on [`super::OwnedTrial`].
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

    /// The trial that `specification`, put in canonical form, describes: made if there is none, else left as it is.
    ///
    /// # Errors
    /// The specification makes no sense, or the folder cannot be written.
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

    /// The ids of all trials, sorted. Opens none of them.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn trial_ids(&self) -> Result<Vec<TrialId>> {
        self.trial_ids_from("")
    }

    /// The one trial whose id begins with `prefix`.
    ///
    /// # Errors
    /// No trial fits, or several do, which are then listed.
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

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The catalog that the trial is in.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Is there such a trial?
    #[must_use]
    pub fn exists(&self) -> bool {
        self.file("trial.json").is_file()
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What the trial is.
    ///
    /// # Errors
    /// There is no such trial, its file is damaged or another trial's, or a newer program wrote it.
    pub fn trial(&self) -> Result<Trial> {
        let path = self.file("trial.json");
        let trial: Trial = json::read_versioned(&path, FORMAT)?
            .ok_or_else(|| Error::Unknown { what: "trial", name: self.id.to_string() })?;
        let same_hash = trial.specification.format != FORMAT || trial.specification.id() == self.id;
        if trial.id != self.id || !same_hash {
            let reason = "the specification does not belong to this trial".to_owned();
            let remedy = "restore the file from a copy, or delete the trial and run it again";
            return Err(Error::Invalid { path, reason, remedy });
        }
        Ok(trial)
    }

    /// The trial's result, `None` until it has one.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or a newer program wrote it.
    pub fn result(&self) -> Result<Option<TrialResult>> {
        json::read_versioned(&self.file("result.json"), TrialResult::FORMAT)
    }

    /// Time spent on the trial, `None` before it is first started.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn times(&self) -> Result<Option<Times>> {
        json::read(&self.file("times.json"))
    }

    /// Live numbers of the trial; `None` if there are none, or none that can be read: they may be lost.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        json::read(&self.file("progress")).ok().flatten()
    }

    /// Why the trial failed, `None` if it did not.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn failure(&self) -> Result<Option<Failure>> {
        json::read(&self.file("failed.json"))
    }

    /// What the last detection concluded, `None` before the first.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn verdict(&self) -> Result<Option<Verdict>> {
        json::read(&self.file("verdict.json"))
    }

    /// The bytes of `part`, `None` if the trial has none yet.
    ///
    /// # Errors
    /// The file cannot be read or is longer than 8 GiB.
    pub fn part(&self, part: Part) -> Result<Option<Vec<u8>>> {
        atomic::read(&self.file(part.file_name()), PART_LIMIT)
    }

    /// The detection under the settings with hash `settings`, as bytes; `None` if there is none.
    ///
    /// # Errors
    /// `settings` is no file name, or the file cannot be read.
    pub fn detection(&self, settings: &str) -> Result<Option<Vec<u8>>> {
        atomic::read(&self.detection_path(settings)?, PART_LIMIT)
    }

    /// The hashes of the settings that the trial has detections for, sorted.
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

    /// Keeps a detection under the settings with hash `settings`. Anyone may: detecting does not touch the training.
    ///
    /// # Errors
    /// `settings` is no file name, there is no such trial, or the file cannot be written.
    pub fn write_detection(&self, settings: &str, content: &[u8]) -> Result<()> {
        let path = self.detection_path(settings)?;
        self.must_exist()?;
        atomic::create_folder(&self.file("detections"))?;
        atomic::replace(&path, content, Durability::Synced)
    }

    /// Keeps what a detection concluded; the last one counts. Anyone may, see [`Self::write_detection`].
    ///
    /// # Errors
    /// There is no such trial, or the file cannot be written.
    pub fn write_verdict(&self, verdict: &Verdict) -> Result<()> {
        self.must_exist()?;
        json::write(&self.file("verdict.json"), verdict, Durability::Synced)
    }

    /// The same trial in another place, as in the trash.
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
