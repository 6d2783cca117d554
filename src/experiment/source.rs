//! Where a task comes from.

use std::path::Path;
use std::sync::Arc;

use crate::task::builtin::UnknownTask;
use crate::task::graph_file::GraphFileError;
use crate::task::{TableError, TableSource, Task, builtin, graph_file};

/// Why a name does not lead to a task.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No built-in task has this name.
    #[error(transparent)]
    Name(#[from] UnknownTask),
    /// The table cannot be read or is wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The function graph cannot be read or is wrong.
    #[error(transparent)]
    Graph(#[from] GraphFileError),
}

impl SourceError {
    /// The message; where the list of output columns is the remedy, it names `option`, with which they are listed.
    #[must_use]
    pub fn naming(&self, option: &str) -> String {
        match self {
            Self::Table(error) if error.problem.concerns_outputs() => format!("{error} ({option})"),
            other => other.to_string(),
        }
    }
}

/// Where a task comes from: the same for all seeds, or real data that each seed splits in its own way.
#[derive(Clone, Debug)]
pub enum Source {
    /// The same task for every seed.
    Task(Arc<Task>),
    /// A table, whose rows each seed splits.
    Table(Arc<TableSource>),
}

impl Source {
    /// Finds a task by name, as experiment files do: a table (`.csv`) whose output columns can be listed, a function
    /// graph (`.toml`), or a built-in task. Files are relative to `folder`.
    ///
    /// # Errors
    /// No such task, or a file that cannot be read or is wrong.
    pub fn open(name: &str, outputs: &[String], folder: &Path) -> Result<Self, SourceError> {
        let path = folder.join(name);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            "csv" => Ok(Self::Table(Arc::new(TableSource::read(&path, outputs)?))),
            "toml" => Ok(Self::Task(Arc::new(graph_file::read(&path)?))),
            _ => Ok(Self::Task(Arc::new(builtin::get(name)?))),
        }
    }

    /// The task as the trial of this seed sees it.
    #[must_use]
    pub fn task(&self, seed: u64) -> Arc<Task> {
        match self {
            Self::Task(task) => Arc::clone(task),
            Self::Table(table) => Arc::new(table.split(seed)),
        }
    }
}
