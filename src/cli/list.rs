//! `sculpt list`: the trials of the catalog.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::output::TrialLine;
use super::{Global, Usage};
use crate::catalog::{Catalog, Filter, Index, Page, Scope, Sort, TrialRow};
use crate::report::text::duration;

/// List the trials of the catalog.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only trials that pass, such as 'task=4-1-2-16 depth>=2 density<0.05 status=finished'
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    /// Order by a key, greatest first with a minus, such as density or -accuracy
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Print one JSON line a trial
    #[arg(long)]
    json: bool,
}

/// Prints the list.
pub(super) fn run(global: &Global, args: &ListArgs) -> anyhow::Result<ExitCode> {
    let filter = parse_filter(args.filter.as_deref())?;
    let sort = args.sort.as_deref().map(str::parse::<Sort>).transpose();
    let sort = sort.map_err(|error| Usage::from_text(error.to_string()))?;
    let rows = rows(&global.look()?, &filter, sort)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.json {
        for row in &rows {
            serde_json::to_writer(&mut out, &TrialLine::new(row)).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    } else if rows.is_empty() && filter.is_empty() {
        writeln!(out, "No trials yet. Start with `sculpt run quickstart`, or see `sculpt presets`.")?;
    } else if rows.is_empty() {
        writeln!(out, "No trial passes this filter.")?;
    } else {
        write_table(&mut out, &rows)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The filter that was typed; everything passes where none was.
pub(super) fn parse_filter(text: Option<&str>) -> anyhow::Result<Filter> {
    text.unwrap_or_default().parse().map_err(|error: crate::catalog::FilterError| Usage::from_text(error.to_string()))
}

/// The trials that pass, as the catalog is now. What is damaged is told on standard error.
pub(super) fn rows(catalog: &Catalog, filter: &Filter, sort: Option<Sort>) -> anyhow::Result<Vec<TrialRow>> {
    let mut index = Index::open(catalog)?;
    for problem in index.refresh(Scope::All)?.problems {
        eprintln!("sculpt: {problem}");
    }
    Ok(index.query(filter, sort, Page::default())?)
}

fn write_table(out: &mut impl Write, rows: &[TrialRow]) -> std::io::Result<()> {
    let task = rows.iter().map(|row| row.task.chars().count()).max().unwrap_or(0).max(4);
    let arch = rows.iter().map(|row| row.architecture.to_string().len()).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "{:<8}  {:<task$}  {:<arch$} {:>4}  {:<9} {:>8} {:>8} {:>5} {:>5} {:>7}  {:<7} {:>7}",
        "id", "task", "arch", "seed", "status", "accuracy", "density", "edges", "units", "modules", "success", "time"
    )?;
    for row in rows {
        writeln!(
            out,
            "{:<8}  {:<task$}  {:<arch$} {:>4}  {:<9} {:>8} {:>8} {:>5} {:>5} {:>7}  {:<7} {:>7}",
            &row.id.as_str()[..8],
            row.task,
            row.architecture.to_string(),
            row.seed,
            row.status.as_str(),
            row.accuracy.map_or_else(dash, |accuracy| format!("{:.2}%", 100.0 * accuracy)),
            row.density.map_or_else(dash, |density| format!("{density:.4}")),
            row.edges.map_or_else(dash, |edges| edges.to_string()),
            row.hidden_units.map_or_else(dash, |units| units.to_string()),
            row.module_count.map_or_else(dash, |count| count.to_string()),
            row.success.map_or("-", |success| if success { "yes" } else { "no" }),
            row.wall_s.map_or_else(dash, |seconds| duration(std::time::Duration::from_secs_f64(seconds.max(0.0)))),
        )?;
    }
    writeln!(out, "{}", summary(rows))
}

fn dash() -> String {
    "-".to_owned()
}

/// How many trials there are, by status, and how many of those that can be judged are right.
fn summary(rows: &[TrialRow]) -> String {
    let counts = crate::catalog::State::ALL.iter().filter_map(|state| {
        let count = rows.iter().filter(|row| row.status == *state).count();
        (count > 0).then(|| format!("{count} {state}"))
    });
    let judged = rows.iter().filter(|row| row.success.is_some()).count();
    let right = rows.iter().filter(|row| row.success == Some(true)).count();
    let right = if judged > 0 { format!("; true modules found in {right} of {judged}") } else { String::new() };
    format!("{} trials: {}{right}", rows.len(), counts.collect::<Vec<_>>().join(", "))
}
