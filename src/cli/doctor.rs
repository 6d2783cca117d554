//! `sculpt doctor`: what is wrong with the setup, and what to do about it.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::global::Global;
use crate::catalog::{Catalog, Filter, Index, Part, State};
use crate::experiment::store::{SavedState, walks_from_bytes};
use crate::report::Charset;
use crate::report::numbers::{bytes, counted, thousands};
use crate::train::KernelClass;
use crate::tui::theme::Theme;

/// Check the terminal, folders, index, damaged files and disk use
#[derive(Args, Debug)]
pub struct DoctorArgs {}

/// Prints the findings; the exit code is 1 if there are problems.
pub(super) fn run(global: &Global, _args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open_read()?;
    let mut report = Report::default();
    report.fact("program", format!("sculpt {}, kernel class {}", env!("CARGO_PKG_VERSION"), KernelClass::detect()));
    terminal(&mut report, global.ascii);
    folders(&mut report, &catalog);
    trials(&mut report, &catalog);
    report.print()
}

/// Facts and problems, in the order in which they were found.
#[derive(Default)]
struct Report {
    lines: Vec<String>,
    problems: usize,
}

impl Report {
    fn fact(&mut self, name: &str, text: impl AsRef<str>) {
        self.lines.push(format!("  {name:<12}{}", text.as_ref()));
    }

    fn problem(&mut self, name: &str, text: impl AsRef<str>) {
        self.problems += 1;
        self.lines.push(format!("! {name:<12}{}", text.as_ref()));
    }

    fn print(self) -> anyhow::Result<ExitCode> {
        let mut out = std::io::stdout().lock();
        for line in &self.lines {
            writeln!(out, "{line}")?;
        }
        if self.problems == 0 {
            writeln!(out, "Everything is fine.")?;
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(out, "{}, marked with !", counted(self.problems, "problem"))?;
        Ok(ExitCode::FAILURE)
    }
}

fn terminal(report: &mut Report, ascii: bool) {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if !std::io::stdout().is_terminal() {
        report.fact("terminal", "none; only the dashboard needs one");
        return;
    }
    let theme = Theme::new(ascii, None, |name| std::env::var(name).ok());
    let characters = if theme.charset == Charset::Unicode { "Unicode" } else { "ASCII" };
    let full = set("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
    let colors = match theme.palette {
        None => "no colors",
        Some(_) if full => "full color",
        Some(_) => "16 colors",
    };
    let size = crossterm::terminal::size().map_or_else(|_| "of unknown size".to_owned(), |(x, y)| format!("{x}x{y}"));
    report.fact("terminal", format!("{} {size}, {characters}, {colors}", set("TERM").unwrap_or_default()));
    if crossterm::terminal::size().is_ok_and(|(columns, rows)| columns < 20 || rows < 5) {
        report.problem("terminal", "smaller than 20x5; enlarge it");
    }
}

fn folders(report: &mut Report, catalog: &Catalog) {
    let root = catalog.root();
    if !root.is_dir() {
        report.fact("catalog", format!("{} does not exist yet; the first run creates it", root.display()));
        return;
    }
    report.fact("catalog", root.display().to_string());
    let probe = root.join(format!(".doctor-{}", std::process::id()));
    let written = fs::write(&probe, b"x").and_then(|()| fs::remove_file(&probe));
    if let Err(error) = written {
        let remedy = "check who owns the folder and whether the disk is full";
        report.problem("catalog", format!("cannot be written to ({error}); {remedy}"));
    }
    let used = size(root);
    let free = rustix::fs::statvfs(root).map(|stat| stat.f_bavail.saturating_mul(stat.f_frsize));
    let free_text = free.map_or_else(|_| String::new(), |free| format!(", {} free", bytes(free)));
    report.fact("disk", format!("{} used{free_text}", bytes(used)));
    if free.is_ok_and(|free| free < 100_000_000) {
        report.problem("disk", "nearly full; free some space before the next run");
    }
    match catalog.trash() {
        Ok(trash) if trash.is_empty() => {}
        Ok(trash) => report.fact(
            "trash",
            format!("{}; delete {} to free its space", counted(trash.len(), "trial"), root.join("trash").display()),
        ),
        Err(error) => report.problem("trash", error.to_string()),
    }
}

/// The size of all files in a folder, in bytes.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => size(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.map(of).sum()
}

fn trials(report: &mut Report, catalog: &Catalog) {
    let mut index = match Index::open(catalog) {
        Ok(index) => index,
        Err(error) => return report.problem("index", error.to_string()),
    };
    match super::list::refresh(&mut index) {
        Ok(refreshed) => {
            for problem in refreshed.problems {
                report.problem("damaged", problem.to_string());
            }
        }
        Err(error) => return report.problem("index", error.to_string()),
    }
    match index.file() {
        Some(file) => {
            let length = fs::metadata(file).map_or(0, |data| data.len());
            report.fact("index", format!("{}, {}", file.display(), bytes(length)));
        }
        None => {
            report.fact("index", "in memory, for lack of a local folder; every command reads the whole catalog");
        }
    }
    let count = |index: &mut Index, filter: &str| {
        let filter: Filter = filter.parse().unwrap_or_default();
        index.count(&filter).unwrap_or(0)
    };
    let counts: Vec<String> = State::ALL
        .iter()
        .filter_map(|state| {
            let count = count(&mut index, &format!("status={state}"));
            (count > 0).then(|| format!("{} {state}", thousands(count)))
        })
        .collect();
    report.fact("trials", if counts.is_empty() { "none yet".to_owned() } else { counts.join(", ") });
    if count(&mut index, "status=stale") > 0 {
        report.problem("stale", "some trials belong to a run that is gone; `sculpt resume --all` continues them");
    }
    damaged(report, catalog);
}

/// The most damaged files to list.
const LISTED: usize = 20;

/// Checks the files that carry a hash of their content.
fn damaged(report: &mut Report, catalog: &Catalog) {
    let Ok(ids) = catalog.trial_ids() else { return };
    let mut damaged = Vec::new();
    for id in ids {
        let folder = catalog.trial(&id);
        let is_intact = |part: Part, check: fn(&[u8]) -> bool| match folder.part(part) {
            Ok(Some(bytes)) => check(&bytes),
            Ok(None) => true,
            Err(_) => false,
        };
        if !is_intact(Part::Walks, |bytes| walks_from_bytes(bytes).is_some()) {
            damaged.push(format!("walks of {id}: delete the trial and run it again"));
        }
        if !is_intact(Part::State, |bytes| SavedState::from_bytes(bytes).is_some()) {
            damaged.push(format!("state of {id}: the trial starts over when it is resumed"));
        }
    }
    for line in damaged.iter().take(LISTED) {
        report.problem("damaged", line);
    }
    if damaged.len() > LISTED {
        report.problem("damaged", format!("and {} more", damaged.len() - LISTED));
    }
}
