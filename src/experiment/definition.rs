//! The file of an experiment: the same TOML for a preset and for a user's own.

use serde::Deserialize;

use crate::detect::DetectionSettings;
use crate::prune::{Grid, Required, Stages};
use crate::train::EngineChoice;

/// An experiment as it is written. What a `[[trials]]` block leaves out is taken from the top of the file.
#[derive(Clone, Debug, Deserialize)]
pub struct Definition {
    /// A short title.
    pub title: Option<String>,
    /// What it shows, in a sentence.
    pub about: Option<String>,
    /// Settings for every block.
    #[serde(flatten)]
    pub defaults: Choices,
    /// How modules are detected.
    pub detection: Option<DetectionSettings>,
    /// Blocks of trials, in order.
    pub trials: Vec<Block>,
}

/// Trials over tasks and architectures.
#[derive(Clone, Debug, Deserialize)]
pub struct Block {
    /// Names of built-in tasks, or paths of tables (`.csv`) and function graphs (`.toml`), relative to the file.
    pub tasks: Vec<String>,
    /// Names of the output columns of a table; `y1`, `y2`, .. where left out.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// Numbers of hidden layers, with `widths`.
    #[serde(default)]
    pub depths: Vec<usize>,
    /// Widths of all hidden layers, with `depths`.
    #[serde(default)]
    pub widths: Vec<usize>,
    /// Hidden layers in full, as in `[[24, 12], [48]]`, in place of depths and widths.
    #[serde(default)]
    pub hidden: Vec<Vec<usize>>,
    /// Settings of this block.
    #[serde(flatten)]
    pub choices: Choices,
}

/// What can be set for all trials or for a block of them.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Choices {
    /// Seeds: a list, or a range as in `"0..19"` (both ends meant).
    pub seeds: Option<Seeds>,
    /// `paper`, `quick`, or steps of one's own.
    pub grid: Option<GridChoice>,
    /// `dense`, `unit`, `edge` or `unit+edge`.
    pub stages: Option<Stages>,
    /// Step length of Adam.
    pub learning_rate: Option<f64>,
    /// Rows a step.
    pub batch_size: Option<usize>,
    /// Epochs a round.
    pub epochs: Option<usize>,
    /// L2 coefficient.
    pub weight_decay: Option<f64>,
    /// Standard deviation of the noise on inputs.
    pub noise: Option<f64>,
    /// The accuracy that must hold: `perfect`, `dense`, or `{ threshold = 0.98 }`.
    pub required: Option<Required>,
    /// What computes the rounds.
    pub engine: Option<EngineChoice>,
}

/// Seeds as they are written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Seeds {
    /// Each of these.
    List(Vec<u64>),
    /// From one to another, as in `0..19`.
    Range(String),
}

/// A grid as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum GridChoice {
    /// `paper` or `quick`.
    Named(String),
    /// Steps of one's own.
    Steps(Grid),
}

impl Choices {
    /// These choices, and `others` where nothing is chosen here.
    #[must_use]
    pub fn or(self, others: &Self) -> Self {
        let others = others.clone();
        Self {
            seeds: self.seeds.or(others.seeds),
            grid: self.grid.or(others.grid),
            stages: self.stages.or(others.stages),
            learning_rate: self.learning_rate.or(others.learning_rate),
            batch_size: self.batch_size.or(others.batch_size),
            epochs: self.epochs.or(others.epochs),
            weight_decay: self.weight_decay.or(others.weight_decay),
            noise: self.noise.or(others.noise),
            required: self.required.or(others.required),
            engine: self.engine.or(others.engine),
        }
    }
}

impl Seeds {
    /// The most seeds that one block may ask for.
    const MOST: u64 = 100_000;

    /// Reads `0,1,5` or `0..19`.
    ///
    /// # Errors
    /// Text that is neither, told with the remedy.
    pub fn parse(text: &str) -> Result<Vec<u64>, String> {
        let wrong = || format!("`{text}` are no seeds; write a list as in 0,1,5 or a range as in 0..19");
        let number = |part: &str| part.trim().parse::<u64>().map_err(|_| wrong());
        match text.split_once("..") {
            Some((first, last)) => {
                let (first, last) = (number(first)?, number(last.trim_start_matches('='))?);
                if last < first || last - first >= Self::MOST {
                    return Err(wrong());
                }
                Ok((first..=last).collect())
            }
            None => text.split(',').map(number).collect(),
        }
    }

    /// The seeds meant.
    ///
    /// # Errors
    /// A range that is none.
    pub fn expand(&self) -> Result<Vec<u64>, String> {
        match self {
            Self::List(seeds) => Ok(seeds.clone()),
            Self::Range(text) => Self::parse(text),
        }
    }
}

impl GridChoice {
    /// Reads `paper`, `quick`, or steps of one's own in percent, those of unit walks before those of edge walks:
    /// `35,70/0.5,1`.
    ///
    /// # Errors
    /// Steps that are no numbers, told with the remedy. A name is checked by [`Self::grid`].
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((units, edges)) = text.split_once('/') else { return Ok(Self::Named(text.to_owned())) };
        let steps = |list: &str| -> Option<Vec<f64>> {
            let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
            words.map(|word| word.parse().ok()).collect()
        };
        let wrong = || format!("`{text}` is no grid; write paper, quick, or steps in percent as in 35,70/0.5,1");
        Ok(Self::Steps(Grid { p_u: steps(units).ok_or_else(wrong)?, p_e: steps(edges).ok_or_else(wrong)? }))
    }

    /// The grid meant.
    ///
    /// # Errors
    /// A name that is none.
    pub fn grid(&self) -> Result<Grid, String> {
        match self {
            Self::Steps(grid) => Ok(grid.clone()),
            Self::Named(name) if name == "paper" => Ok(Grid::paper()),
            Self::Named(name) if name == "quick" => Ok(Grid::quick()),
            Self::Named(name) => {
                Err(format!("there is no grid `{name}`; choose paper, quick, or give p_u and p_e in percent"))
            }
        }
    }
}

/// The keys of [`Choices`].
const CHOICES: [&str; 10] =
    ["seeds", "grid", "stages", "learning_rate", "batch_size", "epochs", "weight_decay", "noise", "required", "engine"];

/// Reads the text of an experiment file.
///
/// # Errors
/// One sentence with the line and what is wrong there.
pub fn parse(text: &str) -> Result<Definition, String> {
    let told = |message: &str, start: usize| {
        let line = 1 + text.as_bytes()[..start.min(text.len())].iter().filter(|&&byte| byte == b'\n').count();
        format!("line {line}: {}; see `sculpt presets --show quickstart` for the form", one_line(message))
    };
    let wrong = |error: toml::de::Error| told(error.message(), error.span().map_or(0, |span| span.start));
    let table: toml::Table = toml::from_str(text).map_err(wrong)?;
    if let Some(key) = unknown_key(&table) {
        let start =
            text.lines().take_while(|line| !line.trim_start().starts_with(&key)).map(|line| line.len() + 1).sum();
        return Err(told(&format!("there is no setting `{key}` here"), start));
    }
    toml::from_str(text).map_err(wrong)
}

/// A key that no part of the form has. (serde refuses unknown keys only where no settings are shared.)
fn unknown_key(table: &toml::Table) -> Option<String> {
    let find = |table: &toml::Table, known: &[&str]| {
        table.keys().find(|key| !known.contains(&key.as_str()) && !CHOICES.contains(&key.as_str())).cloned()
    };
    let blocks = table.get("trials").and_then(toml::Value::as_array).into_iter().flatten();
    let mut blocks = blocks.filter_map(toml::Value::as_table);
    find(table, &["title", "about", "detection", "trials"])
        .or_else(|| blocks.find_map(|block| find(block, &["tasks", "outputs", "depths", "widths", "hidden"])))
}

fn one_line(message: &str) -> String {
    message.lines().map(str::trim).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_as_list_and_as_range() {
        assert_eq!(Seeds::parse("0, 1,5").unwrap(), [0, 1, 5]);
        assert_eq!(Seeds::parse("3..5").unwrap(), [3, 4, 5]);
        for wrong in ["", "a", "5..3", "0..9999999999", "1..", "-1"] {
            assert!(Seeds::parse(wrong).unwrap_err().contains("0..19"), "{wrong}");
        }
    }

    #[test]
    fn wrong_files_name_the_line() {
        let message = parse("seeds = [0]\n[[trials]]\ntasks = ['4-2-4']\ndepht = [1]\n").unwrap_err();
        assert!(message.starts_with("line 4: ") && message.contains("`depht`"), "{message}");
        assert!(parse("seeds = 3..").unwrap_err().starts_with("line 1: "));
    }
}
