//! All walks of a trial as a tree: the dense round, under it the unit walks, under each of them its edge walks.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Advance, Plan, RoundRecord, Trajectory, TrialContext, Walk, WalkKind, WalkRecord, rank};
use crate::train::{Epoch, RoundResult, Stage, Stream, StreamName, initial_network, round};

/// Walks with at most this many edges more than the trial's best count as near the best, and keep their trajectories.
pub const NEAR_BEST_EDGES: usize = 2;

/// The state of a trial between rounds: plain data that can be stored and resumed. The [module's
/// example](super) runs one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    dense: Option<Base>,
    branches: Vec<Branch>,
}

/// A network that walks start from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Base {
    result: RoundResult,
    trajectory: Trajectory,
}

impl Base {
    /// Its latest round, accepted or not.
    #[must_use]
    pub fn last_round(&self) -> Option<&RoundRecord> {
        self.trajectory.rounds.last()
    }
}

/// A unit walk and the edge walks under it; without unit walks, all edge walks of the trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Branch {
    p_u: Option<f64>,
    unit: Option<Slot>,
    /// The unit walk's network, until it is retrained.
    accepted: Option<Base>,
    /// What the edge walks start from, until they are done.
    base: Option<Base>,
    retrained: bool,
    edges: Vec<Slot>,
}

/// The state of a walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Slot {
    Waiting,
    Active(Box<Walk>),
    Done(Box<WalkRecord>),
}

/// A part of a trial that one worker does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Job {
    /// The dense round.
    Dense,
    /// The unit walk of a branch.
    Unit {
        /// Index into the grid's `p_u`.
        branch: usize,
    },
    /// The round between a unit walk and its edge walks.
    Retrain {
        /// Index into the grid's `p_u`.
        branch: usize,
    },
    /// An edge walk.
    Edge {
        /// Index into the grid's `p_u`; 0 in a trial without unit walks.
        branch: usize,
        /// Index into the grid's `p_e`.
        index: usize,
    },
}

/// What a job works on: copied out of the tree, advanced round by round, put back.
#[derive(Clone, Debug)]
pub enum Work {
    /// The dense round, which starts from the seed.
    Dense,
    /// A network to retrain.
    Retrain(Base),
    /// A walk, started or not.
    Walk(Box<Walk>),
    /// The result of the dense round or of a retraining.
    Trained(Base),
}

impl Tree {
    /// A trial that has not started.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let edges = if plan.stages.has_edge_walks() { plan.grid.p_e.len() } else { 0 };
        let branch = |p_u: Option<f64>| Branch {
            p_u,
            unit: p_u.map(|_| Slot::Waiting),
            accepted: None,
            base: None,
            retrained: false,
            edges: vec![Slot::Waiting; edges],
        };
        let branches = match (plan.stages.has_unit_walks(), plan.stages.has_edge_walks()) {
            (true, _) => plan.grid.p_u.iter().map(|&p_u| branch(Some(p_u))).collect(),
            (false, true) => vec![branch(None)],
            (false, false) => Vec::new(),
        };
        Self { dense: None, branches }
    }

    /// Output bits that must be right; `None` before the dense round, and if the trial is untrained.
    #[must_use]
    pub fn required(&self, plan: &Plan) -> Option<u64> {
        plan.required.bits(self.dense.as_ref()?.result.best.accuracy)
    }

    /// Whether the dense network missed the required accuracy.
    #[must_use]
    pub fn is_untrained(&self, plan: &Plan) -> bool {
        self.dense.is_some() && self.required(plan).is_none()
    }

    /// Whether no job is left.
    #[must_use]
    pub fn is_done(&self, plan: &Plan) -> bool {
        self.is_untrained(plan)
            || (self.dense.is_some()
                && self.branches.iter().all(|branch| branch.unit.iter().chain(&branch.edges).all(Slot::is_done)))
    }

    /// The next ready job that is not in `taken`. Edge walks come first, then retrainings, then unit walks: this
    /// finishes branches early and keeps few starting networks in memory.
    #[must_use]
    pub fn ready(&self, plan: &Plan, taken: &[Job]) -> Option<Job> {
        if self.dense.is_none() {
            return Some(Job::Dense).filter(|job| !taken.contains(job));
        }
        self.required(plan)?;
        let edges = self
            .branches
            .iter()
            .enumerate()
            .filter(|(_, branch)| branch.base.is_some())
            .flat_map(|(branch, slots)| (0..slots.edges.len()).map(move |index| Job::Edge { branch, index }));
        let retrainings = (0..self.branches.len()).map(|branch| Job::Retrain { branch });
        let units = (0..self.branches.len()).map(|branch| Job::Unit { branch });
        edges.chain(retrainings).chain(units).find(|job| self.is_open(*job) && !taken.contains(job))
    }

    fn is_open(&self, job: Job) -> bool {
        match job {
            Job::Dense => self.dense.is_none(),
            Job::Unit { branch } => self.branches[branch].unit.as_ref().is_some_and(|slot| !slot.is_done()),
            Job::Retrain { branch } => self.branches[branch].accepted.is_some(),
            Job::Edge { branch, index } => !self.branches[branch].edges[index].is_done(),
        }
    }

    /// A copy of what a ready job works on; `None` if the job is not ready.
    #[must_use]
    pub fn work(&self, plan: &Plan, job: Job) -> Option<Work> {
        let begun = |slot: &Slot, kind: WalkKind, base: &Base| match slot {
            Slot::Active(walk) => Some(Work::Walk(walk.clone())),
            Slot::Waiting => Some(Work::Walk(Box::new(Walk::new(kind, &base.result, &base.trajectory)))),
            Slot::Done(_) => None,
        };
        match job {
            Job::Dense => Some(Work::Dense),
            Job::Retrain { branch } => self.branches[branch].accepted.clone().map(Work::Retrain),
            Job::Unit { branch } => {
                let Branch { p_u: Some(p_u), unit: Some(slot), .. } = &self.branches[branch] else { return None };
                begun(slot, WalkKind::Unit { p_u: *p_u }, self.dense.as_ref()?)
            }
            Job::Edge { branch, index } => {
                let Branch { p_u, base: Some(base), edges, .. } = &self.branches[branch] else { return None };
                begun(&edges[index], WalkKind::Edge { p_u: *p_u, p_e: plan.grid.p_e[index] }, base)
            }
        }
    }

    /// Puts an unfinished walk back after a round, so that it is stored with the tree.
    pub fn update(&mut self, job: Job, walk: &Walk) {
        match job {
            Job::Unit { branch } => self.branches[branch].unit = Some(Slot::Active(Box::new(walk.clone()))),
            Job::Edge { branch, index } => self.branches[branch].edges[index] = Slot::Active(Box::new(walk.clone())),
            Job::Dense | Job::Retrain { .. } => {}
        }
    }

    /// Puts back the work of a finished job.
    pub fn finish(&mut self, plan: &Plan, job: Job, work: Work) {
        match (job, work) {
            (Job::Dense, Work::Trained(base)) => {
                if !plan.stages.has_unit_walks() {
                    self.branches.iter_mut().for_each(|branch| branch.base = Some(base.clone()));
                }
                self.dense = Some(base);
            }
            (Job::Retrain { branch }, Work::Trained(base)) => {
                let branch = &mut self.branches[branch];
                branch.accepted = None;
                branch.retrained = true;
                branch.base = Some(base);
            }
            (Job::Unit { branch }, Work::Walk(walk)) => {
                let branch = &mut self.branches[branch];
                if plan.stages.has_edge_walks() {
                    let result = RoundResult { network: walk.network.clone(), best: walk.best, engine: walk.engine };
                    branch.accepted = Some(Base { result, trajectory: walk.trajectory.clone() });
                }
                branch.unit = Some(Slot::Done(Box::new(walk.into_record())));
            }
            (Job::Edge { branch, index }, Work::Walk(walk)) => {
                let branch = &mut self.branches[branch];
                branch.edges[index] = Slot::Done(Box::new(walk.into_record()));
                if branch.edges.iter().all(Slot::is_done) {
                    branch.base = None;
                }
            }
            _ => {}
        }
        self.drop_far_trajectories(plan);
    }

    /// Drops the trajectories of walks that can no longer be near the best.
    fn drop_far_trajectories(&mut self, plan: &Plan) {
        let least = self.final_walks(plan).map(|record| record.edges).min();
        let limit = least.map_or(usize::MAX, |least| least + NEAR_BEST_EDGES);
        let edge_stage = plan.stages.has_edge_walks();
        for branch in &mut self.branches {
            for slot in branch.unit.iter_mut().chain(&mut branch.edges) {
                if let Slot::Done(record) = slot {
                    let is_final = record.p_e.is_some() == edge_stage;
                    if !is_final || record.edges > limit {
                        record.trajectory = None;
                    }
                }
            }
        }
    }

    /// The finished walks of the last stage, in grid order.
    fn final_walks(&self, plan: &Plan) -> impl Iterator<Item = &WalkRecord> {
        let edge_stage = plan.stages.has_edge_walks();
        self.finished_walks().filter(move |record| record.p_e.is_some() == edge_stage)
    }

    /// All finished walks, in grid order, a unit walk before its edge walks.
    pub fn finished_walks(&self) -> impl Iterator<Item = &WalkRecord> {
        self.branches.iter().flat_map(|branch| branch.unit.iter().chain(&branch.edges)).filter_map(|slot| match slot {
            Slot::Done(record) => Some(&**record),
            _ => None,
        })
    }

    /// Number of walks, finished or not.
    #[must_use]
    pub fn walk_count(&self) -> usize {
        self.branches.iter().map(|branch| usize::from(branch.unit.is_some()) + branch.edges.len()).sum()
    }

    /// Rounds trained so far, including those of unfinished walks.
    #[must_use]
    pub fn rounds(&self) -> u64 {
        let slots = self.branches.iter().flat_map(|branch| branch.unit.iter().chain(&branch.edges));
        let walked: u64 = slots.map(|slot| u64::from(slot.rounds())).sum();
        let retrained = self.branches.iter().filter(|branch| branch.retrained).count() as u64;
        walked + retrained + u64::from(self.dense.is_some())
    }

    /// The evaluation of the dense network; `None` before its round.
    #[must_use]
    pub fn dense(&self) -> Option<&Epoch> {
        self.dense.as_ref().map(|base| &base.result.best)
    }

    /// The best finished walk of the last stage: the one with the fewest edges, then hidden units, then the lowest
    /// loss, then the first in grid order. The dense network as a walk of its own if the trial has no walks or is
    /// untrained; `None` before the dense round.
    #[must_use]
    pub fn best(&self, plan: &Plan) -> Option<WalkRecord> {
        // `min_by` returns the first of equal walks, the first in grid order.
        if let Some(best) = self.final_walks(plan).min_by(|a, b| rank(a, b)) {
            return Some(best.clone());
        }
        let base = self.dense.as_ref()?;
        let mut record =
            Walk::new(WalkKind::Edge { p_u: None, p_e: 0.0 }, &base.result, &base.trajectory).into_record();
        record.p_e = None;
        Some(record)
    }
}

impl Slot {
    fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    fn rounds(&self) -> u32 {
        match self {
            Self::Waiting => 0,
            Self::Active(walk) => walk.trained,
            Self::Done(record) => record.rounds,
        }
    }
}

impl Work {
    /// Does the next round of `job`, up to [`Advance::Done`]. `required` is [`Tree::required`] (0 for the dense round);
    /// `watch` sees the evaluation of every epoch and can break the round off, which changes nothing
    /// ([`Advance::Interrupted`]).
    pub fn advance(
        &mut self,
        context: &TrialContext<'_>,
        job: Job,
        required: u64,
        watch: &mut dyn FnMut(&Epoch) -> ControlFlow<()>,
    ) -> Advance {
        let trained = match self {
            Self::Walk(walk) => return walk.advance(context, required, watch),
            Self::Trained(_) => return Advance::Done,
            Self::Dense => train_dense(context, watch),
            Self::Retrain(base) => {
                let Job::Retrain { branch } = job else { return Advance::Done };
                retrain(context, base, context.plan.grid.p_u[branch], required, watch)
            }
        };
        match trained {
            Some(base) => {
                *self = Self::Trained(base);
                Advance::Done
            }
            None => Advance::Interrupted,
        }
    }
}

fn train_dense(context: &TrialContext<'_>, watch: &mut dyn FnMut(&Epoch) -> ControlFlow<()>) -> Option<Base> {
    let TrialContext { plan, task, engine } = *context;
    let name = StreamName { seed: plan.seed, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 };
    let mut stream = Stream::new(&name);
    let start = initial_network(&plan.architecture, &mut stream);
    let result = round(engine, task, &start, &plan.hyperparameters, &mut stream, watch)?;
    let mut trajectory = Trajectory::default();
    trajectory.accept(Stage::Dense, 0.0, &result);
    Some(Base { result, trajectory })
}

/// One more round between unit and edge pruning. If it misses the required accuracy, the edge walks start from the
/// weights before it.
fn retrain(
    context: &TrialContext<'_>,
    base: &Base,
    p_u: f64,
    required: u64,
    watch: &mut dyn FnMut(&Epoch) -> ControlFlow<()>,
) -> Option<Base> {
    let TrialContext { plan, task, engine } = *context;
    let name = StreamName { seed: plan.seed, stage: Stage::Retrain, p_u, p_e: 0.0, round: 0 };
    let start = &base.result.network;
    let result = round(engine, task, start, &plan.hyperparameters, &mut Stream::new(&name), watch)?;
    let mut trajectory = base.trajectory.clone();
    if result.best.accuracy.right >= required {
        trajectory.accept(Stage::Retrain, 0.0, &result);
        Some(Base { result, trajectory })
    } else {
        trajectory.reject(Stage::Retrain, 0.0, &result);
        Some(Base { result: base.result.clone(), trajectory })
    }
}
