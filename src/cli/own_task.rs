//! `sculpt run --task`: a single task of the user's own, its networks and its settings.

use clap::Args;

use super::run::parsed;
use super::table_args::TableArgs;
use super::usage::{Usage, task_source};
use crate::detect::DetectionSettings;
use crate::experiment::definition::{self, Choices, Hidden, MOST_LAYERS};
use crate::experiment::launch_request::{experiment_name, numbers};
use crate::experiment::{Networks, Outline, Overrides};
use crate::prune::Stages;

/// The heading of these options.
pub(super) const OWN: &str = "A task of your own instead of an experiment";

/// A task and its settings.
#[derive(Args, Debug)]
#[group(multiple = true, conflicts_with = "experiment")]
pub struct OwnTaskArgs {
    /// The task: a built-in name, a table (.csv, .csv.gz, .npz, .npy) or a function graph (.toml)
    #[arg(long, help_heading = OWN, value_name = "TASK")]
    task: Option<String>,
    /// Layer widths from inputs to outputs, such as 4,24,24,4 (or give --depths and --widths)
    #[arg(long, help_heading = OWN, requires = "task", conflicts_with_all = ["depths", "widths"], value_name = "WIDTHS")]
    arch: Option<String>,
    /// Learning rate of Adam
    #[arg(long, help_heading = OWN, requires = "task", value_name = "RATE", allow_negative_numbers = true)]
    lr: Option<f64>,
    /// Rows per training step
    #[arg(long, help_heading = OWN, requires = "task", value_name = "ROWS")]
    batch_size: Option<usize>,
    /// Epochs per round
    #[arg(long, help_heading = OWN, requires = "task")]
    epochs: Option<usize>,
    /// Standard deviation of the noise added to inputs
    #[arg(long, help_heading = OWN, requires = "task", value_name = "DEVIATION", allow_negative_numbers = true)]
    noise: Option<f64>,
    /// What to prune: dense (nothing), unit, edge or unit+edge
    #[arg(long, help_heading = OWN, requires = "task")]
    stages: Option<String>,
    /// Required accuracy: perfect, dense (that of the dense network) or a share of output bits, such as 0.98
    #[arg(
        long,
        help_heading = OWN,
        requires = "task",
        value_name = "perfect|dense|SHARE",
        allow_negative_numbers = true
    )]
    required: Option<String>,
    /// Let the separability tests decide if the lowest modularity metric is above this [default: -0.2]
    #[arg(long, help_heading = OWN, requires = "task", value_name = "T_M", allow_negative_numbers = true)]
    modularity_threshold: Option<f64>,
    /// Merge clusters of adjacent layers that share at least this fraction of their edges [default: 0.9]
    #[arg(long, help_heading = OWN, requires = "task", value_name = "DELTA_M", allow_negative_numbers = true)]
    merge_threshold: Option<f64>,
}

impl OwnTaskArgs {
    /// The trials of the task, if one is given: one per network and seed. `depths` and `widths` are as typed.
    pub(super) fn outline(
        &self,
        table: &TableArgs,
        depths: Option<&str>,
        widths: Option<&str>,
        overrides: &Overrides,
    ) -> anyhow::Result<Option<Outline>> {
        let Some(task) = self.task.as_deref() else { return Ok(None) };
        let (networks, typed) = self.networks(depths, widths)?;
        let (choices, detection) = (self.choices()?, self.detection()?);
        let source = task_source(task, &table.options())?;
        let outline = Outline::single(&source, &networks, &choices, overrides).map_err(Usage::error)?;
        let text = format!("# sculpt run --task {task} {typed}\n");
        Ok(Some(Outline { name: experiment_name(&outline.name), text, detections: vec![detection], ..outline }))
    }

    /// The networks, and the options that name them.
    fn networks(&self, depths: Option<&str>, widths: Option<&str>) -> anyhow::Result<(Networks, String)> {
        let (depths, widths) = match (&self.arch, depths, widths) {
            (Some(arch), ..) => return Ok((Networks::Architecture(parsed(arch)?), format!("--arch {arch}"))),
            (None, Some(depths), Some(widths)) => (depths, widths),
            (None, Some(_), None) => return Err(Usage::error("--depths needs --widths, such as --widths 24,36")),
            (None, None, Some(_)) => return Err(Usage::error("--widths needs --depths, such as --depths 1,2")),
            (None, None, None) => {
                return Err(Usage::error("--task needs networks; give --arch 4,24,24,4, or --depths 1,2 --widths 24"));
            }
        };
        let typed = format!("--depths {depths} --widths {widths}");
        let read = |text: &str, what| numbers(text, what).map_err(Usage::error);
        let widths = read(widths, "widths")?;
        let hidden = match depths {
            "auto" => Hidden::Auto { most: MOST_LAYERS, widths },
            depths => Hidden::Uniform { depths: read(depths, "depths")?, widths },
        };
        Ok((Networks::Hidden(hidden), typed))
    }

    fn choices(&self) -> anyhow::Result<Choices> {
        Ok(Choices {
            learning_rate: self.lr.into_iter().collect(),
            batch_size: self.batch_size.into_iter().collect(),
            epochs: self.epochs,
            noise: self.noise,
            stages: self.stages.as_deref().map(parsed::<Stages>).transpose()?,
            required: self.required.as_deref().map(definition::required).transpose().map_err(Usage::error)?,
            ..Choices::default()
        })
    }

    fn detection(&self) -> anyhow::Result<DetectionSettings> {
        let base = DetectionSettings::default();
        let settings = DetectionSettings {
            modularity_threshold: self.modularity_threshold.unwrap_or(base.modularity_threshold),
            merge_threshold: self.merge_threshold.unwrap_or(base.merge_threshold),
            ..base
        };
        settings.checked().map_err(|error| Usage::error(error.to_string()))
    }
}
