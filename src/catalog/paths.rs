//! Where the catalog is, and where its parts are in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::ids::{is_hex, random};
use super::{Error, FORMAT, Result, RunId, TrialId, Utc, json};

/// The folders of a catalog.
const FOLDERS: [&str; 5] = ["experiments", "runs", "tasks", "trials", "trash"];

/// The longest table of a user that is read back.
const TABLE_LIMIT: u64 = 4 << 30;

/// A catalog: a folder of trials, experiments and runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    root: PathBuf,
}

/// `catalog.json`.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    created: Utc,
}

impl Catalog {
    /// Opens the catalog at `path`, or the user's own, for reading and writing, and creates what is missing of it.
    ///
    /// # Errors
    /// No home folder is known, the folder cannot be written, or a newer program made it.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let catalog = Self::open_read(path)?;
        let unwritable = |error| match error {
            Error::Io { reason, .. } => Error::Unwritable { path: catalog.root.clone(), reason },
            other => other,
        };
        for folder in FOLDERS {
            atomic::create_folder(&catalog.root.join(folder)).map_err(unwritable)?;
        }
        let header = catalog.root.join("catalog.json");
        if header.exists() {
            catalog.check_writable().map_err(unwritable)?;
        } else {
            let bytes = json::bytes(&header, &Header { format: FORMAT, created: Utc::now() })?;
            atomic::create(&header, &bytes, Durability::Synced).map_err(unwritable)?;
        }
        Ok(catalog)
    }

    /// Opens the catalog at `path`, or the user's own, only to look: creates nothing, and a missing one is empty.
    ///
    /// # Errors
    /// No home folder is known, the path is no folder, or a newer program made the catalog.
    pub fn open_read(path: Option<&Path>) -> Result<Self> {
        let root = match path {
            Some(path) => std::path::absolute(path).map_err(Error::io("find", path))?,
            None => project().ok_or(Error::NoHome)?.data_dir().to_owned(),
        };
        match fs::metadata(&root) {
            Ok(data) if !data.is_dir() => {
                return Err(Error::Unreadable { path: root, reason: io::ErrorKind::NotADirectory.into() });
            }
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => {
                return Err(Error::Unreadable { path: root, reason });
            }
            _ => {}
        }
        json::read_versioned::<Header>(&root.join("catalog.json"), FORMAT)?;
        Ok(Self { root })
    }

    fn check_writable(&self) -> Result<()> {
        let probe = self.root.join(format!(".{:016x}.tmp", random()));
        fs::write(&probe, b"").map_err(Error::io("write", &probe))?;
        atomic::remove(&probe).map(drop)
    }

    /// The catalog's folder, an absolute path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of a trial, whether it exists or not.
    pub(super) fn trial_path(&self, id: &TrialId) -> PathBuf {
        self.trials_path().join(id.shard()).join(id.as_str())
    }

    pub(super) fn trials_path(&self) -> PathBuf {
        self.root.join("trials")
    }

    pub(super) fn runs_path(&self) -> PathBuf {
        self.root.join("runs")
    }

    pub(super) fn run_path(&self, run: &RunId) -> PathBuf {
        self.runs_path().join(run.as_str())
    }

    pub(super) fn experiments_path(&self) -> PathBuf {
        self.root.join("experiments")
    }

    pub(super) fn trash_path(&self) -> PathBuf {
        self.root.join("trash")
    }

    /// The file that the table with content hash `hash` is kept in, whether it exists or not.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal.
    pub fn table_path(&self, hash: &str) -> Result<PathBuf> {
        if !is_hex(hash) || hash.len() > 64 {
            return Err(Error::Id { what: "a task", text: hash.to_owned() });
        }
        Ok(self.root.join("tasks").join(format!("{hash}.csv")))
    }

    /// Keeps a user's table, so that its trials can be resumed and shown without the file that it came from.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal, or the file cannot be written.
    pub fn save_table(&self, hash: &str, content: &[u8]) -> Result<()> {
        let path = self.table_path(hash)?;
        if !path.exists() {
            atomic::create(&path, content, Durability::Synced)?;
        }
        Ok(())
    }

    /// The table with content hash `hash`, `None` if it is not kept here.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal, or the file cannot be read.
    pub fn table(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        atomic::read(&self.table_path(hash)?, TABLE_LIMIT)
    }
}

/// The user's own folders for this program.
pub(super) fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "neural-sculpting")
}

/// The user's folder for the settings of this program; it may not be there.
#[must_use]
pub fn config_folder() -> Option<PathBuf> {
    Some(project()?.config_dir().to_owned())
}

/// A file of the user's cache folder; `None` where there is no such folder.
#[must_use]
pub fn cache_file(name: &str) -> Option<PathBuf> {
    Some(project()?.cache_dir().join(name))
}

/// Replaces a file of the cache folder whole; it may be lost when the machine stops.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn write_cache(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("write", folder))?;
    }
    atomic::replace(path, bytes, atomic::Durability::Fleeting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_creates_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog");
        Catalog::open_read(Some(&path)).unwrap();
        assert!(!path.exists());
        Catalog::open(Some(&path)).unwrap();
        assert!(path.join("catalog.json").is_file());
        Catalog::open(Some(&path)).unwrap();
    }

    #[test]
    fn a_catalog_that_cannot_be_written_is_told_in_one_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            let message = Catalog::open(Some(&path)).unwrap_err().to_string();
            assert!(message.contains(&*path.to_string_lossy()) && message.contains("--catalog"), "{message}");
            assert!(!message.contains('\n'));
        }
    }

    #[test]
    fn a_newer_catalog_is_refused_and_a_torn_header_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let header = folder.path().join("catalog.json");
        fs::write(&header, "{\"format\": 99, \"more\": []}").unwrap();
        let message = Catalog::open_read(Some(folder.path())).unwrap_err().to_string();
        assert!(message.contains("format 99") && message.contains("newer sculpt"), "{message}");
        fs::write(&header, "{\"form").unwrap();
        let message = Catalog::open(Some(folder.path())).unwrap_err().to_string();
        assert!(message.contains("catalog.json") && message.contains("remove"), "{message}");
    }

    #[test]
    fn tables_are_kept_by_their_hash() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(Some(folder.path())).unwrap();
        catalog.save_table("ab12", b"x1,y1\n0,1\n").unwrap();
        assert_eq!(catalog.table("ab12").unwrap().unwrap(), b"x1,y1\n0,1\n");
        assert!(catalog.table("cd").unwrap().is_none());
        assert!(catalog.save_table("../x", b"").is_err());
    }
}
