//! What the dashboard shows, as plain data: read from files by a [`source`](super::source), drawn by the
//! [`view`](super::view), made up by tests. Trials are in the form in which the catalog and the experiments have them.

use std::sync::Arc;

use super::loaded_report::LoadedReport;
use super::sort::{Grouping, Sort};
use crate::analysis::paths::PathAnalysis;
use crate::catalog::{About, Progress, State, TrialGroup, TrialId, TrialRow};
use crate::detect::{Detection, DetectionSettings};
use crate::experiment::details::{Clustered, TrialDetails};
use crate::experiment::launch_request::LaunchRequest;
use crate::network::Condensed;
use crate::prune::{Plan, RoundRecord, WalkRecord};

/// Everything there is to show at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Has the catalog been read?
    pub loaded: bool,
    /// The catalog's folder, as displayed.
    pub catalog: String,
    /// The number of trials in each state.
    pub totals: Totals,
    /// All experiments, newest first.
    pub experiments: Arc<Vec<Experiment>>,
    /// A part of the list of trials.
    pub page: Arc<Page>,
    /// The runs at work, oldest first.
    pub runs: Vec<Run>,
    /// The trials being trained, oldest first.
    pub live: Vec<Live>,
    /// Recent events, oldest first.
    pub events: Vec<Event>,
    /// What can be launched.
    pub presets: Arc<Vec<Preset>>,
    /// What the launch being prepared amounts to.
    pub forecast: Option<Arc<Forecast>>,
    /// The opened trial.
    pub opened: Option<Arc<OpenedTrial>>,
    /// The opened trial's network at the requested step.
    pub moment: Option<Arc<Moment>>,
    /// The trials to compare, in the order of marking.
    pub compared: Vec<Arc<TrialDetails>>,
    /// The report requested last.
    pub report: Option<Arc<LoadedReport>>,
    /// While the catalog is being read for the first time: the number of trials read so far, and of all.
    pub reading: Option<(u64, u64)>,
    /// What is wrong with the catalog, with the remedy.
    pub problem: Option<String>,
}

impl Snapshot {
    /// Is any trial running or queued in a run? Not in a run whose trials are all paused.
    #[must_use]
    pub fn is_working(&self) -> bool {
        !self.runs.is_empty() && self.totals.of(State::Running) + self.totals.of(State::Queued) > 0
    }

    /// Is the catalog empty?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.loaded && self.totals.trials() == 0 && self.page.total == 0
    }
}

/// The number of trials in each state, in the order of [`State::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Totals(pub [u64; State::ALL.len()]);

impl Totals {
    /// The number of all trials.
    #[must_use]
    pub fn trials(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The number of trials in `state`.
    #[must_use]
    pub fn of(&self, state: State) -> u64 {
        State::ALL.iter().position(|&other| other == state).map_or(0, |index| self.0[index])
    }
}

/// An experiment in the list of experiments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The experiment's name.
    pub name: String,
    /// The number of its trials.
    pub trials: u64,
    /// The number of trials that are done.
    pub done: u64,
}

/// A part of the list of trials, as requested by a [`Query`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    /// The query.
    pub query: Query,
    /// The number of trials, or groups, that match the filter, on this page or not.
    pub total: u64,
    /// The trials from `query.offset` on; empty if the query is for groups.
    pub rows: Vec<TrialRow>,
    /// All groups, if the query is for groups.
    pub groups: Vec<TrialGroup>,
}

impl Page {
    /// The trial at `index` of the whole list, if it is on this page.
    #[must_use]
    pub fn row(&self, index: u64) -> Option<&TrialRow> {
        let index = index.checked_sub(self.query.offset)?;
        self.rows.get(usize::try_from(index).ok()?)
    }

    /// The position of trial `id` in the whole list, if it is on this page.
    #[must_use]
    pub fn index_of(&self, id: &TrialId) -> Option<u64> {
        (self.query.offset..).zip(&self.rows).find(|(_, row)| row.id == *id).map(|(index, _)| index)
    }
}

/// Which trials to list, in which order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query {
    /// A filter in the catalog's grammar; empty for all trials.
    pub filter: String,
    /// Only the trials of this experiment.
    pub experiment: Option<String>,
    /// Only the trials of this group.
    pub within: Option<(Grouping, String)>,
    /// Groups in place of trials.
    pub group: Option<Grouping>,
    /// The order.
    pub sort: Sort,
    /// The number of trials to skip.
    pub offset: u64,
    /// The most trials to return.
    pub limit: u64,
}

/// A run at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The run's id.
    pub id: String,
    /// The names of its experiments.
    pub name: String,
    /// The number of trials in its queue.
    pub trials: u64,
    /// The number of these that are done.
    pub done: u64,
    /// The number of these that are running.
    pub running: u64,
    /// The number of its workers.
    pub workers: usize,
    /// The process id.
    pub pid: u32,
    /// The machine, if it is another one.
    pub host: Option<String>,
    /// What it does apart from trials, in a few words; empty for nothing.
    pub note: String,
}

/// A trial that is being trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// The trial: running, or paused in a run that continues.
    pub row: TrialRow,
    /// Its progress; `None` before the first round.
    pub progress: Option<Progress>,
}

/// A change of a trial's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The local time, as in `15:04:05`.
    pub time: String,
    /// The trial.
    pub id: TrialId,
    /// The trial's new state.
    pub state: State,
    /// What happened, in one line.
    pub text: String,
}

/// Something that can be launched.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Preset {
    /// The name, as on the command line.
    pub name: String,
    /// A title of one line.
    pub title: String,
    /// A description of one paragraph.
    pub description: String,
    /// How many hyperparameters have to be searched for; empty if none are searched for.
    pub hyperparameters: String,
    /// The number of trials, at most.
    pub trials: u64,
    /// The number of trials that are run in any case; the others only follow while the answer changes with the depth.
    pub at_first: u64,
    /// The number of trials that are done.
    pub done: u64,
    /// The estimated seconds for the others, on this machine.
    pub seconds: Option<f64>,
}

/// What a launch amounts to.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Forecast {
    /// The launch.
    pub request: LaunchRequest,
    /// The number of trials, at most.
    pub trials: u64,
    /// The number of trials that are run in any case; the others only follow while the answer changes with the depth.
    pub at_first: u64,
    /// The number of trials that are done.
    pub done: u64,
    /// The estimated seconds for the others.
    pub seconds: f64,
    /// The estimated disk space for the others, in bytes.
    pub bytes: u64,
    /// The number of workers.
    pub workers: usize,
    /// The depths of all trials, as a list.
    pub depths: String,
    /// The widths of all hidden layers, as a list.
    pub widths: String,
    /// The seeds, as a list.
    pub seeds: String,
    /// The sizes of the grids.
    pub grid: String,
    /// How many hyperparameters have to be searched for; empty if none are searched for.
    pub hyperparameters: String,
    /// What is wrong with the launch, with the remedy.
    pub problem: Option<String>,
}

/// The opened trial, with what is worked out only for display.
#[derive(Clone, Debug)]
pub struct OpenedTrial {
    /// What the trial's folder says.
    pub details: TrialDetails,
    /// The units and edges of the best network, if it has a detection.
    pub network: Option<Condensed>,
    /// The certificate of its modules, in sentences; empty without a complete truth table.
    pub certificate: Vec<String>,
    /// The path analysis of its weights.
    pub paths: Option<PathAnalysis>,
}

impl OpenedTrial {
    /// The trial's id.
    #[must_use]
    pub fn id(&self) -> &TrialId {
        &self.details.trial.id
    }

    /// The trial as a row of the list.
    #[must_use]
    pub fn row(&self) -> &TrialRow {
        &self.details.row
    }

    /// The trial's settings.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.details.trial.specification.plan
    }

    /// The names of its task, inputs and outputs, and other facts.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.details.trial.about
    }

    /// The modules of the best network.
    #[must_use]
    pub fn detection(&self) -> Option<&Detection> {
        self.details.detection.as_ref().map(|(_, detection)| detection)
    }

    /// The settings under which they were detected.
    #[must_use]
    pub fn settings(&self) -> DetectionSettings {
        self.details.detection.as_ref().map(|(settings, _)| settings.clone()).unwrap_or_default()
    }

    /// The walks with a trajectory, the best one first.
    #[must_use]
    pub fn recorded_walks(&self) -> Vec<&WalkRecord> {
        self.details.trajectories()
    }

    /// The recorded walk at `index`.
    #[must_use]
    pub fn recorded_walk(&self, index: usize) -> Option<&WalkRecord> {
        self.recorded_walks().get(index).copied()
    }
}

/// The rounds of a walk's trajectory; empty if none was recorded.
#[must_use]
pub fn rounds(walk: &WalkRecord) -> &[RoundRecord] {
    walk.trajectory.as_ref().map_or(&[], |trajectory| &trajectory.rounds)
}

/// The accepted rounds of a walk, by number: each of them left another network.
#[must_use]
pub fn steps(walk: &WalkRecord) -> Vec<usize> {
    rounds(walk).iter().enumerate().filter(|(_, round)| round.accepted).map(|(number, _)| number).collect()
}

/// A step of a walk's trajectory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The walk, as an index into [`OpenedTrial::recorded_walks`].
    pub walk: usize,
    /// The number of an accepted round, whose network is shown.
    pub round: usize,
}

/// A trial's network at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The trial.
    pub id: TrialId,
    /// The step.
    pub step: Step,
    /// The network and its modules; `None` if the trajectory does not fit the trial.
    pub clustered: Option<Clustered>,
}
