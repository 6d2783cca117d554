//! The command line, with one file for each subcommand.

mod bench;
mod command;
mod compare;
mod completions;
mod control;
mod delete;
pub mod detect;
mod display;
mod doctor;
mod dry_run;
mod echo;
mod export;
mod global;
mod keys;
mod labels;
mod list;
mod man;
mod networks;
mod output;
mod own_task;
mod paint;
mod parse_error;
mod paths;
mod planning;
mod presets;
mod reading;
mod report;
mod run;
mod search;
mod show;
mod table_args;
mod usage;
mod watch;
mod width;
mod work;

use std::process::ExitCode;

use clap::Parser;

use command::Cli;

pub use usage::Usage;

/// Parses the command line and does what it says. A failure prints one line and exits with 1, wrong usage with 2.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return parse_error::print(&error),
    };
    cli.run().unwrap_or_else(|error| {
        if error.chain().any(is_broken_pipe) {
            // The reader has closed the pipe, as `| head` does.
            return ExitCode::SUCCESS;
        }
        eprintln!("sculpt: {error:#}");
        if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
    })
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
