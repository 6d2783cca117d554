//! From an experiment file to an ordered list of trials.

use std::path::Path;
use std::sync::Arc;

use super::definition::{Block, Choices, Definition, Seeds};
use super::hyperparameters;
use crate::detect::DetectionSettings;
use crate::network::Architecture;
use crate::prune::{Grid, Plan, Required};
use crate::task::{Kind, TableSource, Task, builtin, graph_file};
use crate::train::{EngineChoice, Hyperparameters};

/// A trial that an experiment asks for.
#[derive(Clone, Debug)]
pub struct PlannedTrial {
    /// What is learned.
    pub task: Arc<Task>,
    /// How it is trained and pruned.
    pub plan: Plan,
    /// What computes the rounds.
    pub engine: EngineChoice,
}

/// An experiment, ready to be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The experiment's name.
    pub name: String,
    /// The text it was read from.
    pub text: String,
    /// How modules are detected.
    pub detection: DetectionSettings,
    /// The trials, in order.
    pub trials: Vec<PlannedTrial>,
}

/// What the command line puts in place of what a file says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// A grid for every trial.
    pub grid: Option<Grid>,
    /// Numbers of hidden layers for every block.
    pub depths: Option<Vec<usize>>,
    /// Widths of hidden layers for every block.
    pub widths: Option<Vec<usize>>,
    /// Seeds for every block.
    pub seeds: Option<Vec<u64>>,
    /// An engine for every trial.
    pub engine: Option<EngineChoice>,
}

/// The most trials that one experiment may have.
const MAX_TRIALS: usize = 1_000_000;

/// Where a task comes from.
enum Source {
    Task(Arc<Task>),
    Table(Box<TableSource>),
}

impl Source {
    /// Names a built-in task, or reads a file relative to `folder`.
    fn open(name: &str, outputs: &[String], folder: &Path) -> Result<Self, String> {
        let path = folder.join(name);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            "csv" => Ok(Self::Table(Box::new(TableSource::read(&path, outputs).map_err(|error| error.to_string())?))),
            "toml" => Ok(Self::Task(Arc::new(graph_file::read(&path).map_err(|error| error.to_string())?))),
            _ => Ok(Self::Task(Arc::new(builtin::get(name).map_err(|error| error.to_string())?))),
        }
    }

    /// The task of a seed: real data is split by seed, everything else is the same for all.
    fn task(&self, seed: u64) -> Arc<Task> {
        match self {
            Self::Task(task) => Arc::clone(task),
            Self::Table(table) => Arc::new(table.split(seed)),
        }
    }
}

/// Expands `definition`; paths of tasks are relative to `folder`.
///
/// # Errors
/// One sentence with the remedy: an unknown task, an architecture that does not fit, a missing hyperparameter.
pub fn expand(definition: &Definition, overrides: &Overrides, folder: &Path) -> Result<Vec<PlannedTrial>, String> {
    let mut trials = Vec::new();
    for block in &definition.trials {
        let choices = block.choices.clone().or(&definition.defaults);
        let seeds = match (&overrides.seeds, &choices.seeds) {
            (Some(seeds), _) => seeds.clone(),
            (None, Some(seeds)) => seeds.expand()?,
            (None, None) => vec![0],
        };
        for name in &block.tasks {
            let source = Source::open(name, &block.outputs, folder)?;
            for hidden in hidden_layers(block, overrides)? {
                for &seed in &seeds {
                    if trials.len() == MAX_TRIALS {
                        return Err(format!("more than {MAX_TRIALS} trials are asked for; split the experiment"));
                    }
                    trials.push(trial(source.task(seed), &hidden, seed, &choices, overrides)?);
                }
            }
        }
    }
    if trials.is_empty() {
        return Err("no trials are asked for; name tasks, depths, widths and seeds in [[trials]]".to_owned());
    }
    Ok(trials)
}

fn hidden_layers(block: &Block, overrides: &Overrides) -> Result<Vec<Vec<usize>>, String> {
    if !block.hidden.is_empty() && (overrides.depths.is_some() || overrides.widths.is_some()) {
        return Err("the hidden layers are written in full as `hidden = ..`; change them in the file".to_owned());
    }
    let depths = overrides.depths.as_ref().unwrap_or(&block.depths);
    let widths = overrides.widths.as_ref().unwrap_or(&block.widths);
    match (block.hidden.is_empty(), depths.is_empty() || widths.is_empty()) {
        (false, true) if depths.is_empty() && widths.is_empty() => Ok(block.hidden.clone()),
        (true, false) => {
            let of_depth = |&depth: &usize| widths.iter().map(move |&width| vec![width; depth]);
            Ok(depths.iter().flat_map(of_depth).collect())
        }
        _ => Err(format!(
            "the trials of task {} need hidden layers: give `depths` and `widths`, or `hidden = [[24, 24]]`",
            block.tasks.first().map_or("?", String::as_str)
        )),
    }
}

fn trial(
    task: Arc<Task>,
    hidden: &[usize],
    seed: u64,
    choices: &Choices,
    overrides: &Overrides,
) -> Result<PlannedTrial, String> {
    let widths = [&[task.inputs.len()], hidden, &[task.outputs.len()]].concat();
    let architecture = Architecture::new(widths).map_err(|error| error.to_string())?;
    let hyperparameters = hyperparameters(&task, &architecture, choices);
    let grid = match (&overrides.grid, &choices.grid) {
        (Some(grid), _) => grid.clone(),
        (None, Some(choice)) => choice.grid()?,
        (None, None) => Grid::paper(),
    };
    let stages = choices.stages.unwrap_or_default();
    let required = choices.required.unwrap_or(match task.kind {
        Kind::Boolean => Required::Perfect,
        Kind::Real => Required::Dense,
    });
    let engine = overrides.engine.or(choices.engine).unwrap_or_default();
    let plan = Plan { architecture, seed, hyperparameters, stages, grid, required };
    Ok(PlannedTrial { task, plan: plan.checked().map_err(|error| error.to_string())?, engine })
}

/// What the file says, else what the authors published, else defaults for a task of one's own.
fn hyperparameters(task: &Task, architecture: &Architecture, choices: &Choices) -> Hyperparameters {
    let published = hyperparameters::published(&task.name, &architecture.to_string());
    let rows = task.training.count;
    Hyperparameters {
        learning_rate: choices.learning_rate.or(published.map(|set| set.learning_rate)).unwrap_or(0.05),
        batch_size: choices.batch_size.or(published.map(|set| set.batch_size)).unwrap_or((rows / 2).clamp(1, 32)),
        epochs: choices.epochs.or(published.map(|set| set.epochs)).unwrap_or(40),
        weight_decay: choices.weight_decay.unwrap_or(1e-4),
        noise: choices.noise.unwrap_or(task.default_noise()),
    }
}

/// A trial on a task of one's own, from the command line.
///
/// # Errors
/// As [`expand`], and an architecture whose inputs or outputs are not those of the task.
pub fn single(
    name: &str,
    outputs: &[String],
    architecture: &Architecture,
    seeds: &[u64],
    choices: &Choices,
    overrides: &Overrides,
) -> Result<Vec<PlannedTrial>, String> {
    let source = Source::open(name, outputs, Path::new(""))?;
    seeds
        .iter()
        .map(|&seed| {
            let task = source.task(seed);
            let fits = architecture.inputs() == task.inputs.len() && architecture.outputs() == task.outputs.len();
            if !fits {
                return Err(format!(
                    "architecture {architecture} does not fit task {}, which has {} inputs and {} outputs; write {},..,{}",
                    task.name,
                    task.inputs.len(),
                    task.outputs.len(),
                    task.inputs.len(),
                    task.outputs.len()
                ));
            }
            trial(task, architecture.hidden(), seed, choices, overrides)
        })
        .collect()
}

impl Planned {
    /// The experiment of a definition, under a name.
    ///
    /// # Errors
    /// As [`expand`].
    pub fn new(
        name: &str,
        text: &str,
        definition: &Definition,
        overrides: &Overrides,
        folder: &Path,
    ) -> Result<Self, String> {
        let detection =
            definition.detection.clone().unwrap_or_default().checked().map_err(|error| error.to_string())?;
        let trials = expand(definition, overrides, folder)?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), detection, trials })
    }
}

/// Reads seeds from the command line.
///
/// # Errors
/// As [`Seeds::parse`].
pub fn seeds(text: &str) -> Result<Vec<u64>, String> {
    Seeds::parse(text)
}

#[cfg(test)]
mod tests {
    use super::super::{definition, presets};
    use super::*;

    #[test]
    fn every_preset_expands() {
        let count = |name: &str| {
            let definition = presets::get(name).unwrap().definition();
            expand(&definition, &Overrides::default(), Path::new("")).unwrap().len()
        };
        assert_eq!(count("quickstart"), 2);
        assert_eq!(count("figure-6"), 144);
    }

    #[test]
    fn figure_6_takes_the_published_hyperparameters() {
        let definition = presets::get("figure-6").unwrap().definition();
        let trials = expand(&definition, &Overrides::default(), Path::new("")).unwrap();
        let last = &trials[143];
        assert_eq!(last.plan.architecture.to_string(), "4,48,48,48,4");
        assert_eq!((last.plan.seed, last.plan.hyperparameters.epochs), (5, 30));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let refuse = |text: &str| {
            let definition = definition::parse(text).unwrap();
            expand(&definition, &Overrides::default(), Path::new("")).unwrap_err()
        };
        let block = |rest: &str| format!("[[trials]]\ntasks = ['4-2-4']\n{rest}");
        assert!(refuse(&block("depths = [1]")).contains("widths"));
        assert!(refuse(&block("hidden = [[0]]")).contains("`0`"));
        assert!(refuse(&block("hidden = [[4]]\nepochs = 0")).contains("epochs"));
        assert!(refuse(&block("hidden = [[4]]\nlearning_rate = -1.0")).contains("learning_rate"));
        assert!(refuse(&block("hidden = [[4]]\ngrid = 'fine'")).contains("`fine`"));
        assert!(refuse(&block("hidden = [[]]")).contains("no hidden units"));
        assert!(refuse("[[trials]]\ntasks = ['4-2-5']\nhidden = [[4]]").contains("4-2-5"));
    }
}
