//! `sculpt completions`: scripts that complete the command line.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

/// Print a completion script for a shell
///
/// For bash: sculpt completions bash > ~/.local/share/bash-completion/completions/sculpt
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script for `command`.
pub(super) fn run(args: &CompletionsArgs, mut command: clap::Command) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "sculpt", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(ExitCode::SUCCESS)
}
