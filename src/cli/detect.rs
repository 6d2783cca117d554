//! `sculpt detect`: modules of networks trained elsewhere.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::networks;
use crate::detect::{Detection, DetectionSettings, Distance, Linkage, Quality, SettingsError, detect};
use crate::network::Network;
use crate::report::Charset;
use crate::report::detection::sections;
use crate::report::names::numbered;
use crate::report::text::{counted, printable};

/// Find the modules of sparse networks.
///
/// Reads .jsonl files with one network a line, {"id": "..", "masks": [["0110", ..], ..]} or "weights" with numbers,
/// and .safetensors files and PyTorch state dicts (.pth, .pt) with LAYER.weight [outputs, inputs], LAYER.bias and, where
/// pruned, LAYER.mask.
#[derive(Args, Debug, Clone)]
pub struct DetectArgs {
    /// Files with networks: .jsonl, .safetensors, .pth or .pt
    #[arg(required = true, value_name = "NETWORK")]
    pub networks: Vec<PathBuf>,
    /// Print one JSON line a network
    #[arg(long)]
    pub json: bool,
    /// What is chosen about detection.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Settings of detection as they are typed; what is left out is the paper's choice for Boolean tasks.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Detection")]
pub struct SettingsArgs {
    /// Start from the paper's settings for images of digits: thresholds -0.3 and 0.6
    #[arg(long)]
    pub digits: bool,
    /// Which two clusters are merged next [default: average]
    #[arg(long, value_enum)]
    pub linkage: Option<Linkage>,
    /// How far apart two units are [default: cosine]
    #[arg(long, value_enum)]
    pub distance: Option<Distance>,
    /// What chooses the number of clusters [default: modularity]
    #[arg(long, value_enum)]
    pub quality: Option<Quality>,
    /// How many layers ahead features look [default: all]
    #[arg(long, value_name = "LAYERS")]
    pub feature_steps: Option<usize>,
    /// The separability tests decide where the least modularity metric is above this [default: -0.2]
    #[arg(long, value_name = "T_M", allow_negative_numbers = true)]
    pub modularity_threshold: Option<f64>,
    /// The share of edges from which clusters of adjacent layers are one module [default: 0.9]
    #[arg(long, value_name = "DELTA_M")]
    pub merge_threshold: Option<f64>,
}

impl SettingsArgs {
    /// The settings meant.
    ///
    /// # Errors
    /// They make no sense together.
    pub fn settings(&self) -> Result<DetectionSettings, SettingsError> {
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
    }
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(flatten)]
    detection: &'a Detection,
}

/// Detects and prints; a bad network is told on standard error and the others go on.
///
/// # Errors
/// Settings that make no sense, or standard output that cannot be written to.
pub fn run(args: &DetectArgs, ascii: bool) -> anyhow::Result<ExitCode> {
    let settings = args.settings.settings()?;
    networks::each(&args.networks, |id, network, out| {
        write_one(args, ascii, &settings, id, network, out)?;
        Ok(None)
    })
}

fn write_one(
    args: &DetectArgs,
    ascii: bool,
    settings: &DetectionSettings,
    id: &str,
    network: &Network,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let detection = detect(&network.condense(), settings);
    if args.json {
        serde_json::to_writer(&mut *out, &Line { id, detection: &detection })?;
        writeln!(out)
    } else {
        for line in described(ascii, settings, id, network, &detection) {
            writeln!(out, "{line}")?;
        }
        writeln!(out)
    }
}

/// All that is found in a network, as text.
fn described(
    ascii: bool,
    settings: &DetectionSettings,
    id: &str,
    network: &Network,
    detection: &Detection,
) -> Vec<String> {
    let architecture = network.architecture();
    let (inputs, outputs) = (numbered("x", architecture.inputs()), numbered("y", architecture.outputs()));
    let modules = counted(detection.module_count, "module");
    let (charset, width) = (Charset::new(ascii), super::width());
    let left: Vec<String> = detection.condensed_arch.iter().map(ToString::to_string).collect();
    let mut lines = vec![printable(id, charset), format!("{architecture} condensed to {}: {modules}", left.join(","))];
    for section in sections(detection, settings, &inputs, &outputs, width, charset) {
        lines.extend(section.indented());
    }
    lines
}
