//! What can be launched, and how much of it is done.

use std::collections::BTreeSet;
use std::path::Path;

use crate::catalog::{Catalog, TrialId};
use crate::experiment::asked::{Asked, named};
use crate::experiment::presets::{ALL, Preset as Text};
use crate::experiment::{Overrides, Planned, PlannedTrial, default_jobs, definition, estimate, orders};
use crate::report::names::short;
use crate::report::text;
use crate::tui::snapshot::{Forecast, Preset};

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
        let plans = self.0.get_or_insert_with(|| {
            let own = own_files(Path::new("")).into_iter().filter_map(|name| own(&name));
            ALL.into_iter().map(plan).chain(own).collect()
        });
        plans.iter().map(|plan| plan.in_catalog(catalog)).collect()
    }
}

/// Plans a preset. One that cannot be planned is listed without trials; tests plan them all.
fn plan(text: Text) -> Plan {
    let definition = text.definition();
    let planned = Planned::new(text.name, text.text, &definition, &Overrides::default(), Path::new(""));
    let trials = sized(&planned.map(|planned| planned.trials).unwrap_or_default());
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

/// The trials by their ids, each with the seconds that it may take.
fn sized(trials: &[PlannedTrial]) -> Vec<(TrialId, f64)> {
    let mut hashes = orders::TaskHashes::default();
    let sized = trials.iter().filter_map(|trial| {
        let specification = orders::specification(trial, hashes.of(&trial.task)).ok()?;
        Some((specification.id(), estimate::trial_time(trial).as_secs_f64()))
    });
    sized.collect()
}

/// The most files of one's own that are listed.
const OWN: usize = 12;

/// The experiment files in `folder`, sorted: those that have trials.
fn own_files(folder: &Path) -> Vec<String> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let files = std::fs::read_dir(here).into_iter().flatten().filter_map(Result::ok);
    let all = files.filter_map(|file| file.file_name().into_string().ok());
    let is_experiment = |name: &String| {
        let path = folder.join(name);
        // What is longer was not written by hand.
        let short = std::fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() < 100_000);
        name.ends_with(".toml") && short && std::fs::read_to_string(&path).is_ok_and(|text| text.contains("[[trials]]"))
    };
    let mut names: Vec<String> = all.filter(is_experiment).collect();
    names.sort_unstable();
    names.truncate(OWN);
    names
}

/// A file of one's own; one that is wrong is listed with what is wrong, since it was meant to be one.
fn own(name: &str) -> Option<Plan> {
    let definition = definition::parse(&std::fs::read_to_string(name).ok()?);
    let planned = named(name, &Overrides::default());
    let (title, description) = match (&definition, &planned) {
        (Ok(definition), Ok(_)) => (definition.title.clone(), definition.about.clone()),
        (_, Err(problem)) | (Err(problem), _) => (Some("cannot be run".to_owned()), Some(problem.clone())),
    };
    let trials = sized(&planned.map(|planned| planned.trials).unwrap_or_default());
    let preset = Preset {
        name: name.to_owned(),
        title: title.unwrap_or_else(|| "a file of your own".to_owned()),
        description: description.unwrap_or_default(),
        trials: trials.len() as u64,
        done: 0,
        seconds: None,
    };
    Some(Plan { preset, trials })
}

/// What a launch comes to.
pub(super) fn forecast(catalog: &Catalog, asked: &Asked) -> Forecast {
    let counted = || -> Result<Forecast, String> {
        let workers = asked.workers()?;
        let planned = asked.planned()?.trials;
        let trials = sized(&planned);
        let left: Vec<_> = trials.iter().zip(&planned).filter(|((id, _), _)| !is_done(catalog, id)).collect();
        let seconds: f64 = left.iter().map(|((_, seconds), _)| seconds).sum();
        let mut grids: Vec<String> = planned.iter().map(|trial| walks(&trial.plan)).collect();
        grids.dedup();
        #[expect(clippy::cast_precision_loss, reason = "a few workers")]
        Ok(Forecast {
            trials: trials.len() as u64,
            done: (trials.len() - left.len()) as u64,
            seconds: seconds / workers as f64,
            bytes: left.iter().map(|(_, trial)| estimate::trial_space(trial)).sum(),
            workers,
            depths: listed(planned.iter().map(|trial| trial.plan.architecture.depth() as u64)),
            widths: listed(
                planned.iter().flat_map(|trial| trial.plan.architecture.hidden()).map(|&width| width as u64),
            ),
            seeds: listed(planned.iter().map(|trial| trial.plan.seed)),
            grid: grids.join("; "),
            ..Forecast::default()
        })
    };
    let forecast = counted().unwrap_or_else(|problem| Forecast { problem: Some(problem), ..Forecast::default() });
    Forecast { asked: asked.clone(), ..forecast }
}

/// Each number once, as a short list.
fn listed(numbers: impl Iterator<Item = u64>) -> String {
    let numbers: BTreeSet<u64> = numbers.collect();
    short(&numbers.iter().map(u64::to_string).collect::<Vec<_>>(), 30)
}

/// How many walks a trial has.
fn walks(plan: &crate::prune::Plan) -> String {
    let units = if plan.stages.units() { plan.grid.p_u.len() } else { 0 };
    let edges = if plan.stages.edges() { units.max(1) * plan.grid.p_e.len() } else { 0 };
    format!("{} a trial", text::counted(units + edges, "walk"))
}

fn is_done(catalog: &Catalog, id: &TrialId) -> bool {
    catalog.trial(id).path().join("result.json").exists()
}

impl Plan {
    #[expect(clippy::cast_precision_loss, reason = "a few workers")]
    fn in_catalog(&self, catalog: &Catalog) -> Preset {
        let left: Vec<f64> =
            self.trials.iter().filter(|(id, _)| !is_done(catalog, id)).map(|(_, seconds)| *seconds).collect();
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
    fn a_launch_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        let asked = Asked { seeds: "0..2".into(), workers: "2".into(), depths: "1,2".into(), ..Asked::new("figure-6") };
        let counted = forecast(&catalog, &asked);
        assert_eq!((counted.trials, counted.done, &*counted.seeds, &*counted.depths), (72, 0, "0-2", "1,2"));
        assert_eq!((&*counted.widths, &*counted.grid), ("24,36,48", "84 walks a trial"));
        let more = forecast(&catalog, &Asked { workers: "1".into(), ..asked.clone() });
        assert!((more.seconds / counted.seconds - 2.0).abs() < 1e-9 && more.bytes == counted.bytes);
        assert!(forecast(&catalog, &Asked { seeds: "x".into(), ..asked }).problem.is_some());
    }

    #[test]
    fn files_of_ones_own_are_found() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("b.toml", "[[trials]]"),
            ("a.toml", "x = 1\n[[trials]]\n"),
            ("Cargo.toml", "[package]"),
            ("c.txt", "[[trials]]"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(own_files(folder.path()), ["a.toml", "b.toml"]);
    }

    #[test]
    fn every_preset_can_be_planned() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        for preset in Plans::default().presets(&catalog) {
            assert!(preset.trials > 0 && preset.seconds.unwrap() > 0.0, "{}", preset.name);
        }
    }
}
