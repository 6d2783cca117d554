//! `sculpt run`: an experiment, or a single task of the user's own.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::control::{self, leave_session};
use super::global::Global;
use super::own_task::{OWN, OwnTaskArgs};
use super::planning::{keep_cells, nothing_matches, plan};
use super::reading::{tables_of, telling};
use super::table_args::TableArgs;
use super::usage::Usage;
use super::work::say;
use super::work::{Show, WorkArgs, exit_code, interrupts, work};
use super::{dry_run, list, search};
use crate::catalog::{Catalog, Filter};
use crate::experiment::definition::{self, Policy};
use crate::experiment::depths::{Depths, FinishedTrials};
use crate::experiment::launch_request::{named, numbers};
use crate::experiment::runner::{Options, Summary};
use crate::experiment::tuning::Answers;
use crate::experiment::{Cell, Outline, Overrides, queued};
use crate::report::experiment::answer::voted;
use crate::report::hyperparameters;
use crate::report::numbers::counted;
use crate::task::digits;
use crate::train::EngineChoice;

/// Run an experiment: a preset, an experiment file, or a single task of your own
#[derive(Args, Debug)]
pub struct RunArgs {
    /// A preset (see `sculpt presets`) or an experiment file
    #[arg(value_name = "PRESET | FILE.toml", required_unless_present = "task")]
    experiment: Option<String>,
    #[command(flatten)]
    own: OwnTaskArgs,
    /// Seeds to use instead of those of the experiment, such as 0,1,5 or 0..19
    #[arg(long, alias = "seed", value_name = "SEEDS")]
    seeds: Option<String>,
    /// Numbers of hidden layers to use instead of those of the experiment, such as 1,2 or 1..3; with --task also auto
    #[arg(long, value_name = "NUMBERS")]
    depths: Option<String>,
    /// Widths of hidden layers to use instead of those of the experiment, such as 24,48
    #[arg(long, value_name = "NUMBERS")]
    widths: Option<String>,
    /// Initial step sizes of the walks, in percent: paper (84 walks), quick (one unit and one edge walk), or units/edges
    /// such as 35,70/0.5,1
    #[arg(long, value_name = "quick|paper|STEPS")]
    grid: Option<String>,
    /// Let the steps of a walk grow again once they have been smallest: each accepted step doubles the next one
    #[arg(long)]
    regrow: bool,
    /// End a round after this many epochs without a lower validation loss
    #[arg(long, value_name = "EPOCHS")]
    patience: Option<usize>,
    /// Folder with the files of MNIST, for tasks with digits [default: where torchvision and burn put them]
    #[arg(long, value_name = "DIR", env = "SCULPT_DATA", hide_env_values = true)]
    data: Option<PathBuf>,
    /// Training engine: auto, edges or burn
    #[arg(long)]
    engine: Option<String>,
    /// Backend of burn: ndarray or flex
    #[arg(long, requires = "engine")]
    device: Option<String>,
    /// Where to take hyperparameters that are not given: rule (search, as in the paper) or published (the authors' values)
    #[arg(long, value_name = "rule|published")]
    hyperparameters: Option<String>,
    /// Only trials that match, such as 'task=4-2-4 depth=2 seed<2'
    #[arg(long, value_name = "EXPR")]
    only: Option<String>,
    /// Repeat trials that are already done
    #[arg(long)]
    force: bool,
    /// Print which trials would run and how much time and disk space they would take, without training
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    work: WorkArgs,
    // Last, because the heading is that of all options below.
    #[command(flatten, next_help_heading = OWN)]
    table: TableArgs,
}

/// Creating this many trials in the catalog takes a second or more.
const MANY: usize = 2000;

/// Runs an experiment.
pub(super) fn run(global: &Global, args: &RunArgs) -> anyhow::Result<ExitCode> {
    let jobs = args.work.jobs();
    if let Some(folder) = &args.data {
        digits::use_folder(folder.clone());
    }
    let mut outline = outline(args)?;
    let filter = list::parse_filter(args.only.as_deref())?;
    keep_cells(&mut outline, &filter)?;
    if outline.cells.is_empty() {
        return Err(nothing_matches(&outline));
    }
    if args.dry_run {
        let catalog = global.open_read().ok();
        return dry_run::run(&outline, &filter, catalog.as_ref(), args.force, jobs, args.work.json);
    }
    let catalog = global.open()?;
    if args.work.detach {
        return detach(&catalog, &outline, &filter);
    }
    if args.work.background {
        leave_session();
    }
    let interrupt = interrupts()?;
    let request = RunRequest { catalog: &catalog, outline: &outline, filter: &filter, jobs };
    request.run(args, &interrupt, Show { json: args.work.json, ascii: global.ascii })
}

/// An experiment to run, and the part of it that is wanted.
struct RunRequest<'a> {
    catalog: &'a Catalog,
    outline: &'a Outline,
    filter: &'a Filter,
    jobs: usize,
}

impl RunRequest<'_> {
    /// Searches hyperparameters that are not known, runs the trials, and continues with deeper networks for as long as the
    /// answer changes.
    fn run(&self, args: &RunArgs, interrupt: &AtomicBool, show: Show) -> anyhow::Result<ExitCode> {
        let options = Options { experiments: vec![self.outline.name.clone()], jobs: self.jobs, force: args.force };
        let mut depths = Depths::new(self.outline);
        let mut whole = Summary::default();
        let mut answers = Answers::default();
        loop {
            let asked = |cell: &Cell| depths.wants(cell);
            let searches = self.outline.searches(&asked);
            let known = Answers::known(self.catalog, &searches);
            let name = &self.outline.name;
            let Some(found) = search::run(self.catalog, name, &searches, known, self.jobs, interrupt, show)? else {
                return Ok(ExitCode::from(130));
            };
            answers.extend(found);
            let planned = plan(self.outline, self.filter, &answers, &asked)?;
            for line in hyperparameters::summary(&planned.chosen) {
                say(&line, show);
            }
            if planned.trials.is_empty() && self.filter.is_empty() {
                let text = "every setting is an X (no number of epochs is enough)";
                return Err(Usage::error(format!("{name} has no trials: {text}; set other learning rates, or none")));
            }
            if planned.trials.is_empty() {
                return Err(nothing_matches(self.outline));
            }
            if planned.trials.len() >= MANY {
                say(&format!("creating {}", counted(planned.trials.len(), "trial")), show);
            }
            let trials = queued::write_down(self.catalog, &planned)?;
            let summary = work(self.catalog, trials, &options, interrupt, show)?;
            whole.failed += summary.failed;
            whole.interrupted |= summary.interrupted;
            if summary.interrupted || summary.left + summary.failed + summary.cancelled > 0 || !depths.are_open() {
                return Ok(exit_code(&whole));
            }
            let (catalog, outline) = (self.catalog, self.outline);
            for line in depths.advance(&FinishedTrials { catalog, outline, answers: &answers, answering: &voted })? {
                say(&line, show);
            }
            if !depths.are_open() {
                return Ok(exit_code(&whole));
            }
        }
    }
}

/// Leaves the work to a background process. Trials that can be planned already are created first, so that they appear at
/// once.
fn detach(catalog: &Catalog, outline: &Outline, filter: &Filter) -> anyhow::Result<ExitCode> {
    let depths = Depths::new(outline);
    let asked = |cell: &Cell| depths.wants(cell);
    let searches = outline.searches(&asked);
    let planned = plan(outline, filter, &Answers::known(catalog, &searches), &asked)?;
    if planned.unsearched == 0 {
        // The background process creates the same trials again, which changes nothing.
        queued::write_down(catalog, &planned)?;
    }
    let trials = counted(planned.trials.len(), "trial");
    let code = control::detach(catalog, &format!("{}: {trials} started", outline.name))?;
    if planned.unsearched > 0 {
        let networks = counted(planned.unsearched, "network");
        println!(
            "The run first searches for the hyperparameters of {networks}; its trials appear in the catalog afterwards."
        );
    }
    Ok(code)
}

/// The experiment that the arguments describe.
fn outline(args: &RunArgs) -> anyhow::Result<Outline> {
    let overrides = Overrides {
        grid: args.grid.as_deref().map(definition::grid).transpose().map_err(Usage::error)?,
        seeds: args.seeds.as_deref().map(definition::seeds).transpose().map_err(Usage::error)?,
        engine: engine(args)?,
        hyperparameters: args.hyperparameters.as_deref().map(parsed::<Policy>).transpose()?,
        patience: args.patience,
        regrow: args.regrow.then_some(true),
        ..Overrides::default()
    };
    let (depths, widths) = (args.depths.as_deref(), args.widths.as_deref());
    if let Some(outline) = args.own.outline(&args.table, depths, widths, &overrides)? {
        return Ok(outline);
    }
    let Some(name) = &args.experiment else {
        return Err(Usage::error("name a preset, a .toml file, or a task with --task"));
    };
    let read = |text: Option<&str>, what| text.map(|text| numbers(text, what)).transpose().map_err(Usage::error);
    let overrides = Overrides { depths: read(depths, "depths")?, widths: read(widths, "widths")?, ..overrides };
    telling(&tables_of(name), || named(name, &overrides)).map_err(Usage::error)
}

/// The engine named by the arguments, if any.
fn engine(args: &RunArgs) -> anyhow::Result<Option<EngineChoice>> {
    let named = args.engine.as_deref().map(|engine| EngineChoice::named(engine, args.device.as_deref()));
    named.transpose().map_err(|error| Usage::error(error.to_string()))
}

/// Parses an argument.
pub(super) fn parsed<T>(text: &str) -> anyhow::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Usage::error(error.to_string()))
}
