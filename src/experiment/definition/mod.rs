//! Experiment files: the TOML format of presets and users' experiments (`docs/experiment-files.md`).
//!
//! [`parse`] checks that every number is in range and every choice exists, and fills in what `[[trials]]` blocks leave out
//! from the top of the file. Tasks and architectures are checked when the experiment is planned.

mod fields;
mod read;
mod values;

use crate::detect::DetectionSettings;
use crate::prune::{Grid, Required, Stages};
use crate::task::TableOptions;
use crate::train::EngineChoice;

pub use read::parse;
pub(super) use values::MOST;
pub use values::{grid, required, seeds};

/// The default maximum depth of `depths = "auto"`.
pub const MOST_LAYERS: usize = 5;

/// The content of an experiment file.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// A short title.
    pub title: Option<String>,
    /// What the experiment shows, in one sentence.
    pub about: Option<String>,
    /// The settings under which modules are detected, at least one. The first is checked for the true modules.
    pub detections: Vec<DetectionSettings>,
    /// The blocks of trials, at least one.
    pub trials: Vec<Block>,
}

/// A block of trials: all combinations of some tasks, architectures and other settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The line at which the block starts, from 1.
    pub line: usize,
    /// Names of built-in tasks, or paths of tables (`.csv`) and function graphs (`.toml`), relative to the file.
    pub tasks: Vec<String>,
    /// How tables are read.
    pub table: TableOptions,
    /// The hidden layers of the networks.
    pub hidden: Hidden,
    /// All other settings.
    pub choices: Choices,
}

/// The hidden layers of a block's networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// The widths of the hidden layers of each network.
    Layers(Vec<Vec<usize>>),
    /// All combinations of depths and widths.
    Uniform {
        /// The numbers of hidden layers.
        depths: Vec<usize>,
        /// The widths; all hidden layers of a network have the same width.
        widths: Vec<usize>,
    },
    /// Depths 1, 2, and so on until the answer stays the same, each with all widths.
    Auto {
        /// The maximum depth, at least 2.
        most: usize,
        /// The widths; all hidden layers of a network have the same width.
        widths: Vec<usize>,
    },
}

/// Settings that can be given for the whole file or for a block. `None` and empty lists mean that a setting is not given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// The seeds.
    pub seeds: Option<Vec<u64>>,
    /// The initial step sizes of the walks.
    pub grid: Option<Grid>,
    /// The stages.
    pub stages: Option<Stages>,
    /// Where hyperparameters come from that are not given.
    pub hyperparameters: Option<Policy>,
    /// Adam's learning rates; each is combined with each batch size.
    pub learning_rate: Vec<f64>,
    /// The numbers of rows per batch.
    pub batch_size: Vec<usize>,
    /// The number of epochs per round.
    pub epochs: Option<usize>,
    /// The number of epochs without a lower validation loss after which a round ends early.
    pub patience: Option<usize>,
    /// The L2 coefficient.
    pub weight_decay: Option<f64>,
    /// The standard deviation of the noise added to inputs.
    pub noise: Option<f64>,
    /// The required accuracy.
    pub required: Option<Required>,
    /// Whether steps of walks grow again.
    pub regrow: Option<bool>,
    /// The engine that computes the rounds.
    pub engine: Option<EngineChoice>,
}

/// Where hyperparameters come from that are not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// From what the paper's authors published for the task and architecture.
    Published,
    /// From the paper's rule (section H.2), which searches for few epochs and a high learning rate.
    Rule,
}

impl std::str::FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "published" => Ok(Self::Published),
            "rule" => Ok(Self::Rule),
            _ => Err(format!("`{text}` is not a source of hyperparameters; choose rule or published")),
        }
    }
}

fn or_all<T>(own: Vec<T>, others: Vec<T>) -> Vec<T> {
    if own.is_empty() { others } else { own }
}

impl Choices {
    /// These settings, with those of `others` for what is not given here.
    #[must_use]
    pub fn or(self, others: &Self) -> Self {
        let others = others.clone();
        Self {
            seeds: self.seeds.or(others.seeds),
            grid: self.grid.or(others.grid),
            stages: self.stages.or(others.stages),
            hyperparameters: self.hyperparameters.or(others.hyperparameters),
            learning_rate: or_all(self.learning_rate, others.learning_rate),
            batch_size: or_all(self.batch_size, others.batch_size),
            epochs: self.epochs.or(others.epochs),
            patience: self.patience.or(others.patience),
            weight_decay: self.weight_decay.or(others.weight_decay),
            noise: self.noise.or(others.noise),
            required: self.required.or(others.required),
            regrow: self.regrow.or(others.regrow),
            engine: self.engine.or(others.engine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "[[trials]]\ntasks = ['4-2-4']\nhidden = [[4]]\n";

    #[test]
    fn a_block_inherits_settings_from_the_top() {
        let text = format!(
            "seeds = '3..5'\nlearning_rate = [0.1, 0.05]\nepochs = 7\nregrow = true\n{BLOCK}epochs = 9\ngrid = 'quick'"
        );
        let choices = parse(&text).unwrap().trials.remove(0).choices;
        assert_eq!(choices.seeds, Some(vec![3, 4, 5]));
        assert_eq!((choices.learning_rate, choices.epochs), (vec![0.1, 0.05], Some(9)));
        assert_eq!((choices.grid, choices.batch_size), (Some(Grid::quick()), Vec::new()));
        assert_eq!((choices.regrow, choices.patience), (Some(true), None));
    }

    #[test]
    fn depths_are_listed_or_automatic() {
        let hidden =
            |more: &str| parse(&format!("[[trials]]\ntasks = ['4-2-4']\n{more}")).unwrap().trials.remove(0).hidden;
        assert_eq!(hidden("depths = [1, 3]\nwidths = [8]"), Hidden::Uniform { depths: vec![1, 3], widths: vec![8] });
        assert_eq!(hidden("depths = 'auto'\nwidths = [8]"), Hidden::Auto { most: 5, widths: vec![8] });
        assert_eq!(hidden("depths = 'auto'\nmost_layers = 3\nwidths = 8"), Hidden::Auto { most: 3, widths: vec![8] });
        assert_eq!(hidden("hidden = [[8, 4], [2]]"), Hidden::Layers(vec![vec![8, 4], vec![2]]));
    }

    #[test]
    fn lists_of_detection_settings_are_combined() {
        let text = "[[detection]]\nlinkage = ['average', 'single']\nquality = ['modularity', 'silhouette']\n\
                    [[detection]]\nlinkage = 'ward'\ndistance = 'euclidean'\nmodularity_threshold = -0.3\n";
        let detections = parse(&format!("{text}{BLOCK}")).unwrap().detections;
        let names: Vec<_> = detections.iter().map(|one| (one.linkage.name(), one.quality.name())).collect();
        let expected =
            [("average", "modularity"), ("average", "silhouette"), ("single", "modularity"), ("single", "silhouette")];
        assert_eq!(names[..4], expected);
        assert_eq!((names[4], detections[4].modularity_threshold), (("ward", "modularity"), -0.3));
        assert_eq!(parse(BLOCK).unwrap().detections, [DetectionSettings::default()]);
    }

    /// Each of these is the fourth line of a file, and gives a message with its number and these words.
    #[test]
    fn errors_name_their_line() {
        for (line, words) in [
            ("depht = [1]", "no setting `depht` in [[trials]]; did you mean `depths`?"),
            ("nonsense = 1", "no setting `nonsense` in [[trials]]; the settings there are tasks, outputs, label"),
            ("seeds = 3", "`seeds` must be a list such as [0, 1, 5] or a range such as \"0..19\""),
            ("seeds = '5..3'", "\"0..19\""),
            ("seeds = []", "`seeds` must be"),
            ("seeds = [0, 1, 0]", "twice"),
            ("grid = 'fine'", "`grid` must be \"paper\", \"quick\""),
            ("grid = { p_u = [0.0], p_e = [1.0] }", "above 0 and below 100"),
            ("grid = { p_x = [1.0] }", "`grid` must be"),
            ("stages = 'prune'", "\"unit+edge\""),
            ("hyperparameters = 'best'", "`hyperparameters` must be \"rule\" or \"published\""),
            ("learning_rate = -1.0", "`learning_rate` must be a number above 0"),
            ("learning_rate = [0.1, 0]", "`learning_rate` must be"),
            ("learning_rate = nan", "`learning_rate` must be"),
            ("batch_size = 0", "`batch_size` must be a whole number of at least 1"),
            ("epochs = 1.5", "`epochs` must be a whole number of at least 1"),
            ("patience = 0", "`patience` must be a whole number of at least 1"),
            ("regrow = 1", "`regrow` must be true or false"),
            ("weight_decay = -1", "`weight_decay` must be a number of at least 0"),
            ("noise = 'much'", "`noise` must be"),
            ("required = 95", "{ threshold = 0.98 }"),
            ("required = { threshold = 95 }", "{ threshold = 0.98 }"),
            ("engine = 'abacus'", "`engine` must be one of"),
            ("outputs = 3", "`outputs` must be"),
            ("label = ['a']", "`label` must be the name of a column of classes"),
            ("scale = 0", "`scale` must be a number above 0"),
            ("shape = '28x'", "`shape` must be height x width such as \"28x56\""),
            ("validation = 1", "`validation` must be the path of a second table"),
            ("split_column = 1", "`split_column` must be the name of a column"),
            ("depths = [0]", "`depths` must be"),
            ("depths = 'deep'", "\"auto\""),
            ("most_layers = 3", "only with depths = \"auto\""),
            ("widths = [24]", "`hidden` cannot be combined with"),
            ("[detection]\nlinkage = 'far'", "`linkage` must be"),
            ("[detection]\nmerge_threshold = 2", "`merge_threshold` must be a number above 0 and up to 1"),
            ("[detection]\nlinkage = ['ward', 'single']", "ward linkage needs euclidean"),
            ("[detection]\nlinks = 1", "no setting `links` in [detection]"),
        ] {
            let message = parse(&format!("{BLOCK}{line}")).unwrap_err();
            let number = 4 + line.matches('\n').count();
            assert!(message.starts_with(&format!("line {number}: ")) && message.contains(words), "{line}: {message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn errors_name_what_is_missing() {
        for (text, words) in [
            ("", "line 1: the file has no trials"),
            ("trials = 3", "line 1: `trials` must be"),
            ("title = 'x'\ntrials = []", "the file has no trials"),
            ("\n[[trials]]\nhidden = [[4]]", "line 2: these trials have no tasks"),
            ("\n[[trials]]\ntasks = []\nhidden = [[4]]", "line 3: `tasks` must be"),
            ("\n[[trials]]\ntasks = ['4-2-4']", "line 2: these trials have no hidden layers"),
            ("\n[[trials]]\ntasks = ['4-2-4']\ndepths = [1]", "line 2: these trials have `depths` but no `widths`"),
            ("seeds = 3..", "line 1: "),
            ("title = 'a'\ntitle = 'b'", "line 2: "),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(words) && !message.contains('\n'), "{text:?}: {message}");
        }
    }
}
