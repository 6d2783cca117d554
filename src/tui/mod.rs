//! The dashboard.

use std::path::PathBuf;
use std::process::ExitCode;

/// How to open the dashboard.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The catalog's folder; `None` for the user's own.
    pub catalog: Option<PathBuf>,
    /// Draw with plain ASCII characters.
    pub ascii: bool,
}

/// Opens the dashboard.
///
/// # Errors
/// There is no terminal.
pub fn run(_options: &Options) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
