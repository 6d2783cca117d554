//! Catalog errors. Each message is one line that says what is wrong, where, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// The result of catalog operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a catalog operation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No path was given, and the user has no home folder.
    #[error("there is no home folder to keep the catalog in; choose a folder with --catalog PATH or SCULPT_CATALOG")]
    NoHome,
    /// The catalog's folder cannot be created or written.
    #[error(
        "cannot write to the catalog {} ({reason}); \
         make it writable, or choose another with --catalog PATH or SCULPT_CATALOG",
        path.display()
    )]
    Unwritable {
        /// The catalog's folder.
        path: PathBuf,
        /// The system's error.
        reason: io::Error,
    },
    /// The catalog's path is not a readable folder.
    #[error(
        "cannot read the catalog {} ({reason}); choose another with --catalog PATH or SCULPT_CATALOG",
        path.display()
    )]
    Unreadable {
        /// The catalog's folder.
        path: PathBuf,
        /// The system's error.
        reason: io::Error,
    },
    /// A file operation failed.
    #[error("cannot {action} {}: {reason}; {}", path.display(), io_remedy(reason))]
    Io {
        /// What was attempted, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        reason: io::Error,
    },
    /// A file was written by a newer program.
    #[error("{} has format {found}, but this version reads formats up to {known}; use a newer sculpt", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: u64,
        /// The newest format that this program reads.
        known: u32,
    },
    /// A file's content is invalid.
    #[error("{} is damaged ({reason}); {remedy}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong and where in the file.
        reason: String,
        /// What the user can do.
        remedy: &'static str,
    },
    /// A file is larger than any file that the program writes.
    #[error(
        "{} has {bytes} bytes, more than the limit of {limit}; remove it or restore it from a backup",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The file's size in bytes.
        bytes: u64,
        /// The largest size that is read.
        limit: u64,
    },
    /// A name is not usable as a file name.
    #[error(
        "`{name}` is not a valid name for {what}; \
         start with a letter or digit, and use up to 100 letters, digits, `-`, `_` or `.`"
    )]
    Name {
        /// What is named, such as `an experiment`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A tag could not be used in a filter.
    #[error("`{0}` is not a valid tag; use 1 to 100 characters without spaces, quotes or commas")]
    Tag(String),
    /// A text is not a valid id.
    #[error("`{text}` is not a valid id of {what}; `sculpt list` shows the ids")]
    Id {
        /// What the id should be of, such as `a trial`.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// Nothing in the catalog has this name.
    #[error("there is no {what} `{name}` in the catalog; `sculpt list` shows all trials")]
    Unknown {
        /// What was looked for, such as `trial`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The table of a user's task is not in the catalog, or it is not the one that the trial was trained on.
    #[error(
        "the table of task `{0}` is missing from the catalog or was changed; \
         restore the catalog's folder `tasks` from a backup, or run the experiment again from its file"
    )]
    Table(String),
    /// The data files of a task are not where they were, or were changed.
    #[error("the data of task `{task}` cannot be used: {reason}")]
    Data {
        /// The task's name.
        task: String,
        /// What is wrong.
        reason: String,
    },
    /// A trial's saved state has no best network, although all walks are finished.
    #[error("the saved state of trial {0} is damaged; start over by running its experiment with --force")]
    State(String),
    /// No trial in the trash has this id.
    #[error("there is no trial `{0}` in the trash; `sculpt delete --undo` without an id restores the last deletion")]
    NotDeleted(String),
    /// The trash is empty.
    #[error("the trash is empty; there is nothing to restore")]
    EmptyTrash,
    /// A prefix matches several trials.
    #[error("`{prefix}` fits {count} trials: {candidates}; type more of the id")]
    Ambiguous {
        /// The prefix that was typed.
        prefix: String,
        /// How many trials match.
        count: usize,
        /// Some of the matching ids.
        candidates: String,
    },
    /// A live process is running the trial.
    #[error("trial {id} is being run by process {pid} on {host}; cancel it first with `sculpt cancel {id}`")]
    Owned {
        /// The trial's id.
        id: String,
        /// The owner's process id.
        pid: u32,
        /// The owner's machine.
        host: String,
    },
    /// Another process took the trial over while this one did not respond.
    #[error("another process has taken over trial {0} and continues it; there is nothing to do here")]
    Lost(String),
    /// The trial to restore from the trash exists in the catalog.
    #[error("trial {0} is already in the catalog; delete it before restoring the older one from the trash")]
    Exists(String),
    /// The run that a request was sent to has ended.
    #[error("run {0} has ended and takes no more requests; `sculpt list` shows the state of its trials")]
    Ended(String),
    /// A trial's plan is invalid.
    #[error(transparent)]
    Plan(#[from] crate::prune::PlanError),
    /// The index failed, even in memory.
    #[error("the catalog's index fails ({0}); it holds no data of its own, so delete it: `sculpt doctor` shows where")]
    Index(#[from] rusqlite::Error),
}

/// What to do about a failed file operation.
fn io_remedy(reason: &io::Error) -> &'static str {
    match reason.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some disk space and try again",
        io::ErrorKind::FileTooLarge => "files must not grow larger here: check `ulimit -f` and the disk",
        io::ErrorKind::NotFound => "its folder is gone: restore it, or mount its disk again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "make it readable and writable",
        _ => "check its permissions and the free disk space",
    }
}

impl Error {
    /// Wraps an I/O error with the action that failed and the path.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Io { action, path: path.to_owned(), reason }
    }
}

/// What to do about a damaged file, and what is lost with it: the end of [`Error::Invalid`].
pub(super) fn remedy(path: &Path) -> &'static str {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("trial.json") => "delete the trial and run it again, or restore the file from a backup",
        Some("result.json" | "failed.json") => "remove the file and run the trial again",
        Some("catalog.json") => "remove the file; it will be written again",
        Some("labels.json") => "remove the file; the trial's tags and note are lost",
        _ => "remove it or restore it from a backup",
    }
}
