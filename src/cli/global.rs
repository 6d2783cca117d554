//! Options that every subcommand has.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::catalog::{Catalog, Result};

/// The heading of these options in the help of a subcommand.
const HEADING: &str = "Global options";

/// Options of every subcommand.
#[derive(Args, Debug, Clone)]
pub struct Global {
    /// Folder of the catalog [default: in the user's data folder]
    #[arg(long, global = true, env = "SCULPT_CATALOG", hide_env_values = true, value_name = "PATH", help_heading = HEADING)]
    pub catalog: Option<PathBuf>,
    /// Draw with ASCII characters only
    #[arg(long, global = true, help_heading = HEADING)]
    pub ascii: bool,
}

impl Global {
    fn path(&self) -> Option<&Path> {
        self.catalog.as_deref()
    }

    /// The catalog, created if it does not exist.
    pub(super) fn open(&self) -> Result<Catalog> {
        Catalog::open(self.path())
    }

    /// The catalog for reading only; nothing is created.
    pub(super) fn open_read(&self) -> Result<Catalog> {
        Catalog::open_read(self.path())
    }
}
