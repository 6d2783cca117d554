//! Hyperparameters: those that the paper's authors published for each task and architecture, and a record of those that an
//! experiment uses.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::tuning::{Answer, Try};
use crate::catalog::Experiment;
use crate::network::Architecture;
use crate::task::digits;
use crate::train::{EngineChoice, Hyperparameters, KernelClass};

/// A line of the published table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// The number of rows per batch.
    pub batch_size: usize,
    /// The number of epochs per round.
    pub epochs: usize,
}

#[derive(Deserialize)]
struct Line {
    task: String,
    arch: String,
    learning_rate: f64,
    batch_size: usize,
    epochs: usize,
}

static TABLE: LazyLock<HashMap<(String, String), Published>> = LazyLock::new(|| {
    let text = include_str!("../../presets/hyperparameters.csv");
    let lines = csv::Reader::from_reader(text.as_bytes()).into_deserialize::<Line>();
    let entry = |line: Result<Line, csv::Error>| {
        let Line { task, arch, learning_rate, batch_size, epochs } = line.expect("a test reads the whole table");
        ((task, arch), Published { learning_rate, batch_size, epochs })
    };
    lines.map(entry).collect()
});

/// What the authors published for a task and an architecture such as `4,24,24,16`; `None` if nothing.
#[must_use]
pub fn published(task: &str, architecture: &str) -> Option<Published> {
    // The authors' names of the tasks with digits.
    let task = match digits::base(task) {
        Some("digits-xor") => "1568-2-3-3",
        Some(_) => "1568-2-20",
        None => task,
    };
    TABLE.get(&(task.to_owned(), architecture.to_owned())).copied()
}

/// The origin of hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// All are given in the file or on the command line.
    File,
    /// Those not given are the published ones.
    Published,
    /// Those not given are this program's defaults, because nothing is published.
    Default,
    /// Those not given were found by the paper's rule, see [`super::tuning`].
    Rule,
}

/// The hyperparameters that an experiment uses for a network, and their origin: an entry of
/// [`Experiment::hyperparameters`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// The task's name.
    pub task: String,
    /// The network's layer widths.
    pub arch: Architecture,
    /// The origin of the hyperparameters.
    pub origin: Origin,
    /// The hyperparameters; `None` if no number of epochs is enough at a given learning rate (an X in tables 2 and 3).
    pub chosen: Option<Hyperparameters>,
    /// The search by the paper's rule, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Searched>,
}

/// A record of a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// The hyperparameters that the search started from.
    pub start: Hyperparameters,
    /// The largest number of epochs tried.
    pub most_epochs: usize,
    /// The learning rates tried, in order.
    pub tries: Vec<Try>,
    /// How many of the four dense networks reach the required accuracy with the chosen hyperparameters.
    pub trained: usize,
    /// The engine that trained the networks.
    pub engine: EngineChoice,
    /// The kernel class that trained the networks.
    pub kernel: KernelClass,
}

impl Searched {
    /// The record of the search that gave `answer`.
    #[must_use]
    pub fn new(answer: &Answer) -> Self {
        let question = &answer.question;
        Self {
            start: question.start,
            most_epochs: question.most_epochs(),
            tries: answer.tries.clone(),
            trained: answer.trained,
            engine: question.engine,
            kernel: question.kernel,
        }
    }
}

/// The hyperparameters that `experiment` uses; empty for experiments of older versions, which did not record them.
#[must_use]
pub fn recorded(experiment: &Experiment) -> Vec<Chosen> {
    serde_json::from_value(experiment.hyperparameters.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read() {
        assert_eq!(TABLE.len(), 382);
        let expected = Published { learning_rate: 0.1, batch_size: 8, epochs: 40 };
        assert_eq!(published("4-1-2-16", "4,24,24,16"), Some(expected));
        assert_eq!(published("4-1-2-16", "4,25,25,16"), None);
    }
}
