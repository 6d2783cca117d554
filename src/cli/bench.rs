//! `sculpt bench`: the speed of each engine on this machine.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::table_args::TableArgs;
use super::usage::{Usage, task_source};
use crate::experiment::calibration::Calibration;
use crate::network::Architecture;
use crate::train::measure::{Case, medians};
use crate::train::{EdgeEngine, Engine, EngineChoice, KernelClass};

/// Measure how long a training round takes with each engine on this machine
///
/// Rows and weights are random; with --task, rows are those of a task. A sparse network loses units before edges, as in
/// pruning. A round takes steps, and evaluates the network after each epoch. Each line has the medians of several
/// measurements, in which the engines take turns so that a busy machine slows all of them alike. The speed of this machine
/// is stored for later time estimates.
#[derive(Args, Debug, Clone)]
pub struct BenchArgs {
    /// Layer widths from inputs to outputs
    #[arg(long, value_name = "WIDTHS", default_value = "4,24,24,16")]
    arch: Architecture,
    /// Number of training rows
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rows: u32,
    /// Real inputs, of which this share is 0, from 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    zeros: Option<f64>,
    /// The rows of this task, named as for `run`: built-in, a function graph (.toml) or a table
    #[arg(long, value_name = "TASK", conflicts_with_all = ["rows", "zeros"])]
    task: Option<String>,
    #[command(flatten)]
    table: TableArgs,
    /// Rows per training step
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    batch_size: u32,
    /// Epochs per round
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    epochs: u32,
    /// Density of the network, above 0 and at most 1
    #[arg(long, value_name = "D", default_value = "1", value_parser = density)]
    density: f64,
    /// Only this engine: edges, burn or auto [default: edges, and burn on each device of this build]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<String>,
    /// Only this device of burn: ndarray or flex
    #[arg(long, value_name = "DEVICE", requires = "engine")]
    device: Option<String>,
    /// Kernel class of the edge engine: avx-512, avx2, neon or plain [default: the fastest of this processor]
    #[arg(long, value_name = "CLASS")]
    kernel: Option<KernelClass>,
    /// Number of measurements per engine, each of at least 10 ms
    #[arg(long, value_name = "N", default_value = "9", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repetitions: u32,
    /// Print JSON, one line per engine
    #[arg(long)]
    json: bool,
}

fn density(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|&number: &f64| number > 0.0 && number <= 1.0);
    number.ok_or_else(|| "a density is a number above 0 and at most 1, such as 0.05".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "a share is a number from 0 to 1, such as 0.8".to_owned())
}

#[derive(Serialize)]
struct Line<'a> {
    engine: &'a str,
    device: &'a str,
    kernel: &'a str,
    arch: &'a [usize],
    rows: usize,
    batch_size: usize,
    epochs: usize,
    density: f64,
    edges: usize,
    ms_per_round: f64,
    /// The whole round, over its steps.
    us_per_step: f64,
    /// A step alone, and an evaluation of all validation rows.
    step_us: f64,
    evaluation_ms: f64,
}

/// Measures the engines and prints the results.
///
/// # Errors
/// Standard output cannot be written to.
pub fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let class = args.kernel.unwrap_or_else(KernelClass::detect);
    if !class.is_here() {
        anyhow::bail!(Usage(format!("this processor has no {class} instructions; choose another --kernel")));
    }
    let case = case(args)?;
    let engines = engines(args, class)?;
    let started: Vec<&dyn Engine> = engines.iter().map(|(_, engine)| &**engine).collect();
    let times = medians(&case, &started, args.repetitions as usize);
    Calibration::measure().keep();
    let mut out = std::io::stdout().lock();
    for ((choice, _), times) in engines.iter().zip(times) {
        let (seconds, steps) = (times.round.as_secs_f64(), case.steps() as f64);
        let (engine, device) = choice.device().map_or(("edges", "cpu"), |device| ("burn", device.name()));
        let edges = case.network.condense().edges();
        let line = Line {
            engine,
            device,
            kernel: class.name(),
            arch: args.arch.widths(),
            rows: case.task.training.count,
            batch_size: case.settings.batch_size,
            epochs: case.settings.epochs,
            density: edges as f64 / args.arch.weights() as f64,
            edges,
            ms_per_round: seconds * 1e3,
            us_per_step: seconds * 1e6 / steps,
            step_us: times.steps.as_secs_f64() * 1e6 / steps,
            evaluation_ms: times.evaluations.as_secs_f64() * 1e3 / case.settings.epochs as f64,
        };
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        } else {
            writeln!(
                out,
                "{engine:<6}  {device:<8}  {:>10.3} ms per round  {:>9.2} us per step  {:>9.3} ms per evaluation",
                line.ms_per_round, line.step_us, line.evaluation_ms
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The round to measure.
fn case(args: &BenchArgs) -> anyhow::Result<Case> {
    let case = Case::new(&args.arch, args.rows as usize, args.batch_size as usize, args.epochs as usize, args.density);
    if let Some(name) = &args.task {
        let task = task_source(name, &args.table.options())?.task(0);
        let widths = (task.inputs.len(), task.outputs.len());
        if widths != (args.arch.inputs(), args.arch.outputs()) {
            let (inputs, outputs) = widths;
            anyhow::bail!(Usage(format!(
                "task {name} has {inputs} inputs and {outputs} outputs, which --arch has to start and end with"
            )));
        }
        return Ok(case.with_task((*task).clone()));
    }
    Ok(match args.zeros {
        Some(zeros) => case.with_zeros(zeros),
        None => case,
    })
}

/// The engines to measure. An engine named alone must be part of this build; of several, those that are not are skipped.
fn engines(args: &BenchArgs, class: KernelClass) -> anyhow::Result<Vec<(EngineChoice, Box<dyn Engine>)>> {
    let choices = match (args.engine.as_deref(), args.device.as_deref()) {
        (None, _) => vec![EngineChoice::Edges, EngineChoice::BurnNdarray, EngineChoice::BurnFlex],
        (Some("burn"), None) => vec![EngineChoice::BurnNdarray, EngineChoice::BurnFlex],
        (Some(engine), device) => {
            vec![EngineChoice::named(engine, device).map_err(|error| Usage::error(error.to_string()))?]
        }
    };
    let mut engines: Vec<(EngineChoice, Box<dyn Engine>)> = Vec::new();
    for choice in &choices {
        match choice.engine() {
            Ok(_) if choice.device().is_none() => engines.push((*choice, Box::new(EdgeEngine(class)))),
            Ok(engine) => engines.push((*choice, engine)),
            Err(missing) if choice == choices.last().unwrap_or(choice) && engines.is_empty() => {
                anyhow::bail!(Usage(missing.to_string()));
            }
            Err(_) => {}
        }
    }
    Ok(engines)
}
