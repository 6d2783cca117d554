//! The command `sculpt`: parse and dispatch.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use neural_sculpting::cli::detect;

#[derive(Parser)]
#[command(name = "sculpt", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Detect(detect::DetectArgs),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Detect(args) => detect::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("sculpt: {error:#}");
        ExitCode::FAILURE
    })
}
