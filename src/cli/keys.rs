//! `sculpt keys`: the keys of the dashboard and how to change them.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::report::text::aligned;
use crate::tui::keys::changes::{changeable, name};
use crate::tui::settings;

/// List the keys of the dashboard that can be changed, with their names in the settings file
#[derive(Args, Debug)]
pub struct KeysArgs {}

/// Prints the list.
pub(super) fn run(_args: &KeysArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    // A change is to all lines of an action: it is listed once, with all that it does.
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in changeable() {
        let name = name(line.action);
        match rows.iter_mut().find(|row| row[0] == name) {
            Some(row) => {
                let more = line.keys.iter().filter(|key| !row[1].split(' ').any(|known| known == **key));
                row[1] = more.fold(row[1].clone(), |keys, key| format!("{keys} {key}"));
                row[2] = format!("{}; {}", row[2], line.help);
            }
            None => rows.push(vec![name, line.keys.join(" "), line.help.to_owned()]),
        }
    }
    for line in aligned(&rows, &[]) {
        writeln!(out, "{line}")?;
    }
    if let Some(path) = settings::path() {
        writeln!(out, "\nTo change a key, name it under [keys] in {}:\n\n  [keys]\n  pause = \"f5\"", path.display())?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
