//! The opened trial, and its networks at earlier steps.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::modified;
use crate::catalog::{Catalog, Result, State, TrialFolder, TrialId};
use crate::experiment::details::{TrialDetails, path_analysis};
use crate::report::certificate::sentences;
use crate::tui::snapshot::{Moment, OpenedTrial, Step};

/// What has been read of the opened trial.
#[derive(Default)]
pub(super) enum Opened {
    /// No trial is opened.
    #[default]
    Closed,
    /// A trial was read.
    Read {
        version: Version,
        trial: Arc<OpenedTrial>,
        /// The steps that were requested.
        moments: HashMap<Step, Arc<Moment>>,
    },
    /// A trial could not be read.
    Failed { version: Version, problem: String },
}

/// A trial as of its last change.
#[derive(PartialEq)]
pub(super) struct Version {
    id: TrialId,
    state: State,
    modified: Option<SystemTime>,
}

/// The most steps that are remembered; the network of a task on images takes a megabyte.
const MOMENTS: usize = 100;

impl Opened {
    /// Reads trial `id`, which is in `state`, if it has changed; returns whether there is anything new to show.
    pub fn follow(&mut self, catalog: &Catalog, id: Option<&TrialId>, state: State) -> bool {
        let Some(id) = id else { return !matches!(std::mem::take(self), Self::Closed) };
        let folder = catalog.trial(id);
        let version = Version { id: id.clone(), state, modified: modified(folder.path()) };
        if self.version() == Some(&version) {
            return false;
        }
        *self = match read(&folder) {
            Ok(trial) => Self::Read { version, trial: Arc::new(trial), moments: HashMap::new() },
            Err(error) => Self::Failed { version, problem: error.to_string() },
        };
        true
    }

    fn version(&self) -> Option<&Version> {
        match self {
            Self::Closed => None,
            Self::Read { version, .. } | Self::Failed { version, .. } => Some(version),
        }
    }

    /// The trial, if it could be read.
    pub fn trial(&self) -> Option<Arc<OpenedTrial>> {
        match self {
            Self::Read { trial, .. } => Some(Arc::clone(trial)),
            Self::Closed | Self::Failed { .. } => None,
        }
    }

    /// Why the trial could not be read.
    pub fn problem(&self) -> Option<&str> {
        match self {
            Self::Failed { problem, .. } => Some(problem),
            Self::Closed | Self::Read { .. } => None,
        }
    }

    /// The network at `step`, whose modules are detected when it is first requested.
    pub fn moment(&mut self, step: Step) -> Option<Arc<Moment>> {
        let Self::Read { trial, moments, .. } = self else { return None };
        if moments.len() > MOMENTS {
            moments.clear();
        }
        let moment = moments.entry(step).or_insert_with(|| {
            let walk = trial.recorded_walk(step.walk);
            let clustered = walk.and_then(|walk| trial.details.clustered_after(walk, step.round));
            Arc::new(Moment { id: trial.id().clone(), step, clustered })
        });
        Some(Arc::clone(moment))
    }
}

/// Reads a trial's folder.
///
/// # Errors
/// The trial is missing, or one of its files is damaged.
fn read(folder: &TrialFolder) -> Result<OpenedTrial> {
    let details = TrialDetails::read(folder)?;
    let task = details.small_task(folder.catalog());
    let detection = details.detection.as_ref().map(|(_, detection)| detection);
    let judged = detection.zip(task.as_deref().filter(|task| task.is_complete()));
    let certificate = judged.map(|(detection, task)| sentences(detection, task)).unwrap_or_default();
    let paths = path_analysis(folder, task.as_deref()).ok().flatten().map(|(paths, _)| paths);
    let network = details.clustered().map(|clustered| clustered.network);
    Ok(OpenedTrial { details, network, certificate, paths })
}
