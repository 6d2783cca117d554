//! `sculpt list`: the trials of the catalog.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::global::Global;
use super::output::TrialLine;
use super::usage::Usage;
use super::width::width;
use crate::catalog::{Catalog, Filter, Index, Page, Refreshed, Scope, Sort, TrialRow};
use crate::report::numbers::{accuracy, counted, density, duration, or_dash, thousands};
use crate::report::text::{aligned, length};

/// List the trials of the catalog
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only trials that match, such as 'task=4-1-2-16 depth>=2 density<0.05 status=finished'
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    /// Sort by a key, such as density; a minus sorts from the highest down, as in -accuracy
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Print JSON, one line per trial
    #[arg(long)]
    json: bool,
}

/// Prints the list.
pub(super) fn run(global: &Global, args: &ListArgs) -> anyhow::Result<ExitCode> {
    let filter = parse_filter(args.filter.as_deref())?;
    let sort = args.sort.as_deref().map(str::parse::<Sort>).transpose();
    let sort = sort.map_err(|error| Usage::error(error.to_string()))?;
    let rows = rows(&global.open_read()?, &filter, sort)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.json {
        for row in &rows {
            serde_json::to_writer(&mut out, &TrialLine::new(row)).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    } else if rows.is_empty() && filter.is_empty() {
        writeln!(out, "No trials yet. Start with `sculpt run quickstart`, or see `sculpt presets`.")?;
    } else if rows.is_empty() {
        writeln!(out, "No trial matches the filter.")?;
    } else {
        write_table(&mut out, &rows)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The filter as typed; without one, everything matches.
pub(super) fn parse_filter(text: Option<&str>) -> anyhow::Result<Filter> {
    text.unwrap_or_default().parse().map_err(|error: crate::catalog::FilterError| Usage::error(error.to_string()))
}

/// The trials that match, up to date. Damaged trials are reported on standard error.
pub(super) fn rows(catalog: &Catalog, filter: &Filter, sort: Option<Sort>) -> anyhow::Result<Vec<TrialRow>> {
    let mut index = Index::open(catalog)?;
    for problem in refresh(&mut index)?.problems {
        eprintln!("sculpt: {problem}");
    }
    Ok(index.query(filter, sort, Page::default())?)
}

/// How long a refresh of the index may take before it shows a progress bar.
const SILENCE: Duration = Duration::from_secs(1);

/// Brings the index up to date, with a progress bar if that takes a while.
pub(super) fn refresh(index: &mut Index) -> crate::catalog::Result<Refreshed> {
    let reading = index.progress();
    let (working, done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if done.recv_timeout(SILENCE) != Err(RecvTimeoutError::Timeout) || !std::io::stderr().is_terminal() {
                return;
            }
            let bar = ProgressBar::new(0).with_message("reading the catalog");
            bar.set_style(
                ProgressStyle::with_template("{msg}: {pos} of {len} trials")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            while done.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
                if let Some((read, total)) = reading.so_far() {
                    bar.set_length(total as u64);
                    bar.set_position(read as u64);
                }
            }
            bar.finish_and_clear();
        });
        let refreshed = index.refresh(Scope::All);
        drop(working);
        refreshed
    })
}

/// A column of the table.
struct Column {
    title: &'static str,
    /// Is the text aligned to the right, as numbers are?
    right: bool,
    /// If not all columns fit, those of the highest rank are dropped first.
    rank: u8,
    text: fn(&TrialRow) -> String,
}

static COLUMNS: [Column; 12] = [
    Column { title: "id", right: false, rank: 0, text: |row| row.id.as_str()[..8].to_owned() },
    Column { title: "task", right: false, rank: 0, text: |row| row.task.clone() },
    Column { title: "arch", right: false, rank: 0, text: |row| row.architecture.to_string() },
    Column { title: "seed", right: true, rank: 0, text: |row| row.seed.to_string() },
    Column { title: "status", right: false, rank: 0, text: |row| row.status.to_string() },
    Column { title: "acc", right: true, rank: 1, text: |row| or_dash(row.accuracy, accuracy) },
    Column { title: "density", right: true, rank: 3, text: |row| or_dash(row.density, density) },
    Column { title: "edges", right: true, rank: 2, text: |row| or_dash(row.edges, thousands) },
    Column { title: "units", right: true, rank: 5, text: |row| or_dash(row.hidden_units, thousands) },
    Column { title: "modules", right: true, rank: 1, text: |row| or_dash(row.module_count, thousands) },
    Column {
        title: "true",
        right: false,
        rank: 1,
        text: |row| or_dash(row.true_modules, |yes| yes_no(yes).to_owned()),
    },
    Column { title: "time", right: true, rank: 4, text: |row| or_dash(row.wall_s, duration) },
];

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Writes the columns that fit the width of the terminal, or all of them if standard output is no terminal.
fn write_table(out: &mut impl Write, rows: &[TrialRow]) -> std::io::Result<()> {
    let columns = if std::io::stdout().is_terminal() { width() } else { usize::MAX };
    for line in table(rows, columns) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "{}", summary(rows))
}

/// Titles and rows in at most `width` columns, or in more if even the columns of rank 0 do not fit.
fn table(rows: &[TrialRow], width: usize) -> Vec<String> {
    let mut columns: Vec<&Column> = COLUMNS.iter().collect();
    loop {
        let titles = columns.iter().map(|column| column.title.to_owned()).collect();
        let cells = |row: &TrialRow| columns.iter().map(|column| (column.text)(row)).collect();
        let right: Vec<bool> = columns.iter().map(|column| column.right).collect();
        let lines = aligned(&std::iter::once(titles).chain(rows.iter().map(cells)).collect::<Vec<_>>(), &right);
        let last = columns.iter().map(|column| column.rank).max().unwrap_or(0);
        if last == 0 || lines.iter().all(|line| length(line) <= width) {
            return lines;
        }
        columns.retain(|column| column.rank < last);
    }
}

/// The number of trials by state, and in how many of those with known true modules these were found.
fn summary(rows: &[TrialRow]) -> String {
    let counts = crate::catalog::State::ALL.iter().filter_map(|state| {
        let count = rows.iter().filter(|row| row.status == *state).count();
        (count > 0).then(|| format!("{count} {state}"))
    });
    let judged = rows.iter().filter(|row| row.true_modules.is_some()).count();
    let right = rows.iter().filter(|row| row.true_modules == Some(true)).count();
    let right = if judged > 0 { format!("; true modules found in {right} of {judged}") } else { String::new() };
    format!("{}: {}{right}", counted(rows.len(), "trial"), counts.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{FORMAT, Specification, Utc};
    use crate::experiment::tuning::Answers;
    use crate::experiment::{Overrides, presets};

    #[test]
    fn columns_are_dropped_until_the_table_fits() {
        let outline = presets::get("figure-6").unwrap().outline(&Overrides::default()).unwrap();
        let trials = outline.plan(&Answers::default(), &|_| true).unwrap().trials;
        let row = |trial: &crate::experiment::PlannedTrial| {
            let (task, plan, engine) = ("0".to_owned(), trial.plan.clone(), trial.engine);
            let specification = Specification { format: FORMAT, task, plan, engine };
            TrialRow { accuracy: Some(1.0), ..TrialRow::planned(&specification, &trial.task.name, Utc::now()) }
        };
        let rows: Vec<TrialRow> = trials.iter().map(row).collect();
        let shown = |width: usize| {
            let lines = table(&rows, width);
            assert!(lines.iter().all(|line| length(line) <= width), "{width}: {lines:?}");
            lines[0].split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(120), "id task arch seed status acc density edges units modules true time");
        assert_eq!(shown(80), "id task arch seed status acc edges modules true");
        assert_eq!(shown(50), "id task arch seed status");
    }
}
