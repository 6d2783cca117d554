//! Trials counted in groups.

use crate::catalog::State;

/// Trials with the same value of a key.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TrialGroup {
    /// The value that the trials share.
    pub name: String,
    /// The number of trials in each state, in the order of [`State::ALL`].
    pub states: [u64; State::ALL.len()],
    /// The number of trials for which it is known whether they find the true modules.
    pub judged: u64,
    /// The number of trials that find the true modules.
    pub successes: u64,
    /// The lowest density of a trial.
    pub least_density: Option<f64>,
}

impl TrialGroup {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds the counts of `part`.
    pub(super) fn add(&mut self, part: &Self) {
        for (count, more) in self.states.iter_mut().zip(part.states) {
            *count += more;
        }
        self.judged += part.judged;
        self.successes += part.successes;
        self.least_density = [self.least_density, part.least_density].into_iter().flatten().reduce(f64::min);
    }

    /// The number of trials.
    #[must_use]
    pub fn trials(&self) -> u64 {
        self.states.iter().sum()
    }

    /// The number of trials in `state`.
    #[must_use]
    pub fn of(&self, state: State) -> u64 {
        State::ALL.iter().position(|&other| other == state).map_or(0, |index| self.states[index])
    }
}
