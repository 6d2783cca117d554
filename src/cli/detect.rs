//! `sculpt detect`: modules of networks trained elsewhere.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::networks;
use super::paint::Paint;
use super::table_args::ColumnArgs;
use super::usage::{Usage, task_source};
use super::width::width;
use crate::detect::{Detection, DetectionSettings, Distance, Linkage, Quality, SettingsError, UnknownChoice, detect};
use crate::network::Network;
use crate::report::Charset;
use crate::report::certificate::{self, CertificateLine};
use crate::report::detection::sections;
use crate::report::names::numbered;
use crate::report::numbers::counted;
use crate::report::text::printable;
use crate::task::{Shape, Task};

/// Detect the modules of sparse networks
///
/// Reads .jsonl files with one network per line, {"id": "..", "masks": [["0110", ..], ..]} or "weights" with numbers
/// instead of masks, and .safetensors files and PyTorch state dicts (.pth, .pt) that hold LAYER.weight [outputs, inputs],
/// LAYER.bias and, if pruned, LAYER.mask for each layer.
#[derive(Args, Debug, Clone)]
pub struct DetectArgs {
    /// Files with networks: .jsonl, .safetensors, .pth or .pt
    #[arg(required = true, value_name = "NETWORK")]
    pub networks: Vec<PathBuf>,
    /// The task of the networks, to name inputs and outputs and to certify modules by its truth table: a built-in name, a
    /// table (.csv, .csv.gz, .npz, .npy) or a function graph (.toml)
    #[arg(long, value_name = "TASK")]
    pub task: Option<String>,
    #[command(flatten)]
    columns: ColumnArgs,
    /// Height and width of the image whose pixels the inputs are, row by row, such as 28x56, to draw a map of them
    #[arg(long, value_name = "HEIGHTxWIDTH")]
    pub shape: Option<Shape>,
    /// Print JSON, one line per network
    #[arg(long)]
    pub json: bool,
    /// Settings of detection.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Settings of detection as typed; those left out are the paper's choice for Boolean tasks.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Detection")]
pub struct SettingsArgs {
    /// Start from the paper's settings for images of digits: thresholds -0.3 and 0.6
    #[arg(long)]
    pub digits: bool,
    /// Distance between clusters: the two nearest are merged next [default: average]
    #[arg(long, value_parser = choice(Linkage::ALL, Linkage::name, Linkage::meaning))]
    pub linkage: Option<Linkage>,
    /// Distance between units [default: cosine]
    #[arg(long, value_parser = choice(Distance::ALL, Distance::name, Distance::meaning))]
    pub distance: Option<Distance>,
    /// Index that chooses the number of clusters [default: modularity]
    #[arg(long, value_parser = choice(Quality::ALL, Quality::name, Quality::meaning))]
    pub quality: Option<Quality>,
    /// Number of following layers that features cover [default: all]
    #[arg(long, value_name = "LAYERS")]
    pub feature_steps: Option<usize>,
    /// Let the separability tests decide if the lowest modularity metric is above this [default: -0.2]
    #[arg(long, value_name = "T_M", allow_negative_numbers = true)]
    pub modularity_threshold: Option<f64>,
    /// Merge clusters of adjacent layers that share at least this fraction of their edges [default: 0.9]
    #[arg(long, value_name = "DELTA_M")]
    pub merge_threshold: Option<f64>,
}

impl SettingsArgs {
    /// The complete settings.
    ///
    /// # Errors
    /// The settings contradict each other.
    pub fn settings(&self) -> anyhow::Result<DetectionSettings> {
        let base = if self.digits { DetectionSettings::digits() } else { DetectionSettings::default() };
        DetectionSettings {
            linkage: self.linkage.unwrap_or(base.linkage),
            distance: self.distance.unwrap_or(base.distance),
            quality: self.quality.unwrap_or(base.quality),
            feature_steps: self.feature_steps.or(base.feature_steps),
            modularity_threshold: self.modularity_threshold.unwrap_or(base.modularity_threshold),
            merge_threshold: self.merge_threshold.unwrap_or(base.merge_threshold),
        }
        .checked()
        .map_err(|error| match error {
            SettingsError::WardDistance(_) => Usage::error(format!("{error} (--distance, --linkage)")),
            other => Usage::error(other.to_string()),
        })
    }
}

/// Parses a value by its name; the help lists all names with their meanings.
fn choice<T>(all: &[T], name: fn(T) -> &'static str, meaning: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownChoice> + Copy + Send + Sync + 'static,
{
    let values = all.iter().map(|&value| PossibleValue::new(name(value)).help(meaning(value)));
    PossibleValuesParser::new(values).try_map(|name| name.parse())
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(flatten)]
    detection: &'a Detection,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateLine>,
}

/// Detects modules and prints them. Bad networks are reported on standard error and skipped.
///
/// # Errors
/// Contradictory settings, an unknown task, or standard output that cannot be written to.
pub fn run(args: &DetectArgs, ascii: bool) -> anyhow::Result<ExitCode> {
    let settings = args.settings.settings()?;
    let task = args
        .task
        .as_ref()
        .map(|name| task_source(name, &args.columns.options()))
        .transpose()?
        .map(|source| source.task(0));
    let shape = args.shape.or_else(|| task.as_ref()?.shape);
    let printer = Printer { json: args.json, ascii, settings, task, shape };
    networks::each(&args.networks, |id, network, out| {
        if let Some(misfit) = printer.misfit(network).or_else(|| networks::misfit(shape, network)) {
            return Ok(Some(misfit));
        }
        printer.write_one(id, network, out)?;
        Ok(None)
    })
}

/// What is the same for all networks.
struct Printer {
    json: bool,
    ascii: bool,
    settings: DetectionSettings,
    task: Option<Arc<Task>>,
    shape: Option<Shape>,
}

impl Printer {
    /// Why a network cannot be one of the task, if so.
    fn misfit(&self, network: &Network) -> Option<String> {
        let (task, architecture) = (self.task.as_ref()?, network.architecture());
        let (inputs, outputs) = (architecture.inputs(), architecture.outputs());
        let fits = (inputs, outputs) == (task.inputs.len(), task.outputs.len());
        (!fits).then(|| {
            let (has, needs) = (counted(inputs, "input"), counted(task.inputs.len(), "input"));
            let (gives, wants) = (counted(outputs, "output"), counted(task.outputs.len(), "output"));
            format!(
                "{has} and {gives} do not fit task {}, which has {needs} and {wants}; name another --task",
                task.name
            )
        })
    }

    fn write_one(&self, id: &str, network: &Network, out: &mut dyn Write) -> std::io::Result<()> {
        let detection = detect(&network.condense(), &self.settings);
        if self.json {
            let certificate = self.task.as_ref().map(|task| CertificateLine::new(&detection, task));
            serde_json::to_writer(&mut *out, &Line { id, detection: &detection, certificate })?;
        } else {
            for line in self.described(id, network, &detection) {
                writeln!(out, "{line}")?;
            }
        }
        writeln!(out)
    }

    /// The detection as text.
    fn described(&self, id: &str, network: &Network, detection: &Detection) -> Vec<String> {
        let architecture = network.architecture();
        let (inputs, outputs) = match (&self.task, self.shape) {
            (Some(task), _) => (task.inputs.clone(), task.outputs.clone()),
            (None, Some(shape)) => (shape.names().collect(), numbered("y", architecture.outputs())),
            (None, None) => (numbered("x", architecture.inputs()), numbered("y", architecture.outputs())),
        };
        let modules = counted(detection.module_count, "module");
        let (charset, columns) = (Charset::new(self.ascii), width());
        let left: Vec<String> = detection.condensed_arch.iter().map(ToString::to_string).collect();
        let mut lines =
            vec![printable(id, charset), format!("{architecture} condensed to {}: {modules}", left.join(","))];
        let mut parts = sections(detection, &self.settings, &inputs, &outputs, columns, charset);
        let map = |shape| Paint::new(self.ascii).map(shape, detection, columns);
        parts.extend(self.shape.map(map));
        parts.extend(self.task.as_ref().map(|task| certificate::section(detection, task, columns, charset)));
        for section in parts {
            lines.extend(section.indented());
        }
        lines
    }
}
