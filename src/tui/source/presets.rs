//! What can be launched, and how much of it is done.

use std::time::SystemTime;

use crate::catalog::{Catalog, TrialId};
use crate::experiment::presets::{ALL, Preset as Text};
use crate::experiment::tuning::Answers;
use crate::experiment::{Outline, Overrides, default_jobs, estimate, orders};
use crate::tui::snapshot::Preset;

/// The presets with their trials, planned again when hyperparameters were found.
#[derive(Default)]
pub(super) struct Plans {
    /// Empty before they are first planned.
    plans: Vec<Plan>,
    /// When hyperparameters were last found, as of the plans.
    as_of: Option<SystemTime>,
}

struct Plan {
    preset: Preset,
    /// Each trial, and the seconds of processor time that it may take.
    trials: Vec<(TrialId, f64)>,
}

impl Plans {
    /// The presets, with what is left to do of each in `catalog`.
    pub fn presets(&mut self, catalog: &Catalog) -> Vec<Preset> {
        let changed = catalog.searches_changed();
        if self.plans.is_empty() || self.as_of != changed {
            self.plans = ALL.into_iter().map(|text| plan(text, catalog)).collect();
            self.as_of = changed;
        }
        self.plans.iter().map(|plan| plan.in_catalog(catalog)).collect()
    }
}

/// Plans a preset, with the hyperparameters that the catalog knows. One that cannot be planned is listed without trials;
/// tests plan them all.
fn plan(text: Text, catalog: &Catalog) -> Plan {
    let definition = text.definition();
    let mut description = definition.about.unwrap_or_default();
    let mut trials = Vec::new();
    if let Ok(outline) = text.outline(&Overrides::default()) {
        let (known, note) = known(&outline, catalog);
        description.push_str(&note);
        let mut hashes = orders::TaskHashes::default();
        let planned = outline.plan(&known, &|_| true).map(|planned| planned.trials).unwrap_or_default();
        trials.extend(planned.iter().filter_map(|trial| {
            let specification = orders::specification(trial, hashes.of(&trial.task)).ok()?;
            Some((specification.id(), estimate::trial_time(trial).as_secs_f64()))
        }));
    }
    let preset = Preset {
        name: text.name.to_owned(),
        title: definition.title.unwrap_or_default(),
        description,
        trials: trials.len() as u64,
        done: 0,
        seconds: None,
    };
    Plan { preset, trials }
}

/// The hyperparameters that the catalog knows, and what there is to say of them.
fn known(outline: &Outline, catalog: &Catalog) -> (Answers, String) {
    let searches = outline.searches(&|_| true);
    let known = Answers::known(catalog, &searches);
    let found = searches.iter().filter(|search| known.to(&search.question).is_some()).count();
    let note = match searches.len() {
        0 => String::new(),
        all if found == all => "; hyperparameters by the rule of the paper, known".to_owned(),
        all => {
            format!("; hyperparameters by the rule of the paper, searched first for {} of {all} networks", all - found)
        }
    };
    (known, note)
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
