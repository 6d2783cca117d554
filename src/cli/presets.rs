//! `sculpt presets`: the built-in experiments.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::usage::Usage;
use super::width::width;
use crate::experiment::tuning::Answers;
use crate::experiment::{Overrides, default_jobs, estimate, presets};
use crate::report::numbers::{self, counted};
use crate::report::text::wrapped;

/// List the built-in experiments
#[derive(Args, Debug)]
pub struct PresetsArgs {
    /// Print JSON, one line per preset
    #[arg(long)]
    json: bool,
    /// Print the file of a preset, as a starting point for your own experiment
    #[arg(long, value_name = "PRESET", conflicts_with = "json")]
    show: Option<String>,
}

/// Columns by which descriptions are indented.
const INDENT: usize = 19;

/// Prints the list, or the file of a preset.
pub(super) fn run(args: &PresetsArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    if let Some(name) = &args.show {
        let preset = presets::get(name).ok_or_else(|| Usage::error(presets::unknown(name)))?;
        write!(out, "{}", preset.text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let jobs = default_jobs();
    for preset in presets::ALL {
        let definition = preset.definition();
        let about = definition.about.unwrap_or_default();
        // Counted with the hyperparameters that a search would start from.
        let outline = preset.outline(&Overrides::default());
        let trials = match outline.and_then(|outline| outline.plan(&Answers::default(), &|_| true)) {
            Ok(planned) => planned.trials,
            Err(problem) => {
                // Its data are missing.
                if args.json {
                    let line =
                        json!({ "name": preset.name, "title": definition.title, "about": about, "problem": problem });
                    writeln!(out, "{line}")?;
                } else {
                    writeln!(out, "{:<INDENT$}cannot be run yet", preset.name)?;
                    for row in [about, problem].iter().flat_map(|text| wrapped(text, width() - INDENT, 0)) {
                        writeln!(out, "{:INDENT$}{row}", "")?;
                    }
                }
                continue;
            }
        };
        let time = estimate::total_time(&trials, jobs);
        if args.json {
            let line = json!({
                "name": preset.name,
                "title": definition.title,
                "about": about,
                "trials": trials.len(),
                "expected_s": time.as_secs_f64(),
                "jobs": jobs,
            });
            writeln!(out, "{line}")?;
        } else {
            let (count, time) = (counted(trials.len(), "trial"), numbers::estimate(time.as_secs_f64()));
            writeln!(out, "{:<INDENT$}{count}, {time} with {}", preset.name, counted(jobs, "worker"))?;
            for row in wrapped(&about, width() - INDENT, 0) {
                writeln!(out, "{:INDENT$}{row}", "")?;
            }
        }
    }
    if !args.json {
        writeln!(out, "\nRun one with `sculpt run NAME`; see its file with `sculpt presets --show NAME`.")?;
    }
    Ok(ExitCode::SUCCESS)
}
