//! `sculpt compare`: trials side by side.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::global::Global;
use super::usage::Usage;
use super::width::width;
use crate::experiment::details::TrialDetails;
use crate::report::compare::{MOST, sections};
use crate::report::detection::Section;

/// Compare trials: their settings, their results, how their clusters agree, and where their hierarchies differ
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// Two or more trials, each by a unique prefix of its id; all are compared with the first
    #[arg(value_name = "TRIAL", required = true, num_args = 2..)]
    trials: Vec<String>,
}

/// Prints the comparison.
pub(super) fn run(global: &Global, args: &CompareArgs) -> anyhow::Result<ExitCode> {
    if args.trials.len() > MOST {
        return Err(Usage::error(format!("at most {MOST} trials can be compared at once")));
    }
    let catalog = global.open_read()?;
    let read = |prefix: &String| TrialDetails::read(&catalog.trial(&catalog.resolve(prefix)?));
    let trials = args.trials.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in sections(&trials.iter().collect::<Vec<_>>(), width()).into_iter().flat_map(Section::indented).skip(1) {
        writeln!(out, "{row}")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
