//! Users' tables in the catalog: stored with the first trial on them, and read back for trials that are run again.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Source;
use crate::catalog::{About, Catalog, Error, Result, Specification, StoredTable};
use crate::task::{Split, TableSource, Task, builtin, digits};

/// Tables of more values than this are compressed.
const PLAIN: usize = 1 << 18;

/// Stores the rows of a task whose hash is `hash`, unless the catalog has them.
///
/// # Errors
/// The catalog cannot be written.
pub(super) fn save(catalog: &Catalog, task: &Task, hash: &str) -> Result<()> {
    if catalog.has_table(hash) {
        return Ok(());
    }
    let csv = if task.rows.count * (task.inputs.len() + task.outputs.len()) <= PLAIN {
        task.to_csv().into_bytes()
    } else {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to a vector cannot fail.
        let _ = task.write_csv(&mut encoder).and_then(|()| encoder.flush());
        encoder.finish().unwrap_or_default()
    };
    let validation = match &task.split {
        Split::Fixed { validation } => Some(validation.to_vec()),
        Split::Same | Split::Seeded | Split::Stratified => None,
    };
    catalog.save_table(hash, &StoredTable { csv, validation })
}

/// Reads the tasks of trials in the catalog. Each table is read once.
pub struct TaskReader<'a> {
    catalog: &'a Catalog,
    /// The sources by the hashes of their content.
    known: HashMap<String, Source>,
}

impl<'a> TaskReader<'a> {
    /// A reader of the trials in this catalog.
    #[must_use]
    pub fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, known: HashMap::new() }
    }

    /// The task of a trial: a built-in task, or one made from the copy of the user's table.
    ///
    /// # Errors
    /// The table is missing from the catalog or damaged.
    pub fn task(&mut self, specification: &Specification, about: &About) -> Result<Arc<Task>> {
        if let Some(source) = self.known.get(&specification.task) {
            return Ok(renamed(source.task(specification.plan.seed), about));
        }
        let source = self.source(&specification.task, about)?;
        let task = source.task(specification.plan.seed);
        self.known.insert(specification.task.clone(), source);
        Ok(renamed(task, about))
    }

    fn source(&self, hash: &str, about: &About) -> Result<Source> {
        if let Ok(task) = builtin::get(&about.task)
            && task.content_hash() == hash
        {
            return Ok(Source::Task(Arc::new(task)));
        }
        if digits::is_name(&about.task) {
            return self.digits(hash, about);
        }
        let missing = || Error::Table(about.task.clone());
        let StoredTable { csv, validation } = self.catalog.table(hash)?.ok_or_else(missing)?;
        let mut table = TableSource::parse(&about.task, &csv, &about.outputs).map_err(|_| missing())?;
        table.shape = about.shape;
        if let Some(validation) = validation {
            table.split = Split::Fixed { validation: validation.into() };
        }
        if table.split == Split::Stratified && table.content_hash() != hash {
            // Stored by a version that did not split by class.
            table.split = Split::Seeded;
        }
        if table.content_hash() == hash { Ok(Source::Table(Arc::new(table))) } else { Err(missing()) }
    }

    /// A task with digits, from the folder that the trial was created with or wherever the files are found now.
    fn digits(&self, hash: &str, about: &About) -> Result<Source> {
        let folder = about.data.as_deref().filter(|folder| folder.exists());
        let damaged = |reason: String| Error::Data { task: about.task.clone(), reason };
        let task = digits::open(&about.task, folder).map_err(|error| damaged(error.to_string()))?;
        match task {
            Some(task) if task.content_hash() == hash => Ok(Source::Task(Arc::new(task))),
            _ => Err(damaged("its images are not those that the trial was trained on".to_owned())),
        }
    }
}

/// The task with the names and the true modules that the trial was created with. Tasks of different names can have the
/// same rows.
fn renamed(task: Arc<Task>, about: &About) -> Arc<Task> {
    if task.name == about.task && task.inputs == about.inputs && task.outputs == about.outputs && about.truth.is_none()
    {
        return task;
    }
    let truth = about.truth.clone().or_else(|| task.truth.clone());
    let (name, inputs, outputs) = (about.task.clone(), about.inputs.clone(), about.outputs.clone());
    Arc::new(Task { name, inputs, outputs, truth, ..(*task).clone() })
}
