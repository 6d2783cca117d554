//! The file of an experiment: the same TOML for a preset and for a user's own (`docs/experiment-files.md`).
//!
//! What is past [`parse`] is checked: every number is in its range, every choice exists, and what a `[[trials]]` block
//! leaves out stands in it as the top of the file says it. Tasks and architectures are looked at when it is planned.

mod fields;
mod read;
mod values;

use crate::detect::DetectionSettings;
use crate::prune::{Grid, Required, Stages};
use crate::train::EngineChoice;

pub use read::parse;
pub(super) use values::MOST;
pub use values::{grid, seeds};

/// The most hidden layers that `depths = "auto"` tries where the file does not say.
pub const MOST_LAYERS: usize = 5;

/// An experiment as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// A short title.
    pub title: Option<String>,
    /// What it shows, in a sentence.
    pub about: Option<String>,
    /// How modules are detected, at least one way, in order; whether a trial is a success is told by the first.
    pub detections: Vec<DetectionSettings>,
    /// Blocks of trials, in order, at least one.
    pub trials: Vec<Block>,
}

/// Trials over tasks and architectures.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The line of the file that it begins at, from 1.
    pub line: usize,
    /// Names of built-in tasks, or paths of tables (`.csv`) and function graphs (`.toml`), relative to the file.
    pub tasks: Vec<String>,
    /// Names of the output columns of a table; empty for `y1`, `y2`, ..
    pub outputs: Vec<String>,
    /// The hidden layers.
    pub hidden: Hidden,
    /// Everything else.
    pub choices: Choices,
}

/// The hidden layers of a block's networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// These, layer by layer.
    Layers(Vec<Vec<usize>>),
    /// Each number of layers with each width.
    Uniform {
        /// Numbers of hidden layers.
        depths: Vec<usize>,
        /// Widths of all of them.
        widths: Vec<usize>,
    },
    /// One layer, two, and so on, until the answer stays the same; each with each width.
    Auto {
        /// The most layers, at least 2.
        most: usize,
        /// Widths of all of them.
        widths: Vec<usize>,
    },
}

/// What can be set for all trials or for a block of them; `None` and empty lists stand for what is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Seeds of the trials.
    pub seeds: Option<Vec<u64>>,
    /// First steps of the walks.
    pub grid: Option<Grid>,
    /// `dense`, `unit`, `edge` or `unit+edge`.
    pub stages: Option<Stages>,
    /// Where the hyperparameters come from that are not given.
    pub hyperparameters: Option<Policy>,
    /// Step lengths of Adam, each with each batch size.
    pub learning_rate: Vec<f64>,
    /// Rows a step.
    pub batch_size: Vec<usize>,
    /// Epochs a round.
    pub epochs: Option<usize>,
    /// L2 coefficient.
    pub weight_decay: Option<f64>,
    /// Standard deviation of the noise on inputs.
    pub noise: Option<f64>,
    /// The accuracy that must hold.
    pub required: Option<Required>,
    /// What computes the rounds.
    pub engine: Option<EngineChoice>,
}

/// Where hyperparameters come from that a file does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// What the paper's authors published for the task and architecture.
    Published,
    /// The paper's rule (section H.2): as few epochs and as high a learning rate as the dense networks need.
    Rule,
}

impl std::str::FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "published" => Ok(Self::Published),
            "rule" => Ok(Self::Rule),
            _ => Err(format!("there are no hyperparameters `{text}`; choose rule or published")),
        }
    }
}

fn or_all<T>(own: Vec<T>, others: Vec<T>) -> Vec<T> {
    if own.is_empty() { others } else { own }
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
            hyperparameters: self.hyperparameters.or(others.hyperparameters),
            learning_rate: or_all(self.learning_rate, others.learning_rate),
            batch_size: or_all(self.batch_size, others.batch_size),
            epochs: self.epochs.or(others.epochs),
            weight_decay: self.weight_decay.or(others.weight_decay),
            noise: self.noise.or(others.noise),
            required: self.required.or(others.required),
            engine: self.engine.or(others.engine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "[[trials]]\ntasks = ['4-2-4']\nhidden = [[4]]\n";

    #[test]
    fn a_block_has_what_the_top_says_unless_it_says_otherwise() {
        let text =
            format!("seeds = '3..5'\nlearning_rate = [0.1, 0.05]\nepochs = 7\n{BLOCK}epochs = 9\ngrid = 'quick'");
        let choices = parse(&text).unwrap().trials.remove(0).choices;
        assert_eq!(choices.seeds, Some(vec![3, 4, 5]));
        assert_eq!((choices.learning_rate, choices.epochs), (vec![0.1, 0.05], Some(9)));
        assert_eq!((choices.grid, choices.batch_size), (Some(Grid::quick()), Vec::new()));
    }

    #[test]
    fn depths_are_listed_or_found() {
        let hidden =
            |more: &str| parse(&format!("[[trials]]\ntasks = ['4-2-4']\n{more}")).unwrap().trials.remove(0).hidden;
        assert_eq!(hidden("depths = [1, 3]\nwidths = [8]"), Hidden::Uniform { depths: vec![1, 3], widths: vec![8] });
        assert_eq!(hidden("depths = 'auto'\nwidths = [8]"), Hidden::Auto { most: 5, widths: vec![8] });
        assert_eq!(hidden("depths = 'auto'\nmost_layers = 3\nwidths = 8"), Hidden::Auto { most: 3, widths: vec![8] });
        assert_eq!(hidden("hidden = [[8, 4], [2]]"), Hidden::Layers(vec![vec![8, 4], vec![2]]));
    }

    #[test]
    fn lists_of_detection_settings_are_multiplied() {
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

    /// Each of these lines is the fourth of a file, and is told with its number and these words.
    #[test]
    fn wrong_lines_are_named() {
        for (line, words) in [
            ("depht = [1]", "no setting `depht` in [[trials]]; did you mean `depths`?"),
            ("nonsense = 1", "no setting `nonsense` in [[trials]]; it may have tasks, outputs, depths"),
            ("seeds = 3", "`seeds` must be a list as in [0, 1, 5] or a range as in \"0..19\""),
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
            ("batch_size = 0", "`batch_size` must be a whole number from 1 on"),
            ("epochs = 1.5", "`epochs` must be a whole number from 1 on"),
            ("weight_decay = -1", "`weight_decay` must be a number of 0 or above"),
            ("noise = 'much'", "`noise` must be"),
            ("required = 95", "{ threshold = 0.98 }"),
            ("required = { threshold = 95 }", "{ threshold = 0.98 }"),
            ("engine = 'abacus'", "`engine` must be one of"),
            ("outputs = 3", "`outputs` must be"),
            ("depths = [0]", "`depths` must be"),
            ("depths = 'deep'", "\"auto\""),
            ("most_layers = 3", "only with depths = \"auto\""),
            ("widths = [24]", "`widths` go with `depths`"),
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
    fn what_is_missing_is_told() {
        for (text, words) in [
            ("", "line 1: there are no trials"),
            ("trials = 3", "line 1: `trials` must be"),
            ("title = 'x'\ntrials = []", "there are no trials"),
            ("\n[[trials]]\nhidden = [[4]]", "line 2: the trials name no tasks"),
            ("\n[[trials]]\ntasks = []\nhidden = [[4]]", "line 3: `tasks` must be"),
            ("\n[[trials]]\ntasks = ['4-2-4']", "line 2: the trials have no hidden layers"),
            ("\n[[trials]]\ntasks = ['4-2-4']\ndepths = [1]", "line 2: the trials have `depths` but no `widths`"),
            ("seeds = 3..", "line 1: "),
            ("title = 'a'\ntitle = 'b'", "line 2: "),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(words) && !message.contains('\n'), "{text:?}: {message}");
        }
    }
}
