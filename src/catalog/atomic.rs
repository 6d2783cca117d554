//! Files that are replaced whole: a reader sees the old one or the new one, never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::ids::random;
use super::{Error, Result};

/// Must a write outlive a loss of power?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    /// Yes: the file and its folder are synced to disk.
    Synced,
    /// No: what is written is renewed in a moment, or means nothing after a restart of the machine.
    Fleeting,
}

/// Replaces `path` with `bytes`.
pub(super) fn replace(path: &Path, bytes: &[u8], durability: Durability) -> Result<()> {
    let temporary = Temporary::write(path, bytes, durability)?;
    fs::rename(&temporary.path, path).map_err(Error::io("write", path))?;
    temporary.forget();
    sync_parent(path, durability)
}

/// Creates `path` with `bytes`, all visible at once; `false` if it exists already, which is then left alone.
pub(super) fn create(path: &Path, bytes: &[u8], durability: Durability) -> Result<bool> {
    let temporary = Temporary::write(path, bytes, durability)?;
    let created = match fs::hard_link(&temporary.path, path) {
        Ok(()) => true,
        // Over NFS the answer to a link that was made can get lost and the repetition fail: the link count tells.
        Err(_) if temporary.is_linked() => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::io("write", path)(error)),
        Err(_) => return rename_to_free(temporary, path, durability),
    };
    drop(temporary);
    sync_parent(path, durability)?;
    Ok(created)
}

/// For file systems without hard links: a rename that fails where the name is taken.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_to_free(temporary: Temporary, path: &Path, durability: Durability) -> Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, &temporary.path, CWD, path, RenameFlags::NOREPLACE) {
        Ok(()) => {
            temporary.forget();
            sync_parent(path, durability)?;
            Ok(true)
        }
        Err(rustix::io::Errno::EXIST) => Ok(false),
        Err(error) => Err(Error::io("write", path)(error.into())),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_to_free(_temporary: Temporary, path: &Path, _durability: Durability) -> Result<bool> {
    Err(Error::io("write", path)(io::Error::other("the file system has no hard links")))
}

/// The content of `path`, or `None` if there is no such file.
///
/// # Errors
/// The file cannot be read or is longer than `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let bytes = file.metadata().map_err(Error::io("read", path))?.len();
    if bytes > limit {
        return Err(Error::TooLarge { path: path.to_owned(), bytes, limit });
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0));
    file.take(limit).read_to_end(&mut content).map_err(Error::io("read", path))?;
    Ok(Some(content))
}

/// Removes a file; `false` if there was none.
pub(super) fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(Error::io("remove", path)(error)),
    }
}

/// Creates a folder and those above it, each synced into the one above.
pub(super) fn create_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(parent)?;
    }
    match fs::create_dir(path) {
        Ok(()) => sync_parent(path, Durability::Synced),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(Error::io("create", path)(error)),
    }
}

/// The names in a folder, unsorted; none if there is no such folder. Names that are not Unicode are not ours.
pub(super) fn names(path: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry.map_err(Error::io("read", path))?.file_name().into_string() {
            names.push(name);
        }
    }
    Ok(names)
}

/// Removes temporary files that a killed process left in `folder` at least ten minutes ago.
pub(super) fn sweep(folder: &Path) -> Result<()> {
    for name in names(folder)?.into_iter().filter(|name| is_temporary(name)) {
        let path = folder.join(name);
        let age = fs::metadata(&path).and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age.as_secs() >= 600) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Is this the name of a temporary file of [`replace`] or [`create`]?
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}

/// Does the error mean that there is nothing at the path?
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Syncs the folder that holds `path`, so that a new name outlives a loss of power.
pub(super) fn sync_parent(path: &Path, durability: Durability) -> Result<()> {
    let Some(parent) = path.parent().filter(|_| durability == Durability::Synced) else { return Ok(()) };
    match File::open(parent).and_then(|folder| folder.sync_all()) {
        Ok(()) => Ok(()),
        // Some network file systems cannot sync a folder; their renames are as durable as they get.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        Err(error) => Err(Error::io("sync", parent)(error)),
    }
}

/// A temporary file beside the one to write; removed when dropped.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn write(target: &Path, bytes: &[u8], durability: Durability) -> Result<Self> {
        let name = target.file_name().and_then(|name| name.to_str()).unwrap_or("file");
        let path = target.with_file_name(format!(".{name}.{:016x}.tmp", random()));
        let mut file =
            OpenOptions::new().write(true).create_new(true).open(&path).map_err(Error::io("write", target))?;
        let temporary = Self { path };
        let synced = |file: &File| if durability == Durability::Synced { file.sync_all() } else { Ok(()) };
        file.write_all(bytes).and_then(|()| synced(&file)).map_err(Error::io("write", target))?;
        Ok(temporary)
    }

    #[cfg(unix)]
    fn is_linked(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(&self.path).is_ok_and(|data| data.nlink() > 1)
    }

    #[cfg(not(unix))]
    fn is_linked(&self) -> bool {
        false
    }

    /// The file has got its name: nothing is left to remove.
    fn forget(mut self) {
        self.path.clear();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for durability in [Durability::Synced, Durability::Fleeting] {
            replace(&path, b"old", durability).unwrap();
            replace(&path, b"new", durability).unwrap();
        }
        assert_eq!(read(&path, 10).unwrap().unwrap(), b"new");
        assert_eq!(names(folder.path()).unwrap(), ["file"]);
        assert!(matches!(read(&path, 2), Err(Error::TooLarge { bytes: 3, limit: 2, .. })));
    }

    #[test]
    fn only_one_of_many_creates_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let create = |content: usize| create(&path, content.to_string().as_bytes(), Durability::Fleeting).unwrap();
        let winners: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..16).map(|content| scope.spawn(move || create(content).then_some(content))).collect();
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(winners.len(), 1);
        assert_eq!(read(&path, 10).unwrap().unwrap(), winners[0].to_string().as_bytes());
        assert_eq!(names(folder.path()).unwrap(), ["file"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_hard_links_a_rename_decides() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let attempt = |bytes| {
            let temporary = Temporary::write(&path, bytes, Durability::Fleeting).unwrap();
            rename_to_free(temporary, &path, Durability::Fleeting).unwrap()
        };
        assert!(attempt(b"first"));
        assert!(!attempt(b"second"));
        assert_eq!(read(&path, 10).unwrap().unwrap(), b"first");
        assert_eq!(names(folder.path()).unwrap(), ["file"]);
    }

    #[test]
    fn below_a_regular_file_nothing_is_found_and_nothing_can_be_written() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().join("file");
        assert!(read(&path, 10).unwrap().is_none());
        assert!(names(&path).unwrap().is_empty());
        let message = replace(&path, b"", Durability::Synced).unwrap_err().to_string();
        assert!(message.contains(&*path.to_string_lossy()), "{message}");
    }
}
