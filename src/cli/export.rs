//! `sculpt export`: trials for other programs.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::global::Global;
use super::output::{self, TrialLine};
use super::usage::Usage;
use crate::catalog::{Catalog, TrialId, TrialRow};
use crate::experiment::details::TrialDetails;
use crate::network::safetensors;
use crate::report::export::{dot, png, svg};
use crate::report::names::Labels;
use crate::report::network::Subject;
use crate::report::numbers::counted;
use crate::report::pixels::Map;

/// Export a trial, or all trials of an experiment, for other programs
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// A trial, by a unique prefix of its id, or the name of an experiment
    #[arg(value_name = "TRIAL | EXPERIMENT")]
    what: String,
    /// What to write
    #[arg(long, value_enum)]
    format: Format,
    /// File to write, or folder for the graphs, pictures or networks of an experiment [default: standard output]
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// What to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// JSON, one line per trial, with the fields of `show --json`
    Json,
    /// A table with one row per trial
    Csv,
    /// The hierarchy of modules as a Graphviz graph
    Dot,
    /// A picture of the network and its modules
    Svg,
    /// A picture of the modules of inputs that are the pixels of an image
    Png,
    /// The weights of the network
    Safetensors,
}

impl Format {
    /// Does each trial need a file of its own?
    fn is_single(self) -> bool {
        matches!(self, Self::Dot | Self::Svg | Self::Png | Self::Safetensors)
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Dot => "dot",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Safetensors => "safetensors",
        }
    }
}

/// Exports trials.
pub(super) fn run(global: &Global, args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let catalog = global.open_read()?;
    let experiment = catalog.experiment_names()?.contains(&args.what);
    let ids = if experiment { catalog.experiment(&args.what)?.trials } else { vec![catalog.resolve(&args.what)?] };
    if experiment && args.format.is_single() {
        let Some(folder) = &args.output else {
            return Err(Usage::error("each trial needs a file of its own: name a folder with --output"));
        };
        return into_folder(&catalog, &ids, args.format, folder);
    }
    let bytes = match args.format {
        Format::Json | Format::Csv => table(&catalog, &ids, args.format)?,
        format => single(&catalog, &ids[0], format)?,
    };
    match &args.output {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))?;
        }
        None if matches!(args.format, Format::Png | Format::Safetensors) && std::io::stdout().is_terminal() => {
            return Err(Usage::error("this format is not text: name a file with --output"));
        }
        None => std::io::stdout().lock().write_all(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes one file per trial; trials without a network are reported and skipped.
fn into_folder(catalog: &Catalog, ids: &[TrialId], format: Format, folder: &Path) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(folder).map_err(|error| anyhow::anyhow!("cannot create {}: {error}", folder.display()))?;
    let mut written = 0;
    for id in ids {
        match single(catalog, id, format) {
            Ok(bytes) => {
                let path = folder.join(format!("{id}.{}", format.ending()));
                std::fs::write(&path, bytes)
                    .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))?;
                written += 1;
            }
            Err(error) => eprintln!("sculpt: {error:#}"),
        }
    }
    println!("{} written to {}", counted(written, "file"), folder.display());
    Ok(if written == ids.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A table with one line per trial.
fn table(catalog: &Catalog, ids: &[TrialId], format: Format) -> anyhow::Result<Vec<u8>> {
    if format == Format::Csv {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEAD)?;
        for id in ids {
            writer.write_record(record(&TrialRow::read(&catalog.trial(id))?))?;
        }
        return Ok(writer.into_inner()?);
    }
    let mut bytes = Vec::new();
    for id in ids {
        let folder = catalog.trial(id);
        let details = TrialDetails::read(&folder)?;
        let mut line = serde_json::to_value(TrialLine::new(&details.row))?;
        if let (Some(line), serde_json::Value::Object(more)) = (line.as_object_mut(), output::details(&details)) {
            line.extend(more);
        }
        writeln!(bytes, "{line}")?;
    }
    Ok(bytes)
}

/// The columns of the CSV table.
const HEAD: [&str; 20] = [
    "id",
    "task",
    "arch",
    "seed",
    "accuracy",
    "density",
    "edges",
    "hidden_units",
    "p_u",
    "p_e",
    "rounds",
    "wall_s",
    "modules",
    "success",
    "learning_rate",
    "batch_size",
    "epochs",
    "stages",
    "tags",
    "note",
];

fn record(row: &TrialRow) -> Vec<String> {
    fn shown<T: ToString>(value: Option<T>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    vec![
        row.id.to_string(),
        row.task.clone(),
        row.architecture.to_string(),
        row.seed.to_string(),
        shown(row.accuracy),
        shown(row.density),
        shown(row.edges),
        shown(row.hidden_units),
        shown(row.p_u),
        shown(row.p_e),
        shown(row.rounds),
        shown(row.wall_s),
        shown(row.module_count),
        shown(row.true_modules),
        row.learning_rate.to_string(),
        row.batch_size.to_string(),
        row.epochs.to_string(),
        row.stages.to_string(),
        row.tags.join(" "),
        row.note.clone(),
    ]
}

/// The graph, picture or weights of one trial.
fn single(catalog: &Catalog, id: &TrialId, format: Format) -> anyhow::Result<Vec<u8>> {
    let details = TrialDetails::read(&catalog.trial(id))?;
    let about = &details.trial.about;
    let absent = |what: &str| anyhow::anyhow!("trial {id} has no {what} yet: it is {}", details.row.status);
    match format {
        Format::Dot => {
            let (_, detection) = details.detection.as_ref().ok_or_else(|| absent("modules"))?;
            let name = format!(
                "{} {} seed {}",
                about.task, details.trial.specification.plan.architecture, details.trial.specification.plan.seed
            );
            Ok(dot::graph(&name, detection, &about.inputs, &about.outputs).into_bytes())
        }
        Format::Svg => {
            let clustered = details.clustered().ok_or_else(|| absent("network with modules"))?;
            let subject =
                Subject { network: &clustered.network, detection: &clustered.detection, labels: Labels::of(about) };
            Ok(svg::picture(subject).into_bytes())
        }
        Format::Png => {
            let (_, detection) = details.detection.as_ref().ok_or_else(|| absent("modules"))?;
            let shapeless =
                || anyhow::anyhow!("the inputs of trial {id} are not the pixels of an image; use --format svg instead");
            let shape = about.shape.ok_or_else(shapeless)?;
            Ok(png::image(&Map::new(shape, detection))?)
        }
        _ => {
            let walk = details.best_walk().ok_or_else(|| absent("network"))?;
            let network = walk.network.network(&details.trial.specification.plan.architecture);
            Ok(safetensors::to_bytes(&network.ok_or_else(|| absent("intact network"))?, id.as_str()))
        }
    }
}
