//! One trial as a line of a list: what can be filtered, sorted and compared.

use std::borrow::Cow;

use super::atomic;
use super::filter::{Field, Key};
use crate::prune::Stages;
use crate::train::EngineChoice;

use super::{Error, Evidence, Mark, Result, Specification, State, Trial, TrialFolder, TrialId, Utc};
use crate::network::Architecture;

/// A trial in a list. For one that is not done, live numbers stand where it has no result yet.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialRow {
    /// The trial's id.
    pub id: TrialId,
    /// The experiments that it belongs to, sorted.
    pub experiments: Vec<String>,
    /// Name of the task, as in `4-1-2-16`.
    pub task: String,
    /// Layer widths of the dense network.
    pub architecture: Architecture,
    /// The seed.
    pub seed: u64,
    /// The state, as of the last refresh.
    pub status: State,
    /// Fraction of output bits right, 0 to 1.
    pub accuracy: Option<f64>,
    /// Edges over weights of the dense network, 0 to 1.
    pub density: Option<f64>,
    /// Edges left.
    pub edges: Option<u64>,
    /// Hidden units left.
    pub hidden_units: Option<u64>,
    /// Step of the best (or current) unit walk, percent.
    pub p_u: Option<f64>,
    /// Step of the best (or current) edge walk, percent.
    pub p_e: Option<f64>,
    /// Rounds trained.
    pub rounds: Option<u64>,
    /// Seconds on the clock.
    pub wall_s: Option<f64>,
    /// Seconds of processor time.
    pub cpu_s: Option<f64>,
    /// Number of modules of the last detection.
    pub module_count: Option<u64>,
    /// Was the known hierarchy found?
    pub success: Option<bool>,
    /// Step size of Adam.
    pub learning_rate: f64,
    /// Rows a batch.
    pub batch_size: usize,
    /// Epochs a round.
    pub epochs: usize,
    /// The stages.
    pub stages: Stages,
    /// The engine.
    pub engine: EngineChoice,
    /// When the trial was made.
    pub created: Utc,
    /// The user's tags, sorted.
    pub tags: Vec<String>,
    /// The user's note, empty for none.
    pub note: String,
}

impl TrialRow {
    /// The row of a trial that nothing has come out of yet, as for trials that are only planned.
    #[must_use]
    pub fn planned(specification: &Specification, task: &str, created: Utc) -> Self {
        Self {
            id: specification.id(),
            experiments: Vec::new(),
            task: task.to_owned(),
            architecture: specification.plan.architecture.clone(),
            seed: specification.plan.seed,
            status: State::Stale,
            accuracy: None,
            density: None,
            edges: None,
            hidden_units: None,
            p_u: None,
            p_e: None,
            rounds: None,
            wall_s: None,
            cpu_s: None,
            module_count: None,
            success: None,
            learning_rate: specification.plan.hyperparameters.learning_rate,
            batch_size: specification.plan.hyperparameters.batch_size,
            epochs: specification.plan.hyperparameters.epochs,
            stages: specification.plan.stages,
            engine: specification.engine,
            created,
            tags: Vec::new(),
            note: String::new(),
        }
    }

    /// The row of one trial as its folder shows it now; for many, take an [`super::Index`].
    ///
    /// # Errors
    /// There is no such trial, or its files cannot be read.
    pub fn read(folder: &TrialFolder) -> Result<Self> {
        let RowReading { row, evidence, .. } = RowReading::of(folder)?;
        let catalog = folder.catalog();
        let experiments = catalog.experiments_naming(folder.id())?.into_iter().map(|experiment| experiment.name);
        let status = evidence.state(folder, &catalog.live_runs()?);
        Ok(Self { status, experiments: experiments.collect(), ..row })
    }

    /// Number of hidden layers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.architecture.depth()
    }

    /// Width of the widest hidden layer, 0 without one.
    #[must_use]
    pub fn width(&self) -> usize {
        self.architecture.hidden().iter().copied().max().unwrap_or(0)
    }

    /// What `key` is in this row.
    pub(super) fn field(&self, key: Key) -> Field<'_> {
        let text = |text| Field::Text(Cow::Borrowed(text));
        match key {
            Key::Id => text(self.id.as_str()),
            Key::Experiment => Field::List(&self.experiments),
            Key::Task => text(&self.task),
            Key::Architecture => Field::Text(self.architecture.to_string().into()),
            Key::Depth => Field::count(self.depth()),
            Key::Width => Field::count(self.width()),
            Key::Seed => Field::Whole(self.seed),
            Key::Status => text(self.status.as_str()),
            Key::Accuracy => Field::number(self.accuracy),
            Key::Density => Field::number(self.density),
            Key::Edges => Field::whole(self.edges),
            Key::HiddenUnits => Field::whole(self.hidden_units),
            Key::PU => Field::number(self.p_u),
            Key::PE => Field::number(self.p_e),
            Key::Rounds => Field::whole(self.rounds),
            Key::WallS => Field::number(self.wall_s),
            Key::CpuS => Field::number(self.cpu_s),
            Key::Modules => Field::whole(self.module_count),
            Key::TrueModules => Field::Truth(self.success),
            Key::LearningRate => Field::number(Some(self.learning_rate)),
            Key::BatchSize => Field::count(self.batch_size),
            Key::Epochs => Field::count(self.epochs),
            Key::Stages => Field::Text(self.stages.to_string().into()),
            Key::Engine => text(self.engine.name()),
            Key::Created => Field::Text(self.created.to_string().into()),
            Key::Tag => Field::List(&self.tags),
            Key::Note => text(&self.note),
        }
    }
}

/// What is read from a trial's folder for its row; experiments and status are known elsewhere.
pub(super) struct RowReading {
    pub row: TrialRow,
    pub evidence: Evidence,
    /// A file that could not be read and was done without.
    pub problem: Option<Error>,
}

impl RowReading {
    /// Reads the folder.
    ///
    /// # Errors
    /// `trial.json` or the folder cannot be read.
    pub fn of(folder: &TrialFolder) -> Result<Self> {
        let Trial { specification, about, .. } = folder.trial()?;
        let names = atomic::names(folder.path())?;
        let has = |name: &str| names.iter().any(|other| other == name);
        let mut row = TrialRow::planned(&specification, &about.task, about.created);
        row.id = folder.id().clone();
        let mut problem = None;
        let mut note = |error| problem = Some(error);
        let result = if has("result.json") { folder.result() } else { Ok(None) };
        let damaged = result.is_err();
        let result = result.unwrap_or_else(|error| {
            note(error);
            None
        });
        let mut evidence = folder.collect_evidence(&names, result.as_ref().map(|result| result.status))?;
        if damaged {
            evidence.failed = Some(Mark { run: None, utc: Utc::from_millisecond(0) });
        }
        if let Some(result) = result {
            row.set_result(&result);
        } else if has("progress") {
            row.set_progress(folder);
        }
        if has("times.json") {
            let times = folder.times().unwrap_or_else(|error| {
                note(error);
                None
            });
            row.wall_s = times.map(|times| times.wall_s);
            row.cpu_s = times.map(|times| times.cpu_s);
        }
        if has("verdict.json") {
            match folder.verdict() {
                Ok(Some(verdict)) => {
                    row.module_count = Some(verdict.module_count);
                    // Catalogs of before asked it of dense networks, too.
                    row.success = verdict.success.filter(|_| row.stages != Stages::Dense);
                }
                Ok(None) => {}
                Err(error) => note(error),
            }
        }
        if has("labels.json") {
            match folder.labels() {
                Ok(labels) => (row.tags, row.note) = (labels.tags, labels.note),
                Err(error) => note(error),
            }
        }
        Ok(Self { row, evidence, problem })
    }
}

impl TrialRow {
    fn set_result(&mut self, result: &super::TrialResult) {
        let defined = |value: f64| Some(value).filter(|value| value.is_finite());
        self.accuracy = defined(result.accuracy);
        self.density = defined(result.density);
        self.edges = Some(result.edges);
        self.hidden_units = Some(result.hidden_units);
        self.p_u = result.p_u;
        self.p_e = result.p_e;
        self.rounds = Some(result.rounds);
        self.module_count = result.module_count;
    }

    fn set_progress(&mut self, folder: &TrialFolder) {
        let Some(progress) = folder.progress() else { return };
        let defined = |value: f64| Some(value).filter(|value| value.is_finite());
        self.accuracy = defined(progress.accuracy);
        self.density = defined(progress.density);
        self.edges = Some(progress.edges);
        self.hidden_units = Some(progress.units);
        self.p_u = progress.p_u;
        self.p_e = progress.p_e;
        self.rounds = Some(progress.rounds_done);
    }
}
