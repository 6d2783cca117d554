//! Learning rate, batch size and epochs: those that the paper's authors published for each task and architecture, and
//! the record of those that an experiment took.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::tuning::{Answer, Try};
use crate::catalog::Experiment;
use crate::network::Architecture;
use crate::train::{EngineChoice, Hyperparameters, KernelClass};

/// One line of the published table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// Step length of Adam.
    pub learning_rate: f64,
    /// Rows a step.
    pub batch_size: usize,
    /// Epochs a round.
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
        let Line { task, arch, learning_rate, batch_size, epochs } =
            line.expect("the table is part of the program, and a test reads it whole");
        ((task, arch), Published { learning_rate, batch_size, epochs })
    };
    lines.map(entry).collect()
});

/// What the authors used for this task and architecture (`4,24,24,16`); `None` where they published nothing.
#[must_use]
pub fn published(task: &str, architecture: &str) -> Option<Published> {
    TABLE.get(&(task.to_owned(), architecture.to_owned())).copied()
}

/// Where hyperparameters come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// All are given by the file or on the command line.
    File,
    /// What is not given is what the authors published.
    Published,
    /// What is not given is this program's choice for tasks that nothing is published for.
    Default,
    /// The paper's rule, see [`super::tuning`].
    Rule,
}

/// Hyperparameters that an experiment took for a network, and why: an entry of [`Experiment::hyperparameters`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Name of the task.
    pub task: String,
    /// Layer widths.
    pub arch: Architecture,
    /// Where they come from.
    pub origin: Origin,
    /// What was taken; `None` for an X of tables 2 and 3: a given learning rate at which no number of epochs is enough.
    pub chosen: Option<Hyperparameters>,
    /// What was searched, under the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Searched>,
}

/// How a search went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// Where it started.
    pub start: Hyperparameters,
    /// The most epochs that were tried.
    pub most_epochs: usize,
    /// The learning rates that were tried, in order.
    pub tries: Vec<Try>,
    /// How many of the four dense networks have the required accuracy with what was taken.
    pub trained: usize,
    /// What trained them.
    pub engine: EngineChoice,
    /// The class of vector instructions that trained them.
    pub kernel: KernelClass,
}

impl Searched {
    /// What is recorded of an answer.
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

/// What `experiment` took for its networks; nothing for an experiment of before this was recorded.
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
