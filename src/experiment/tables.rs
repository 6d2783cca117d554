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

/// Whether the task is a user's own, so that the catalog needs its rows.
pub(super) fn is_own(task: &Task) -> bool {
    !digits::is_name(&task.name) && !builtin::get(&task.name).is_ok_and(|known| known.rows == task.rows)
}

/// Stores the rows of a task whose hash is `hash`, unless the catalog has them.
///
/// # Errors
/// The catalog cannot be written.
pub(super) fn save(catalog: &Catalog, task: &Task, hash: &str) -> Result<()> {
    if catalog.has_table(hash) {
        return Ok(());
    }
    let csv = encoded(task, is_compressed(task));
    let validation = match &task.split {
        Split::Fixed { validation } => Some(validation.to_vec()),
        Split::Same | Split::Seeded | Split::Stratified => None,
    };
    catalog.save_table(hash, &StoredTable { csv, validation })
}

/// Whether the table of `task` is compressed.
fn is_compressed(task: &Task) -> bool {
    task.rows.count * (task.inputs.len() + task.outputs.len()) > PLAIN
}

/// The table of `task` as it is stored.
fn encoded(task: &Task, compress: bool) -> Vec<u8> {
    if !compress {
        return task.to_csv().into_bytes();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to a vector cannot fail.
    let _ = task.write_csv(&mut encoder).and_then(|()| encoder.flush());
    encoder.finish().unwrap_or_default()
}

/// The rows from which the size of a large table is estimated.
const SAMPLE: u32 = 200;

/// The bytes that the table of `task` takes in the catalog, estimated from its first rows; 0 for a task that is not
/// stored.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub(super) fn expected_bytes(task: &Task) -> f64 {
    if !is_own(task) {
        return 0.0;
    }
    let rows: Vec<u32> = (0..SAMPLE).take(task.rows.count).collect();
    let first = Task { rows: Arc::new(task.rows.select(&rows)), ..task.clone() };
    let bytes = encoded(&first, is_compressed(task)).len();
    bytes as f64 * task.rows.count as f64 / rows.len().max(1) as f64
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
            return digits_source(hash, about);
        }
        let missing = || Error::Table(about.task.clone());
        let StoredTable { csv, validation } = self.catalog.table(hash)?.ok_or_else(missing)?;
        let table = TableSource::stored(&about.task, &csv, &about.outputs, validation);
        let mut table = table.map_err(|_| missing())?;
        table.shape = about.shape;
        if table.split == Split::Stratified && table.content_hash() != hash {
            // Stored by a version that did not split by class.
            table.split = Split::Seeded;
        }
        if table.content_hash() == hash { Ok(Source::Table(Arc::new(table))) } else { Err(missing()) }
    }
}

/// A task with digits, from the folder that the trial was created with or wherever the files are found now.
fn digits_source(hash: &str, about: &About) -> Result<Source> {
    let folder = about.data.as_deref().filter(|folder| folder.exists());
    let damaged = |reason: String| Error::Data { task: about.task.clone(), reason };
    let task = digits::open(&about.task, folder).map_err(|error| damaged(error.to_string()))?;
    match task {
        Some(task) if task.content_hash() == hash => Ok(Source::Task(Arc::new(task))),
        _ => Err(damaged("its images are not those that the trial was trained on".to_owned())),
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

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn the_size_of_a_table_is_estimated_from_its_first_rows() {
        assert_eq!(expected_bytes(&builtin::get("4-2-4").unwrap()), 0.0);
        for columns in [3, 300] {
            let mut csv: String = (1..=columns).map(|column| format!("x{column},")).collect();
            csv.push_str("y1\n");
            for row in 0..1500 {
                (0..columns).for_each(|column| write!(csv, "{},", (row * column) % 1000).unwrap());
                writeln!(csv, "{}", row % 2).unwrap();
            }
            let task = TableSource::parse("own", csv.as_bytes(), &[]).unwrap().split(0);
            let stored = encoded(&task, is_compressed(&task)).len() as f64;
            let ratio = expected_bytes(&task) / stored;
            assert!((0.7..1.4).contains(&ratio), "{columns}: {ratio}");
        }
    }
}
