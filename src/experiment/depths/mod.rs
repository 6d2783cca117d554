//! `depths = "auto"`: hidden layers are added until the answer stops changing.
//!
//! For each task of such a block, trials of all its widths and seeds are run with one hidden layer and with two; then
//! with one layer more each time, until two successive depths give the same answer, or the most layers that the file
//! allows are reached. A depth at which nothing was learnt has no answer, and none is the same as none.
//!
//! What an answer is does not matter here: [`AnswerFn`] makes it from the trials of a depth. `sculpt run` takes the vote
//! (`report/experiment/answer`).

use std::sync::Arc;

use super::queued::{TaskHashes, specification};
use super::tuning::Answers;
use super::{Cell, Outline};
use crate::catalog::{Catalog, Result, TrialId};
use crate::detect::DetectionSettings;
use crate::task::Task;

/// What a group of trials says of their task's structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepthAnswer {
    /// Equal exactly where two groups say the same.
    pub key: String,
    /// What is told to the user.
    pub text: String,
}

/// Trials of one task and depth, all done.
#[derive(Clone, Debug)]
pub struct DepthGroup<'a> {
    /// Where they are.
    pub catalog: &'a Catalog,
    /// What they learned.
    pub task: Arc<Task>,
    /// The settings that modules are detected under.
    pub detection: &'a DetectionSettings,
    /// The trials, in order.
    pub trials: Vec<TrialId>,
}

/// Makes an answer of a group; `None` where there is none.
pub type AnswerFn<'a> = &'a dyn Fn(&DepthGroup<'_>) -> Result<Option<DepthAnswer>>;

/// How far the depths of an experiment have been tried.
#[derive(Clone, Debug)]
pub struct Depths {
    /// One for each task of the experiment's `depths = "auto"`.
    ladders: Vec<Ladder>,
    /// Is nothing run yet?
    first: bool,
}

#[derive(Clone, Debug)]
struct Ladder {
    task: String,
    /// Depths up to this one are run.
    run: usize,
    /// Those after it and up to this one are asked for.
    asked: usize,
    most: usize,
    state: LadderState,
}

/// What came of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LadderState {
    /// Depths are still tried.
    Open,
    /// From this many hidden layers on, this is the answer.
    Settled(usize, DepthAnswer),
    /// The answers still differ at the most layers.
    Unsettled,
}

impl Depths {
    /// The first two depths of each ladder.
    #[must_use]
    pub fn new(outline: &Outline) -> Self {
        let ladder = |number: usize| {
            let cells = || outline.cells.iter().filter(move |cell| cell.ladder == Some(number));
            let most = cells().map(|cell| cell.architecture().depth()).max().unwrap_or(0);
            let task = cells().next().map_or_else(String::new, |cell| cell.task.name.clone());
            Ladder { task, run: 0, asked: most.min(2), most, state: LadderState::Open }
        };
        Self { ladders: (0..outline.ladders()).map(ladder).collect(), first: true }
    }

    /// Are trials of this cell to be run now? Those of given depths are at once.
    #[must_use]
    pub fn wants(&self, cell: &Cell) -> bool {
        cell.ladder.map_or(self.first, |number| {
            let Ladder { run, asked, .. } = self.ladders[number];
            (run + 1..=asked).contains(&cell.architecture().depth())
        })
    }

    /// May there be more to ask for?
    #[must_use]
    pub fn are_open(&self) -> bool {
        self.ladders.iter().any(|ladder| ladder.state == LadderState::Open)
    }

    /// Looks at the answers of what was asked for, all of which is done, and asks for one more layer where they still
    /// change. Answers with what there is to tell, a line a task.
    ///
    /// # Errors
    /// A trial cannot be read.
    pub fn advance(&mut self, at: &FinishedTrials<'_>) -> Result<Vec<String>> {
        self.first = false;
        let mut told = Vec::new();
        for (number, ladder) in self.ladders.iter_mut().enumerate() {
            if ladder.state == LadderState::Open {
                ladder.run = ladder.asked;
                let said: Vec<_> = (1..=ladder.run).map(|depth| at.answer(number, depth)).collect::<Result<_>>()?;
                told.push(ladder.judge(&said));
            }
        }
        Ok(told)
    }
}

impl Ladder {
    /// What follows from the answers of 1 hidden layer, of 2, and so on; tells it.
    fn judge(&mut self, said: &[Option<DepthAnswer>]) -> String {
        let Self { task, run, most, .. } = &*self;
        let same = |pair: &[Option<DepthAnswer>]| match pair {
            [Some(one), Some(next)] if one.key == next.key => Some(next.clone()),
            _ => None,
        };
        if let Some((depth, said)) = (1..).zip(said.windows(2)).find_map(|(depth, pair)| Some((depth, same(pair)?))) {
            let told =
                format!("{task}: the answer stays the same from {depth} to {} hidden layers: {}", depth + 1, said.text);
            self.state = LadderState::Settled(depth, said);
            return told;
        }
        if run < most {
            let told = format!("{task}: the answer still changes at {run} hidden layers; {} are tried next", run + 1);
            self.asked += 1;
            return told;
        }
        let told = format!("{task}: the answer still changes at {run} hidden layers, the most allowed by most_layers");
        self.state = LadderState::Unsettled;
        told
    }
}

/// Trials that are done, and how answers are made of them.
#[derive(Clone, Copy)]
pub struct FinishedTrials<'a> {
    /// Where they are.
    pub catalog: &'a Catalog,
    /// The experiment.
    pub outline: &'a Outline,
    /// Its hyperparameters.
    pub answers: &'a Answers,
    /// Makes an answer of the trials of a depth.
    pub answering: AnswerFn<'a>,
}

impl FinishedTrials<'_> {
    /// The answer of a ladder's trials of a depth; `None` where they say nothing.
    fn answer(&self, ladder: usize, depth: usize) -> Result<Option<DepthAnswer>> {
        let asked = |cell: &Cell| cell.ladder == Some(ladder) && cell.architecture().depth() == depth;
        let Ok(planned) = self.outline.plan(self.answers, &asked) else { return Ok(None) };
        let Some(first) = planned.trials.first() else { return Ok(None) };
        let mut hashes = TaskHashes::default();
        let mut trials = Vec::with_capacity(planned.trials.len());
        for trial in &planned.trials {
            trials.push(specification(trial, hashes.of(&trial.task))?.id());
        }
        let detection = planned.detections.first().cloned().unwrap_or_default();
        let (catalog, task) = (self.catalog, Arc::clone(&first.task));
        (self.answering)(&DepthGroup { catalog, task, detection: &detection, trials })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(run: usize) -> Ladder {
        Ladder { task: "t".to_owned(), run, asked: run, most: 4, state: LadderState::Open }
    }

    fn answers(keys: &[&str]) -> Vec<Option<DepthAnswer>> {
        let said =
            |key: &&str| (!key.is_empty()).then(|| DepthAnswer { key: (*key).to_owned(), text: format!("{key}!") });
        keys.iter().map(said).collect()
    }

    #[test]
    fn layers_are_added_until_the_answer_stays() {
        let mut first = ladder(2);
        assert_eq!(
            first.judge(&answers(&["a", "b"])),
            "t: the answer still changes at 2 hidden layers; 3 are tried next"
        );
        assert_eq!((first.asked, &first.state), (3, &LadderState::Open));
        first.run = 3;
        assert_eq!(
            first.judge(&answers(&["a", "b", "b"])),
            "t: the answer stays the same from 2 to 3 hidden layers: b!"
        );
        assert!(matches!(first.state, LadderState::Settled(2, DepthAnswer { key, .. }) if key == "b"));
    }

    #[test]
    fn no_answer_is_never_the_same() {
        let mut untrained = ladder(2);
        untrained.judge(&answers(&["", ""]));
        assert_eq!((untrained.asked, untrained.state), (3, LadderState::Open));
        let mut again = ladder(3);
        again.judge(&answers(&["a", "", "a"]));
        assert_eq!(again.state, LadderState::Open, "only successive depths count");
    }

    #[test]
    fn there_is_an_end() {
        let mut last = ladder(4);
        assert!(last.judge(&answers(&["a", "b", "a", "b"])).contains("the most allowed by most_layers"));
        assert_eq!((last.asked, last.state), (4, LadderState::Unsettled));
    }
}
