//! What can be launched, and how much of it is done.

use std::path::Path;

use crate::catalog::{Catalog, TrialId};
use crate::experiment::presets::{ALL, Preset as Text};
use crate::experiment::{Overrides, Planned, default_jobs, estimate, orders};
use crate::tui::snapshot::Preset;

/// The presets with their trials, planned once.
#[derive(Default)]
pub(super) struct Plans(Option<Vec<Plan>>);

struct Plan {
    preset: Preset,
    /// Each trial, and the seconds of processor time that it may take.
    trials: Vec<(TrialId, f64)>,
}

impl Plans {
    /// The presets, with what is left to do of each in `catalog`.
    pub fn presets(&mut self, catalog: &Catalog) -> Vec<Preset> {
        let plans = self.0.get_or_insert_with(|| ALL.into_iter().map(plan).collect());
        plans.iter().map(|plan| plan.in_catalog(catalog)).collect()
    }
}

/// Plans a preset. One that cannot be planned is listed without trials; tests plan them all.
fn plan(text: Text) -> Plan {
    let definition = text.definition();
    let planned = Planned::new(text.name, text.text, &definition, &Overrides::default(), Path::new(""));
    let mut hashes = orders::TaskHashes::default();
    let planned = planned.map(|planned| planned.trials).unwrap_or_default();
    let trials: Vec<(TrialId, f64)> = planned
        .iter()
        .filter_map(|trial| {
            let specification = orders::specification(trial, hashes.of(&trial.task)).ok()?;
            Some((specification.id(), estimate::trial_time(trial).as_secs_f64()))
        })
        .collect();
    let preset = Preset {
        name: text.name.to_owned(),
        title: definition.title.unwrap_or_default(),
        description: definition.about.unwrap_or_default(),
        trials: trials.len() as u64,
        done: 0,
        seconds: None,
    };
    Plan { preset, trials }
}

impl Plan {
    #[expect(clippy::cast_precision_loss, reason = "a few workers")]
    fn in_catalog(&self, catalog: &Catalog) -> Preset {
        let done = |id: &TrialId| catalog.trial(id).path().join("result.json").exists();
        let left: Vec<f64> = self.trials.iter().filter(|(id, _)| !done(id)).map(|(_, seconds)| *seconds).collect();
        let workers = default_jobs();
        Preset {
            done: (self.trials.len() - left.len()) as u64,
            seconds: Some(left.iter().sum::<f64>() / workers as f64),
            ..self.preset.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_planned() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        for preset in Plans::default().presets(&catalog) {
            assert!(preset.trials > 0 && preset.seconds.unwrap() > 0.0, "{}", preset.name);
        }
    }
}
