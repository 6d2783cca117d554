//! Where a task comes from.

use std::path::Path;
use std::sync::Arc;

use crate::task::{TableSource, Task, builtin, graph_file};

/// A task by name, as in an experiment file: built in, a table (`.csv`) whose outputs can be named, or a function graph
/// (`.toml`). Real data is split by seed 0.
///
/// # Errors
/// One sentence with the remedy: no such task, or a file that cannot be read or is wrong.
pub fn task(name: &str, outputs: &[String]) -> Result<Arc<Task>, String> {
    Ok(Source::open(name, outputs, Path::new(""))?.task(0))
}

/// Where a task comes from: the same for all seeds, or real data that each seed splits in its own way.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Task(Arc<Task>),
    Table(Arc<TableSource>),
}

impl Source {
    /// Names a built-in task, or reads a file relative to `folder`.
    ///
    /// # Errors
    /// One sentence with the file, the place and the remedy.
    pub(super) fn open(name: &str, outputs: &[String], folder: &Path) -> Result<Self, String> {
        let path = folder.join(name);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            "csv" => Ok(Self::Table(Arc::new(TableSource::read(&path, outputs).map_err(|error| error.to_string())?))),
            "toml" => Ok(Self::Task(Arc::new(graph_file::read(&path).map_err(|error| error.to_string())?))),
            _ => Ok(Self::Task(Arc::new(builtin::get(name).map_err(|error| error.to_string())?))),
        }
    }

    /// The task as the trial of this seed sees it.
    pub(super) fn task(&self, seed: u64) -> Arc<Task> {
        match self {
            Self::Task(task) => Arc::clone(task),
            Self::Table(table) => Arc::new(table.split(seed)),
        }
    }
}
