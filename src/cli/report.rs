//! `sculpt report`: an experiment beside the paper.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Global, Usage, list};
use crate::analysis::vote::VoteSettings;
use crate::experiment::definition;
use crate::report::Charset;
use crate::report::experiment::{ReportOptions, line, markdown, report, table, text};

/// Report on an experiment: successes beside the paper's, what its trials agree on, edges.
///
/// A cell is the trials of a task and depth, whatever their widths and seeds. Three selections stand side by side: blind
/// (the sparsest network of a trial), the published rule (of equally sparse networks one that is a success, which is what
/// the paper's rates count), and the vote (the structure that all trials of the cell agree on). Trials that are not done
/// are told, and left out.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// The experiment, by the name of its preset or file
    #[arg(value_name = "EXPERIMENT")]
    experiment: String,
    /// Only trials that pass, such as 'task=4-1-2-16 depth>=2 seed<16'
    #[arg(long, value_name = "EXPR")]
    only: Option<String>,
    /// Only trials with these seeds, such as '0,1,2,5' or '0..15'
    #[arg(long, value_name = "SEEDS")]
    seeds: Option<String>,
    /// Draw N of the seeds again and again, and tell how often the vote over them is right
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    vote_of: Option<u32>,
    /// The rule of the vote, as in near=1,decay=0.25,spread=networks; docs/vote-study.md tells the settings
    #[arg(long, value_name = "RULE")]
    vote: Option<VoteSettings>,
    /// Write it as a file: a table with one line a cell, or a page
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
    /// Print one JSON line a cell
    #[arg(long)]
    json: bool,
}

/// A form of the table.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Comma-separated values, every column
    Csv,
    /// A page of Markdown, with tables, maps and bars
    Md,
}

/// From when on progress is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// Prints the report.
pub(super) fn run(global: &Global, args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let only = list::parse_filter(args.only.as_deref())?;
    let seeds = args.seeds.as_deref().map(definition::seeds).transpose().map_err(Usage::from_text)?.unwrap_or_default();
    let rule = args.vote.clone().unwrap_or_default();
    let options = ReportOptions { only, seeds, rule, vote_of: args.vote_of.map(|seeds| seeds as usize) };
    let catalog = global.look()?;
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
            let rows = text::page(&found, super::width(), Charset::new(global.ascii));
            rows.iter().try_for_each(|row| writeln!(out, "{row}"))?;
        }
    }
    out.flush()?;
    Ok(if found.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many trials are read, on standard error: a bar on a terminal, a line elsewhere.
struct Reading {
    bar: ProgressBar,
    began: Instant,
    total: usize,
    told: std::sync::atomic::AtomicBool,
}

impl Reading {
    fn new(total: usize, ascii: bool) -> Self {
        let style = ProgressStyle::with_template("{bar:20} {pos}/{len} trials read, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars(if ascii { "#>-" } else { "━╸─" });
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, began: Instant::now(), total, told: std::sync::atomic::AtomicBool::new(false) }
    }

    fn show(&self, read: usize) {
        self.bar.set_position(read as u64);
        let late = self.began.elapsed() >= PATIENCE;
        if !late || self.told.swap(true, std::sync::atomic::Ordering::Relaxed) {
            return;
        }
        if std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        } else {
            eprintln!("sculpt: reading {} trials, {read} are read", self.total);
        }
    }
}
