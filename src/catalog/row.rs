//! A trial as a row of a list: what can be shown, filtered and sorted.

use super::{
    Error, Evidence, Labels, Mark, Progress, Result, Specification, State, Times, Trial, TrialFolder, TrialId,
    TrialResult, Utc, Verdict, atomic,
};
use crate::network::Architecture;
use crate::prune::Stages;
use crate::train::EngineChoice;

/// A trial in a list. If the trial has no result yet, the numbers are those of its live progress.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialRow {
    /// The trial's id.
    pub id: TrialId,
    /// The experiments that the trial belongs to, sorted.
    pub experiments: Vec<String>,
    /// The task's name, such as `4-1-2-16`.
    pub task: String,
    /// The layer widths of the dense network.
    pub architecture: Architecture,
    /// The seed.
    pub seed: u64,
    /// The state when the row was read.
    pub status: State,
    /// The fraction of output bits that are right, 0 to 1.
    pub accuracy: Option<f64>,
    /// Edges divided by the weights of the dense network, 0 to 1.
    pub density: Option<f64>,
    /// The number of edges.
    pub edges: Option<u64>,
    /// The number of hidden units left.
    pub hidden_units: Option<u64>,
    /// The initial step size of the best (or current) unit walk, percent.
    pub p_u: Option<f64>,
    /// The initial step size of the best (or current) edge walk, percent.
    pub p_e: Option<f64>,
    /// The number of rounds trained.
    pub rounds: Option<u64>,
    /// Wall-clock time in seconds.
    pub wall_s: Option<f64>,
    /// CPU time in seconds.
    pub cpu_s: Option<f64>,
    /// The number of modules that the last detection found.
    pub module_count: Option<u64>,
    /// Whether the trial finds the true modules; `None` if none are known or none were detected yet.
    pub true_modules: Option<bool>,
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// The number of rows per batch.
    pub batch_size: usize,
    /// The number of epochs per round.
    pub epochs: usize,
    /// The stages.
    pub stages: Stages,
    /// The engine.
    pub engine: EngineChoice,
    /// When the trial was created.
    pub created: Utc,
    /// The user's tags, sorted.
    pub tags: Vec<String>,
    /// The user's note; empty if there is none.
    pub note: String,
}

impl TrialRow {
    /// The row of a trial without any results, such as one that is only planned.
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
            true_modules: None,
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

    /// Reads the row of one trial from its folder. For many trials, use an [`super::Index`].
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

    /// The number of hidden layers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.architecture.depth()
    }

    /// The width of the widest hidden layer; 0 if there is none.
    #[must_use]
    pub fn width(&self) -> usize {
        self.architecture.hidden().iter().copied().max().unwrap_or(0)
    }
}

/// What a trial's folder contains about its row, and the files that were read for it.
pub(crate) struct RowReading {
    /// The row. Its experiments and state are determined elsewhere.
    pub row: TrialRow,
    /// What the state is derived from.
    pub evidence: Evidence,
    /// `trial.json`.
    pub trial: Trial,
    /// `result.json`.
    pub result: Option<TrialResult>,
    /// `progress`, if there is no result.
    pub progress: Option<Progress>,
    /// `times.json`.
    pub times: Option<Times>,
    /// `verdict.json`.
    pub verdict: Option<Verdict>,
    /// Why a file of results could not be read. The row is without it.
    pub problem: Option<Error>,
    /// Why the labels could not be read. The row is without them.
    pub labels_problem: Option<Error>,
}

impl RowReading {
    /// Reads the folder.
    ///
    /// # Errors
    /// `trial.json` or the folder cannot be read.
    pub(crate) fn of(folder: &TrialFolder) -> Result<Self> {
        let trial = folder.trial()?;
        let names = atomic::names(folder.path())?;
        let has = |name: &str| names.iter().any(|other| other == name);
        let mut problem = None;
        let (result, damaged) = match if has("result.json") { folder.result() } else { Ok(None) } {
            Ok(result) => (result, false),
            Err(error) => (None, problem.replace(error).is_none()),
        };
        let mut evidence = folder.collect_evidence(&names, result.as_ref().map(|result| result.status))?;
        if damaged {
            evidence.failed = Some(Mark::unreadable());
        }
        let progress = if result.is_none() && has("progress") { folder.progress() } else { None };
        let times = if has("times.json") { folder.times() } else { Ok(None) };
        let times = times.unwrap_or_else(|error| {
            problem = Some(error);
            None
        });
        let verdict = if has("verdict.json") { folder.verdict() } else { Ok(None) };
        let mut verdict = verdict.unwrap_or_else(|error| {
            problem = Some(error);
            None
        });
        if trial.specification.plan.stages == Stages::Dense {
            // Older versions also looked for the true modules in dense networks.
            verdict = verdict.map(|verdict| Verdict { true_modules: None, ..verdict });
        }
        let mut labels_problem = None;
        let labels = if has("labels.json") { folder.labels() } else { Ok(Labels::default()) };
        let labels = labels.unwrap_or_else(|error| {
            labels_problem = Some(error);
            Labels::default()
        });

        let mut row = TrialRow::planned(&trial.specification, &trial.about.task, trial.about.created);
        row.id = folder.id().clone();
        match (&result, &progress) {
            (Some(result), _) => row.set_result(result),
            (None, Some(progress)) => row.set_progress(progress),
            (None, None) => {}
        }
        row.wall_s = times.map(|times| times.wall_s);
        row.cpu_s = times.map(|times| times.cpu_s);
        if let Some(verdict) = &verdict {
            row.module_count = Some(verdict.module_count);
            row.true_modules = verdict.true_modules;
        }
        (row.tags, row.note) = (labels.tags, labels.note);
        Ok(Self { row, evidence, trial, result, progress, times, verdict, problem, labels_problem })
    }
}

impl TrialRow {
    fn set_result(&mut self, result: &TrialResult) {
        self.accuracy = defined(result.accuracy);
        self.density = defined(result.density);
        self.edges = Some(result.edges);
        self.hidden_units = Some(result.hidden_units);
        self.p_u = result.p_u;
        self.p_e = result.p_e;
        self.rounds = Some(result.rounds);
        self.module_count = result.module_count;
    }

    fn set_progress(&mut self, progress: &Progress) {
        self.accuracy = defined(progress.accuracy);
        self.density = defined(progress.density);
        self.edges = Some(progress.edges);
        self.hidden_units = Some(progress.units);
        self.p_u = progress.p_u;
        self.p_e = progress.p_e;
        self.rounds = Some(progress.rounds_done);
    }
}

fn defined(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}
