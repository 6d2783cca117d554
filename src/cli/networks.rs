//! Reading files of networks, for `detect` and `paths`.

use std::fmt::Display;
use std::io::{BufWriter, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::network::{Network, files};
use crate::report::numbers::counted;
use crate::task::Shape;

/// Why the inputs of a network cannot be the pixels of an image of this shape, if so.
pub(super) fn misfit(shape: Option<Shape>, network: &Network) -> Option<String> {
    let (shape, inputs) = (shape?, network.architecture().inputs());
    (shape.pixels() != inputs).then(|| {
        let (has, needs) = (counted(inputs, "input"), counted(shape.pixels(), "pixel"));
        format!("{has} are not an image of {shape}, which has {needs}; correct --shape")
    })
}

/// Calls `one` for each network in the files `paths`, with its id and standard output; `one` returns what is wrong with the
/// network, if anything. Bad networks are reported on standard error and skipped.
///
/// # Errors
/// Standard output cannot be written to.
pub(super) fn each(
    paths: &[PathBuf],
    mut one: impl FnMut(&str, &Network, &mut dyn Write) -> Result<Option<String>>,
) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut bad = false;
    let mut read_all = || -> Result<()> {
        for path in paths {
            bad |= each_of_file(path, &mut one, &mut out)?;
        }
        out.flush()
    };
    match read_all() {
        // The reader has closed the pipe, as `| head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
        Ok(()) if bad => Ok(ExitCode::FAILURE),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// Reads one file; returns whether it has a bad network.
fn each_of_file(
    path: &Path,
    one: &mut impl FnMut(&str, &Network, &mut dyn Write) -> Result<Option<String>>,
    out: &mut dyn Write,
) -> Result<bool> {
    let mut bad = false;
    let mut report = |what: &dyn Display| {
        eprintln!("{what}");
        bad = true;
    };
    match files::read(path) {
        Ok(networks) => {
            for network in networks {
                match network {
                    Ok((id, network)) => {
                        if let Some(what) = one(&id, &network, out)? {
                            report(&format_args!("{}, network {id:?}: {what}", path.display()));
                        }
                    }
                    Err(error) => report(&error),
                }
            }
        }
        Err(error) => report(&error),
    }
    Ok(bad)
}
