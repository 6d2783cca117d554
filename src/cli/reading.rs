//! A line on standard error while large tables are read.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::experiment::definition;
use crate::report::numbers::{bytes, counted};

/// Tables of fewer bytes take no time that is worth a word.
const LARGE: u64 = 4 << 20;

/// What takes longer is said.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does `work`, which reads these tables, and says so if they are large and it takes more than a second.
pub(super) fn telling<T>(tables: &[PathBuf], work: impl FnOnce() -> T) -> T {
    let size: u64 = tables.iter().filter_map(|path| path.metadata().ok()).map(|file| file.len()).sum();
    if size < LARGE {
        return work();
    }
    let what = match tables {
        [one] => one.display().to_string(),
        several => counted(several.len(), "table"),
    };
    let (done, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("reading {what}, {} ..", bytes(size));
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// The tables of an experiment file; none if it is something else.
pub(super) fn tables_of(experiment: &str) -> Vec<PathBuf> {
    let path = Path::new(experiment);
    let text =
        path.extension().filter(|&extension| extension == "toml").and_then(|_| std::fs::read_to_string(path).ok());
    let Some(definition) = text.and_then(|text| definition::parse(&text).ok()) else { return Vec::new() };
    let folder = path.parent().unwrap_or(Path::new(""));
    let tables = definition.trials.iter().flat_map(|block| &block.tasks).map(|task| folder.join(task));
    tables.filter(|path| path.is_file()).collect()
}
