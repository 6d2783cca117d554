//! All that is known of a trial, read from its folder: for `show` and for the dashboard.

use super::store;
use crate::analysis::paths::{self, PathAnalysis, PathSettings, true_groups};
use crate::catalog::{Failure, Part, Progress, Result, State, Times, Trial, TrialFolder, TrialResult, Verdict};
use crate::detect::{Detection, DetectionSettings, detect};
use crate::experiment::hyperparameters::{self, Chosen};
use crate::experiment::{queued, runner};
use crate::network::{Architecture, Condensed, Mask, safetensors};
use crate::prune::{Stages, WalkRecord};

/// All that is known of a trial.
#[derive(Clone, Debug)]
pub struct TrialDetails {
    /// What was asked for.
    pub trial: Trial,
    /// Where it stands.
    pub state: State,
    /// The experiments that name it, sorted.
    pub experiments: Vec<String>,
    /// Why it has its hyperparameters, where an experiment says.
    pub chosen: Option<Chosen>,
    /// The summary of its best network, once it is done.
    pub result: Option<TrialResult>,
    /// Time spent on it.
    pub times: Option<Times>,
    /// Live numbers, while it is not done.
    pub progress: Option<Progress>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What was concluded from its modules.
    pub verdict: Option<Verdict>,
    /// Its modules, and the settings that they were detected under.
    pub detection: Option<(DetectionSettings, Detection)>,
    /// Its finished walks in grid order, once it is done.
    pub walks: Vec<WalkRecord>,
}

/// A network's units and edges, and the modules found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustered {
    /// The units and edges.
    pub network: Condensed,
    /// The modules.
    pub detection: Detection,
}

impl TrialDetails {
    /// Reads a trial's folder.
    ///
    /// # Errors
    /// The trial is missing, or a file that everything depends on is damaged.
    pub fn read(folder: &TrialFolder) -> Result<Self> {
        let catalog = folder.catalog();
        let experiments = catalog.experiments_naming(folder.id())?;
        let trial = folder.trial()?;
        let mut verdict = folder.verdict()?;
        if trial.specification.plan.stages == Stages::Dense {
            // Catalogs of before asked it of dense networks, too.
            verdict = verdict.map(|verdict| Verdict { success: None, ..verdict });
        }
        let settings: Vec<DetectionSettings> = experiments.iter().flat_map(queued::detections_of).collect();
        let result = folder.result()?;
        let walks = folder.part(Part::Walks)?.and_then(|bytes| store::walks_from_bytes(&bytes)).unwrap_or_default();
        Ok(Self {
            chosen: experiments.iter().flat_map(hyperparameters::recorded).find(|chosen| is_of(chosen, &trial)),
            trial,
            state: folder.state(&catalog.live_runs()?)?,
            times: folder.times()?,
            progress: folder.progress().filter(|_| result.is_none()),
            failure: folder.failure()?,
            detection: detection(folder, verdict.as_ref(), settings)?,
            experiments: experiments.into_iter().map(|experiment| experiment.name).collect(),
            verdict,
            result,
            walks,
        })
    }

    /// The best walk, whose trajectory is kept; `None` for a trial without walks.
    #[must_use]
    pub fn best_walk(&self) -> Option<&WalkRecord> {
        let result = self.result.as_ref()?;
        self.walks.iter().find(|walk| (walk.p_u, walk.p_e) == (result.p_u, result.p_e))
    }
}

impl TrialDetails {
    /// The walks whose trajectory is kept: the best one, then the near-best ones in grid order.
    #[must_use]
    pub fn trajectories(&self) -> Vec<&WalkRecord> {
        let is_best = |walk: &WalkRecord| self.best_walk().is_some_and(|best| std::ptr::eq(best, walk));
        let mut walks: Vec<&WalkRecord> = self.walks.iter().filter(|walk| walk.trajectory.is_some()).collect();
        walks.sort_by_key(|walk| !is_best(walk));
        walks
    }

    /// The best network and its modules; `None` before there is one, or where its detection is gone.
    #[must_use]
    pub fn clustered(&self) -> Option<Clustered> {
        let network = self.best_walk()?.network.network(&self.trial.specification.plan.architecture)?.condense();
        let detection = self.detection.as_ref()?.1.clone();
        // A damaged file could hold the detection of another network.
        (detection.kept_units == network.kept()).then_some(Clustered { network, detection })
    }

    /// The network and its modules as they were after round `round` of `walk`, an accepted one; `None` where the
    /// trajectory of the walk was not kept. Modules are detected anew, which takes a while for wide networks.
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

/// The structure of a trial's best network, with tests of the groups that its task is known to have; `None` until there is
/// a network.
///
/// # Errors
/// The trial or its task's table is missing or damaged.
pub fn structure(folder: &TrialFolder) -> Result<Option<(PathAnalysis, Architecture)>> {
    let Some(bytes) = folder.part(Part::Network)? else { return Ok(None) };
    let Ok((_, network)) = safetensors::from_bytes(&bytes) else { return Ok(None) };
    let trial = folder.trial()?;
    let task = queued::task_of(folder.catalog(), &trial.specification, &trial.about)?;
    let settings = PathSettings { groups: true_groups(&task), ..PathSettings::default() };
    // A network too wide for its products has none to show.
    let found = paths::analyze(&network, &settings).ok();
    Ok(found.map(|found| (found, network.architecture().clone())))
}

/// Does the choice stand for this trial?
fn is_of(chosen: &Chosen, trial: &Trial) -> bool {
    let plan = &trial.specification.plan;
    let here = (&chosen.task, &chosen.arch, chosen.chosen)
        == (&trial.about.task, &plan.architecture, Some(plan.hyperparameters));
    here && chosen.search.as_ref().is_none_or(|search| search.engine == trial.specification.engine)
}

/// The detection that the verdict is about, with its settings, which its file is named by.
fn detection(
    folder: &TrialFolder,
    verdict: Option<&Verdict>,
    asked: Vec<DetectionSettings>,
) -> Result<Option<(DetectionSettings, Detection)>> {
    for settings in asked.into_iter().chain([DetectionSettings::default()]) {
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
