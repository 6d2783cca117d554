//! `sculpt doctor`: is everything as it should be, and what to do where it is not.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::Global;
use crate::catalog::{Catalog, Filter, Index, Part, State};
use crate::experiment::store::{SavedState, walks_from_bytes};
use crate::report::Charset;
use crate::report::numbers::{bytes, counted};
use crate::train::KernelClass;
use crate::tui::theme::Theme;

/// Check the terminal, the folders, the index, torn files and disk use.
#[derive(Args, Debug)]
pub struct DoctorArgs {}

/// Prints what is found; fails if something is wrong.
pub(super) fn run(global: &Global, _args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.look()?;
    let mut report = Report::default();
    report.fact("program", format!("sculpt {}, kernels {:?}", env!("CARGO_PKG_VERSION"), KernelClass::detect()));
    terminal(&mut report, global.ascii);
    folders(&mut report, &catalog);
    trials(&mut report, &catalog);
    report.print()
}

/// Facts and problems, in the order in which they are found.
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
            writeln!(out, "Everything is as it should be.")?;
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(out, "{} marked with !", counted(self.problems, "problem"))?;
        Ok(ExitCode::FAILURE)
    }
}

fn terminal(report: &mut Report, ascii: bool) {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if !std::io::stdout().is_terminal() {
        report.fact("terminal", "none: the dashboard needs one, everything else works without");
        return;
    }
    let theme = Theme::new(ascii, None, |name| std::env::var(name).ok());
    let characters = if theme.charset == Charset::Unicode { "Unicode" } else { "ASCII" };
    let full = set("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
    let colours = match theme.palette {
        None => "no colours",
        Some(_) if full => "all colours",
        Some(_) => "16 colours",
    };
    let size = crossterm::terminal::size().map_or_else(|_| "of unknown size".to_owned(), |(x, y)| format!("{x}x{y}"));
    report.fact("terminal", format!("{} {size}, {characters}, {colours}", set("TERM").unwrap_or_default()));
    if crossterm::terminal::size().is_ok_and(|(columns, rows)| columns < 20 || rows < 5) {
        report.problem("terminal", "is smaller than 20x5; make it larger");
    }
}

fn folders(report: &mut Report, catalog: &Catalog) {
    let root = catalog.root();
    if !root.is_dir() {
        report.fact("catalog", format!("{} is not there yet: the first run makes it", root.display()));
        return;
    }
    report.fact("catalog", root.display().to_string());
    let probe = root.join(format!(".doctor-{}", std::process::id()));
    let written = fs::write(&probe, b"x").and_then(|()| fs::remove_file(&probe));
    if let Err(error) = written {
        report
            .problem("catalog", format!("cannot be written ({error}); check who owns it and whether the disk is full"));
    }
    let used = size(root);
    let free = rustix::fs::statvfs(root).map(|stat| stat.f_bavail.saturating_mul(stat.f_frsize));
    let free_text = free.map_or_else(|_| String::new(), |free| format!(", {} free", bytes(free)));
    report.fact("disk", format!("{} used{free_text}", bytes(used)));
    if free.is_ok_and(|free| free < 100_000_000) {
        report.problem("disk", "is nearly full: free some space before the next run");
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

/// Bytes of all files in a folder.
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
                report.problem("torn", problem.to_string());
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
            report.fact("index", "in memory: there is no local folder for it, so each command reads the catalog anew");
        }
    }
    let count = |index: &mut Index, filter: &str| {
        let filter: Filter = filter.parse().unwrap_or_default();
        index.count(&filter).unwrap_or(0)
    };
    let told: Vec<String> = State::ALL
        .iter()
        .filter_map(|state| {
            let count = count(&mut index, &format!("status={state}"));
            (count > 0).then(|| format!("{count} {state}"))
        })
        .collect();
    report.fact("trials", if told.is_empty() { "none yet".to_owned() } else { told.join(", ") });
    if count(&mut index, "status=stale") > 0 {
        report.problem(
            "stale",
            "trials were left behind by a process that is gone; `sculpt resume --all` goes on with them",
        );
    }
    torn(report, catalog);
}

/// The most torn files that are listed.
const LISTED: usize = 20;

/// Looks into the files that carry a hash of what is in them.
fn torn(report: &mut Report, catalog: &Catalog) {
    let Ok(ids) = catalog.trial_ids() else { return };
    let mut torn = Vec::new();
    for id in ids {
        let folder = catalog.trial(&id);
        let sound = |part: Part, is_sound: fn(&[u8]) -> bool| match folder.part(part) {
            Ok(Some(bytes)) => is_sound(&bytes),
            Ok(None) => true,
            Err(_) => false,
        };
        if !sound(Part::Walks, |bytes| walks_from_bytes(bytes).is_some()) {
            torn.push(format!("walks of {id}: delete the trial and run it again"));
        }
        if !sound(Part::State, |bytes| SavedState::from_bytes(bytes).is_some()) {
            torn.push(format!("state of {id}: it begins anew when it is resumed"));
        }
    }
    for line in torn.iter().take(LISTED) {
        report.problem("torn", line);
    }
    if torn.len() > LISTED {
        report.problem("torn", format!("and {} more", torn.len() - LISTED));
    }
}
