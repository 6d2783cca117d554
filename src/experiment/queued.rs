//! Queued trials: planned trials written to the catalog, and trials of the catalog read back to be run.

use std::collections::HashMap;
use std::sync::Arc;

use super::plan::{Planned, PlannedTrial};
use super::source::TaskHashes;
use super::tables::{self, TaskReader};
use crate::catalog::{
    About, Catalog, Error, Experiment, FORMAT, Process, Result, Specification, TrialFolder, TrialId, Utc,
};
use crate::detect::DetectionSettings;
use crate::task::Task;
use crate::train::KernelClass;

/// A trial to run, whose folder exists.
#[derive(Clone, Debug)]
pub struct QueuedTrial {
    /// The trial's id.
    pub id: TrialId,
    /// What to train.
    pub trial: PlannedTrial,
    /// The settings under which to detect the modules of the best network, at least one. The first is checked for the true
    /// modules.
    pub detections: Arc<[DetectionSettings]>,
}

impl QueuedTrial {
    /// The settings under which the trial is checked for the true modules.
    #[must_use]
    pub fn detection(&self) -> DetectionSettings {
        self.detections.first().cloned().unwrap_or_default()
    }
}

/// The specification of a planned trial, whose task has the hash `task_hash`.
///
/// # Errors
/// The plan is invalid.
pub fn specification(trial: &PlannedTrial, task_hash: &str) -> Result<Specification> {
    let (plan, engine) = (trial.plan.clone(), trial.engine);
    Specification { format: FORMAT, task: task_hash.to_owned(), plan, engine }.canonical()
}

/// Those of the trials that have no result in the catalog yet.
#[must_use]
pub fn without_result(catalog: &Catalog, trials: &[PlannedTrial]) -> Vec<PlannedTrial> {
    let mut hashes = TaskHashes::default();
    let mut is_done = |trial: &PlannedTrial| {
        let specification = specification(trial, hashes.of(&trial.task));
        specification.is_ok_and(|specification| catalog.trial(&specification.id()).has_result())
    };
    trials.iter().filter(|trial| !is_done(trial)).cloned().collect()
}

/// Writes an experiment and its trials to the catalog. Existing trials are left as they are.
///
/// # Errors
/// The catalog cannot be written.
pub fn write_down(catalog: &Catalog, planned: &Planned) -> Result<Vec<QueuedTrial>> {
    let mut hashes = TaskHashes::default();
    let mut own = HashMap::new();
    let mut specified = Vec::with_capacity(planned.trials.len());
    for trial in &planned.trials {
        let hash = hashes.of(&trial.task).to_owned();
        let is_own = if let Some(&is_own) = own.get(&hash) {
            is_own
        } else {
            let is_own = tables::is_own(&trial.task);
            if is_own {
                tables::save(catalog, &trial.task, &hash)?;
            }
            own.insert(hash.clone(), is_own);
            is_own
        };
        specified.push((specification(trial, &hash)?, about(&trial.task, is_own)));
    }
    let ids = create_trials(catalog, specified)?;
    let detections: Arc<[DetectionSettings]> = planned.detections.clone().into();
    let queued = |(id, trial): (&TrialId, &PlannedTrial)| QueuedTrial {
        id: id.clone(),
        trial: trial.clone(),
        detections: Arc::clone(&detections),
    };
    let queued = ids.iter().zip(&planned.trials).map(queued).collect();
    let value = |settings: &DetectionSettings| serde_json::to_value(settings).unwrap_or_default();
    let mut detection = detections.iter().map(value);
    let first = detection.next().unwrap_or_default();
    let hyperparameters = serde_json::to_value(&planned.chosen).unwrap_or_default();
    let experiment = Experiment::new(&planned.name, &planned.text, ids, first, hyperparameters);
    catalog.save_experiment(&Experiment { more_detections: detection.collect(), ..experiment })?;
    Ok(queued)
}

/// The number of threads that write trials. They mostly wait for the disk.
const WRITERS: usize = 16;

/// Creates trials. Returns their ids in the same order.
fn create_trials(catalog: &Catalog, mut specified: Vec<(Specification, About)>) -> Result<Vec<TrialId>> {
    let share = specified.len().div_ceil(WRITERS).max(1);
    let create = |part: Vec<(Specification, About)>| -> Result<Vec<TrialId>> {
        part.into_iter()
            .map(|(specification, about)| Ok(catalog.create_trial(specification, about)?.id().clone()))
            .collect()
    };
    std::thread::scope(|scope| {
        let mut writers = Vec::new();
        while !specified.is_empty() {
            let part = specified.drain(..share.min(specified.len())).collect();
            writers.push(scope.spawn(move || create(part)));
        }
        let mut ids = Vec::new();
        for writer in writers {
            ids.extend(writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(ids)
    })
}

fn about(task: &Task, is_own: bool) -> About {
    About {
        task: task.name.clone(),
        inputs: task.inputs.clone(),
        outputs: task.outputs.clone(),
        kernel: KernelClass::detect().to_string(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        created: Utc::now(),
        host: Process::current().host.clone(),
        shape: task.shape,
        data: task.data.clone(),
        truth: task.truth.clone().filter(|_| is_own),
    }
}

/// Reads a trial back from the catalog, to run or resume it.
///
/// # Errors
/// The trial or its task's table is missing or damaged.
pub fn read_back(folder: &TrialFolder, detections: Arc<[DetectionSettings]>) -> Result<QueuedTrial> {
    read_with(&mut TaskReader::new(folder.catalog()), folder, detections)
}

fn read_with(
    tasks: &mut TaskReader<'_>,
    folder: &TrialFolder,
    detections: Arc<[DetectionSettings]>,
) -> Result<QueuedTrial> {
    let trial = folder.trial()?;
    let specification = trial.specification;
    let task = tasks.task(&specification, &trial.about)?;
    let planned = PlannedTrial { task, plan: specification.plan, engine: specification.engine };
    Ok(QueuedTrial { id: trial.id, trial: planned, detections })
}

/// Reads trials back from the catalog. They are sorted as in their experiments, and have the detection settings of the first
/// experiment that contains them. Each damaged trial is an error in the list.
///
/// # Errors
/// The experiments cannot be read.
pub fn read_back_all(catalog: &Catalog, mut ids: Vec<TrialId>) -> Result<Vec<Result<QueuedTrial>>> {
    let mut places = HashMap::new();
    for name in catalog.experiment_names()? {
        let experiment = match catalog.experiment(&name) {
            // The experiment is just being created.
            Err(Error::Unknown { .. }) => continue,
            other => other?,
        };
        let detections: Arc<[DetectionSettings]> = detections_of(&experiment).into();
        for id in experiment.trials {
            let place = places.len();
            places.entry(id).or_insert_with(|| (place, Arc::clone(&detections)));
        }
    }
    ids.sort_by_key(|id| places.get(id).map_or(usize::MAX, |(place, _)| *place));
    let mut tasks = TaskReader::new(catalog);
    let mut queued = |id: &TrialId| {
        let detections = places.get(id).map(|(_, detections)| Arc::clone(detections));
        read_with(
            &mut tasks,
            &catalog.trial(id),
            detections.unwrap_or_else(|| Arc::from([DetectionSettings::default()])),
        )
    };
    Ok(ids.iter().map(&mut queued).collect())
}

/// The settings under which an experiment's trials are checked for the true modules.
#[must_use]
pub fn detection_of(experiment: &Experiment) -> DetectionSettings {
    serde_json::from_value(experiment.detection.clone()).unwrap_or_default()
}

/// All detection settings of an experiment: [`detection_of`] first, then the further ones.
#[must_use]
pub fn detections_of(experiment: &Experiment) -> Vec<DetectionSettings> {
    let further =
        experiment.more_detections.iter().filter_map(|settings| serde_json::from_value(settings.clone()).ok());
    std::iter::once(detection_of(experiment)).chain(further).collect()
}
