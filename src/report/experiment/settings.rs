//! Table 4 of the paper: successes under different detection settings, on the same networks.

use super::cells::Rate;
use super::paper;
use super::trials::{ReportTrial, TrialOutcome};
use crate::analysis::criteria::strictest;
use crate::detect::DetectionSettings;

/// The trials under one of several detection settings.
#[derive(Clone, Debug)]
pub struct SettingsCell {
    /// The settings.
    pub settings: DetectionSettings,
    /// Finished trials whose true modules are known.
    pub trials: usize,
    /// Successes of the blind choice, by the strictest criterion of each task.
    pub blind: Rate,
    /// Successes by the published rule.
    pub published_rule: Rate,
    /// The rate in table 4 for this quality index.
    pub paper_rate: Option<f64>,
}

/// One cell per settings; empty if there is only one.
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
