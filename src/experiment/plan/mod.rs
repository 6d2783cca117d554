//! From an experiment file to an ordered list of trials.
//!
//! An [`Outline`] is what is asked for: cells, each of which is trials that differ in nothing but their seed. Some cells
//! leave their hyperparameters to a search (`tuning`); with its answers an outline becomes [`Planned`].

mod cell;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::definition::{self, Block, Choices, Definition, Hidden, Policy};
use super::hyperparameters::{Chosen, Searched};
use super::queued::TaskHashes;
use super::source::Source;
use super::tuning::{Answers, Search};
use crate::detect::DetectionSettings;
use crate::network::Architecture;
use crate::prune::{Grid, Plan};
use crate::task::Task;
use crate::train::EngineChoice;

pub use cell::Cell;
use cell::Shape;

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

/// What an experiment asks for, before hyperparameters are searched and depths found.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The experiment's name.
    pub name: String,
    /// The text it was read from.
    pub text: String,
    /// How modules are detected, at least one way; the first tells whether a trial is a success.
    pub detections: Vec<DetectionSettings>,
    /// The cells, in order.
    pub cells: Vec<Cell>,
}

/// An experiment, ready to be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The experiment's name.
    pub name: String,
    /// The text it was read from.
    pub text: String,
    /// How modules are detected, at least one way; the first tells whether a trial is a success.
    pub detections: Vec<DetectionSettings>,
    /// The trials, in order.
    pub trials: Vec<PlannedTrial>,
    /// The hyperparameters of each network, and where they come from.
    pub chosen: Vec<Chosen>,
    /// Networks whose hyperparameters are yet to be searched: their trials have those that the search starts from.
    pub unsearched: usize,
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
    /// Where hyperparameters come from that are not given.
    pub hyperparameters: Option<Policy>,
}

/// The most trials that one experiment may have.
const MAX_TRIALS: usize = 1_000_000;

impl Outline {
    /// The outline of a definition, under a name; paths of tasks are relative to `folder`.
    ///
    /// # Errors
    /// One sentence with the line of the block and the remedy: an unknown task, an architecture that does not fit,
    /// nothing published for a network.
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

    /// Trials on one task of one's own, from the command line.
    ///
    /// # Errors
    /// As [`Self::new`], and an architecture whose inputs or outputs are not those of the task.
    pub fn single(
        source: &Source,
        architecture: &Architecture,
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
        if (architecture.inputs(), architecture.outputs()) != (task.inputs.len(), task.outputs.len()) {
            return Err(format!(
                "architecture {architecture} does not fit task {}, which has {} inputs and {} outputs; write {},..,{}",
                task.name,
                task.inputs.len(),
                task.outputs.len(),
                task.inputs.len(),
                task.outputs.len()
            ));
        }
        outline.name.clone_from(&task.name);
        let shape = Shape { source, hidden: architecture.hidden(), seeds: &seeds, ladder: None };
        outline.add_cells(&shape, choices, overrides, &mut TaskHashes::default())?;
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
        let asked = overrides.hidden(&block.hidden)?;
        for name in &block.tasks {
            let source = Source::open(name, &block.outputs, folder).map_err(|error| error.naming("`outputs`"))?;
            let ladder = matches!(asked, Hidden::Auto { .. }).then(|| self.ladders());
            for hidden in layers(&asked) {
                let shape = Shape { source: &source, hidden: &hidden, seeds: &seeds, ladder };
                self.add_cells(&shape, &block.choices, overrides, hashes)?;
            }
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
                    return Err(format!("more than {MAX_TRIALS} trials are asked for; split the experiment"));
                }
                self.cells.push(cell);
            }
        }
        Ok(())
    }

    /// Number of trials, those included that a search or a depth found early may do without.
    #[must_use]
    pub fn most_trials(&self) -> usize {
        self.cells.iter().map(|cell| cell.seeds.len()).sum()
    }

    /// How many of its `depths = "auto"` there are, one a task.
    #[must_use]
    pub fn ladders(&self) -> usize {
        self.cells.iter().filter_map(|cell| cell.ladder).max().map_or(0, |last| last + 1)
    }

    /// The searches that the cells which pass ask for, each once.
    #[must_use]
    pub fn searches(&self, asked: &dyn Fn(&Cell) -> bool) -> Vec<Search> {
        let mut searches: Vec<Search> = Vec::new();
        let mut seen = HashSet::new();
        for search in self.cells.iter().filter(|cell| asked(cell)).filter_map(|cell| cell.search.as_ref()) {
            if seen.insert(search.question.hash()) {
                searches.push(search.clone());
            }
        }
        searches
    }

    /// The trials of the cells that pass, with the hyperparameters that `answers` has for them.
    ///
    /// # Errors
    /// A plan that cannot be carried out.
    pub fn plan(&self, answers: &Answers, asked: &dyn Fn(&Cell) -> bool) -> Result<Planned, String> {
        let mut planned = Planned {
            name: self.name.clone(),
            text: self.text.clone(),
            detections: self.detections.clone(),
            trials: Vec::new(),
            chosen: Vec::new(),
            unsearched: self.searches(asked).iter().filter(|search| answers.to(&search.question).is_none()).count(),
        };
        for cell in self.cells.iter().filter(|cell| asked(cell)) {
            let answer = cell.search.as_ref().and_then(|search| answers.to(&search.question));
            let hyperparameters = answer.map_or(Some(cell.plan.hyperparameters), |answer| answer.chosen);
            let chosen = Chosen {
                task: cell.task.name.clone(),
                arch: cell.plan.architecture.clone(),
                origin: cell.origin,
                chosen: hyperparameters,
                search: answer.map(Searched::new),
            };
            // Dense, edge-pruned and unit-edge-pruned networks are trained alike.
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

impl Overrides {
    /// The hidden layers of a block, with other depths and widths where they are asked for.
    fn hidden(&self, hidden: &Hidden) -> Result<Hidden, String> {
        if self.depths.is_none() && self.widths.is_none() {
            return Ok(hidden.clone());
        }
        let most = definition::MOST;
        if let Some(depth) = self.depths.iter().flatten().find(|&&depth| depth > most) {
            return Err(format!("{depth} hidden layers are too many; ask for {most} at most"));
        }
        let widths = |given: &[usize]| self.widths.clone().unwrap_or_else(|| given.to_vec());
        match (hidden, &self.depths) {
            (Hidden::Layers(_), _) => {
                Err("depths and widths cannot be replaced where hidden layers are written in full as `hidden = ..`; \
                     change them in the file"
                    .to_owned())
            }
            (Hidden::Auto { .. }, Some(_)) => {
                Err("depths cannot be replaced where they are found (`depths = \"auto\"`); change them in the file"
                    .to_owned())
            }
            (Hidden::Auto { most, widths: given }, None) => Ok(Hidden::Auto { most: *most, widths: widths(given) }),
            (Hidden::Uniform { depths, widths: given }, replaced) => {
                let depths = replaced.as_ref().unwrap_or(depths).clone();
                Ok(Hidden::Uniform { depths, widths: widths(given) })
            }
        }
    }
}

/// The hidden layers of a block's networks, from shallow to deep where depths are found.
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
