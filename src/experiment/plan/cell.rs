//! Cells: sets of trials that differ only in their seed.

use std::sync::Arc;

use super::overrides::Overrides;
use crate::experiment::definition::{Choices, Policy};
use crate::experiment::hyperparameters::{Origin, published};
use crate::experiment::source::{Source, TaskHashes};
use crate::experiment::tuning::{FIRST_EPOCHS, FIRST_RATE, Question, Search};
use crate::network::Architecture;
use crate::prune::{Grid, Plan, Required};
use crate::task::{InputKind, Task};
use crate::train::{EngineChoice, Hyperparameters};

/// A trial of an experiment.
#[derive(Clone, Debug)]
pub struct PlannedTrial {
    /// The task to learn.
    pub task: Arc<Task>,
    /// How to train and prune.
    pub plan: Plan,
    /// The engine that computes the rounds.
    pub engine: EngineChoice,
}

/// Trials that differ only in their seed.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The task of the first seed.
    pub task: Arc<Task>,
    /// The seeds, without duplicates.
    pub seeds: Vec<u64>,
    /// The engine that computes the rounds.
    pub engine: EngineChoice,
    /// The ladder that the cell belongs to; `None` if its depth is given.
    pub ladder: Option<usize>,
    source: Source,
    /// The plan of the first seed. If hyperparameters are searched, it has those that the search starts from.
    pub(super) plan: Plan,
    pub(super) origin: Origin,
    pub(super) search: Option<Search>,
}

/// What the cells of a task and architecture have in common.
pub(super) struct Shape<'a> {
    pub(super) source: &'a Source,
    pub(super) hidden: &'a [usize],
    pub(super) seeds: &'a [u64],
    pub(super) ladder: Option<usize>,
}

impl Cell {
    pub(super) fn new(
        shape: &Shape<'_>,
        given: (Option<f64>, Option<usize>),
        choices: &Choices,
        overrides: &Overrides,
        hashes: &mut TaskHashes,
    ) -> Result<Self, String> {
        let seed = shape.seeds.first().copied().unwrap_or(0);
        let task = shape.source.task(seed);
        let widths = [&[task.inputs.len()], shape.hidden, &[task.outputs.len()]].concat();
        let architecture = Architecture::new(widths).map_err(|error| error.to_string())?;
        let policy = overrides.hyperparameters.or(choices.hyperparameters);
        let (mut hyperparameters, origin) = hyperparameters(&task, &architecture, given, choices, policy)?;
        hyperparameters.patience = overrides.patience.or(choices.patience);
        let required = choices.required.unwrap_or(match task.kind {
            InputKind::Boolean => Required::Perfect,
            InputKind::Real => Required::Dense,
        });
        let plan = Plan {
            architecture,
            seed,
            hyperparameters,
            stages: choices.stages.unwrap_or_default(),
            grid: overrides.grid.clone().or_else(|| choices.grid.clone()).unwrap_or_else(Grid::paper),
            required,
            regrow: overrides.regrow.or(choices.regrow).unwrap_or_default(),
        };
        let plan = plan.checked().map_err(|error| error.to_string())?;
        let engine = overrides.engine.or(choices.engine).unwrap_or_default();
        engine.check().map_err(|error| error.to_string())?;
        let free = (given.0.is_none(), choices.epochs.is_none());
        let search = match origin {
            Origin::Rule if required == Required::Dense => {
                return Err(format!(
                    "hyperparameters = \"rule\" needs a required accuracy for the dense networks of task {}; add \
                     required = {{ threshold = 0.95 }}, or give learning_rate, batch_size and epochs",
                    task.name
                ));
            }
            Origin::Rule => {
                let hash = hashes.of(&task).to_owned();
                Some(Search::new(shape.source, &plan, engine, free, (&task.name, hash)))
            }
            _ => None,
        };
        Ok(Self {
            task,
            seeds: shape.seeds.to_vec(),
            engine,
            ladder: shape.ladder,
            source: shape.source.clone(),
            plan,
            origin,
            search,
        })
    }

    /// The layer widths.
    #[must_use]
    pub fn architecture(&self) -> &Architecture {
        &self.plan.architecture
    }

    /// The question of the search for hyperparameters; `None` if there is no search.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        self.search.as_ref().map(|search| &search.question)
    }

    /// The trial with this seed and the given hyperparameters, or those that the search starts from.
    ///
    /// # Errors
    /// The plan is invalid.
    pub fn first_trial(&self, seed: u64) -> Result<PlannedTrial, String> {
        self.trial(seed, self.plan.hyperparameters)
    }

    pub(super) fn trial(&self, seed: u64, hyperparameters: Hyperparameters) -> Result<PlannedTrial, String> {
        let plan = Plan { seed, hyperparameters, ..self.plan.clone() };
        let task = if seed == self.plan.seed { Arc::clone(&self.task) } else { self.source.task(seed) };
        Ok(PlannedTrial { task, plan: plan.checked().map_err(|error| error.to_string())?, engine: self.engine })
    }
}

/// The hyperparameters to train with, or to start a search from: those given, and otherwise those of the policy.
fn hyperparameters(
    task: &Task,
    architecture: &Architecture,
    (learning_rate, batch_size): (Option<f64>, Option<usize>),
    choices: &Choices,
    policy: Option<Policy>,
) -> Result<(Hyperparameters, Origin), String> {
    let known = published(&task.name, &architecture.to_string());
    let all_given = learning_rate.is_some() && batch_size.is_some() && choices.epochs.is_some();
    let origin = match (policy, known) {
        _ if all_given => Origin::File,
        (Some(Policy::Rule), _) if learning_rate.is_some() && choices.epochs.is_some() => {
            return Err(
                "hyperparameters = \"rule\" has nothing to choose, because learning_rate and epochs are given; \
                        remove one of them"
                    .to_owned(),
            );
        }
        (Some(Policy::Rule), _) => Origin::Rule,
        (_, Some(_)) => Origin::Published,
        (Some(Policy::Published), None) => {
            return Err(format!(
                "the paper's authors published no hyperparameters for task {} and architecture {architecture}; give \
                 learning_rate, batch_size and epochs, or set hyperparameters = \"rule\"",
                task.name
            ));
        }
        (None, None) => Origin::Default,
    };
    let batch_size = batch_size.or(known.map(|known| known.batch_size));
    let rate = learning_rate.or(known.map(|known| known.learning_rate));
    // The rule starts from the published epochs only at the published learning rate and batch size.
    let as_published = known.filter(|known| (rate, batch_size) == (Some(known.learning_rate), Some(known.batch_size)));
    let (first_rate, first_epochs) = match origin {
        Origin::Rule => (FIRST_RATE, as_published.map_or(FIRST_EPOCHS, |known| known.epochs)),
        _ => (0.05, known.map_or(40, |known| known.epochs)),
    };
    let hyperparameters = Hyperparameters {
        learning_rate: rate.unwrap_or(first_rate),
        batch_size: batch_size.unwrap_or((task.training.count / 2).clamp(1, 32)),
        epochs: choices.epochs.unwrap_or(first_epochs),
        weight_decay: choices.weight_decay.unwrap_or(1e-4),
        noise: choices.noise.unwrap_or(task.default_noise()),
        patience: None,
    };
    Ok((hyperparameters, origin))
}
