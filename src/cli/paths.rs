//! `sculpt paths`: path products, input separability and unit reuse of networks with weights.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::networks;
use super::width::width;
use crate::analysis::paths::{PathAnalysis, PathSettings, UnitGroup, analyze};
use crate::network::Network;
use crate::report::Charset;
use crate::report::names::{Labels, numbered};
use crate::report::paths::sections;
use crate::report::text::printable;
use crate::task::Shape;

/// Measure the path products of networks, the separability of their inputs and the reuse of their hidden units
///
/// The path product of an input and an output is an entry of the product of all matrices of absolute weights. For each
/// group, Welch's one-sided t test decides whether the products of its inputs are smaller to other outputs than to its
/// own. For each hidden layer, the reuse is the fewest units that carry P% of the products to the outputs.
///
/// Reads the same files as `sculpt detect`.
#[derive(Args, Debug, Clone)]
#[command(alias = "structure")]
pub struct PathsArgs {
    /// Files with networks: .jsonl, .safetensors, .pth or .pt
    #[arg(required = true, value_name = "NETWORK")]
    networks: Vec<PathBuf>,
    /// Inputs and outputs to test, numbered from 1, such as 1,2:1,2 or 1-4:1,3; name them after the networks
    #[arg(long, value_name = "INPUTS:OUTPUTS", num_args = 1..)]
    groups: Vec<UnitGroup>,
    /// Percentage of a layer's products for which to count the fewest units
    #[arg(long, value_name = "P", default_value = "90", value_parser = percent)]
    percent: f64,
    /// Height and width of the image whose pixels the inputs are, row by row, such as 28x56
    #[arg(long, value_name = "HEIGHTxWIDTH")]
    shape: Option<Shape>,
    /// Print JSON, one line per network
    #[arg(long)]
    json: bool,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|&number: &f64| number > 0.0 && number <= 100.0);
    number.ok_or_else(|| "write a number above 0 and at most 100, such as 90".to_owned())
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(flatten)]
    structure: &'a PathAnalysis,
}

/// Computes and prints. Bad networks are reported on standard error and skipped.
///
/// # Errors
/// Standard output cannot be written to.
pub fn run(args: &PathsArgs, ascii: bool) -> anyhow::Result<ExitCode> {
    let settings = PathSettings { groups: args.groups.clone(), percent: args.percent };
    networks::each(&args.networks, |id, network, out| {
        if let Some(misfit) = networks::misfit(args.shape, network) {
            return Ok(Some(misfit));
        }
        match analyze(network, &settings) {
            Ok(found) if args.json => {
                serde_json::to_writer(&mut *out, &Line { id, structure: &found })?;
                writeln!(out)?;
                Ok(None)
            }
            Ok(found) => {
                for line in described(args, ascii, id, network, &found) {
                    writeln!(out, "{line}")?;
                }
                writeln!(out)?;
                Ok(None)
            }
            Err(error) => Ok(Some(error.to_string())),
        }
    })
}

/// The results for one network as text.
fn described(args: &PathsArgs, ascii: bool, id: &str, network: &Network, found: &PathAnalysis) -> Vec<String> {
    let charset = Charset::new(ascii);
    let mut lines = vec![printable(id, charset), network.architecture().to_string()];
    let architecture = network.architecture();
    let inputs = args.shape.map_or_else(|| numbered("x", architecture.inputs()), |shape| shape.names().collect());
    let outputs = numbered("y", architecture.outputs());
    let labels = Labels { inputs: &inputs, outputs: &outputs, shape: args.shape };
    for section in sections(found, architecture, labels, args.percent, width(), charset) {
        lines.extend(section.indented());
    }
    lines
}
