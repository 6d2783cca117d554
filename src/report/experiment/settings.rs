//! What table 4 shows: success under each of several ways to detect modules, on the same networks.

use super::cells::Rate;
use super::paper;
use super::trials::{ReportTrial, TrialOutcome};
use crate::analysis::success::strictest;
use crate::detect::DetectionSettings;

/// Trials under one of several detection settings.
#[derive(Clone, Debug)]
pub struct SettingsCell {
    /// The settings.
    pub settings: DetectionSettings,
    /// Trials with a best network whose true modules are known.
    pub trials: usize,
    /// Successes of the blind choice, by the strictest criterion of each task.
    pub blind: Rate,
    /// Successes of the published choice.
    pub published_rule: Rate,
    /// The rate that table 4 has for this quality index.
    pub paper_rate: Option<f64>,
}

/// A cell for each of the settings; none where there is but one.
#[must_use]
pub fn cells(trials: &[ReportTrial], detections: &[DetectionSettings]) -> Vec<SettingsCell> {
    if detections.len() < 2 {
        return Vec::new();
    }
    let found: Vec<&[(bool, bool)]> = trials
        .iter()
        .filter(|trial| strictest(&trial.task).is_some())
        .filter_map(|trial| match &trial.outcome {
            TrialOutcome::Finished(finished) => Some(&finished.by_settings[..]),
            _ => None,
        })
        .collect();
    let cell = |(place, settings): (usize, &DetectionSettings)| {
        let count = |is: fn((bool, bool)) -> bool| found.iter().filter(|trial| is(trial[place])).count();
        SettingsCell {
            settings: settings.clone(),
            trials: found.len(),
            blind: Rate::new(count(|(blind, _)| blind), found.len(), None),
            published_rule: Rate::new(count(|(_, published)| published), found.len(), None),
            paper_rate: paper::clustered(settings.quality.name()),
        }
    };
    detections.iter().enumerate().map(cell).collect()
}
