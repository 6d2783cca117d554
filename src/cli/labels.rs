//! `sculpt tag` and `sculpt note`: labels that users give to trials.

use std::process::ExitCode;

use clap::Args;

use super::global::Global;
use super::usage::Usage;

/// Add or remove tags; `sculpt list --filter tag=NAME` finds the trials
#[derive(Args, Debug)]
pub struct TagArgs {
    /// Trials, each by a unique prefix of its id
    #[arg(value_name = "TRIAL", required = true)]
    trials: Vec<String>,
    /// Tags to add, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "TAGS")]
    add: Vec<String>,
    /// Tags to remove, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "TAGS")]
    remove: Vec<String>,
}

/// Write a note on a trial, or print the one it has
#[derive(Args, Debug)]
pub struct NoteArgs {
    /// The trial, by a unique prefix of its id
    #[arg(value_name = "TRIAL")]
    trial: String,
    /// The note, which replaces any earlier one; an empty text removes it
    #[arg(value_name = "TEXT")]
    text: Option<String>,
}

/// Changes tags, and prints those that each trial then has.
pub(super) fn tag(global: &Global, args: &TagArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open_read()?;
    let ids = args.trials.iter().map(|prefix| catalog.resolve(prefix)).collect::<Result<Vec<_>, _>>()?;
    let changes = !args.add.is_empty() || !args.remove.is_empty();
    for id in ids {
        let folder = catalog.trial(&id);
        let labels = if changes { folder.tag(&args.add, &args.remove)? } else { folder.labels()? };
        let tags = if labels.tags.is_empty() { "no tags".to_owned() } else { labels.tags.join(", ") };
        println!("{}  {tags}", &id.as_str()[..8]);
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes or prints a note.
pub(super) fn note(global: &Global, args: &NoteArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open_read()?;
    let folder = catalog.trial(&catalog.resolve(&args.trial)?);
    let labels = match &args.text {
        Some(text) if text.contains(char::is_control) => {
            return Err(Usage::error("a note is one line without control characters"));
        }
        Some(text) => folder.set_note(text)?,
        None => folder.labels()?,
    };
    println!("{}", if labels.note.is_empty() { "no note" } else { &labels.note });
    Ok(ExitCode::SUCCESS)
}
