//! The catalog's folder and the paths in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::ids::{is_hex, random};
use super::{Error, FORMAT, Result, RunId, TrialId, Utc, json};
use crate::gzip;

/// The folders in a catalog.
const FOLDERS: [&str; 5] = ["experiments", "runs", "tasks", "trials", "trash"];

/// The largest user's table that is read back, in bytes.
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
    /// Opens the catalog at `path`, by default the user's catalog, for reading and writing. Creates missing folders.
    ///
    /// # Errors
    /// There is no home folder, the catalog cannot be written, or a newer program created it.
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

    /// Opens the catalog at `path`, by default the user's catalog, for reading. Creates nothing; a missing catalog is
    /// empty.
    ///
    /// # Errors
    /// There is no home folder, the path is not a folder, or a newer program created the catalog.
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

    /// The absolute path of the catalog's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a trial's folder, whether it exists or not.
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

    /// The path of the table with content hash `hash`, without an extension, whether it exists or not.
    fn table_path(&self, hash: &str) -> Result<PathBuf> {
        if !is_hex(hash) || hash.len() > 64 {
            return Err(Error::Id { what: "a task", text: hash.to_owned() });
        }
        Ok(self.root.join("tasks").join(hash))
    }

    /// Stores a copy of a user's table, so that its trials can be resumed and shown without the original file.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal, or the files cannot be written.
    pub fn save_table(&self, hash: &str, table: &StoredTable) -> Result<()> {
        let path = self.table_path(hash)?;
        if let Some(validation) = &table.validation {
            json::write(&path.with_extension("validation.json"), validation, Durability::Synced)?;
        }
        let path = path.with_extension(if table.is_compressed() { "csv.gz" } else { "csv" });
        if !path.exists() {
            atomic::create(&path, &table.csv, Durability::Synced)?;
        }
        Ok(())
    }

    /// Whether the catalog has the table with content hash `hash`.
    #[must_use]
    pub fn has_table(&self, hash: &str) -> bool {
        let exists = |path: &PathBuf| ["csv", "csv.gz"].iter().any(|end| path.with_extension(end).exists());
        self.table_path(hash).is_ok_and(|path| exists(&path))
    }

    /// The table with content hash `hash`; `None` if the catalog does not have it.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal, or a file cannot be read.
    pub fn table(&self, hash: &str) -> Result<Option<StoredTable>> {
        let path = self.table_path(hash)?;
        let csv = match atomic::read(&path.with_extension("csv"), TABLE_LIMIT)? {
            None => atomic::read(&path.with_extension("csv.gz"), TABLE_LIMIT)?,
            some => some,
        };
        let validation = json::read(&path.with_extension("validation.json"))?;
        Ok(csv.map(|csv| StoredTable { csv, validation }))
    }
}

/// A user's table as the catalog stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTable {
    /// All rows as CSV, plain or compressed with gzip.
    pub csv: Vec<u8>,
    /// The validation rows, ascending, if they are the same for every seed.
    pub validation: Option<Vec<u32>>,
}

impl StoredTable {
    /// Whether the CSV is compressed with gzip.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        gzip::is_compressed(&self.csv)
    }
}

/// The user's folders for this program.
pub(super) fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "neural-sculpting")
}

/// The user's settings folder for this program, which may not exist; `None` without a home folder.
#[must_use]
pub fn config_folder() -> Option<PathBuf> {
    Some(project()?.config_dir().to_owned())
}

/// The path of a file in the user's cache folder; `None` without a home folder.
#[must_use]
pub fn cache_file(name: &str) -> Option<PathBuf> {
    Some(project()?.cache_dir().join(name))
}

/// Atomically replaces a file in the cache folder, without waiting for the disk.
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
    fn opening_for_reading_creates_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog");
        Catalog::open_read(Some(&path)).unwrap();
        assert!(!path.exists());
        Catalog::open(Some(&path)).unwrap();
        assert!(path.join("catalog.json").is_file());
        Catalog::open(Some(&path)).unwrap();
    }

    #[test]
    fn an_unwritable_catalog_is_a_one_line_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            let message = Catalog::open(Some(&path)).unwrap_err().to_string();
            assert!(message.contains(&*path.to_string_lossy()) && message.contains("--catalog"), "{message}");
            assert!(!message.contains('\n'));
        }
    }

    #[test]
    fn newer_catalogs_and_torn_headers_are_errors() {
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
    fn tables_are_stored_by_hash() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(Some(folder.path())).unwrap();
        let plain = StoredTable { csv: b"x1,y1\n0,1\n".to_vec(), validation: None };
        let compressed = StoredTable { csv: vec![0x1f, 0x8b, 8, 0], validation: Some(vec![1, 4]) };
        for (hash, table) in [("ab12", &plain), ("ab13", &compressed)] {
            assert!(!catalog.has_table(hash));
            catalog.save_table(hash, table).unwrap();
            assert_eq!(catalog.table(hash).unwrap().as_ref(), Some(table));
            assert!(catalog.has_table(hash));
        }
        assert!(folder.path().join("tasks/ab12.csv").exists() && folder.path().join("tasks/ab13.csv.gz").exists());
        assert!(catalog.table("cd").unwrap().is_none());
        assert!(catalog.save_table("../x", &plain).is_err());
    }
}
