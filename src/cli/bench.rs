//! `sculpt bench`: the speed of each engine on this machine.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::usage::Usage;
use crate::experiment::calibration::Calibration;
use crate::network::Architecture;
use crate::train::measure::{Case, medians};
use crate::train::{EdgeEngine, Engine, EngineChoice, KernelClass};

/// Measure how long a training round takes with each engine on this machine
///
/// Rows and weights are random. A sparse network loses units before edges, as in pruning. Each line is the median of
/// several measurements, in which the engines take turns so that a busy machine slows all of them alike. The speed of this
/// machine is stored for later time estimates.
#[derive(Args, Debug, Clone)]
pub struct BenchArgs {
    /// Layer widths from inputs to outputs
    #[arg(long, value_name = "WIDTHS", default_value = "4,24,24,16")]
    arch: Architecture,
    /// Number of training rows
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rows: u32,
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
    us_per_step: f64,
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
    let case = Case::new(&args.arch, args.rows as usize, args.batch_size as usize, args.epochs as usize, args.density);
    let engines = engines(args, class)?;
    let started: Vec<&dyn Engine> = engines.iter().map(|(_, engine)| &**engine).collect();
    let times = medians(&case, &started, args.repetitions as usize);
    Calibration::measure().keep();
    let mut out = std::io::stdout().lock();
    for ((choice, _), time) in engines.iter().zip(times) {
        let seconds = time.as_secs_f64();
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
            us_per_step: seconds * 1e6 / case.steps() as f64,
        };
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        } else {
            writeln!(
                out,
                "{engine:<6}  {device:<8}  {:>10.3} ms per round  {:>9.2} us per step",
                line.ms_per_round, line.us_per_step
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
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
