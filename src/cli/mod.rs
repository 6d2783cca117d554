//! The command line: one file a subcommand.

mod bench;
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
mod keys;
mod labels;
mod list;
mod networks;
mod output;
mod paths;
mod presets;
mod report;
mod run;
mod search;
mod show;
mod usage;
mod watch;
mod work;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::catalog::Catalog;
use crate::report::text::MIN_WIDTH;
use crate::tui;

pub use usage::Usage;

/// What follows the list of subcommands.
const START: &str = "\
Without a command, opens the dashboard. To begin with, try

  sculpt run quickstart     train, prune and take apart two small networks
  sculpt list               what came of it
  sculpt show TRIAL         one of them in full, by the first characters of its id";

/// Uncover the hierarchy of sub-functions hidden in a task: train small networks, prune them, detect their modules.
#[derive(Parser, Debug)]
#[command(name = "sculpt", version, about, after_help = START, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    /// In the dashboard, the wheel of the mouse moves, too
    #[arg(long)]
    mouse: bool,
    /// When the work has ended, the dashboard rings the terminal's bell and sends it a notification (OSC 9)
    #[arg(long)]
    bell: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every subcommand.
#[derive(Args, Debug, Clone)]
pub struct Global {
    /// The catalog's folder [default: the user's data folder]
    #[arg(long, global = true, env = "SCULPT_CATALOG", hide_env_values = true, value_name = "PATH")]
    pub catalog: Option<PathBuf>,
    /// Draw with plain ASCII characters
    #[arg(long, global = true)]
    pub ascii: bool,
}

impl Global {
    fn path(&self) -> Option<&Path> {
        self.catalog.as_deref()
    }

    /// The catalog, made where there is none.
    fn open(&self) -> crate::catalog::Result<Catalog> {
        Catalog::open(self.path())
    }

    /// The catalog, only to look.
    fn look(&self) -> crate::catalog::Result<Catalog> {
        Catalog::open_read(self.path())
    }
}

#[derive(Subcommand, Debug)]
enum Command {
    Presets(presets::PresetsArgs),
    Run(Box<run::RunArgs>),
    List(list::ListArgs),
    Show(show::ShowArgs),
    Compare(compare::CompareArgs),
    Report(report::ReportArgs),
    Detect(detect::DetectArgs),
    Paths(paths::PathsArgs),
    Bench(bench::BenchArgs),
    /// Pause trials; `sculpt resume` goes on with them
    Pause(control::SelectArgs),
    Resume(control::ResumeArgs),
    /// Cancel trials; what they had is kept
    Cancel(control::SelectArgs),
    Export(export::ExportArgs),
    Watch(watch::WatchArgs),
    Tag(labels::TagArgs),
    Note(labels::NoteArgs),
    Delete(delete::DeleteArgs),
    Keys(keys::KeysArgs),
    Doctor(doctor::DoctorArgs),
    Completions(completions::CompletionsArgs),
}

/// Parses the command line and does what it says. Failures print one line and exit with 1, wrong usage exits with 2.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { global, mouse, bell, command } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error),
    };
    let done = match command {
        None => tui::run(&tui::Options { catalog: global.catalog, ascii: global.ascii, mouse, bell }),
        Some(Command::Presets(args)) => presets::run(&args),
        Some(Command::Run(args)) => run::run(&global, &args),
        Some(Command::List(args)) => list::run(&global, &args),
        Some(Command::Show(args)) => show::run(&global, &args),
        Some(Command::Compare(args)) => compare::run(&global, &args),
        Some(Command::Export(args)) => export::run(&global, &args),
        Some(Command::Watch(args)) => watch::run(&global, &args),
        Some(Command::Keys(args)) => keys::run(&args),
        Some(Command::Doctor(args)) => doctor::run(&global, &args),
        Some(Command::Tag(args)) => labels::tag(&global, &args),
        Some(Command::Note(args)) => labels::note(&global, &args),
        Some(Command::Report(args)) => report::run(&global, &args),
        Some(Command::Detect(args)) => detect::run(&args, global.ascii),
        Some(Command::Paths(args)) => paths::run(&args, global.ascii),
        Some(Command::Bench(args)) => bench::run(&args),
        Some(Command::Pause(args)) => control::pause(&global, &args),
        Some(Command::Resume(args)) => control::resume(&global, &args),
        Some(Command::Cancel(args)) => control::cancel(&global, &args),
        Some(Command::Delete(args)) => delete::run(&global, &args),
        Some(Command::Completions(args)) => completions::run(&args),
    };
    done.unwrap_or_else(|error| {
        if error.chain().any(is_broken_pipe) {
            // Whoever reads has seen enough, as with `| head`.
            return ExitCode::SUCCESS;
        }
        eprintln!("sculpt: {error:#}");
        if error.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
    })
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Columns of the text: those of the terminal, from 40 to 120, or 80 elsewhere.
fn width() -> usize {
    let columns = std::io::stdout().is_terminal().then(|| crossterm::terminal::size().ok()).flatten();
    columns.map_or(80, |(columns, _)| usize::from(columns).clamp(MIN_WIDTH, 120))
}
