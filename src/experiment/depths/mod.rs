//! `depths = "auto"`: hidden layers are added until the answer stops changing.
//!
//! For each task of such a block, trials with all its widths and seeds are run with one and two hidden layers, then with
//! one more layer at a time, until two successive depths give the same answer or the maximum depth is reached. A depth at
//! which nothing was learned has no answer, and no answer never equals another.
//!
//! This module does not know what an answer is; [`AnswerFn`] makes one from the trials of a depth. `sculpt run` uses the
//! vote (`report/experiment/answer`).

use std::sync::Arc;

use super::queued::specification;
use super::source::TaskHashes;
use super::tuning::Answers;
use super::{Cell, Outline};
use crate::catalog::{Catalog, Result, TrialId};
use crate::detect::DetectionSettings;
use crate::task::Task;

/// What the trials of a depth say about their task's structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepthAnswer {
    /// Equal for two depths if and only if their answers are the same.
    pub key: String,
    /// The answer in words.
    pub text: String,
}

/// The finished trials of one task and depth.
#[derive(Clone, Debug)]
pub struct DepthGroup<'a> {
    /// The catalog with the trials.
    pub catalog: &'a Catalog,
    /// The trials' task.
    pub task: Arc<Task>,
    /// The settings under which modules are detected.
    pub detection: &'a DetectionSettings,
    /// The trials' ids, in order.
    pub trials: Vec<TrialId>,
}

/// Makes an answer from the trials of a depth; `None` if they give none.
pub type AnswerFn<'a> = &'a dyn Fn(&DepthGroup<'_>) -> Result<Option<DepthAnswer>>;

/// The state of an experiment's automatic depths.
#[derive(Clone, Debug)]
pub struct Depths {
    /// A ladder for each task of blocks with `depths = "auto"`.
    ladders: Vec<Ladder>,
    /// Whether nothing has been run yet.
    first: bool,
}

#[derive(Clone, Debug)]
struct Ladder {
    task: String,
    /// Depths up to this one have been run.
    run: usize,
    /// Depths after `run` and up to this one are to be run next.
    next: usize,
    /// The maximum depth.
    most: usize,
    state: LadderState,
}

/// The state of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LadderState {
    /// More depths are to be run.
    Open,
    /// This depth and the next give the same answer.
    Settled(usize, DepthAnswer),
    /// The answer still changes at the maximum depth.
    Unsettled,
}

impl Depths {
    /// Starts with the first two depths of each ladder.
    #[must_use]
    pub fn new(outline: &Outline) -> Self {
        let ladder = |number: usize| {
            let cells = || outline.cells.iter().filter(move |cell| cell.ladder == Some(number));
            let most = cells().map(|cell| cell.architecture().depth()).max().unwrap_or(0);
            let task = cells().next().map_or_else(String::new, |cell| cell.task.name.clone());
            Ladder { task, run: 0, next: most.min(2), most, state: LadderState::Open }
        };
        Self { ladders: (0..outline.ladders()).map(ladder).collect(), first: true }
    }

    /// Whether the trials of this cell are to be run next. Cells with given depths are run at the start.
    #[must_use]
    pub fn wants(&self, cell: &Cell) -> bool {
        cell.ladder.map_or(self.first, |number| {
            let Ladder { run, next, .. } = self.ladders[number];
            (run + 1..=next).contains(&cell.architecture().depth())
        })
    }

    /// Whether more depths are to be run.
    #[must_use]
    pub fn are_open(&self) -> bool {
        self.ladders.iter().any(|ladder| ladder.state == LadderState::Open)
    }

    /// Compares the answers after the trials have finished, and adds a layer if they still change. Returns a line for the
    /// user for each task.
    ///
    /// # Errors
    /// A trial cannot be read.
    pub fn advance(&mut self, finished: &FinishedTrials<'_>) -> Result<Vec<String>> {
        self.first = false;
        let mut lines = Vec::new();
        for (number, ladder) in self.ladders.iter_mut().enumerate() {
            if ladder.state == LadderState::Open {
                ladder.run = ladder.next;
                let answers = (1..=ladder.run).map(|depth| finished.answer(number, depth));
                lines.push(ladder.judge(&answers.collect::<Result<Vec<_>>>()?));
            }
        }
        Ok(lines)
    }
}

impl Ladder {
    /// Decides how to continue after the answers of depths 1, 2, and so on. Returns the decision in words.
    fn judge(&mut self, answers: &[Option<DepthAnswer>]) -> String {
        let Self { task, run, most, .. } = &*self;
        let same = |pair: &[Option<DepthAnswer>]| match pair {
            [Some(one), Some(next)] if one.key == next.key => Some(next.clone()),
            _ => None,
        };
        if let Some((depth, answer)) =
            (1..).zip(answers.windows(2)).find_map(|(depth, pair)| Some((depth, same(pair)?)))
        {
            let next = depth + 1;
            let line =
                format!("{task}: the answer stays the same from {depth} to {next} hidden layers: {}", answer.text);
            self.state = LadderState::Settled(depth, answer);
            return line;
        }
        if run < most {
            let line = format!("{task}: the answer still changes at {run} hidden layers; trying {} next", run + 1);
            self.next += 1;
            return line;
        }
        let line = format!("{task}: the answer still changes at {run} hidden layers, the maximum set by most_layers");
        self.state = LadderState::Unsettled;
        line
    }
}

/// The finished trials of an experiment, and how to make answers from them.
#[derive(Clone, Copy)]
pub struct FinishedTrials<'a> {
    /// The catalog with the trials.
    pub catalog: &'a Catalog,
    /// The experiment.
    pub outline: &'a Outline,
    /// The answers of its hyperparameter searches.
    pub answers: &'a Answers,
    /// Makes an answer from the trials of a depth.
    pub answering: AnswerFn<'a>,
}

impl FinishedTrials<'_> {
    /// The answer of the ladder's trials at this depth; `None` if they give none.
    fn answer(&self, ladder: usize, depth: usize) -> Result<Option<DepthAnswer>> {
        let wanted = |cell: &Cell| cell.ladder == Some(ladder) && cell.architecture().depth() == depth;
        let Ok(planned) = self.outline.plan(self.answers, &wanted) else { return Ok(None) };
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
        Ladder { task: "t".to_owned(), run, next: run, most: 4, state: LadderState::Open }
    }

    fn answers(keys: &[&str]) -> Vec<Option<DepthAnswer>> {
        let answer =
            |key: &&str| (!key.is_empty()).then(|| DepthAnswer { key: (*key).to_owned(), text: format!("{key}!") });
        keys.iter().map(answer).collect()
    }

    #[test]
    fn layers_are_added_until_the_answer_stays_the_same() {
        let mut first = ladder(2);
        assert_eq!(first.judge(&answers(&["a", "b"])), "t: the answer still changes at 2 hidden layers; trying 3 next");
        assert_eq!((first.next, &first.state), (3, &LadderState::Open));
        first.run = 3;
        assert_eq!(
            first.judge(&answers(&["a", "b", "b"])),
            "t: the answer stays the same from 2 to 3 hidden layers: b!"
        );
        assert!(matches!(first.state, LadderState::Settled(2, DepthAnswer { key, .. }) if key == "b"));
    }

    #[test]
    fn missing_answers_are_never_equal() {
        let mut untrained = ladder(2);
        untrained.judge(&answers(&["", ""]));
        assert_eq!((untrained.next, untrained.state), (3, LadderState::Open));
        let mut again = ladder(3);
        again.judge(&answers(&["a", "", "a"]));
        assert_eq!(again.state, LadderState::Open, "only successive depths count");
    }

    #[test]
    fn depths_stop_at_the_maximum() {
        let mut last = ladder(4);
        assert!(last.judge(&answers(&["a", "b", "a", "b"])).contains("the maximum set by most_layers"));
        assert_eq!((last.next, last.state), (4, LadderState::Unsettled));
    }
}
