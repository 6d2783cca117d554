//! `sculpt run`: an experiment, or one's own task.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::work::{WorkArgs, work};
use super::{Global, Usage, list};
use crate::catalog::{Filter, TrialRow, Utc};
use crate::detect::DetectionSettings;
use crate::experiment::asked::{named, numbers};
use crate::experiment::definition::{Choices, GridChoice};
use crate::experiment::runner::Options;
use crate::experiment::{Overrides, Planned, estimate, orders, seeds, single};
use crate::network::Architecture;
use crate::prune::{Grid, Stages};
use crate::report::text::{counted, duration};
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
    /// What computes the rounds: burn-ndarray or burn-flex
    #[arg(long)]
    engine: Option<String>,
    /// Only trials that pass, such as 'task=4-2-4 depth=2 seed<2'
    #[arg(long, value_name = "EXPR")]
    only: Option<String>,
    /// Do trials again that are done
    #[arg(long)]
    force: bool,
    /// Print the trials that would run, and the time they may take
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    work: WorkArgs,
}

/// Runs an experiment.
pub(super) fn run(global: &Global, args: &RunArgs) -> anyhow::Result<ExitCode> {
    let jobs = args.work.jobs();
    let mut planned = plan(args)?;
    let filter = list::parse_filter(args.only.as_deref())?;
    keep_matching(&mut planned, &filter)?;
    if planned.trials.is_empty() {
        return Err(Usage::from_text(format!("no trial of {} passes --only", planned.name)));
    }
    if args.dry_run {
        return Ok(dry_run(&planned, jobs, args.work.json));
    }
    let catalog = global.open()?;
    if args.work.detach {
        // The child writes the same trials down again, which changes nothing.
        orders::write_down(&catalog, &planned)?;
        return super::control::detach(&catalog, &planned.name, planned.trials.len());
    }
    if args.work.background {
        super::control::leave_session();
    }
    let orders = orders::write_down(&catalog, &planned)?;
    let options = Options { experiments: vec![planned.name], jobs, force: args.force };
    work(&catalog, orders, &options, args.work.json, global.ascii)
}

/// What the arguments ask for.
fn plan(args: &RunArgs) -> anyhow::Result<Planned> {
    let overrides = Overrides {
        grid: args.grid.as_deref().map(grid).transpose()?,
        depths: args.depths.as_deref().map(|text| numbers(text, "depths")).transpose().map_err(Usage::from_text)?,
        widths: args.widths.as_deref().map(|text| numbers(text, "widths")).transpose().map_err(Usage::from_text)?,
        seeds: args.seeds.as_deref().map(seeds).transpose().map_err(Usage::from_text)?,
        engine: args.engine.as_deref().map(parsed::<EngineChoice>).transpose()?,
    };
    match (&args.experiment, &args.task, &args.arch) {
        (Some(name), ..) => named(name, &overrides).map_err(Usage::from_text),
        (None, Some(task), Some(arch)) => own_task(args, task, arch, &overrides),
        _ => Err(Usage::from_text("name a preset, a .toml file, or a task with --task and --arch")),
    }
}

/// One trial a seed on a task of one's own.
fn own_task(args: &RunArgs, task: &str, arch: &str, overrides: &Overrides) -> anyhow::Result<Planned> {
    let architecture: Architecture = parsed(arch)?;
    let choices = Choices {
        learning_rate: args.lr,
        batch_size: args.batch_size,
        epochs: args.epochs,
        noise: args.noise,
        stages: args.stages.as_deref().map(parsed::<Stages>).transpose()?,
        ..Choices::default()
    };
    let seeds = overrides.seeds.clone().unwrap_or_else(|| vec![0]);
    let trials = single(task, &args.outputs, &architecture, &seeds, &choices, overrides).map_err(Usage::from_text)?;
    let name = trials.first().map_or_else(|| task.to_owned(), |trial| trial.task.name.clone());
    let text = format!("# sculpt run --task {task} --arch {arch}\n");
    Ok(Planned { name: experiment_name(&name), text, detection: DetectionSettings::default(), trials })
}

/// A task's name as the name of a folder.
fn experiment_name(task: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = task.chars().take(60).map(safe).collect();
    if name.is_empty() { "own-task".to_owned() } else { name }
}

fn grid(name: &str) -> anyhow::Result<Grid> {
    GridChoice::parse(name).and_then(|choice| choice.grid()).map_err(Usage::from_text)
}

/// Text from the command line as a value of its kind.
fn parsed<T>(text: &str) -> anyhow::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Usage::from_text(error.to_string()))
}

/// Leaves out the trials that do not pass.
fn keep_matching(planned: &mut Planned, filter: &Filter) -> anyhow::Result<()> {
    if filter.is_empty() {
        return Ok(());
    }
    let now = Utc::now();
    let mut kept = Vec::new();
    for trial in planned.trials.drain(..) {
        // What can be asked before a trial is run does not depend on the task's hash.
        let specification = orders::specification(&trial, "0")?;
        if filter.matches(&TrialRow::planned(&specification, &trial.task.name, now)) {
            kept.push(trial);
        }
    }
    planned.trials = kept;
    Ok(())
}

fn dry_run(planned: &Planned, jobs: usize, json: bool) -> ExitCode {
    let time = estimate::total_time(&planned.trials, jobs);
    if json {
        let trials: Vec<_> = planned
            .trials
            .iter()
            .map(|trial| {
                serde_json::json!({"task": trial.task.name, "arch": trial.plan.architecture, "seed": trial.plan.seed,
                "expected_s": estimate::trial_time(trial).as_secs_f64(), "plan": trial.plan})
            })
            .collect();
        println!(
            "{}",
            serde_json::json!({"experiment": planned.name, "jobs": jobs, "expected_s": time.as_secs_f64(), "trials": trials})
        );
        return ExitCode::SUCCESS;
    }
    println!("{:<12}{:<16}{:>5}{:>7}{:>7}{:>8}{:>10}", "task", "arch", "seed", "rate", "batch", "epochs", "time");
    for trial in &planned.trials {
        let settings = &trial.plan.hyperparameters;
        println!(
            "{:<12}{:<16}{:>5}{:>7}{:>7}{:>8}{:>10}",
            trial.task.name,
            trial.plan.architecture.to_string(),
            trial.plan.seed,
            settings.learning_rate,
            settings.batch_size,
            settings.epochs,
            duration(estimate::trial_time(trial))
        );
    }
    println!(
        "{}: {} would run, about {} with {}; nothing was started",
        planned.name,
        counted(planned.trials.len(), "trial"),
        duration(time.max(Duration::from_millis(100))),
        counted(jobs, "worker")
    );
    ExitCode::SUCCESS
}
