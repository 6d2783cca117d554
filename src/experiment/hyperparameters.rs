//! Learning rate, batch size and epochs that the paper's authors used for each task and architecture.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

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
