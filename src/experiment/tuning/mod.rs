//! The paper's rule for hyperparameters (section H.2), on our seeds.
//!
//! The paper raises the epochs, to 120 at most, until the dense networks of its four seeds all learn the task, and
//! prefers high learning rates. What it leaves open is settled so:
//!
//! - The batch size stays as it is. A search starts from the learning rate and the epochs that the authors published
//!   for the task and architecture; where the experiment asks for another learning rate or batch size than theirs, or
//!   they published nothing, from 10 epochs, and from learning rate 0.1 unless one is given.
//! - Epochs are raised through 10, 15, 20, 30, 40, 50, 60, 80, 100, 120 until the dense networks of seeds 0, 1, 2 and 5
//!   all have the required accuracy: always these seeds, whatever seeds are then run. Since every epoch is evaluated and
//!   the best one counts, a network that first has the accuracy in epoch 37 has it after 40, 50 and all higher numbers,
//!   and misses it after 30: one training of 120 epochs answers for all of them.
//! - If 120 epochs are not enough, the same is done at the next lower learning rate of 0.1, 0.05, 0.01, 0.005 (those of
//!   tables 2 and 3), again from the epochs of the start.
//! - A learning rate or a number of epochs that the experiment gives is kept. Where it gives the learning rate and no
//!   number of epochs is enough, the setting is an X of tables 2 and 3, which has no trials. Where it does not, and no
//!   learning rate is low enough either, the setting at which most of the four dense networks learn is taken, and among
//!   equals the one tried first: its trials count, trained or not.
//!
//! Draws are named by seed and stage, so the answer is the same wherever it is looked for with the same engine and class
//! of vector instructions. Both are part of the question, and so of the answer's record.

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

/// The seeds that decide, those of the paper.
pub const SEEDS: [u64; 4] = [0, 1, 2, 5];

/// Numbers of epochs, from the least on.
const EPOCHS: [usize; 10] = [10, 15, 20, 30, 40, 50, 60, 80, 100, 120];

/// Learning rates, from the highest down.
const RATES: [f64; 4] = [0.1, 0.05, 0.01, 0.005];

/// Raised when the rule changes, so that answers by an older one are not taken for answers by this one.
const VERSION: u32 = 1;

/// Where a search starts that nothing is published for.
pub(super) const FIRST_RATE: f64 = RATES[0];
/// As [`FIRST_RATE`].
pub(super) const FIRST_EPOCHS: usize = EPOCHS[0];

/// What is searched for: all that the answer depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Version of the rule.
    pub rule: u32,
    /// Hash of the task's content.
    pub task: String,
    /// Layer widths.
    pub architecture: Architecture,
    /// Where the search starts.
    pub start: Hyperparameters,
    /// May the learning rate be lowered?
    pub lower_rate: bool,
    /// May the epochs be raised?
    pub more_epochs: bool,
    /// The accuracy that the dense networks must have.
    pub required: Required,
    /// What trains them.
    pub engine: EngineChoice,
    /// The class of vector instructions that trains them.
    pub kernel: KernelClass,
}

/// A learning rate that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// The learning rate.
    pub learning_rate: f64,
    /// For each of [`SEEDS`] the first epoch after which its dense network has the accuracy; `None` if it has not within
    /// the most epochs.
    pub first_epochs: Vec<Option<usize>>,
}

/// What was found: `searches/<hash>.json`. The same bytes wherever and whenever it is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Version of the file.
    pub format: u32,
    /// What was searched for.
    pub question: Question,
    /// The learning rates that were tried, in order.
    pub tries: Vec<Try>,
    /// What is taken; `None` for an X: the given learning rate trains too few of the networks.
    pub chosen: Option<Hyperparameters>,
    /// How many of the dense networks have the accuracy with what is taken; for an X, within the most epochs.
    pub trained: usize,
}

/// What comes after some tries.
#[derive(Debug, PartialEq)]
enum Step {
    /// Try this learning rate.
    Try(f64),
    /// Take this; so many of the networks have the accuracy then.
    Take(Option<Hyperparameters>, usize),
}

impl Try {
    /// How many of the dense networks have the accuracy.
    #[must_use]
    pub fn trained(&self) -> usize {
        self.first_epochs.iter().flatten().count()
    }
}

impl Question {
    /// The name of the answer's file.
    ///
    /// # Panics
    /// Never: a question is plain data.
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

    /// The most epochs that are tried.
    #[must_use]
    pub fn most_epochs(&self) -> usize {
        self.epochs().max().unwrap_or(self.start.epochs)
    }

    /// The setting of a try: the least epochs after which all of its networks have the accuracy that have it at all.
    fn setting(&self, one: &Try) -> Hyperparameters {
        let needed = one.first_epochs.iter().flatten().max().copied().unwrap_or(0);
        let epochs = self.epochs().find(|&epochs| epochs >= needed).unwrap_or(self.start.epochs);
        Hyperparameters { learning_rate: one.learning_rate, epochs, ..self.start }
    }

    fn next(&self, tries: &[Try]) -> Step {
        if let Some(last) = tries.last().filter(|last| last.trained() == SEEDS.len()) {
            return Step::Take(Some(self.setting(last)), SEEDS.len());
        }
        if let Some(&rate) = self.rates().get(tries.len()) {
            return Step::Try(rate);
        }
        // Of equals, `max_by_key` would give the last.
        let Some(best) = tries.iter().rev().max_by_key(|one| one.trained()) else { return Step::Take(None, 0) };
        Step::Take(self.lower_rate.then(|| self.setting(best)), best.trained())
    }
}

/// A search to be made: a question, and what to train for it.
#[derive(Clone, Debug)]
pub struct Search {
    /// What is searched for.
    pub question: Question,
    /// The name of the task.
    pub task: String,
    source: Source,
    plan: Plan,
}

impl Search {
    /// The search for the trials of `plan`, whose hyperparameters are where it starts.
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

/// Answers by the hash of their question.
#[derive(Clone, Debug, Default)]
pub struct Answers(HashMap<String, Arc<Answer>>);

impl Answers {
    /// The answers that `catalog` has to `searches`. A damaged one counts as none: it is searched for again.
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

    /// Adds all of another's answers.
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
            start: Hyperparameters { learning_rate, batch_size: 8, epochs, weight_decay: 1e-4, noise: 0.1 },
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

    /// The learning rate, epochs and number of networks taken.
    fn taken(question: &Question, tries: &[Try]) -> Option<(f64, usize, usize)> {
        match question.next(tries) {
            Step::Take(Some(taken), trained) => Some((taken.learning_rate, taken.epochs, trained)),
            _ => None,
        }
    }

    #[test]
    fn epochs_are_raised_from_the_start_until_all_networks_have_learnt() {
        let question = question(0.1, 40);
        assert_eq!(question.next(&[]), Step::Try(0.1));
        let epochs = |first: [usize; 4]| taken(&question, &[tried(0.1, first.map(Some))]).unwrap().1;
        assert_eq!(epochs([3, 9, 1, 7]), 40, "never below the start");
        assert_eq!(epochs([3, 9, 40, 7]), 40);
        assert_eq!(epochs([3, 9, 41, 7]), 50);
        assert_eq!(epochs([3, 101, 41, 7]), 120);
    }

    #[test]
    fn a_start_off_the_ladder_is_its_first_rung() {
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
    fn where_nothing_is_low_enough_most_networks_count_then_the_first_try() {
        let question = question(0.01, 10);
        let tries = [tried(0.01, [Some(3), None, None, Some(18)]), tried(0.005, [None, Some(90), Some(8), None])];
        assert_eq!(taken(&question, &tries), Some((0.01, 20, 2)));
        let tries = [tried(0.01, [None; 4]), tried(0.005, [None, Some(90), None, None])];
        assert_eq!(taken(&question, &tries), Some((0.005, 100, 1)));
        let tries = [tried(0.01, [None; 4]), tried(0.005, [None; 4])];
        assert_eq!(taken(&question, &tries), Some((0.01, 10, 0)));
    }

    #[test]
    fn what_is_given_stays() {
        let given_rate = Question { lower_rate: false, ..question(0.1, 10) };
        assert_eq!(given_rate.next(&[tried(0.1, [Some(1), None, None, Some(2)])]), Step::Take(None, 2));
        let given_epochs = Question { more_epochs: false, ..question(0.1, 30) };
        assert_eq!(given_epochs.most_epochs(), 30);
        let tries = [tried(0.1, [None; 4]), tried(0.05, [Some(11), Some(30), Some(2), Some(4)])];
        assert_eq!(taken(&given_epochs, &tries), Some((0.05, 30, 4)));
    }

    #[test]
    fn every_part_of_a_question_has_its_own_answer() {
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
