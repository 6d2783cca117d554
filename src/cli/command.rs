//! The command line as a whole: options, subcommands, and which function does what.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use super::global::Global;
use super::{
    bench, compare, completions, control, delete, detect, doctor, export, keys, labels, list, man, paths, presets,
    report, run, show, watch,
};
use crate::tui;

/// What follows the list of subcommands.
const START: &str = "\
Without a command, sculpt opens the dashboard. To get started:

  sculpt run quickstart     train, prune and take apart two small networks
  sculpt list               see the results
  sculpt show TRIAL         see one trial in full; TRIAL is its id, or the start of it";

/// Uncover the hierarchy of sub-functions hidden in a task: train small networks, prune them, detect their modules.
#[derive(Parser, Debug)]
#[command(name = "sculpt", version, about, after_help = START, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    /// Let the mouse wheel scroll in the dashboard
    #[arg(long)]
    mouse: bool,
    /// Ring the terminal bell and send a notification (OSC 9) when the dashboard sees all runs finish
    #[arg(long)]
    bell: bool,
    #[command(subcommand)]
    command: Option<Command>,
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
    /// Pause trials; `sculpt resume` continues them
    Pause(control::SelectArgs),
    Resume(control::ResumeArgs),
    /// Cancel trials but keep what they have done; `sculpt resume` continues them
    Cancel(control::SelectArgs),
    Export(export::ExportArgs),
    Watch(watch::WatchArgs),
    Tag(labels::TagArgs),
    Note(labels::NoteArgs),
    Delete(delete::DeleteArgs),
    Keys(keys::KeysArgs),
    Doctor(doctor::DoctorArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Cli {
    /// Does what the command line says.
    ///
    /// # Errors
    /// Whatever the subcommand fails with; a [`Usage`](super::usage::Usage) if it was called wrongly.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self { global, mouse, bell, command } = self;
        match command {
            None => tui::run(&tui::Options { catalog: global.catalog, ascii: global.ascii, mouse, bell }),
            Some(Command::Presets(args)) => presets::run(&args),
            Some(Command::Run(args)) => run::run(&global, &args),
            Some(Command::List(args)) => list::run(&global, &args),
            Some(Command::Show(args)) => show::run(&global, &args),
            Some(Command::Compare(args)) => compare::run(&global, &args),
            Some(Command::Report(args)) => report::run(&global, &args),
            Some(Command::Detect(args)) => detect::run(&args, global.ascii),
            Some(Command::Paths(args)) => paths::run(&args, global.ascii),
            Some(Command::Bench(args)) => bench::run(&args),
            Some(Command::Pause(args)) => control::pause(&global, &args),
            Some(Command::Resume(args)) => control::resume(&global, &args),
            Some(Command::Cancel(args)) => control::cancel(&global, &args),
            Some(Command::Export(args)) => export::run(&global, &args),
            Some(Command::Watch(args)) => watch::run(&global, &args),
            Some(Command::Tag(args)) => labels::tag(&global, &args),
            Some(Command::Note(args)) => labels::note(&global, &args),
            Some(Command::Delete(args)) => delete::run(&global, &args),
            Some(Command::Keys(args)) => keys::run(&args),
            Some(Command::Doctor(args)) => doctor::run(&global, &args),
            Some(Command::Completions(args)) => completions::run(&args, Self::command()),
            Some(Command::Man(args)) => man::run(&args, Self::command()),
        }
    }
}
