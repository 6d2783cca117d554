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
    /// Name of the experiment.
    pub name: String,
    /// Its title, where its file has one.
    pub title: Option<String>,
    /// What it shows, where its file says.
    pub about: Option<String>,
    /// The figure or table of the paper that it is, as in `6` or `table 2`.
    pub figure: Option<&'static str>,
    /// How many trials are done, untrained ones included.
    pub done: usize,
    /// How many are not done.
    pub missing: usize,
    /// The seeds that were asked for; none for all.
    pub seeds: Vec<u64>,
    /// Where hyperparameters come from, in a line or two.
    pub hyperparameters: Vec<String>,
    /// Networks that were pruned, and how many of them are right on every row, where that is required of all.
    pub accepted: (usize, Option<usize>),
    /// Over how many seeds the vote was drawn.
    pub vote_of: Option<usize>,
    /// Trials that differ from another one in what is neither task, network, seed, stages, learning rate nor batch size.
    pub repeated: usize,
    /// Success, a cell a line.
    pub cells: Vec<Cell>,
    /// Separability and reuse in the weights.
    pub weights: Vec<WeightsCell>,
    /// Success under each of several detection settings.
    pub settings: Vec<SettingsCell>,
    /// What cannot be read, in a line each.
    pub problems: Vec<String>,
}

/// Reports on `experiment`. `progress` is told how many trials are read.
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
    // A dense network has no modules to speak of.
    let pruned = trials.iter().filter(|trial| trial.plan.stages != Stages::Dense);
    let groups = by_cell(pruned, paper::pools_depths(figure), compares_tuning);
    let missing = trials.iter().filter(|trial| matches!(trial.outcome, TrialOutcome::Missing)).count();
    let weights = weights::cells(&trials, figure);
    // Where the paper looks at weights alone, so does the report.
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

/// The networks that walks ended at, and how many of them are right on every row.
fn accepted(trials: &[ReportTrial]) -> (usize, Option<usize>) {
    let finished = trials.iter().filter_map(|trial| match &trial.outcome {
        TrialOutcome::Finished(finished) => Some(finished),
        _ => None,
    });
    finished.fold((0, Some(0)), |(networks, perfect), finished| {
        (networks + finished.networks, perfect.zip(finished.perfect).map(|(all, these)| all + these))
    })
}

/// Trials that are counted beside another one of the same network and seed.
fn repeated(trials: &[ReportTrial]) -> usize {
    let key = |trial: &ReportTrial| {
        let hyperparameters = trial.plan.hyperparameters;
        let tuned = (hyperparameters.learning_rate.to_bits(), hyperparameters.batch_size);
        (trial.task.name.clone(), trial.plan.architecture.to_string(), trial.plan.seed, trial.plan.stages, tuned)
    };
    let keys: std::collections::HashSet<_> = trials.iter().map(key).collect();
    trials.len() - keys.len()
}
