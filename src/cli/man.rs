//! `sculpt man`: man pages.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

/// Print the man page of sculpt, or write one for each subcommand into a folder
///
/// To install them for one user: sculpt man --dir ~/.local/share/man/man1
#[derive(Args, Debug)]
pub struct ManArgs {
    /// Write sculpt.1 and a page for each subcommand, such as sculpt-run.1, into this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes the pages of `command`.
pub(super) fn run(args: &ManArgs, command: clap::Command) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.dir {
        let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
        written.with_context(|| format!("cannot write man pages to {}", folder.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut page = Vec::new();
    // As `generate_to` does.
    let command = command.disable_help_subcommand(true);
    clap_mangen::Man::new(command).render(&mut page)?;
    std::io::stdout().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
