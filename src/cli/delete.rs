//! `sculpt delete`: trials to the trash, and back.

use std::process::ExitCode;

use clap::Args;

use super::{Global, Usage};

/// Move trials to the trash, or bring them back with --undo.
#[derive(Args, Debug)]
pub struct DeleteArgs {
    /// Trials, by any unique prefix of their ids
    #[arg(value_name = "TRIAL")]
    trials: Vec<String>,
    /// Bring back what was deleted last, or the trials named
    #[arg(long)]
    undo: bool,
}

/// Deletes or brings back.
pub(super) fn run(global: &Global, args: &DeleteArgs) -> anyhow::Result<ExitCode> {
    if args.trials.is_empty() && !args.undo {
        return Err(Usage::from_text(
            "name the trials to delete, by any unique prefix of their ids; see `sculpt list`",
        ));
    }
    let catalog = global.open()?;
    if args.undo {
        let mut back = Vec::new();
        if args.trials.is_empty() {
            back = catalog.undelete(None)?;
        }
        for prefix in &args.trials {
            back.extend(catalog.undelete(Some(prefix))?);
        }
        println!("{} back in the catalog", counted(back.len()));
    } else {
        let ids = args.trials.iter().map(|prefix| catalog.resolve(prefix)).collect::<Result<Vec<_>, _>>()?;
        catalog.delete(&ids)?;
        println!("{} in the trash; `sculpt delete --undo` brings back what was deleted last", counted(ids.len()));
    }
    Ok(ExitCode::SUCCESS)
}

fn counted(count: usize) -> String {
    crate::report::numbers::counted(count, "trial")
}
