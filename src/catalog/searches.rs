//! Stored answers of hyperparameter searches, each named by the hash of its question.
//!
//! An answer depends only on its question. So two processes that search for the same answer write the same file, and
//! catalogs can be merged by copying. The folder can be deleted at any time; searches are then made again.

use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::atomic::{self, Durability};
use super::ids::is_hex;
use super::{Catalog, Error, FORMAT, Result, json};

impl Catalog {
    fn searches_path(&self) -> PathBuf {
        self.root().join("searches")
    }

    fn search_path(&self, hash: &str) -> Result<PathBuf> {
        if !is_hex(hash) || hash.len() > 64 {
            return Err(Error::Id { what: "a search", text: hash.to_owned() });
        }
        Ok(self.searches_path().join(format!("{hash}.json")))
    }

    /// The stored answer to the question with this hash; `None` if there is none.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal, or the file is damaged or was written by a newer program.
    pub fn search<T: DeserializeOwned>(&self, hash: &str) -> Result<Option<T>> {
        json::read_versioned(&self.search_path(hash)?, FORMAT)
    }

    /// Stores the answer to the question with this hash.
    ///
    /// # Errors
    /// `hash` is not lower-case hexadecimal, or the file cannot be written.
    pub fn save_search<T: Serialize>(&self, hash: &str, answer: &T) -> Result<()> {
        let path = self.search_path(hash)?;
        atomic::create_folder(&self.searches_path())?;
        json::write(&path, answer, Durability::Synced)
    }

    /// When an answer was last added; `None` before the first.
    #[must_use]
    pub fn searches_changed(&self) -> Option<std::time::SystemTime> {
        std::fs::metadata(self.searches_path()).and_then(|data| data.modified()).ok()
    }
}
