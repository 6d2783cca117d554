//! A report: read from the catalog, counted, and set beside the paper.

use super::cell_trials::by_cell;
use super::cells::{self, Cell};
use super::options::ReportOptions;
use super::paper;
use super::settings::{self, SettingsCell};
use super::trials::{Reader, ReportTrial, SharedCache, TrialOutcome};
use super::weights::{self, WeightsCell};
use crate::analysis::vote::CertificateRule;
use crate::catalog::{Catalog, Experiment, Result};
use crate::experiment::{default_jobs, definition, hyperparameters, queued};
use crate::prune::Stages;

/// A report of an experiment.
#[derive(Clone, Debug)]
pub struct Report {
    /// The name of the experiment.
    pub name: String,
    /// The title, if the experiment has one.
    pub title: Option<String>,
    /// What the experiment shows, if its file says so.
    pub about: Option<String>,
    /// The figure or table of the paper, such as `6` or `table 2`, if the experiment is one.
    pub figure: Option<&'static str>,
    /// The number of trials that are done, including untrained ones.
    pub done: usize,
    /// The number of trials that are not done.
    pub missing: usize,
    /// The seeds that the report is limited to; empty for all.
    pub seeds: Vec<u64>,
    /// Where hyperparameters come from, in a line or two.
    pub hyperparameters: Vec<String>,
    /// The number of accepted networks and, if 100% accuracy is required of all, how many of them have it.
    pub accepted: (usize, Option<usize>),
    /// The number of seeds per draw, if votes were drawn.
    pub vote_of: Option<usize>,
    /// Trials with the same task, architecture, seed, stages, learning rate and batch size as another one.
    pub repeated: usize,
    /// Successes by cell and criterion.
    pub cells: Vec<Cell>,
    /// Separability and reuse in the weights.
    pub weights: Vec<WeightsCell>,
    /// Success under each of several detection settings.
    pub settings: Vec<SettingsCell>,
    /// What could not be read, one line each.
    pub problems: Vec<String>,
}

/// Reports on `experiment`. `progress` is called with the number of trials read so far.
///
/// # Errors
/// The experiment cannot be read; trials that cannot be read are among the [`Report::problems`].
pub fn report(
    catalog: &Catalog,
    experiment: &Experiment,
    options: &ReportOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Report> {
    let figure = paper::figure(&experiment.name);
    let definition = definition::parse(&experiment.preset).ok();
    let detections = queued::detections_of(experiment);
    let reader = Reader {
        catalog,
        only: &options.only,
        seeds: &options.seeds,
        figure,
        detections: &detections,
        certifies: options.rule.certificates != CertificateRule::Ignore,
        weights: weights::includes(figure),
        progress,
        known: SharedCache::default(),
    };
    let (trials, problems) = reader.all(&experiment.trials, default_jobs());
    let compares_tuning = definition.as_ref().is_some_and(|definition| {
        let several = |choices: &definition::Choices| choices.learning_rate.len() > 1 || choices.batch_size.len() > 1;
        definition.trials.iter().any(|block| several(&block.choices))
    });
    // Dense networks have no modules worth counting.
    let pruned = trials.iter().filter(|trial| trial.plan.stages != Stages::Dense);
    let groups = by_cell(pruned, paper::pools_depths(figure), compares_tuning);
    let missing = trials.iter().filter(|trial| matches!(trial.outcome, TrialOutcome::Missing)).count();
    let weights = weights::cells(&trials, figure);
    // If the paper shows only weights, so does the report.
    let by_modules = figure.is_none() || weights.is_empty();
    Ok(Report {
        name: experiment.name.clone(),
        title: definition.as_ref().and_then(|definition| definition.title.clone()),
        about: definition.and_then(|definition| definition.about),
        figure,
        done: trials.len() - missing,
        missing,
        seeds: options.seeds.clone(),
        hyperparameters: crate::report::hyperparameters::summary(&hyperparameters::recorded(experiment)),
        accepted: accepted(&trials),
        vote_of: options.vote_of,
        repeated: repeated(&trials),
        cells: groups.iter().filter(|_| by_modules).flat_map(|group| cells::cells(group, figure, options)).collect(),
        weights,
        settings: settings::cells(&trials, &detections),
        problems,
    })
}

/// The number of networks at the ends of walks, and how many of them are correct on every row.
fn accepted(trials: &[ReportTrial]) -> (usize, Option<usize>) {
    let finished = trials.iter().filter_map(|trial| match &trial.outcome {
        TrialOutcome::Finished(finished) => Some(finished),
        _ => None,
    });
    finished.fold((0, Some(0)), |(networks, perfect), finished| {
        (networks + finished.networks, perfect.zip(finished.perfect).map(|(all, these)| all + these))
    })
}

/// The number of trials that repeat another one in all that distinguishes cells, widths and seeds.
fn repeated(trials: &[ReportTrial]) -> usize {
    let key = |trial: &ReportTrial| {
        let hyperparameters = trial.plan.hyperparameters;
        let tuned = (hyperparameters.learning_rate.to_bits(), hyperparameters.batch_size);
        (trial.task.name.clone(), trial.plan.architecture.to_string(), trial.plan.seed, trial.plan.stages, tuned)
    };
    let keys: std::collections::HashSet<_> = trials.iter().map(key).collect();
    trials.len() - keys.len()
}
