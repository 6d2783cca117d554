//! Atomic file replacement: a reader sees the old content or the new, never a mixture.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::ids::random;
use super::{Error, Result};

/// Whether a write must survive a power failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    /// It must: the file and its folder are synced to disk.
    Synced,
    /// It need not: the content is rewritten within seconds, or is meaningless after a reboot.
    Fleeting,
}

/// Replaces `path` with `bytes`.
pub(super) fn replace(path: &Path, bytes: &[u8], durability: Durability) -> Result<()> {
    let temporary = Temporary::write(path, bytes, durability)?;
    fs::rename(&temporary.path, path).map_err(Error::io("write", path))?;
    temporary.forget();
    sync_parent(path, durability)
}

/// Creates `path` with all of `bytes` at once. Returns `false`, and changes nothing, if `path` already exists.
pub(super) fn create(path: &Path, bytes: &[u8], durability: Durability) -> Result<bool> {
    let temporary = Temporary::write(path, bytes, durability)?;
    let created = match fs::hard_link(&temporary.path, path) {
        Ok(()) => true,
        // NFS can lose the reply to a successful link and fail the retry; the link count shows the truth.
        Err(_) if temporary.is_linked() => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::io("write", path)(error)),
        Err(_) => return rename_to_free(temporary, path, durability),
    };
    drop(temporary);
    sync_parent(path, durability)?;
    Ok(created)
}

/// For file systems without hard links: a rename that fails if the name is taken.
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

/// The content of `path`; `None` if it does not exist.
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

/// Removes a file. Returns `false` if it did not exist.
pub(super) fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(Error::io("remove", path)(error)),
    }
}

/// Creates a folder and its missing parents, syncing each into its parent.
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

/// The file names in a folder, unsorted; empty if it does not exist. Names that are not Unicode are skipped, because the
/// catalog never creates any.
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

/// Removes temporary files older than ten minutes, which killed processes left in `folder`.
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

/// Whether `name` is that of a temporary file made by [`replace`] or [`create`].
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}

/// Whether the error means that the path does not exist.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Syncs the folder that contains `path`, so that a new name survives a power failure.
pub(super) fn sync_parent(path: &Path, durability: Durability) -> Result<()> {
    let Some(parent) = path.parent().filter(|_| durability == Durability::Synced) else { return Ok(()) };
    match File::open(parent).and_then(|folder| folder.sync_all()) {
        Ok(()) => Ok(()),
        // Some network file systems cannot sync a folder. Nothing more can be done there.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        Err(error) => Err(Error::io("sync", parent)(error)),
    }
}

/// A temporary file in the target's folder; removed when dropped.
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

    /// Keeps the file, which has been renamed, when this is dropped.
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
    fn replacing_a_file_leaves_no_temporary_file() {
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
    fn only_one_of_many_threads_creates_a_file() {
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
    fn without_hard_links_the_first_rename_wins() {
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
    fn paths_below_a_regular_file_are_absent_and_cannot_be_written() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().join("file");
        assert!(read(&path, 10).unwrap().is_none());
        assert!(names(&path).unwrap().is_empty());
        let message = replace(&path, b"", Durability::Synced).unwrap_err().to_string();
        assert!(message.contains(&*path.to_string_lossy()), "{message}");
    }
}
