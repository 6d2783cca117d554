//! From an experiment file to an ordered list of trials.
//!
//! An [`Outline`] consists of cells, each of which is a set of trials that differ only in their seed. Some cells leave their
//! hyperparameters to a search (`tuning`); its answers turn the outline into a [`Planned`] experiment.

mod cell;
mod overrides;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::Path;

use super::definition::{Block, Choices, Definition, Hidden};
use super::hyperparameters::{Chosen, Searched};
use super::source::{Source, TaskHashes};
use super::tuning::{Answers, Search};
use crate::detect::DetectionSettings;
use crate::network::Architecture;
use crate::task::Task;

use cell::Shape;
pub use cell::{Cell, PlannedTrial};
pub use overrides::Overrides;

/// An experiment before hyperparameters are searched and automatic depths are found.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The experiment's name.
    pub name: String,
    /// The text it was read from.
    pub text: String,
    /// The settings under which modules are detected, at least one. The first is checked for the true modules.
    pub detections: Vec<DetectionSettings>,
    /// The cells, in order.
    pub cells: Vec<Cell>,
}

/// The networks of a single task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Networks {
    /// One network, by its layer widths from inputs to outputs.
    Architecture(Architecture),
    /// Networks with these hidden layers.
    Hidden(Hidden),
}

/// An experiment that is ready to be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The experiment's name.
    pub name: String,
    /// The text it was read from.
    pub text: String,
    /// The settings under which modules are detected, at least one. The first is checked for the true modules.
    pub detections: Vec<DetectionSettings>,
    /// The trials, in order.
    pub trials: Vec<PlannedTrial>,
    /// The hyperparameters of each network, and their origin.
    pub chosen: Vec<Chosen>,
    /// The number of searches without an answer. The trials of these networks have the hyperparameters that the search
    /// starts from.
    pub unsearched: usize,
}

/// The maximum number of trials of an experiment.
const MAX_TRIALS: usize = 1_000_000;

impl Outline {
    /// The outline of an experiment file. Paths of tasks are relative to `folder`.
    ///
    /// # Errors
    /// A task is unknown, an architecture does not fit, or no hyperparameters are published for a network. The message is
    /// one sentence with the line of the block and a remedy.
    pub fn new(
        name: &str,
        text: &str,
        definition: &Definition,
        overrides: &Overrides,
        folder: &Path,
    ) -> Result<Self, String> {
        let mut outline = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            detections: definition.detections.clone(),
            cells: Vec::new(),
        };
        let mut hashes = TaskHashes::default();
        for block in &definition.trials {
            outline
                .add_block(block, overrides, folder, &mut hashes)
                .map_err(|message| format!("line {}: {message}", block.line))?;
        }
        Ok(outline)
    }

    /// An outline of trials with one task, from the command line.
    ///
    /// # Errors
    /// See [`Self::new`]; or the numbers of inputs and outputs of an architecture are not those of the task.
    pub fn single(
        source: &Source,
        networks: &Networks,
        choices: &Choices,
        overrides: &Overrides,
    ) -> Result<Self, String> {
        let mut outline = Self {
            name: String::new(),
            text: String::new(),
            detections: vec![DetectionSettings::default()],
            cells: Vec::new(),
        };
        let seeds = overrides.seeds.clone().or_else(|| choices.seeds.clone()).unwrap_or_else(|| vec![0]);
        let task = source.task(seeds.first().copied().unwrap_or(0));
        outline.name.clone_from(&task.name);
        let hidden = match networks {
            Networks::Hidden(hidden) => {
                if let Hidden::Uniform { depths, .. } = hidden {
                    overrides::check_depths(depths.iter())?;
                }
                hidden.clone()
            }
            Networks::Architecture(architecture) => Hidden::Layers(vec![hidden_layers(architecture, &task)?]),
        };
        outline.add_networks((source, &seeds), &hidden, choices, overrides, &mut TaskHashes::default())?;
        Ok(outline)
    }

    fn add_block(
        &mut self,
        block: &Block,
        overrides: &Overrides,
        folder: &Path,
        hashes: &mut TaskHashes,
    ) -> Result<(), String> {
        let given = block.choices.seeds.clone();
        let seeds = overrides.seeds.clone().or(given).unwrap_or_else(|| vec![0]);
        let hidden = overrides.hidden(&block.hidden)?;
        for name in &block.tasks {
            let source = Source::open(name, &block.table, folder).map_err(|error| error.naming("`outputs`"))?;
            self.add_networks((&source, &seeds), &hidden, &block.choices, overrides, hashes)?;
        }
        Ok(())
    }

    /// Adds the cells of a task, with each of these seeds, for all its networks.
    fn add_networks(
        &mut self,
        (source, seeds): (&Source, &[u64]),
        hidden: &Hidden,
        choices: &Choices,
        overrides: &Overrides,
        hashes: &mut TaskHashes,
    ) -> Result<(), String> {
        let ladder = matches!(hidden, Hidden::Auto { .. }).then(|| self.ladders());
        for hidden in layers(hidden) {
            self.add_cells(&Shape { source, hidden: &hidden, seeds, ladder }, choices, overrides, hashes)?;
        }
        Ok(())
    }

    /// Adds a cell for each learning rate and batch size.
    fn add_cells(
        &mut self,
        shape: &Shape<'_>,
        choices: &Choices,
        overrides: &Overrides,
        hashes: &mut TaskHashes,
    ) -> Result<(), String> {
        fn each<T: Copy>(values: &[T]) -> Vec<Option<T>> {
            if values.is_empty() { vec![None] } else { values.iter().copied().map(Some).collect() }
        }
        for batch_size in each(&choices.batch_size) {
            for learning_rate in each(&choices.learning_rate) {
                let cell = Cell::new(shape, (learning_rate, batch_size), choices, overrides, hashes)?;
                if self.most_trials() + cell.seeds.len() > MAX_TRIALS {
                    return Err(format!("the experiment has more than {MAX_TRIALS} trials; split it"));
                }
                self.cells.push(cell);
            }
        }
        Ok(())
    }

    /// The maximum number of trials. There may be fewer if a search finds no hyperparameters, or if the answer at automatic
    /// depths settles early.
    #[must_use]
    pub fn most_trials(&self) -> usize {
        self.cells.iter().map(|cell| cell.seeds.len()).sum()
    }

    /// The number of ladders: of tasks in blocks with `depths = "auto"`.
    #[must_use]
    pub fn ladders(&self) -> usize {
        self.cells.iter().filter_map(|cell| cell.ladder).max().map_or(0, |last| last + 1)
    }

    /// The searches that the `wanted` cells need, without duplicates.
    #[must_use]
    pub fn searches(&self, wanted: &dyn Fn(&Cell) -> bool) -> Vec<Search> {
        let mut searches: Vec<Search> = Vec::new();
        let mut seen = HashSet::new();
        for search in self.cells.iter().filter(|cell| wanted(cell)).filter_map(|cell| cell.search.as_ref()) {
            if seen.insert(search.question.hash()) {
                searches.push(search.clone());
            }
        }
        searches
    }

    /// The trials of the `wanted` cells, with the hyperparameters from `answers`.
    ///
    /// # Errors
    /// A trial's plan is invalid.
    pub fn plan(&self, answers: &Answers, wanted: &dyn Fn(&Cell) -> bool) -> Result<Planned, String> {
        let mut planned = Planned {
            name: self.name.clone(),
            text: self.text.clone(),
            detections: self.detections.clone(),
            trials: Vec::new(),
            chosen: Vec::new(),
            unsearched: self.searches(wanted).iter().filter(|search| answers.to(&search.question).is_none()).count(),
        };
        for cell in self.cells.iter().filter(|cell| wanted(cell)) {
            let answer = cell.search.as_ref().and_then(|search| answers.to(&search.question));
            let hyperparameters = answer.map_or(Some(cell.plan.hyperparameters), |answer| answer.chosen);
            let chosen = Chosen {
                task: cell.task.name.clone(),
                arch: cell.plan.architecture.clone(),
                origin: cell.origin,
                chosen: hyperparameters,
                search: answer.map(Searched::new),
            };
            // Networks with the same task and architecture share hyperparameters, whatever is pruned.
            if !planned.chosen.contains(&chosen) {
                planned.chosen.push(chosen);
            }
            for &seed in cell.seeds.iter().filter(|_| hyperparameters.is_some()) {
                planned.trials.push(cell.trial(seed, hyperparameters.unwrap_or(cell.plan.hyperparameters))?);
            }
        }
        Ok(planned)
    }
}

/// The hidden layers of `architecture`, which must fit `task`.
fn hidden_layers(architecture: &Architecture, task: &Task) -> Result<Vec<usize>, String> {
    let (inputs, outputs) = (task.inputs.len(), task.outputs.len());
    if (architecture.inputs(), architecture.outputs()) == (inputs, outputs) {
        return Ok(architecture.hidden().to_vec());
    }
    Err(format!(
        "architecture {architecture} does not fit task {}; write {inputs},..,{outputs}, its numbers of inputs and outputs",
        task.name
    ))
}

/// The hidden layers of a block's networks; automatic depths are sorted from shallow to deep.
fn layers(hidden: &Hidden) -> Vec<Vec<usize>> {
    let uniform = |depths: &mut dyn Iterator<Item = usize>, widths: &[usize]| {
        depths.flat_map(|depth| widths.iter().map(move |&width| vec![width; depth])).collect()
    };
    match hidden {
        Hidden::Layers(layers) => layers.clone(),
        Hidden::Uniform { depths, widths } => uniform(&mut depths.iter().copied(), widths),
        Hidden::Auto { most, widths } => uniform(&mut (1..=*most), widths),
    }
}
