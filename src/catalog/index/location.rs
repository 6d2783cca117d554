//! Where the index is stored: in a writable local folder, if there is one.

use std::fs;
use std::path::{Path, PathBuf};

use super::schema::VERSION;
use crate::catalog::Catalog;
use crate::catalog::paths::project;

/// The file for the index of `catalog`: in the user's cache folder, or in the runtime folder if only that is on a local
/// file system; `None` if neither is.
pub(super) fn file(catalog: &Catalog) -> Option<PathBuf> {
    let project = project()?;
    let folders = [Some(project.cache_dir()), project.runtime_dir()];
    let folder = folders.into_iter().flatten().find(|folder| fs::create_dir_all(folder).is_ok() && is_local(folder))?;
    Some(folder.join(file_name(catalog)))
}

/// The index's file name: a hash of the catalog's path, and the version, so that programs of different versions do not
/// replace each other's index.
pub(super) fn file_name(catalog: &Catalog) -> String {
    let path = fs::canonicalize(catalog.root()).unwrap_or_else(|_| catalog.root().to_owned());
    let hash = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
    format!("index-{}-v{VERSION}.sqlite", &hash[..16])
}

/// Whether `folder` is on a local file system, where SQLite's locks are reliable.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn is_local(folder: &Path) -> bool {
    /// NFS, SMB, CIFS, SMB2, Lustre, GPFS, AFS, kAFS, Coda, NCP, Ceph, 9P, BeeGFS, PanFS, OrangeFS, GFS2, OCFS2,
    /// and FUSE, through which any of them can be mounted.
    const NETWORK: [u32; 18] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x0bd0_0bd0,
        0x4750_4653,
        0x5346_414f,
        0x6b41_4653,
        0x7375_7245,
        0x564c,
        0x00c3_6400,
        0x0102_1997,
        0x1983_0326,
        0xaad7_aaea,
        0x2003_0528,
        0x0116_1970,
        0x7461_636f,
        0x6573_5546,
    ];
    // The field's type differs between machines; the lower 32 bits are the file system's number on all of them.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
    let local = |stat: rustix::fs::StatFs| !NETWORK.contains(&(stat.f_type as u32));
    rustix::fs::statfs(folder).is_ok_and(local)
}

/// Whether the system reports that `folder` is on a local file system.
#[cfg(target_vendor = "apple")]
pub(super) fn is_local(folder: &Path) -> bool {
    const MNT_LOCAL: u32 = 0x1000;
    rustix::fs::statfs(folder).is_ok_and(|stat| stat.f_flags & MNT_LOCAL != 0)
}

/// Assumes that `folder` is on a local file system.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn is_local(_folder: &Path) -> bool {
    true
}

/// Removes the index and the files that SQLite may have created next to it.
pub(super) fn remove(file: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        // A failure shows when the index is opened again.
        let _ = fs::remove_file(PathBuf::from(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_existing_folders_are_local() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            is_local(folder.path()) || cfg!(not(target_os = "linux")),
            "fails if the temporary folder is on a network"
        );
        assert!(!is_local(&folder.path().join("none")) || cfg!(not(target_os = "linux")));
    }

    #[test]
    fn every_catalog_has_its_own_file() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let name = |folder: &Path| file_name(&Catalog::open_read(Some(folder)).unwrap());
        assert_ne!(name(one.path()), name(two.path()));
        assert_eq!(name(one.path()), name(&one.path().join("..").join(one.path().file_name().unwrap())));
    }
}
