//! What a launch amounts to: its trials, and what they cost.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, TrialId};
use crate::experiment::depths::Depths;
use crate::experiment::launch_request::LaunchRequest;
use crate::experiment::tuning::Answers;
use crate::experiment::{Outline, PlannedTrial, TaskHashes, estimate, queued, space};
use crate::report::names::short;
use crate::report::numbers;
use crate::tui::snapshot::Forecast;

/// The trials of an experiment, as far as they are known.
#[derive(Default)]
pub(super) struct Work {
    /// Each trial with its id and its estimated processor time in seconds.
    pub trials: Vec<(TrialId, f64, PlannedTrial)>,
    /// How many of them are run in any case: with `depths = "auto"`, the others only follow while the answer changes.
    pub at_first: usize,
    /// The number of detection settings.
    detections: usize,
    /// How many of the hyperparameters have to be searched for; empty if none are searched for.
    pub hyperparameters: String,
}

impl Work {
    /// Plans with the hyperparameters that the catalog knows and, for the others, those that a search starts from.
    pub fn new(outline: &Outline, catalog: &Catalog) -> Result<Self, String> {
        let searches = outline.searches(&|_| true);
        let known = Answers::known(catalog, &searches);
        let found = searches.iter().filter(|search| known.to(&search.question).is_some()).count();
        let hyperparameters = match searches.len() {
            0 => String::new(),
            all if found == all => "hyperparameters by the paper's rule, already found".to_owned(),
            all => format!("hyperparameters by the paper's rule, {} of {all} searches to do", all - found),
        };
        let depths = Depths::new(outline);
        let at_first = outline.plan(&known, &|cell| depths.wants(cell))?.trials.len();
        let mut hashes = TaskHashes::default();
        let planned = outline.plan(&known, &|_| true)?.trials.into_iter();
        let trials = planned.filter_map(|trial| {
            let specification = queued::specification(&trial, hashes.of(&trial.task)).ok()?;
            Some((specification.id(), estimate::trial_time(&trial).as_secs_f64(), trial))
        });
        Ok(Self { trials: trials.collect(), at_first, detections: outline.detections.len(), hyperparameters })
    }
}

/// What a launch amounts to.
pub(super) fn forecast(catalog: &Catalog, request: &LaunchRequest) -> Forecast {
    let forecast = counted(catalog, request);
    let forecast = forecast.unwrap_or_else(|problem| Forecast { problem: Some(problem), ..Forecast::default() });
    Forecast { request: request.clone(), ..forecast }
}

fn counted(catalog: &Catalog, request: &LaunchRequest) -> Result<Forecast, String> {
    let workers = request.workers()?;
    let Work { trials: sized, at_first, detections, hyperparameters } = Work::new(&request.outline()?, catalog)?;
    let (mut trials, mut left) = (Vec::with_capacity(sized.len()), Vec::new());
    let mut seconds = 0.0;
    for (id, takes, trial) in sized {
        if !catalog.trial(&id).has_result() {
            seconds += takes;
            left.push(trial.clone());
        }
        trials.push(trial);
    }
    let mut grids: Vec<String> = trials.iter().map(|trial| walks(&trial.plan)).collect();
    grids.dedup();
    #[expect(clippy::cast_precision_loss, reason = "a few workers")]
    Ok(Forecast {
        trials: trials.len() as u64,
        at_first: at_first as u64,
        done: (trials.len() - left.len()) as u64,
        seconds: seconds / workers as f64,
        bytes: space::total(&left, detections),
        workers,
        depths: listed(trials.iter().map(|trial| trial.plan.architecture.depth() as u64)),
        widths: listed(trials.iter().flat_map(|trial| trial.plan.architecture.hidden()).map(|&width| width as u64)),
        seeds: listed(trials.iter().map(|trial| trial.plan.seed)),
        grid: grids.join("; "),
        hyperparameters,
        ..Forecast::default()
    })
}

/// The distinct numbers, as a short list.
fn listed(numbers: impl Iterator<Item = u64>) -> String {
    let numbers: BTreeSet<u64> = numbers.collect();
    short(&numbers.iter().map(u64::to_string).collect::<Vec<_>>(), 30)
}

/// The number of walks of a trial, in words.
fn walks(plan: &crate::prune::Plan) -> String {
    let units = if plan.stages.has_unit_walks() { plan.grid.p_u.len() } else { 0 };
    let edges = if plan.stages.has_edge_walks() { units.max(1) * plan.grid.p_e.len() } else { 0 };
    match units + edges {
        0 => "none: nothing is pruned".to_owned(),
        walks => format!("{} per trial", numbers::counted(walks, "walk")),
    }
}

/// Does the trial have a result?
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launch_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        let request = LaunchRequest {
            seeds: "0..2".into(),
            workers: "2".into(),
            depths: "1,2".into(),
            ..LaunchRequest::new("figure-6")
        };
        let counted = forecast(&catalog, &request);
        assert_eq!((counted.trials, counted.done, &*counted.seeds, &*counted.depths), (72, 0, "0-2", "1,2"));
        assert_eq!((&*counted.widths, &*counted.grid), ("24,36,48", "84 walks per trial"));
        let more = forecast(&catalog, &LaunchRequest { workers: "1".into(), ..request.clone() });
        assert!((more.seconds / counted.seconds - 2.0).abs() < 1e-9 && more.bytes == counted.bytes);
        assert!(forecast(&catalog, &LaunchRequest { seeds: "x".into(), ..request }).problem.is_some());
    }

    #[test]
    fn searches_for_hyperparameters_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        // Five tasks with one hidden layer of one width.
        let request = LaunchRequest { depths: "1".into(), widths: "24".into(), ..LaunchRequest::new("figure-8") };
        let text = forecast(&catalog, &request).hyperparameters;
        assert!(text.ends_with("5 of 5 searches to do"), "{text}");
        assert_eq!(forecast(&catalog, &LaunchRequest::new("quickstart")).hyperparameters, "");
    }

    #[test]
    fn automatic_depths_are_counted_as_an_upper_bound() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_read(Some(folder.path())).unwrap();
        let file = folder.path().join("mine.toml");
        let block = "seeds = [0, 1, 2]\n[[trials]]\ntasks = ['4-2-4']\ndepths = 'auto'\nmost_layers = 5\nwidths = 8\n";
        std::fs::write(&file, block).unwrap();
        // Three seeds at one and two hidden layers, and then perhaps at three, four and five.
        let counted = forecast(&catalog, &LaunchRequest::new(&file.to_string_lossy()));
        assert_eq!((counted.problem, counted.trials, counted.at_first), (None, 15, 6));
        assert_eq!(forecast(&catalog, &LaunchRequest::new("figure-6")).at_first, 144);
    }
}
