//! `sculpt compare`: trials beside each other.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::{Global, Usage};
use crate::experiment::details::TrialDetails;
use crate::report::compare::{MOST, sections};
use crate::report::detection::Section;

/// Hold trials against each other: settings that differ, agreement of clusters, where the hierarchies part.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// Two trials or more, by any unique prefix of their ids; the others are held against the first
    #[arg(value_name = "TRIAL", required = true, num_args = 2..)]
    trials: Vec<String>,
}

/// Prints the comparison.
pub(super) fn run(global: &Global, args: &CompareArgs) -> anyhow::Result<ExitCode> {
    if args.trials.len() > MOST {
        return Err(Usage::from_text(format!("at most {MOST} trials are compared at once")));
    }
    let catalog = global.look()?;
    let read = |prefix: &String| TrialDetails::read(&catalog.trial(&catalog.resolve(prefix)?));
    let trials = args.trials.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in
        sections(&trials.iter().collect::<Vec<_>>(), super::width()).into_iter().flat_map(Section::indented).skip(1)
    {
        writeln!(out, "{row}")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
