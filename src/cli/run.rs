//! `sculpt run`: an experiment, or one's own task.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::usage::task_source;
use super::work::{Show, WorkArgs, exit_code, interrupts, work};
use super::{Global, Usage, dry_run, list, search};
use crate::catalog::{Catalog, Filter, Key, TrialRow, Utc};
use crate::experiment::definition::{self, Choices, Policy};
use crate::experiment::depths::{Depths, FinishedTrials};
use crate::experiment::launch_request::{experiment_name, named, numbers};
use crate::experiment::runner::{Options, Summary};
use crate::experiment::tuning::Answers;
use crate::experiment::{Cell, Outline, Overrides, Planned, PlannedTrial, queued};
use crate::network::Architecture;
use crate::prune::Stages;
use crate::report::experiment::answer::voted;
use crate::report::hyperparameters;
use crate::report::numbers::counted;
use crate::train::EngineChoice;

/// Options that are for a task of one's own.
const OWN: &str = "A task of your own, in place of a preset";

/// Run an experiment: a preset, a file of your own, or one task of your own
#[derive(Args, Debug)]
pub struct RunArgs {
    /// A preset (see `sculpt presets`) or a .toml file
    #[arg(value_name = "PRESET | FILE.toml", required_unless_present = "task", conflicts_with = "task")]
    experiment: Option<String>,
    /// A task: a built-in name, a table (.csv) or a function graph (.toml)
    #[arg(long, help_heading = OWN, requires = "arch", value_name = "TASK")]
    task: Option<String>,
    /// Layer widths from inputs to outputs, as in 4,24,24,4
    #[arg(long, help_heading = OWN, requires = "task", value_name = "WIDTHS")]
    arch: Option<String>,
    /// Names of the table's output columns [default: y1, y2, ..]
    #[arg(long, help_heading = OWN, requires = "task", value_delimiter = ',', value_name = "NAMES")]
    outputs: Vec<String>,
    /// Step length of Adam
    #[arg(long, help_heading = OWN, requires = "task", value_name = "RATE", allow_negative_numbers = true)]
    lr: Option<f64>,
    /// Rows a step
    #[arg(long, help_heading = OWN, requires = "task", value_name = "ROWS")]
    batch_size: Option<usize>,
    /// Epochs a round
    #[arg(long, help_heading = OWN, requires = "task")]
    epochs: Option<usize>,
    /// Standard deviation of the noise on inputs
    #[arg(long, help_heading = OWN, requires = "task", value_name = "DEVIATION", allow_negative_numbers = true)]
    noise: Option<f64>,
    /// dense, unit, edge or unit+edge
    #[arg(long, help_heading = OWN, requires = "task")]
    stages: Option<String>,
    /// Seeds in place of those of the experiment, as in 0,1,5 or 0..19
    #[arg(long, alias = "seed", value_name = "SEEDS")]
    seeds: Option<String>,
    /// Numbers of hidden layers in place of those of the experiment, as in 1,2 or 1..3
    #[arg(long, conflicts_with = "task", value_name = "NUMBERS")]
    depths: Option<String>,
    /// Widths of hidden layers in place of those of the experiment, as in 24,48
    #[arg(long, conflicts_with = "task", value_name = "NUMBERS")]
    widths: Option<String>,
    /// First steps of the walks: paper is all 84 walks, quick one of each kind, 35,70/0.5,1 these of units/edges
    #[arg(long, value_name = "quick|paper|STEPS")]
    grid: Option<String>,
    /// What computes the rounds: auto, edges or burn
    #[arg(long)]
    engine: Option<String>,
    /// Where burn computes: flex or ndarray
    #[arg(long, requires = "engine")]
    device: Option<String>,
    /// Hyperparameters that are not given: rule searches them as the paper does, published takes the authors'
    #[arg(long, value_name = "rule|published")]
    hyperparameters: Option<String>,
    /// Only trials that pass, such as 'task=4-2-4 depth=2 seed<2'
    #[arg(long, value_name = "EXPR")]
    only: Option<String>,
    /// Do trials again that are done
    #[arg(long)]
    force: bool,
    /// Print the trials that would run, the time they may take and the disk space; train nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    work: WorkArgs,
}

/// From so many trials on it takes a second or more to write them down.
const MANY: usize = 2000;

/// Runs an experiment.
pub(super) fn run(global: &Global, args: &RunArgs) -> anyhow::Result<ExitCode> {
    let jobs = args.work.jobs();
    let mut outline = outline(args)?;
    let filter = list::parse_filter(args.only.as_deref())?;
    keep_cells(&mut outline, &filter)?;
    if outline.cells.is_empty() {
        return Err(nothing_passes(&outline));
    }
    if args.dry_run {
        return dry_run::run(&outline, &filter, &known(global, &outline), jobs, args.work.json);
    }
    let catalog = global.open()?;
    if args.work.detach {
        return detach(&catalog, &outline, &filter);
    }
    if args.work.background {
        super::control::leave_session();
    }
    let interrupt = interrupts()?;
    let request = RunRequest { catalog: &catalog, outline: &outline, filter: &filter, jobs };
    request.run(args, &interrupt, Show { json: args.work.json, ascii: global.ascii })
}

/// An experiment to be run, and what of it.
struct RunRequest<'a> {
    catalog: &'a Catalog,
    outline: &'a Outline,
    filter: &'a Filter,
    jobs: usize,
}

impl RunRequest<'_> {
    /// Searches hyperparameters where they are not known, runs the trials, and goes on with deeper networks for as long
    /// as the answer changes.
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
                tell(&line, show);
            }
            if planned.trials.is_empty() && self.filter.is_empty() {
                let text = "every setting is an X: give lower learning rates, or none";
                return Err(Usage::from_text(format!("{name} has no trials, for {text}")));
            }
            if planned.trials.is_empty() {
                return Err(nothing_passes(self.outline));
            }
            if planned.trials.len() >= MANY {
                tell(&format!("writing down {}", counted(planned.trials.len(), "trial")), show);
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
                tell(&line, show);
            }
            if !depths.are_open() {
                return Ok(exit_code(&whole));
            }
        }
    }
}

/// Prints a line beside the JSON lines, if there are such.
pub(super) fn tell(line: &str, show: Show) {
    // Nobody may be left to read; the work goes on.
    let _ = if show.json { writeln!(std::io::stderr(), "{line}") } else { writeln!(std::io::stdout(), "{line}") };
}

/// The trials of the cells that are asked for and that pass.
pub(super) fn plan(
    outline: &Outline,
    filter: &Filter,
    answers: &Answers,
    asked: &dyn Fn(&Cell) -> bool,
) -> anyhow::Result<Planned> {
    let mut planned = outline.plan(answers, asked).map_err(Usage::from_text)?;
    if !filter.is_empty() {
        let now = Utc::now();
        let mut kept = Vec::with_capacity(planned.trials.len());
        for trial in planned.trials {
            if passes(&trial, filter, now)? {
                kept.push(trial);
            }
        }
        planned.trials = kept;
    }
    Ok(planned)
}

/// The hyperparameters that the catalog knows; a dry run looks and makes none.
fn known(global: &Global, outline: &Outline) -> Answers {
    let searches = outline.searches(&|_| true);
    global.look().map(|catalog| Answers::known(&catalog, &searches)).unwrap_or_default()
}

/// Leaves the work to a process of its own; what can be planned already is written down first, so that it shows at once.
fn detach(catalog: &Catalog, outline: &Outline, filter: &Filter) -> anyhow::Result<ExitCode> {
    let depths = Depths::new(outline);
    let asked = |cell: &Cell| depths.wants(cell);
    let searches = outline.searches(&asked);
    let planned = plan(outline, filter, &Answers::known(catalog, &searches), &asked)?;
    if planned.unsearched == 0 {
        // The child writes the same trials down again, which changes nothing.
        queued::write_down(catalog, &planned)?;
    }
    let code = super::control::detach(catalog, &outline.name, planned.trials.len())?;
    if planned.unsearched > 0 {
        let networks = counted(planned.unsearched, "network");
        println!("it first searches the hyperparameters of {networks}; the trials show in the catalog after that");
    }
    Ok(code)
}

fn nothing_passes(outline: &Outline) -> anyhow::Error {
    Usage::from_text(format!("no trial of {} passes --only", outline.name))
}

/// What the arguments ask for.
fn outline(args: &RunArgs) -> anyhow::Result<Outline> {
    let overrides = Overrides {
        grid: args.grid.as_deref().map(definition::grid).transpose().map_err(Usage::from_text)?,
        depths: args.depths.as_deref().map(|text| numbers(text, "depths")).transpose().map_err(Usage::from_text)?,
        widths: args.widths.as_deref().map(|text| numbers(text, "widths")).transpose().map_err(Usage::from_text)?,
        seeds: args.seeds.as_deref().map(definition::seeds).transpose().map_err(Usage::from_text)?,
        engine: engine(args)?,
        hyperparameters: args.hyperparameters.as_deref().map(parsed::<Policy>).transpose()?,
    };
    match (&args.experiment, &args.task, &args.arch) {
        (Some(name), ..) => named(name, &overrides).map_err(Usage::from_text),
        (None, Some(task), Some(arch)) => own_task(args, task, arch, &overrides),
        _ => Err(Usage::from_text("name a preset, a .toml file, or a task with --task and --arch")),
    }
}

/// The engine asked for, if any.
fn engine(args: &RunArgs) -> anyhow::Result<Option<EngineChoice>> {
    let named = args.engine.as_deref().map(|engine| EngineChoice::named(engine, args.device.as_deref()));
    named.transpose().map_err(|error| Usage::from_text(error.to_string()))
}

/// One trial a seed on a task of one's own.
fn own_task(args: &RunArgs, task: &str, arch: &str, overrides: &Overrides) -> anyhow::Result<Outline> {
    let architecture: Architecture = parsed(arch)?;
    let choices = Choices {
        learning_rate: args.lr.into_iter().collect(),
        batch_size: args.batch_size.into_iter().collect(),
        epochs: args.epochs,
        noise: args.noise,
        stages: args.stages.as_deref().map(parsed::<Stages>).transpose()?,
        ..Choices::default()
    };
    let source = task_source(task, &args.outputs)?;
    let outline = Outline::single(&source, &architecture, &choices, overrides).map_err(Usage::from_text)?;
    let text = format!("# sculpt run --task {task} --arch {arch}\n");
    Ok(Outline { name: experiment_name(&outline.name), text, ..outline })
}

/// Text from the command line as a value of its kind.
fn parsed<T>(text: &str) -> anyhow::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Usage::from_text(error.to_string()))
}

/// What is known of a trial only once its hyperparameters are.
const SEARCHED: [Key; 3] = [Key::Id, Key::LearningRate, Key::Epochs];

/// Leaves out the seeds and cells that cannot pass, so that nothing is searched for them.
fn keep_cells(outline: &mut Outline, filter: &Filter) -> anyhow::Result<()> {
    if filter.is_empty() {
        return Ok(());
    }
    let now = Utc::now();
    for cell in &mut outline.cells {
        if cell.question().is_some() && filter.asks_for(&SEARCHED) {
            continue;
        }
        let mut kept = Vec::new();
        for &seed in &cell.seeds {
            if passes(&cell.first_trial(seed).map_err(Usage::from_text)?, filter, now)? {
                kept.push(seed);
            }
        }
        cell.seeds = kept;
    }
    outline.cells.retain(|cell| !cell.seeds.is_empty());
    Ok(())
}

fn passes(trial: &PlannedTrial, filter: &Filter, now: Utc) -> anyhow::Result<bool> {
    // What can be asked before a trial is run does not depend on the task's hash.
    let specification = queued::specification(trial, "0")?;
    Ok(filter.matches(&TrialRow::planned(&specification, &trial.task.name, now)))
}
