//! `sculpt delete`: moving trials to the trash, and restoring them.

use std::process::ExitCode;

use clap::Args;

use super::global::Global;
use super::usage::Usage;
use crate::report::numbers::counted;

/// Move trials to the trash, or restore them with --undo
#[derive(Args, Debug)]
pub struct DeleteArgs {
    /// Trials, each by a unique prefix of its id
    #[arg(value_name = "TRIAL")]
    trials: Vec<String>,
    /// Restore the named trials, or whatever was deleted last
    #[arg(long)]
    undo: bool,
}

/// Deletes or restores trials.
pub(super) fn run(global: &Global, args: &DeleteArgs) -> anyhow::Result<ExitCode> {
    if args.trials.is_empty() && !args.undo {
        return Err(Usage::error("name the trials to delete, each by a unique prefix of its id; see `sculpt list`"));
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
        println!("{} restored", counted(back.len(), "trial"));
    } else {
        let ids = args.trials.iter().map(|prefix| catalog.resolve(prefix)).collect::<Result<Vec<_>, _>>()?;
        catalog.delete(&ids)?;
        let trials = counted(ids.len(), "trial");
        println!("{trials} moved to the trash; `sculpt delete --undo` restores what was deleted last");
    }
    Ok(ExitCode::SUCCESS)
}
