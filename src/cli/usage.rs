//! Wrong usage: reported in one line, with exit code 2.

use std::path::{Path, PathBuf};

use super::reading::telling;
use crate::experiment::Source;
use crate::task::TableOptions;

/// An error of the user's command line rather than of the work: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

impl Usage {
    /// An error with this message.
    pub(super) fn error(message: impl Into<String>) -> anyhow::Error {
        Self(message.into()).into()
    }
}

/// The task called `name`, with the options of a table.
pub(super) fn task_source(name: &str, options: &TableOptions) -> anyhow::Result<Source> {
    let open = || Source::open(name, options, Path::new(""));
    telling(&[PathBuf::from(name)], open).map_err(|error| Usage::error(error.naming("--outputs")))
}
