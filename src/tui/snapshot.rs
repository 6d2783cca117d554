//! What the dashboard shows, as plain data: filled from files by a [`source`](super::source), drawn by the
//! [`view`](super::view), made up by tests.

use std::sync::Arc;

use super::loaded_report::LoadedReport;
use super::sort::{Grouping, Sort};
use crate::analysis::paths::PathAnalysis;
use crate::catalog::{
    About, Failure, Labels, Point, Specification, State, Times, TrialGroup, TrialId, TrialResult, Verdict,
};
use crate::detect::{Detection, DetectionSettings};
use crate::experiment::details::{Clustered, TrialDetails};
use crate::experiment::launch_request::LaunchRequest;
use crate::network::Condensed;
use crate::train::Stage;

/// All that is shown at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Has the catalog been read yet?
    pub loaded: bool,
    /// The catalog's folder, as it is shown.
    pub catalog: String,
    /// Counts over the whole catalog.
    pub totals: Totals,
    /// All experiments, latest first.
    pub experiments: Arc<Vec<Experiment>>,
    /// A stretch of the list of trials.
    pub page: Arc<Page>,
    /// The runs that are at work, oldest first.
    pub runs: Vec<Run>,
    /// The trials that are being trained, in the order in which they began.
    pub live: Vec<Live>,
    /// What happened lately, oldest first.
    pub events: Vec<Event>,
    /// What can be launched.
    pub presets: Arc<Vec<Preset>>,
    /// What the launch that is being asked for comes to.
    pub forecast: Option<Arc<Forecast>>,
    /// The trial that is open.
    pub opened: Option<Arc<Detail>>,
    /// The open trial's network at the step that is looked at.
    pub moment: Option<Arc<Moment>>,
    /// The trials that are compared, in the order in which they were marked.
    pub compared: Vec<Arc<TrialDetails>>,
    /// The report that was asked for last.
    pub report: Option<Arc<LoadedReport>>,
    /// While the catalog is read for the first time: trials that have been read, and all.
    pub reading: Option<(u64, u64)>,
    /// What is wrong with the catalog, with the remedy.
    pub problem: Option<String>,
}

impl Snapshot {
    /// Is anyone at work on this catalog? A run all of whose trials are paused is not.
    #[must_use]
    pub fn is_working(&self) -> bool {
        !self.runs.is_empty() && self.totals.of(State::Running) + self.totals.of(State::Queued) > 0
    }

    /// Is there nothing in the catalog at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.loaded && self.totals.trials() == 0 && self.page.total == 0
    }
}

/// How many trials of the catalog are in each state, in the order of [`State::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Totals(pub [u64; State::ALL.len()]);

impl Totals {
    /// All trials.
    #[must_use]
    pub fn trials(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Those in `state`.
    #[must_use]
    pub fn of(&self, state: State) -> u64 {
        State::ALL.iter().position(|&other| other == state).map_or(0, |index| self.0[index])
    }
}

/// An experiment in the list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// Number of its trials.
    pub trials: u64,
    /// How many of them have a result.
    pub done: u64,
}

/// A stretch of the list of trials, as asked for by a [`Query`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    /// What was asked.
    pub query: Query,
    /// Trials that the filter lets through, on this page or not.
    pub total: u64,
    /// The trials from `query.offset` on; none where they are in groups.
    pub rows: Vec<Row>,
    /// All groups, where the query asks for them.
    pub groups: Vec<TrialGroup>,
}

impl Page {
    /// The trial at `index` of the whole list, if it is on this page.
    #[must_use]
    pub fn row(&self, index: u64) -> Option<&Row> {
        let index = index.checked_sub(self.query.offset)?;
        self.rows.get(usize::try_from(index).ok()?)
    }

    /// Where trial `id` is in the whole list, if it is on this page.
    #[must_use]
    pub fn index_of(&self, id: &TrialId) -> Option<u64> {
        (self.query.offset..).zip(&self.rows).find(|(_, row)| row.id == *id).map(|(index, _)| index)
    }
}

/// Which trials are asked for, in which order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query {
    /// A filter in the grammar that is used everywhere; empty for all.
    pub filter: String,
    /// Only the trials of this experiment.
    pub experiment: Option<String>,
    /// Only the trials of this group.
    pub within: Option<(Grouping, String)>,
    /// Not the trials but what they have in common.
    pub group: Option<Grouping>,
    /// The order.
    pub sort: Sort,
    /// Trials to leave out from the start.
    pub offset: u64,
    /// The most trials to answer with.
    pub limit: u64,
}

/// A trial in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: TrialId,
    /// Its state.
    pub state: State,
    /// Name of its task.
    pub task: String,
    /// Layer widths, as in `4,24,24,16`.
    pub arch: String,
    /// Its seed.
    pub seed: u64,
    /// Accuracy, 0 to 1: of the result, or of the last round.
    pub accuracy: Option<f64>,
    /// Density, 0 to 1.
    pub density: Option<f64>,
    /// Edges left.
    pub edges: Option<u64>,
    /// Hidden units left.
    pub hidden_units: Option<u64>,
    /// Step of the best unit walk, percent.
    pub p_u: Option<f64>,
    /// Step of the best edge walk, percent.
    pub p_e: Option<f64>,
    /// Rounds trained.
    pub rounds: Option<u64>,
    /// Seconds on the clock.
    pub wall_s: Option<f64>,
    /// Modules found.
    pub modules: Option<u64>,
    /// Was the known hierarchy found? `None` where none is known or nothing was detected yet.
    pub success: Option<bool>,
    /// The experiments it belongs to.
    pub experiments: Vec<String>,
    /// The user's tags.
    pub tags: Vec<String>,
    /// The user's note.
    pub note: String,
}

/// A run that is at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// The experiments it works on, as one text.
    pub name: String,
    /// Trials in its queue.
    pub trials: u64,
    /// Trials of its queue that have a result.
    pub done: u64,
    /// Trials that it works on now.
    pub running: u64,
    /// Number of trials that may be worked on at once.
    pub workers: usize,
    /// Process id.
    pub pid: u32,
    /// The machine, where it is not this one.
    pub host: Option<String>,
    /// What it does beside trials, in a few words; empty for nothing.
    pub note: String,
}

/// A trial that is being trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// Its id.
    pub id: TrialId,
    /// Running, or paused while its run goes on.
    pub state: State,
    /// Name of its task.
    pub task: String,
    /// Layer widths.
    pub arch: String,
    /// Its seed.
    pub seed: u64,
    /// The experiments it belongs to, as one text.
    pub experiment: String,
    /// Where it is; `None` before the first round.
    pub place: Option<Place>,
}

/// Where a running trial is.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The stage of the current walk.
    pub stage: Stage,
    /// Step of the unit walk, percent.
    pub p_u: Option<f64>,
    /// Step of the edge walk, percent.
    pub p_e: Option<f64>,
    /// Which walk, from 1; 0 during the dense round.
    pub walk: u64,
    /// Walks of the whole grid.
    pub walks: u64,
    /// Round of the current walk, from 1.
    pub round: u64,
    /// The share that is being tried, percent.
    pub p: Option<f64>,
    /// Accuracy of the last round, 0 to 1.
    pub accuracy: Option<f64>,
    /// Density of the last round's network, 0 to 1.
    pub density: Option<f64>,
    /// Hidden units left.
    pub units: u64,
    /// Edges left.
    pub edges: u64,
    /// Rounds trained in the whole trial.
    pub rounds: u64,
    /// Estimated share of the trial that is done, 0 to 1.
    pub fraction: Option<f64>,
    /// Estimated seconds left.
    pub eta_s: Option<f64>,
    /// The last rounds of each walk, oldest first; the walk that was last worked on is the last.
    pub recent: Vec<WalkCurve>,
}

/// How a walk went lately.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkCurve {
    /// Which walk, from 1; 0 for the dense round.
    pub walk: u64,
    /// Validation loss and density of its rounds, oldest first.
    pub rounds: Vec<(f64, f64)>,
}

impl WalkCurve {
    /// The rounds of each walk, in the order in which the walks were last worked on.
    #[must_use]
    pub fn all(points: &[Point]) -> Vec<Self> {
        let mut curves: Vec<Self> = Vec::new();
        for point in points {
            let index = curves.iter().position(|curve| curve.walk == point.walk);
            let known = index.map(|index| curves.remove(index));
            let mut curve = known.unwrap_or(Self { walk: point.walk, rounds: Vec::new() });
            curve.rounds.push((point.loss, point.density));
            curves.push(curve);
        }
        curves
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The local time, as in `15:04:05`.
    pub time: String,
    /// The trial that it happened to.
    pub id: TrialId,
    /// What the trial became.
    pub state: State,
    /// What happened, in one line.
    pub text: String,
}

/// Something that can be launched.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Preset {
    /// Its name, as the command takes it.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
    /// More about it, a paragraph.
    pub description: String,
    /// What is known of its hyperparameters; empty where they are given.
    pub hyperparameters: String,
    /// Number of its trials, the most there can be.
    pub trials: u64,
    /// How many of them are run whatever comes out; the others only while the answer changes from depth to depth.
    pub at_first: u64,
    /// How many of them have a result already.
    pub done: u64,
    /// Estimated seconds for those that have none, on this machine.
    pub seconds: Option<f64>,
}

/// What a launch comes to.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Forecast {
    /// What is asked for.
    pub request: LaunchRequest,
    /// Number of trials, the most there can be.
    pub trials: u64,
    /// How many of them are run whatever comes out; the others only while the answer changes from depth to depth.
    pub at_first: u64,
    /// How many of them have a result already.
    pub done: u64,
    /// Estimated seconds for those that have none.
    pub seconds: f64,
    /// Estimated bytes for those.
    pub bytes: u64,
    /// Worker threads.
    pub workers: usize,
    /// The depths of all trials, as a list.
    pub depths: String,
    /// The widths of all hidden layers.
    pub widths: String,
    /// The seeds.
    pub seeds: String,
    /// The grids.
    pub grid: String,
    /// What is known of the hyperparameters; empty where they are given.
    pub hyperparameters: String,
    /// What is wrong with it, with the remedy.
    pub problem: Option<String>,
}

/// All that is known of a trial.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The trial in the list.
    pub row: Row,
    /// What is trained.
    pub specification: Specification,
    /// What is good to know beside.
    pub about: About,
    /// What came out.
    pub result: Option<TrialResult>,
    /// Time spent.
    pub times: Option<Times>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What the detection concluded.
    pub verdict: Option<Verdict>,
    /// Tags and note.
    pub labels: Labels,
    /// The modules found.
    pub detection: Option<Detection>,
    /// What the truth table says to the modules, a sentence or two each; none without a table.
    pub certificate: Vec<String>,
    /// The settings they were found with.
    pub settings: DetectionSettings,
    /// The units and edges of the best network, which `detection` is of.
    pub network: Option<Condensed>,
    /// What its weights say.
    pub structure: Option<PathAnalysis>,
    /// The walks whose rounds are kept, the best one first.
    pub ways: Vec<Way>,
    /// The finished walks, in the order of the grid.
    pub walks: Vec<Walk>,
    /// What could not be read, with the remedy.
    pub problem: Option<String>,
}

/// A walk whose rounds are kept.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Way {
    /// Step of the unit walk, percent.
    pub p_u: Option<f64>,
    /// Step of the edge walk, percent.
    pub p_e: Option<f64>,
    /// Its rounds, from the dense one on.
    pub rounds: Vec<Round>,
}

impl Way {
    /// The rounds that were accepted, by their number: after each there was another network.
    #[must_use]
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.rounds.len()).filter(|&round| self.rounds[round].accepted)
    }
}

/// A place on the way to a sparse network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// Which of [`Detail::ways`].
    pub walk: usize,
    /// The round after which the network was so, an accepted one.
    pub round: usize,
}

/// A trial's network as it was at some step.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The trial.
    pub id: TrialId,
    /// The step.
    pub step: Step,
    /// The network and its modules; `None` where they cannot be told any more.
    pub clustered: Option<Clustered>,
}

/// A round of a walk.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// `dense`, `unit`, `retrain` or `edge`.
    pub stage: String,
    /// The share that was tried, percent.
    pub p: f64,
    /// Was it accepted?
    pub accepted: bool,
    /// Accuracy, 0 to 1; `None` if it was rejected untrained.
    pub accuracy: Option<f64>,
    /// Validation loss.
    pub loss: Option<f64>,
    /// Hidden units left.
    pub hidden_units: u64,
    /// Edges left.
    pub edges: u64,
}

/// A finished walk.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// Step of the unit walk, percent.
    pub p_u: Option<f64>,
    /// Step of the edge walk, percent.
    pub p_e: Option<f64>,
    /// Accuracy, 0 to 1.
    pub accuracy: Option<f64>,
    /// Edges left.
    pub edges: u64,
    /// Hidden units left.
    pub hidden_units: u64,
    /// Rounds trained.
    pub rounds: u64,
    /// Is it the trial's best?
    pub best: bool,
}
