//! `sculpt report`: an experiment compared with the paper.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::global::Global;
use super::list;
use super::usage::Usage;
use super::width::width;
use crate::analysis::vote::VoteSettings;
use crate::experiment::definition;
use crate::report::Charset;
use crate::report::experiment::{ReportOptions, line, markdown, report, table, text};
use crate::report::numbers::{counted, thousands};

/// Compare an experiment with the paper: how often the true modules are found, what the trials agree on, and how many
/// edges remain
///
/// A cell holds all trials with the same task and depth, whatever their widths and seeds. Each cell is judged in three
/// ways: by the blind choice (the sparsest network of each trial), by the published rule (of equally sparse networks, one
/// that finds the true modules, which is what the paper's rates count), and by the vote (the structure that the trials of
/// the cell agree on). Trials that are not done are reported and excluded.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// The experiment: the name of a preset, or of an experiment file without .toml
    #[arg(value_name = "EXPERIMENT")]
    experiment: String,
    /// Only trials that match, such as 'task=4-1-2-16 depth>=2 seed<16'
    #[arg(long, value_name = "EXPR")]
    only: Option<String>,
    /// Only trials with these seeds, such as 0,1,2,5 or 0..15
    #[arg(long, value_name = "SEEDS")]
    seeds: Option<String>,
    /// Also draw N of the seeds many times, and report how often their vote is right
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    vote_of: Option<u32>,
    /// Rule of the vote, such as near=1,decay=0.25,spread=networks; see docs/vote-study.md
    #[arg(long, value_name = "RULE")]
    vote: Option<VoteSettings>,
    /// Print a table with one line per cell, or a page, for other programs
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
    /// Print JSON, one line per cell
    #[arg(long)]
    json: bool,
}

/// A format for other programs.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Comma-separated values, with all columns
    Csv,
    /// A Markdown page with tables, maps and bars
    Md,
}

/// How long reading may take before progress is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// Prints the report.
pub(super) fn run(global: &Global, args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let only = list::parse_filter(args.only.as_deref())?;
    let seeds = args.seeds.as_deref().map(definition::seeds).transpose().map_err(Usage::error)?.unwrap_or_default();
    let rule = args.vote.clone().unwrap_or_default();
    let options = ReportOptions { only, seeds, rule, vote_of: args.vote_of.map(|seeds| seeds as usize) };
    let catalog = global.open_read()?;
    let experiment = catalog.experiment(&args.experiment)?;
    let progress = Reading::new(experiment.trials.len(), global.ascii);
    let found = report(&catalog, &experiment, &options, &|read| progress.show(read))?;
    progress.bar.finish_and_clear();
    for problem in &found.problems {
        eprintln!("sculpt: {problem}");
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.format {
        _ if args.json => {
            for line in line::lines(&found) {
                serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
        Some(Format::Csv) => table::csv(&found, &mut out)?,
        Some(Format::Md) => markdown::page(&found).iter().try_for_each(|row| writeln!(out, "{row}"))?,
        None => {
            let rows = text::page(&found, width(), Charset::new(global.ascii));
            rows.iter().try_for_each(|row| writeln!(out, "{row}"))?;
        }
    }
    out.flush()?;
    Ok(if found.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many trials have been read, on standard error: a bar on a terminal, one line elsewhere.
struct Reading {
    bar: ProgressBar,
    began: Instant,
    total: usize,
    shown: AtomicBool,
}

impl Reading {
    fn new(total: usize, ascii: bool) -> Self {
        let style = ProgressStyle::with_template("{bar:20} {pos}/{len} trials read, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars(if ascii { "#>-" } else { "━╸─" });
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, began: Instant::now(), total, shown: AtomicBool::new(false) }
    }

    fn show(&self, read: usize) {
        self.bar.set_position(read as u64);
        let late = self.began.elapsed() >= PATIENCE;
        if !late || self.shown.swap(true, Ordering::Relaxed) {
            return;
        }
        if std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        } else {
            eprintln!("sculpt: reading {}, {} so far", counted(self.total, "trial"), thousands(read));
        }
    }
}
