//! Deleting and restoring trials: their folders are moved to the trash and back.

use std::fs;

use super::atomic::{self, Durability, create_folder, sync_parent};
use super::{Catalog, Error, Result, RunId, TrialId, Utc};

/// A deleted trial in the trash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrashEntry {
    /// When the trial was deleted, in the form used in folder names. Trials deleted together have the same stamp.
    pub stamp: String,
    /// The trial's id.
    pub id: TrialId,
}

impl TrashEntry {
    fn parse(name: &str) -> Option<Self> {
        let (stamp, id) = name.rsplit_once('-')?;
        Some(Self { stamp: stamp.to_owned(), id: id.parse().ok()? })
    }

    fn folder_name(&self) -> String {
        format!("{}-{}", self.stamp, self.id)
    }
}

impl Catalog {
    /// Moves trials to the trash, as one deletion. Experiments continue to list them.
    ///
    /// # Errors
    /// A trial does not exist or is owned by a live process. The trials before it are in the trash by then.
    pub fn delete(&self, ids: &[TrialId]) -> Result<()> {
        let stamp = Utc::now().compact();
        let session = RunId::new();
        for id in ids {
            let folder = self.trial(id);
            folder.must_exist()?;
            // Owning the trial keeps runs from claiming it during the move.
            let mut owned = folder.begin_session(&session)?.map_err(|owner| Error::Owned {
                id: id.to_string(),
                pid: owner.process.pid,
                host: owner.process.host,
            })?;
            let entry = TrashEntry { stamp: stamp.clone(), id: id.clone() };
            let target = self.trash_path().join(entry.folder_name());
            create_folder(&self.trash_path())?;
            fs::rename(folder.path(), &target).map_err(Error::io("delete", folder.path()))?;
            owned.moved_to(folder.at(target.clone()));
            owned.release()?;
            sync_parent(&target, Durability::Synced)?;
        }
        Ok(())
    }

    /// The trials in the trash, oldest deletion first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn trash(&self) -> Result<Vec<TrashEntry>> {
        let names = atomic::names(&self.trash_path())?;
        let mut entries: Vec<_> = names.iter().filter_map(|name| TrashEntry::parse(name)).collect();
        entries.sort_unstable();
        Ok(entries)
    }

    /// Restores the last deletion, or the last deleted trial whose id starts with `prefix`. Returns the restored ids.
    ///
    /// # Errors
    /// There is nothing to restore, or a trial exists in the catalog again.
    pub fn undelete(&self, prefix: Option<&str>) -> Result<Vec<TrialId>> {
        let entries = self.trash()?;
        let chosen: Vec<&TrashEntry> = match prefix {
            Some(prefix) => {
                entries.iter().rev().find(|entry| entry.id.as_str().starts_with(prefix)).into_iter().collect()
            }
            None => {
                entries.iter().filter(|entry| entries.last().is_some_and(|last| last.stamp == entry.stamp)).collect()
            }
        };
        if chosen.is_empty() {
            return Err(prefix.map_or(Error::EmptyTrash, |prefix| Error::NotDeleted(prefix.to_owned())));
        }
        for entry in &chosen {
            let path = self.trial_path(&entry.id);
            if path.exists() {
                return Err(Error::Exists(entry.id.to_string()));
            }
            create_folder(&self.trials_path().join(entry.id.shard()))?;
            let from = self.trash_path().join(entry.folder_name());
            fs::rename(&from, &path).map_err(Error::io("restore", &from))?;
            sync_parent(&path, Durability::Synced)?;
        }
        Ok(chosen.into_iter().map(|entry| entry.id.clone()).collect())
    }

    /// Permanently removes all trials in the trash. Returns their number.
    ///
    /// # Errors
    /// A folder cannot be removed.
    pub fn empty_trash(&self) -> Result<usize> {
        let entries = self.trash()?;
        for entry in &entries {
            let path = self.trash_path().join(entry.folder_name());
            fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
        }
        Ok(entries.len())
    }
}
