//! Going through files of networks, as `detect` and `paths` do.

use std::fmt::Display;
use std::io::{BufWriter, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::network::{Network, files};

/// Calls `one` with the id of each network of `paths`, the network, and standard output; it returns what is wrong with
/// the network, if anything. A bad network is told on standard error and the others go on.
///
/// # Errors
/// Standard output cannot be written to.
pub(super) fn each(
    paths: &[PathBuf],
    mut one: impl FnMut(&str, &Network, &mut dyn Write) -> Result<Option<String>>,
) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut bad = false;
    let mut go = || -> Result<()> {
        for path in paths {
            bad |= each_of_file(path, &mut one, &mut out)?;
        }
        out.flush()
    };
    match go() {
        // Whoever reads has seen enough, as with `| head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
        Ok(()) if bad => Ok(ExitCode::FAILURE),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// Was there a bad network?
fn each_of_file(
    path: &Path,
    one: &mut impl FnMut(&str, &Network, &mut dyn Write) -> Result<Option<String>>,
    out: &mut dyn Write,
) -> Result<bool> {
    let mut bad = false;
    let mut tell = |what: &dyn Display| {
        eprintln!("{what}");
        bad = true;
    };
    match files::read(path) {
        Ok(networks) => {
            for network in networks {
                match network {
                    Ok((id, network)) => {
                        if let Some(what) = one(&id, &network, out)? {
                            tell(&format_args!("{}, network {id:?}: {what}", path.display()));
                        }
                    }
                    Err(error) => tell(&error),
                }
            }
        }
        Err(error) => tell(&error),
    }
    Ok(bad)
}
