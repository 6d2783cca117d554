//! Where tasks come from: built-in names and files.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::task::builtin::UnknownTask;
use crate::task::digits::MnistError;
use crate::task::graph_file::GraphFileError;
use crate::task::{Rows, TableError, TableOptions, TableSource, Task, builtin, digits, graph_file};

/// Why a task could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No built-in task has this name.
    #[error(transparent)]
    Name(#[from] UnknownTask),
    /// The images of digits cannot be read.
    #[error(transparent)]
    Digits(#[from] MnistError),
    /// The name is that of a file of another kind.
    #[error(
        "{0} is not a task; a task is a table (.csv, .npz), a function graph (.toml) or the name of a built-in task"
    )]
    File(String),
    /// The table cannot be read or is invalid.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The function graph cannot be read or is invalid.
    #[error(transparent)]
    Graph(#[from] GraphFileError),
    /// Options of tables for another kind of task.
    #[error("`{0}` is not a table; label, scale, shape, validation and split column are for tables (.csv, .npz)")]
    NotATable(String),
}

impl SourceError {
    /// The message. If listing the output columns is the remedy, it names `option`, which lists them.
    #[must_use]
    pub fn naming(&self, option: &str) -> String {
        match self {
            Self::Table(error) if error.problem.concerns_outputs() => format!("{error} ({option})"),
            other => other.to_string(),
        }
    }
}

/// The source of a task: a task that is the same for all seeds, or a table that is split differently for each seed.
#[derive(Clone, Debug)]
pub enum Source {
    /// A task that is the same for every seed.
    Task(Arc<Task>),
    /// A table that each seed splits differently into training and validation rows.
    Table(Arc<TableSource>),
}

impl Source {
    /// Finds the task called `name`, as in an experiment file: a table (`.csv`, `.csv.gz`, `.npz`, `.npy`) with these
    /// options, a function graph (`.toml`), or a built-in task. Files are relative to `folder`.
    ///
    /// # Errors
    /// There is no such task, or the file cannot be read or is invalid.
    pub fn open(name: &str, options: &TableOptions, folder: &Path) -> Result<Self, SourceError> {
        let path = folder.join(name);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if matches!(extension, "csv" | "npz" | "npy") || name.ends_with(".csv.gz") {
            let validation = options.validation.as_ref().map(|file| folder.join(file));
            let options = TableOptions { validation, ..options.clone() };
            return Ok(Self::Table(Arc::new(TableSource::read(&path, &options)?)));
        }
        if options.concern_tables_only() {
            return Err(SourceError::NotATable(name.to_owned()));
        }
        match extension {
            "toml" => Ok(Self::Task(Arc::new(graph_file::read(&path)?))),
            _ => match (digits::open(name, None)?, builtin::get(name)) {
                (Some(task), _) | (None, Ok(task)) => Ok(Self::Task(Arc::new(task))),
                (None, Err(_)) if path.exists() => Err(SourceError::File(name.to_owned())),
                (None, Err(unknown)) => Err(unknown.into()),
            },
        }
    }

    /// The task of the trial with this seed.
    #[must_use]
    pub fn task(&self, seed: u64) -> Arc<Task> {
        match self {
            Self::Task(task) => Arc::clone(task),
            Self::Table(table) => Arc::new(table.split(seed)),
        }
    }
}

/// Hashes tasks. Tasks that share their rows are hashed once.
#[derive(Default)]
pub struct TaskHashes(HashMap<*const Rows, String>);

impl TaskHashes {
    /// The content hash of `task`, which must live as long as this.
    pub fn of(&mut self, task: &Task) -> &str {
        self.0.entry(Arc::as_ptr(&task.rows)).or_insert_with(|| task.content_hash())
    }
}
