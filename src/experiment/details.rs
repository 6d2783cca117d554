//! Everything known about a trial, read from its folder: for `sculpt show` and the dashboard.

use std::sync::Arc;

use super::hyperparameters::{self, Chosen};
use super::{TaskReader, queued, runner, store};
use crate::analysis::paths::{self, PathAnalysis, PathSettings, true_groups};
use crate::catalog::{
    Catalog, Failure, Part, Progress, Result, RowReading, Times, Trial, TrialFolder, TrialResult, TrialRow, Verdict,
};
use crate::detect::{Detection, DetectionSettings, detect};
use crate::network::{Architecture, Condensed, Mask, safetensors};
use crate::prune::WalkRecord;
use crate::task::{MAX_TABLE_INPUTS, Task};

/// Everything known about a trial.
#[derive(Clone, Debug)]
pub struct TrialDetails {
    /// The trial as a row of a list: state, experiments, labels and the main numbers.
    pub row: TrialRow,
    /// The trial's specification and origin.
    pub trial: Trial,
    /// The origin of the trial's hyperparameters, if an experiment records it.
    pub chosen: Option<Chosen>,
    /// The summary of the best network; `None` until the trial is done.
    pub result: Option<TrialResult>,
    /// The time spent on the trial; `None` before it is first started.
    pub times: Option<Times>,
    /// The live progress; `None` once the trial is done.
    pub progress: Option<Progress>,
    /// Why the trial failed; `None` if it did not.
    pub failure: Option<Failure>,
    /// The verdict on the modules; `None` before they are detected.
    pub verdict: Option<Verdict>,
    /// The modules of the best network, with the settings of the detection.
    pub detection: Option<(DetectionSettings, Detection)>,
    /// The finished walks in grid order; empty until the trial is done.
    pub walks: Vec<WalkRecord>,
}

/// A network and its modules.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustered {
    /// The units and edges.
    pub network: Condensed,
    /// The modules.
    pub detection: Detection,
}

impl TrialDetails {
    /// Reads a trial's folder, each file once.
    ///
    /// # Errors
    /// There is no such trial, or one of its files is damaged. Damaged labels are ignored.
    pub fn read(folder: &TrialFolder) -> Result<Self> {
        let catalog = folder.catalog();
        let RowReading { row, evidence, trial, result, progress, times, verdict, problem, .. } =
            RowReading::of(folder)?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        let experiments = catalog.experiments_naming(folder.id())?;
        let settings: Vec<DetectionSettings> = experiments.iter().flat_map(queued::detections_of).collect();
        let walks = folder.part(Part::Walks)?.and_then(|bytes| store::walks_from_bytes(&bytes)).unwrap_or_default();
        Ok(Self {
            chosen: experiments.iter().flat_map(hyperparameters::recorded).find(|chosen| is_of(chosen, &trial)),
            failure: folder.failure()?,
            detection: detection(folder, verdict.as_ref(), settings)?,
            row: TrialRow {
                status: evidence.state(folder, &catalog.live_runs()?),
                experiments: experiments.into_iter().map(|experiment| experiment.name).collect(),
                ..row
            },
            trial,
            result,
            times,
            progress,
            verdict,
            walks,
        })
    }

    /// The trial's task.
    ///
    /// # Errors
    /// The task's table is missing from the catalog or damaged.
    pub fn task(&self, catalog: &Catalog) -> Result<Arc<Task>> {
        TaskReader::new(catalog).task(&self.trial.specification, &self.trial.about)
    }

    /// The trial's task, if its table could be complete; no other table says anything about structure. `None` for others,
    /// which are not read, and if the table is missing from the catalog or damaged.
    #[must_use]
    pub fn small_task(&self, catalog: &Catalog) -> Option<Arc<Task>> {
        let is_small = self.trial.about.inputs.len() <= MAX_TABLE_INPUTS;
        is_small.then(|| self.task(catalog).ok()).flatten()
    }

    /// The walk that led to the best network; `None` for a trial without walks.
    #[must_use]
    pub fn best_walk(&self) -> Option<&WalkRecord> {
        let result = self.result.as_ref()?;
        self.walks.iter().find(|walk| (walk.p_u, walk.p_e) == (result.p_u, result.p_e))
    }

    /// The walks with a stored trajectory: the best walk, then the near-best ones in grid order.
    #[must_use]
    pub fn trajectories(&self) -> Vec<&WalkRecord> {
        let is_best = |walk: &WalkRecord| self.best_walk().is_some_and(|best| std::ptr::eq(best, walk));
        let mut walks: Vec<&WalkRecord> = self.walks.iter().filter(|walk| walk.trajectory.is_some()).collect();
        walks.sort_by_key(|walk| !is_best(walk));
        walks
    }

    /// The best network and its modules; `None` until the trial is done, or if the detection is missing.
    #[must_use]
    pub fn clustered(&self) -> Option<Clustered> {
        let network = self.best_walk()?.network.network(&self.trial.specification.plan.architecture)?.condense();
        let detection = self.detection.as_ref()?.1.clone();
        // A damaged file could contain the detection of another network.
        (detection.kept_units == network.kept()).then_some(Clustered { network, detection })
    }

    /// The network and its modules after round `round` of `walk`, which must be an accepted round; `None` if the walk has no
    /// stored trajectory. Detects the modules again, which takes a while for wide networks.
    #[must_use]
    pub fn clustered_after(&self, walk: &WalkRecord, round: usize) -> Option<Clustered> {
        let architecture = &self.trial.specification.plan.architecture;
        let trajectory = walk.trajectory.as_ref()?;
        if trajectory.gone.len() != architecture.weights() {
            return None;
        }
        let network = Condensed::new(&trajectory.mask_after(round, &Mask::full(architecture)));
        let settings = self.detection.as_ref().map(|(settings, _)| settings.clone()).unwrap_or_default();
        Some(Clustered { detection: detect(&network, &settings), network })
    }
}

/// The path analysis of the best network of a trial, with tests for the input groups of the true modules of its task.
/// `None` if there is no network yet, or if it is too wide to be analyzed.
///
/// # Errors
/// The network's file cannot be read.
pub fn path_analysis(folder: &TrialFolder, task: Option<&Task>) -> Result<Option<(PathAnalysis, Architecture)>> {
    let Some(bytes) = folder.part(Part::Network)? else { return Ok(None) };
    let Ok((_, network)) = safetensors::from_bytes(&bytes) else { return Ok(None) };
    let settings = PathSettings { groups: task.map(true_groups).unwrap_or_default(), ..PathSettings::default() };
    let found = paths::analyze(&network, &settings).ok();
    Ok(found.map(|found| (found, network.architecture().clone())))
}

/// Whether `chosen` are the hyperparameters of this trial.
fn is_of(chosen: &Chosen, trial: &Trial) -> bool {
    let plan = &trial.specification.plan;
    let same = (&chosen.task, &chosen.arch, chosen.chosen)
        == (&trial.about.task, &plan.architecture, Some(plan.hyperparameters));
    same && chosen.search.as_ref().is_none_or(|search| search.engine == trial.specification.engine)
}

/// The detection that the verdict is about, with its settings. Only the hash of the settings is stored, so they are looked up
/// among those of the trial's experiments and the default.
fn detection(
    folder: &TrialFolder,
    verdict: Option<&Verdict>,
    settings: Vec<DetectionSettings>,
) -> Result<Option<(DetectionSettings, Detection)>> {
    for settings in settings.into_iter().chain([DetectionSettings::default()]) {
        let name = runner::settings_hash(&settings);
        if verdict.is_some_and(|verdict| verdict.settings != name) {
            continue;
        }
        if let Some(bytes) = folder.detection(&name)?
            && let Ok(detection) = serde_json::from_slice(&bytes)
        {
            return Ok(Some((settings, detection)));
        }
    }
    Ok(None)
}
