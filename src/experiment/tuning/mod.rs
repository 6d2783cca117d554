//! The paper's rule for hyperparameters (section H.2), with our seeds.
//!
//! The paper raises the number of epochs, up to 120, until the dense networks of its four seeds all learn the task, and
//! prefers high learning rates. It leaves some details open; this program does the following:
//!
//! - The batch size is not searched. A search starts from the learning rate and the epochs that the authors published for
//!   the task and architecture. If nothing is published, or if the experiment gives another learning rate or batch size,
//!   it starts from 10 epochs, and from learning rate 0.1 unless one is given.
//! - Epochs are raised through 10, 15, 20, 30, 40, 50, 60, 80, 100 and 120 until the dense networks of seeds 0, 1, 2 and 5
//!   all reach the required accuracy. These seeds are used whatever seeds are run afterwards. Every epoch is evaluated and
//!   the best one counts. So a network that first reaches the accuracy in epoch 37 reaches it with 40 or more epochs, but
//!   not with 30: a single training of 120 epochs answers for all numbers of epochs.
//! - If 120 epochs are not enough, the search continues with the next lower learning rate of 0.1, 0.05, 0.01 and 0.005
//!   (those of tables 2 and 3), again from the initial number of epochs.
//! - A given learning rate or number of epochs is not changed. If the learning rate is given and no number of epochs is
//!   enough, the cell is an X in tables 2 and 3 and has no trials. If no learning rate works either, the search chooses
//!   the hyperparameters with which most of the four dense networks learn, and the first of those that are equally good.
//!   Their trials are run, trained or not.
//!
//! Random draws are named by seed and stage, so an answer depends only on the question, which includes the engine and the
//! kernel class.

mod search;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::source::Source;
use crate::catalog::Catalog;
use crate::network::Architecture;
use crate::prune::{Plan, Required};
use crate::train::{EngineChoice, Hyperparameters, KernelClass};

pub use search::{Searching, search};

/// The seeds of the networks that are trained in a search: those of the paper.
pub const SEEDS: [u64; 4] = [0, 1, 2, 5];

/// The numbers of epochs to try, ascending.
const EPOCHS: [usize; 10] = [10, 15, 20, 30, 40, 50, 60, 80, 100, 120];

/// The learning rates to try, descending.
const RATES: [f64; 4] = [0.1, 0.05, 0.01, 0.005];

/// The version of the rule, to be raised when the rule changes, so that older answers are not used.
const VERSION: u32 = 1;

/// The learning rate from which a search starts if nothing is published.
pub(super) const FIRST_RATE: f64 = RATES[0];
/// The number of epochs from which a search starts if nothing is published.
pub(super) const FIRST_EPOCHS: usize = EPOCHS[0];

/// The question of a search: everything that its answer depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The version of the rule.
    pub rule: u32,
    /// The hash of the task's content.
    pub task: String,
    /// The layer widths.
    pub architecture: Architecture,
    /// The hyperparameters from which the search starts.
    pub start: Hyperparameters,
    /// Whether the learning rate can be lowered.
    pub lower_rate: bool,
    /// Whether the number of epochs can be raised.
    pub more_epochs: bool,
    /// The accuracy that the dense networks must reach.
    pub required: Required,
    /// The engine that trains the networks.
    pub engine: EngineChoice,
    /// The kernel class that trains the networks.
    pub kernel: KernelClass,
}

/// The result of trying a learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// The learning rate.
    pub learning_rate: f64,
    /// For each of [`SEEDS`] the first epoch after which the dense network has the required accuracy; `None` if it does not
    /// reach it in the maximum number of epochs.
    pub first_epochs: Vec<Option<usize>>,
}

/// The answer of a search, `searches/<hash>.json`. Depends only on the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The file's version.
    pub format: u32,
    /// The question.
    pub question: Question,
    /// The learning rates tried, in order.
    pub tries: Vec<Try>,
    /// The chosen hyperparameters; `None` if too few networks learn at the given learning rate.
    pub chosen: Option<Hyperparameters>,
    /// The number of dense networks that reach the required accuracy with the chosen hyperparameters, or, if there are none,
    /// in the maximum number of epochs.
    pub trained: usize,
}

/// What to do after some tries.
#[derive(Debug, PartialEq)]
enum Step {
    /// Try this learning rate.
    Try(f64),
    /// Choose these hyperparameters, with which this many networks reach the required accuracy.
    Choose(Option<Hyperparameters>, usize),
}

impl Try {
    /// The number of dense networks that reach the required accuracy.
    #[must_use]
    pub fn trained(&self) -> usize {
        self.first_epochs.iter().flatten().count()
    }
}

impl Question {
    /// The hash of the question, which names the answer's file.
    ///
    /// # Panics
    /// Never, because plain data can always be written as JSON.
    #[must_use]
    pub fn hash(&self) -> String {
        let text = serde_json::to_vec(self).expect("plain data has a JSON form");
        blake3::hash(&text).to_hex()[..20].to_owned()
    }

    fn rates(&self) -> Vec<f64> {
        let start = self.start.learning_rate;
        let lower = RATES.into_iter().filter(|&rate| self.lower_rate && rate < start);
        std::iter::once(start).chain(lower).collect()
    }

    fn epochs(&self) -> impl Iterator<Item = usize> {
        let (start, raised) = (self.start.epochs, self.more_epochs);
        std::iter::once(start).chain(EPOCHS.into_iter().filter(move |&epochs| raised && epochs > start))
    }

    /// The largest number of epochs to try.
    #[must_use]
    pub fn most_epochs(&self) -> usize {
        self.epochs().max().unwrap_or(self.start.epochs)
    }

    /// The hyperparameters to choose after a try: the fewest epochs with which all networks that can learn have learned.
    fn hyperparameters(&self, one: &Try) -> Hyperparameters {
        let needed = one.first_epochs.iter().flatten().max().copied().unwrap_or(0);
        let epochs = self.epochs().find(|&epochs| epochs >= needed).unwrap_or(self.start.epochs);
        Hyperparameters { learning_rate: one.learning_rate, epochs, ..self.start }
    }

    fn next(&self, tries: &[Try]) -> Step {
        if let Some(last) = tries.last().filter(|last| last.trained() == SEEDS.len()) {
            return Step::Choose(Some(self.hyperparameters(last)), SEEDS.len());
        }
        if let Some(&rate) = self.rates().get(tries.len()) {
            return Step::Try(rate);
        }
        // `max_by_key` returns the last of several maxima; the first is wanted.
        let Some(best) = tries.iter().rev().max_by_key(|one| one.trained()) else { return Step::Choose(None, 0) };
        Step::Choose(self.lower_rate.then(|| self.hyperparameters(best)), best.trained())
    }
}

/// A search: a question, and what to train to answer it.
#[derive(Clone, Debug)]
pub struct Search {
    /// The question.
    pub question: Question,
    /// The task's name.
    pub task: String,
    source: Source,
    plan: Plan,
}

impl Search {
    /// The search for trials with the plan `plan`. It starts from the plan's hyperparameters.
    pub(super) fn new(
        source: &Source,
        plan: &Plan,
        engine: EngineChoice,
        (lower_rate, more_epochs): (bool, bool),
        task: (&str, String),
    ) -> Self {
        let question = Question {
            rule: VERSION,
            task: task.1,
            architecture: plan.architecture.clone(),
            start: plan.hyperparameters,
            lower_rate,
            more_epochs,
            required: plan.required,
            engine,
            kernel: KernelClass::detect(),
        };
        Self { question, task: task.0.to_owned(), source: source.clone(), plan: plan.clone() }
    }
}

/// Answers of searches, by the hash of their question.
#[derive(Clone, Debug, Default)]
pub struct Answers(HashMap<String, Arc<Answer>>);

impl Answers {
    /// The answers to `searches` in `catalog`. Damaged ones are skipped, so these searches are made again.
    #[must_use]
    pub fn known(catalog: &Catalog, searches: &[Search]) -> Self {
        let mut known = Self::default();
        for Search { question, .. } in searches {
            let found: Option<Answer> = catalog.search(&question.hash()).ok().flatten();
            if let Some(answer) = found.filter(|answer| answer.question == *question) {
                known.add(answer);
            }
        }
        known
    }

    /// Adds an answer.
    pub fn add(&mut self, answer: Answer) {
        self.0.insert(answer.question.hash(), Arc::new(answer));
    }

    /// Adds all answers of `others`.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The answer to a question.
    #[must_use]
    pub fn to(&self, question: &Question) -> Option<&Answer> {
        self.0.get(&question.hash()).map(|answer| &**answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(learning_rate: f64, epochs: usize) -> Question {
        Question {
            rule: VERSION,
            task: "0123".to_owned(),
            architecture: "4,24,4".parse().unwrap(),
            start: Hyperparameters {
                learning_rate,
                batch_size: 8,
                epochs,
                weight_decay: 1e-4,
                noise: 0.1,
                patience: None,
            },
            lower_rate: true,
            more_epochs: true,
            required: Required::Perfect,
            engine: EngineChoice::default(),
            kernel: KernelClass::Plain,
        }
    }

    fn tried(learning_rate: f64, first_epochs: [Option<usize>; 4]) -> Try {
        Try { learning_rate, first_epochs: first_epochs.to_vec() }
    }

    /// The chosen learning rate and epochs, and the number of trained networks.
    fn taken(question: &Question, tries: &[Try]) -> Option<(f64, usize, usize)> {
        match question.next(tries) {
            Step::Choose(Some(taken), trained) => Some((taken.learning_rate, taken.epochs, trained)),
            _ => None,
        }
    }

    #[test]
    fn epochs_are_raised_until_all_networks_have_learned() {
        let question = question(0.1, 40);
        assert_eq!(question.next(&[]), Step::Try(0.1));
        let epochs = |first: [usize; 4]| taken(&question, &[tried(0.1, first.map(Some))]).unwrap().1;
        assert_eq!(epochs([3, 9, 1, 7]), 40, "never below the start");
        assert_eq!(epochs([3, 9, 40, 7]), 40);
        assert_eq!(epochs([3, 9, 41, 7]), 50);
        assert_eq!(epochs([3, 101, 41, 7]), 120);
    }

    #[test]
    fn any_start_comes_first() {
        let question = question(0.1, 25);
        assert_eq!(question.epochs().collect::<Vec<_>>(), [25, 30, 40, 50, 60, 80, 100, 120]);
        assert_eq!(
            Question { start: Hyperparameters { epochs: 200, ..question.start }, ..question }.most_epochs(),
            200
        );
    }

    #[test]
    fn then_the_learning_rate_is_lowered() {
        let question = question(0.05, 10);
        let missed = tried(0.05, [Some(3), None, Some(8), Some(9)]);
        assert_eq!(question.next(std::slice::from_ref(&missed)), Step::Try(0.01));
        let tries = [missed, tried(0.01, [Some(31), Some(55), Some(12), Some(60)])];
        assert_eq!(taken(&question, &tries), Some((0.01, 60, 4)));
        assert_eq!(question.rates(), [0.05, 0.01, 0.005]);
    }

    #[test]
    fn if_nothing_is_enough_the_first_try_with_most_networks_is_chosen() {
        let question = question(0.01, 10);
        let tries = [tried(0.01, [Some(3), None, None, Some(18)]), tried(0.005, [None, Some(90), Some(8), None])];
        assert_eq!(taken(&question, &tries), Some((0.01, 20, 2)));
        let tries = [tried(0.01, [None; 4]), tried(0.005, [None, Some(90), None, None])];
        assert_eq!(taken(&question, &tries), Some((0.005, 100, 1)));
        let tries = [tried(0.01, [None; 4]), tried(0.005, [None; 4])];
        assert_eq!(taken(&question, &tries), Some((0.01, 10, 0)));
    }

    #[test]
    fn given_hyperparameters_are_not_changed() {
        let given_rate = Question { lower_rate: false, ..question(0.1, 10) };
        assert_eq!(given_rate.next(&[tried(0.1, [Some(1), None, None, Some(2)])]), Step::Choose(None, 2));
        let given_epochs = Question { more_epochs: false, ..question(0.1, 30) };
        assert_eq!(given_epochs.most_epochs(), 30);
        let tries = [tried(0.1, [None; 4]), tried(0.05, [Some(11), Some(30), Some(2), Some(4)])];
        assert_eq!(taken(&given_epochs, &tries), Some((0.05, 30, 4)));
    }

    #[test]
    fn every_part_of_a_question_changes_its_hash() {
        let one = question(0.1, 10);
        let others = [
            Question { task: "4567".to_owned(), ..one.clone() },
            Question { lower_rate: false, ..one.clone() },
            Question { required: Required::Threshold(0.9), ..one.clone() },
            Question { kernel: KernelClass::Avx2, ..one.clone() },
            question(0.1, 15),
        ];
        assert!(others.iter().all(|other| other.hash() != one.hash()));
    }
}
