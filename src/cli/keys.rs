//! `sculpt keys`: the keys of the dashboard, and how they can be changed.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::tui::keys::changes::{changeable, name};
use crate::tui::settings;

/// List the keys of the dashboard that can be changed, by the names that the settings have for them
#[derive(Args, Debug)]
pub struct KeysArgs {}

/// Prints the list.
pub(super) fn run(_args: &KeysArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in changeable() {
        writeln!(out, "{:<16}{:<18}{}", name(line.action), line.keys.join(" "), line.help)?;
    }
    if let Some(path) = settings::path() {
        writeln!(
            out,
            "\nTo change some, write them under [keys] in {}, as in\n\n  [keys]\n  pause = \"f5\"",
            path.display()
        )?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
