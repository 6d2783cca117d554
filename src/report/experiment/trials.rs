//! The trials of an experiment as a report needs them, read from their folders by several threads.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::paper;
use crate::analysis::ModuleGraph;
use crate::analysis::certificate::Certificate;
use crate::analysis::criteria::Criterion;
use crate::analysis::near_best::{Candidate, blind, near_best, published};
use crate::analysis::paths::PathAnalysis;
use crate::analysis::vote::{Ballot, BallotEntry};
use crate::catalog::{Catalog, Completion, Filter, Part, Result, TrialFolder, TrialId, TrialRow};
use crate::detect::DetectionSettings;
use crate::experiment::{TaskReader, details, store};
use crate::prune::{NEAR_BEST_EDGES, Plan, Required, Stages, WalkRecord};
use crate::task::Task;

/// A trial of an experiment.
#[derive(Clone, Debug)]
pub struct ReportTrial {
    /// The task.
    pub task: Arc<Task>,
    /// How the trial was run.
    pub plan: Plan,
    /// The outcome.
    pub outcome: TrialOutcome,
}

/// The outcome of a trial.
#[derive(Clone, Debug)]
pub enum TrialOutcome {
    /// None yet: the trial is queued, running or paused, or it failed or was cancelled.
    Missing,
    /// The dense network missed the required accuracy.
    Untrained,
    /// The trial has a best network.
    Finished(Box<Finished>),
}

/// The results of a finished trial.
#[derive(Clone, Debug, Default)]
pub struct Finished {
    /// The networks near the best, best first, with modules under the first detection settings of the experiment.
    pub near: Vec<Near>,
    /// For each detection settings, whether the strictest criterion holds for the best network, and for one as sparse.
    pub by_settings: Vec<(bool, bool)>,
    /// The path analysis of the best network, if the report needs it.
    pub weights: Option<Weights>,
    /// The number of networks at the ends of walks; 1 without walks.
    pub networks: usize,
    /// How many of them are correct on every row; `None` if less than 100% is required.
    pub perfect: Option<usize>,
}

/// A network near the best of a trial.
#[derive(Clone, Debug)]
pub struct Near {
    /// Its entry in the ballot.
    pub found: BallotEntry,
    /// For each criterion of the task, whether it holds.
    pub right: Vec<bool>,
}

/// The path analysis of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// Whether all null hypotheses are rejected; `None` if there are none.
    pub separable: Option<bool>,
    /// N90 of each hidden layer.
    pub n90: Vec<usize>,
    /// t and p of each test, if defined.
    pub tests: Vec<Option<(f64, f64)>>,
    /// The path products, one row per input, if the figure shows them.
    pub products: Vec<Vec<f64>>,
}

impl Finished {
    /// Whether a criterion holds for the best network: the blind choice.
    #[must_use]
    pub fn blind(&self, criterion: usize) -> bool {
        self.near.first().is_some_and(|near| near.right[criterion])
    }

    /// Whether a criterion holds for a network as sparse as the best: the published rule.
    #[must_use]
    pub fn published(&self, criterion: usize) -> bool {
        let best = self.near.first().map(|near| near.found.edges);
        self.near.iter().any(|near| Some(near.found.edges) == best && near.right[criterion])
    }

    /// Edges of the best network.
    #[must_use]
    pub fn edges(&self) -> Option<usize> {
        self.near.first().map(|near| near.found.edges)
    }
}

impl SharedCache {
    /// Whether a structure is certified; `None` without a complete table.
    fn certified(&self, task: &Task, graph: &ModuleGraph) -> Option<bool> {
        let key = (task.name.clone(), graph.clone());
        let known = self.certified.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let certified = Certificate::of_task(task, graph).ok().map(|certificate| certificate.holds());
            self.certified.lock().unwrap_or_else(PoisonError::into_inner).insert(key, certified);
            certified
        })
    }
}

/// Reads trials for a report.
pub struct Reader<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Only trials that match, as far as that is known before a trial is run.
    pub only: &'a Filter,
    /// Only trials with these seeds; all if empty.
    pub seeds: &'a [u64],
    /// The figure or table of the paper, if the experiment is one.
    pub figure: Option<&'static str>,
    /// The detection settings; the first are those that count.
    pub detections: &'a [DetectionSettings],
    /// Whether the vote needs certificates.
    pub certifies: bool,
    /// Whether trials with these stages need a path analysis.
    pub weights: fn(Stages) -> bool,
    /// Called after each trial with the number read so far.
    pub progress: &'a (dyn Fn(usize) + Sync),
    /// What trials share.
    pub known: SharedCache,
}

/// What many trials share, so that it is computed once.
#[derive(Debug, Default)]
pub struct SharedCache {
    /// Tasks, by hash and name.
    tasks: Mutex<HashMap<(String, String), Arc<Task>>>,
    /// Whether a structure is certified, by name of the task and structure.
    certified: Mutex<HashMap<(String, ModuleGraph), Option<bool>>>,
}

impl Reader<'_> {
    /// Reads trials in order. The second list has a line for each trial that cannot be read.
    #[must_use]
    pub fn all(&self, ids: &[TrialId], threads: usize) -> (Vec<ReportTrial>, Vec<String>) {
        let next = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let read = || {
            let mut read: Vec<(usize, Result<Option<ReportTrial>>)> = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(id) = ids.get(place) else { break read };
                read.push((place, self.one(id)));
                (self.progress)(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
        };
        let mut all: Vec<_> = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(read)).collect();
            let joined = readers.into_iter();
            joined.flat_map(|reader| reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        });
        all.sort_by_key(|(place, _)| *place);
        let (mut trials, mut problems) = (Vec::with_capacity(all.len()), Vec::new());
        for (_, read) in all {
            match read {
                Ok(read) => trials.extend(read),
                Err(error) => problems.push(error.to_string()),
            }
        }
        (trials, problems)
    }

    /// Reads a trial; `None` if it does not match.
    fn one(&self, id: &TrialId) -> Result<Option<ReportTrial>> {
        let folder = self.catalog.trial(id);
        let trial = folder.trial()?;
        let (specification, about) = (trial.specification, trial.about);
        if !self.only.is_empty() && !self.only.matches(&TrialRow::planned(&specification, &about.task, about.created)) {
            return Ok(None);
        }
        if !self.seeds.is_empty() && !self.seeds.contains(&specification.plan.seed) {
            return Ok(None);
        }
        let key = (specification.task.clone(), about.task.clone());
        let known = self.known.tasks.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let task = if let Some(task) = known {
            task
        } else {
            let task = TaskReader::new(self.catalog).task(&specification, &about)?;
            let mut tasks = self.known.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(tasks.entry(key).or_insert(task))
        };
        let plan = specification.plan;
        let outcome = match folder.result()? {
            None => TrialOutcome::Missing,
            Some(result) if result.status == Completion::Untrained => TrialOutcome::Untrained,
            Some(result) => {
                let mut finished = self.finished(&folder, &task, &plan)?;
                if finished.networks == 0 {
                    // Without walks, the dense network is the best network.
                    finished.networks = 1;
                    finished.perfect = finished.perfect.map(|_| usize::from(result.accuracy >= 1.0));
                }
                TrialOutcome::Finished(Box::new(finished))
            }
        };
        Ok(Some(ReportTrial { task, plan, outcome }))
    }

    fn finished(&self, folder: &TrialFolder, task: &Task, plan: &Plan) -> Result<Finished> {
        let walks = walks(folder)?;
        let criteria = paper::criteria(self.figure, task);
        let right = walks.iter().filter(|walk| walk.best.accuracy.is_perfect()).count();
        let mut finished = Finished {
            networks: walks.len(),
            perfect: (plan.required == Required::Perfect).then_some(right),
            ..Finished::default()
        };
        for (place, settings) in self.detections.iter().enumerate() {
            let near = near_best(&walks, plan.stages, &plan.architecture, settings, NEAR_BEST_EDGES);
            finished.by_settings.push(successes(&near, task, criteria.last()));
            if place == 0 {
                finished.near = near.iter().map(|candidate| self.near(candidate, task, criteria)).collect();
            }
        }
        if (self.weights)(plan.stages) {
            let found = details::path_analysis(folder, Some(task))?;
            finished.weights = found.map(|(found, _)| self.weights_of(found));
        }
        Ok(finished)
    }

    fn near(&self, candidate: &Candidate, task: &Task, criteria: &[Criterion]) -> Near {
        let holds = |criterion: &Criterion| {
            task.truth.as_ref().is_some_and(|truth| criterion.holds(truth, &candidate.detection))
        };
        let certified = if self.certifies { self.known.certified(task, &candidate.graph) } else { None };
        let found = BallotEntry { certified, ..BallotEntry::new(candidate, None) };
        Near { found, right: criteria.iter().map(holds).collect() }
    }
}

impl Reader<'_> {
    fn weights_of(&self, found: PathAnalysis) -> Weights {
        Weights {
            separable: found.is_separable(),
            tests: found.welch.iter().map(|test| test.t.zip(test.p)).collect(),
            products: if self.figure.and_then(paper::products).is_some() { found.pi } else { Vec::new() },
            n90: found.n90,
        }
    }
}

/// The walks of a trial; empty if they are not stored.
fn walks(folder: &TrialFolder) -> Result<Vec<WalkRecord>> {
    Ok(folder.part(Part::Walks)?.and_then(|bytes| store::walks_from_bytes(&bytes)).unwrap_or_default())
}

/// The ballot of a trial of `task`: its networks near the best, or none if it is untrained or not done. Certificates are
/// cached in `known`.
///
/// # Errors
/// The trial cannot be read.
pub fn ballot(folder: &TrialFolder, task: &Task, settings: &DetectionSettings, known: &SharedCache) -> Result<Ballot> {
    let plan = folder.trial()?.specification.plan;
    let near = near_best(&walks(folder)?, plan.stages, &plan.architecture, settings, NEAR_BEST_EDGES);
    let certified = |candidate: &Candidate| known.certified(task, &candidate.graph);
    let entries =
        near.iter().map(|near| BallotEntry { certified: certified(near), ..BallotEntry::new(near, None) }).collect();
    Ok(Ballot { widths: plan.architecture.widths().to_vec(), entries })
}

/// Whether the blind choice and the published rule succeed by the strictest criterion.
fn successes(near: &[Candidate], task: &Task, strictest: Option<&Criterion>) -> (bool, bool) {
    let Some((truth, criterion)) = task.truth.as_ref().zip(strictest) else { return (false, false) };
    let holds =
        |candidate: Option<&Candidate>| candidate.is_some_and(|candidate| criterion.holds(truth, &candidate.detection));
    (holds(blind(near)), holds(published(near, |detection| criterion.holds(truth, detection))))
}
