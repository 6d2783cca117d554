//! What can go wrong with a catalog, each a sentence that ends in the remedy.

use std::io;
use std::path::{Path, PathBuf};

use super::TrialId;

/// Why the catalog could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Neither a path was given nor a home folder is known.
    #[error("no home folder is known to keep the catalog in; name a folder with --catalog PATH or SCULPT_CATALOG")]
    NoHome,
    /// The catalog's folder cannot be created or written.
    #[error(
        "the catalog {} cannot be written ({reason}); \
         make it writable or name another with --catalog PATH or SCULPT_CATALOG",
        path.display()
    )]
    Unwritable {
        /// The catalog's folder.
        path: PathBuf,
        /// What the operating system says.
        reason: io::Error,
    },
    /// The catalog's folder is something else than a readable folder.
    #[error(
        "the catalog {} cannot be read ({reason}); name another with --catalog PATH or SCULPT_CATALOG",
        path.display()
    )]
    Unreadable {
        /// The catalog's folder.
        path: PathBuf,
        /// What the operating system says.
        reason: io::Error,
    },
    /// A file operation failed.
    #[error("cannot {action} {}: {reason}; {}", path.display(), way_out(reason))]
    Io {
        /// What was tried, as in `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        reason: io::Error,
    },
    /// A file was written by a newer program.
    #[error("{} has format {found}, this program knows up to {known}; use a newer sculpt", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The newest format that is understood.
        known: u32,
    },
    /// The content of a file is not what it should be.
    #[error("{} is damaged ({reason}); {remedy}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        reason: String,
        /// What the user can do.
        remedy: &'static str,
    },
    /// A file is larger than anything the program writes.
    #[error("{} is {bytes} bytes long, at most {limit} are read; remove it or restore it from a copy", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// The most that is read.
        limit: u64,
    },
    /// A name contains what a file name should not.
    #[error(
        "`{name}` is not a name for {what}; use 1 to 100 letters, digits, `-`, `_` or `.`, a letter or digit first"
    )]
    Name {
        /// What is named, as in `an experiment`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A tag cannot be written in a filter.
    #[error("`{0}` is not a tag; use 1 to 100 characters without spaces, quotes or commas")]
    Tag(String),
    /// Text is not an id.
    #[error("`{text}` is not the id of {what}; see `sculpt list`")]
    Id {
        /// What the id should be of, as in `a trial`.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// Nothing has this name.
    #[error("no {what} `{name}` in the catalog; see `sculpt list`")]
    Unknown {
        /// What was looked for, as in `trial`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// No trial in the trash has this name.
    #[error("no trial `{0}` is in the trash; `sculpt delete --undo` alone brings back what was deleted last")]
    NotDeleted(String),
    /// Nothing can be brought back.
    #[error("the trash is empty: there is nothing to bring back")]
    EmptyTrash,
    /// A prefix fits several trials.
    #[error("`{prefix}` fits {count} trials: {candidates}; write more of the id")]
    Ambiguous {
        /// What was typed.
        prefix: String,
        /// How many trials it fits.
        count: usize,
        /// The first few of them.
        candidates: String,
    },
    /// A live process runs the trial.
    #[error("trial {id} is being run by process {pid} on {host}; cancel it first: sculpt cancel {id}")]
    Owned {
        /// The trial.
        id: TrialId,
        /// The owner's process.
        pid: u32,
        /// The owner's host.
        host: String,
    },
    /// Another process took the trial over while this one was silent.
    #[error("trial {0} was taken over by another process, which goes on with it; nothing is to be done here")]
    Lost(TrialId),
    /// A trial cannot come back from the trash.
    #[error("trial {0} is in the catalog again; delete that one before restoring the older one")]
    Exists(TrialId),
    /// A control request for a run that is over.
    #[error("run {0} has ended, nothing listens to its requests; see `sculpt list`")]
    Ended(String),
    /// A training specification makes no sense.
    #[error(transparent)]
    Plan(#[from] crate::prune::PlanError),
    /// The index failed even in memory.
    #[error("the index of the catalog fails ({0}); it is only a copy, delete it: see `sculpt doctor`")]
    Index(#[from] rusqlite::Error),
}

/// What can be done where a file operation failed.
fn way_out(reason: &io::Error) -> &'static str {
    match reason.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, then go on",
        io::ErrorKind::FileTooLarge => "files may not grow any further here: see `ulimit -f` and the disk",
        io::ErrorKind::NotFound => "its folder is gone: bring it back, as by mounting its disk",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "make it readable and writable for you",
        _ => "check its permissions and the free space",
    }
}

impl Error {
    /// Turns an I/O error into one that names `path`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Io { action, path: path.to_owned(), reason }
    }
}

/// What is lost with a file and how to go on, by the file's place; the end of [`Error::Invalid`].
pub(super) fn remedy(path: &Path) -> &'static str {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("trial.json") => "delete the trial and run it again, or restore the file from a copy",
        Some("result.json" | "failed.json") => "remove the file and run the trial again",
        Some("catalog.json") => "remove the file, it is written again",
        Some("labels.json") => "remove the file, its tags and note are lost",
        _ => "remove it or restore it from a copy",
    }
}
