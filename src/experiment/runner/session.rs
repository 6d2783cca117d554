//! Sessions: the trials that are open in this run.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::catalog::{OwnedTrial, Part, Point, Progress, Result, Times, TrialId, Utc};
use crate::experiment::queued::QueuedTrial;
use crate::experiment::store::SavedState;
use crate::prune::{Job, Plan, RoundRecord, Tree, Walk, Work};
use crate::train::{Engine, KernelClass, Stage};

/// The shortest time between two writes of the state.
const SAVE_EVERY: Duration = Duration::from_secs(2);
/// The shortest time between two writes of the progress.
const SHOW_EVERY: Duration = Duration::from_millis(400);

/// What the workers of an open trial should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// Work on the trial.
    Work = 0,
    /// Stop working, but keep the trial open.
    Pause = 1,
    /// Stop working, so that the trial can be cancelled.
    Cancel = 2,
    /// Stop working, because the run stops or the trial failed.
    Release = 3,
}

/// A trial that this run owns.
pub(super) struct Session {
    pub(super) queued: QueuedTrial,
    pub(super) owned: OwnedTrial,
    pub(super) engine: Box<dyn Engine>,
    directive: AtomicU8,
    inner: Mutex<Inner>,
}

/// The part that changes, under a lock.
pub(super) struct Inner {
    pub(super) tree: Tree,
    /// The jobs that workers are doing.
    pub(super) taken: Vec<Job>,
    /// When the walk of each of these jobs was last copied into the tree.
    kept: Vec<(Job, Instant)>,
    pub(super) progress: Progress,
    times: Times,
    /// Since when at least one worker has been working on the trial.
    busy_since: Option<Instant>,
    saved: Instant,
    /// Whether anything has changed since the state was written.
    unsaved: bool,
    shown: Option<Instant>,
    began: Instant,
    rounds_at_begin: u64,
}

impl Session {
    pub(super) fn new(queued: QueuedTrial, engine: Box<dyn Engine>, owned: OwnedTrial, tree: Tree) -> Result<Self> {
        let mut progress = Progress::new(tree.walk_count() as u64);
        progress.rounds_done = tree.rounds();
        progress.walks_done = tree.finished_walks().count() as u64;
        let now = Instant::now();
        let inner = Inner {
            rounds_at_begin: tree.rounds(),
            tree,
            taken: Vec::new(),
            kept: Vec::new(),
            progress,
            times: Times::session(owned.times()?),
            busy_since: None,
            saved: now,
            unsaved: false,
            shown: None,
            began: now,
        };
        Ok(Self { queued, owned, engine, directive: AtomicU8::new(0), inner: Mutex::new(inner) })
    }

    pub(super) fn id(&self) -> &TrialId {
        &self.queued.id
    }

    pub(super) fn directive(&self) -> Directive {
        match self.directive.load(Ordering::Relaxed) {
            0 => Directive::Work,
            1 => Directive::Pause,
            2 => Directive::Cancel,
            _ => Directive::Release,
        }
    }

    pub(super) fn set_directive(&self, directive: Directive) {
        self.directive.store(directive as u8, Ordering::Relaxed);
    }

    /// Locks the changing part. A poisoned lock is ignored: a panic leaves it as it was before the round.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next job, with what to work on and the number of output bits that must be right.
    pub(super) fn take(&self) -> Option<(Job, Work, u64)> {
        if self.directive() != Directive::Work {
            return None;
        }
        let plan = &self.queued.trial.plan;
        let mut inner = self.lock();
        let job = inner.tree.ready(plan, &inner.taken)?;
        let work = inner.tree.work(plan, job)?;
        let required = inner.tree.required(plan).unwrap_or(0);
        inner.taken.push(job);
        inner.kept.push((job, Instant::now()));
        inner.busy_since.get_or_insert_with(Instant::now);
        Some((job, work, required))
    }

    /// Gives back an unfinished job, with what was worked on unless that is unusable after a panic. `cpu` is the CPU time
    /// spent.
    pub(super) fn give_back(&self, job: Job, work: Option<&Work>, cpu: Duration) {
        let mut inner = self.lock();
        if let Some(Work::Walk(walk)) = work {
            inner.tree.update(job, walk);
        }
        inner.release(job, cpu);
    }

    /// Writes the state.
    pub(super) fn save(&self) -> Result<()> {
        let mut inner = self.lock();
        inner.save(&self.owned)
    }

    /// Writes the state if it has changed. Does not try again after a failure.
    pub(super) fn save_once(&self) -> Result<()> {
        let mut inner = self.lock();
        if std::mem::take(&mut inner.unsaved) { inner.save(&self.owned) } else { Ok(()) }
    }

    /// Whether no worker is working on the trial.
    pub(super) fn is_idle(&self) -> bool {
        self.lock().taken.is_empty()
    }

    /// Records a round of a walk, and writes the state and the progress if they are due. Returns the progress if it was
    /// written.
    pub(super) fn after_round(&self, job: Job, walk: &Walk) -> Result<Option<Progress>> {
        let mut inner = self.lock();
        inner.unsaved = true;
        if let Some(record) = walk.trajectory.rounds.last() {
            inner.note(job, walk.round, record, &self.queued);
        }
        // Copying a walk can take longer than a round, so it is done about once a second. That is enough for resuming after
        // a crash.
        let due = inner.saved.elapsed() >= SAVE_EVERY;
        if let Some((_, kept)) = inner.kept.iter_mut().find(|(kept, _)| *kept == job)
            && (due || kept.elapsed() >= SAVE_EVERY / 2)
        {
            *kept = Instant::now();
            inner.tree.update(job, walk);
        }
        if due {
            inner.save(&self.owned)?;
        }
        inner.show(&self.owned)
    }

    /// Gives back a finished job. Returns the progress if it was written, and whether this was the trial's last job, which
    /// is true for only one worker.
    pub(super) fn finish(&self, job: Job, work: Work, cpu: Duration) -> (Result<Option<Progress>>, bool) {
        let mut inner = self.lock();
        if let Work::Trained(base) = &work
            && let Some(record) = base.last_round()
        {
            let record = *record;
            inner.note(job, 0, &record, &self.queued);
        }
        let plan = &self.queued.trial.plan;
        inner.tree.finish(plan, job, work);
        inner.unsaved = true;
        inner.progress.walks_done = inner.tree.finished_walks().count() as u64;
        inner.release(job, cpu);
        let last = inner.taken.is_empty() && inner.tree.is_done(plan);
        (inner.show(&self.owned), last)
    }

    /// The time spent on the trial up to now.
    pub(super) fn times(&self) -> Times {
        self.lock().times_now()
    }
}

impl Inner {
    fn release(&mut self, job: Job, cpu: Duration) {
        self.taken.retain(|taken| *taken != job);
        self.kept.retain(|(kept, _)| *kept != job);
        self.times.cpu_s += cpu.as_secs_f64();
        if self.taken.is_empty()
            && let Some(since) = self.busy_since.take()
        {
            self.times.wall_s += since.elapsed().as_secs_f64();
        }
    }

    fn times_now(&self) -> Times {
        let busy = self.busy_since.map_or(0.0, |since| since.elapsed().as_secs_f64());
        self.times.plus(busy, 0.0)
    }

    fn save(&mut self, owned: &OwnedTrial) -> Result<()> {
        let state = SavedState { kernel: KernelClass::detect(), tree: self.tree.clone() };
        owned.write_part(Part::State, &state.to_bytes())?;
        owned.write_times(&self.times_now())?;
        self.saved = Instant::now();
        self.unsaved = false;
        Ok(())
    }

    fn note(&mut self, job: Job, round: u32, record: &RoundRecord, queued: &QueuedTrial) {
        let plan = &queued.trial.plan;
        let (stage, p_u, p_e, walk) = place(job, plan);
        let progress = &mut self.progress;
        (progress.stage, progress.p_u, progress.p_e, progress.walk) = (stage, p_u, p_e, walk);
        (progress.round, progress.p) = (u64::from(round), record.p);
        (progress.units, progress.edges) = (record.hidden_units as u64, record.edges as u64);
        if let Some(best) = record.best {
            #[allow(clippy::cast_precision_loss)]
            let density = record.edges as f64 / plan.architecture.weights() as f64;
            progress.push(Point { accuracy: best.accuracy.fraction(), density, loss: best.loss, walk });
        }
    }

    /// Writes the progress if it is due, and returns it then.
    fn show(&mut self, owned: &OwnedTrial) -> Result<Option<Progress>> {
        if self.shown.is_some_and(|shown| shown.elapsed() < SHOW_EVERY) {
            return Ok(None);
        }
        self.shown = Some(Instant::now());
        self.estimate();
        self.progress.updated = Utc::now();
        owned.write_progress(&self.progress)?;
        Ok(Some(self.progress.clone()))
    }

    /// Estimates the share of the trial that is done, counting walks in progress as half done, and the time left at this
    /// session's pace.
    #[allow(clippy::cast_precision_loss)]
    fn estimate(&mut self) {
        let progress = &mut self.progress;
        let total = progress.walks_total.max(1) as f64;
        let under_way = self.taken.len() as f64 * 0.5;
        progress.fraction = ((progress.walks_done as f64 + under_way) / total).min(0.99);
        let rounds = progress.rounds_done.saturating_sub(self.rounds_at_begin);
        let pace = self.began.elapsed().as_secs_f64() / rounds.max(1) as f64;
        // Assumes that the remaining walks take as many rounds on average as the walks so far.
        let known = progress.walks_done as f64 + under_way;
        progress.eta_s = (progress.walks_done > 0 && rounds > 0)
            .then(|| (total - known).max(0.0) * pace * progress.rounds_done as f64 / known);
    }
}

/// A job in words, such as `the edge walk with p_u = 35% and p_e = 1%`.
pub(super) fn job_name(job: Job, plan: &Plan) -> String {
    let (stage, p_u, p_e, _) = place(job, plan);
    let steps = [("p_u", p_u), ("p_e", p_e)].into_iter().filter_map(|(name, p)| Some(format!("{name} = {}%", p?)));
    let steps = steps.collect::<Vec<_>>().join(" and ");
    let job = match stage {
        Stage::Dense => "the dense round",
        Stage::Unit => "the unit walk",
        Stage::Retrain => "the retraining after the unit walk",
        Stage::Edge => "the edge walk",
    };
    if steps.is_empty() { job.to_owned() } else { format!("{job} with {steps}") }
}

/// The position of a job in the grid: stage, initial step sizes in percent, and the number of its walk from 1 (0 for the
/// dense round).
fn place(job: Job, plan: &Plan) -> (Stage, Option<f64>, Option<f64>, u64) {
    let per_branch =
        plan.grid.p_e.len() as u64 * u64::from(plan.stages.has_edge_walks()) + u64::from(plan.stages.has_unit_walks());
    let p_u = |branch: usize| plan.grid.p_u.get(branch).copied();
    match job {
        Job::Dense => (Stage::Dense, None, None, 0),
        Job::Unit { branch } => (Stage::Unit, p_u(branch), None, branch as u64 * per_branch + 1),
        Job::Retrain { branch } => (Stage::Retrain, p_u(branch), None, branch as u64 * per_branch + 1),
        Job::Edge { branch, index } => {
            let before = branch as u64 * per_branch + u64::from(plan.stages.has_unit_walks());
            (Stage::Edge, p_u(branch), plan.grid.p_e.get(index).copied(), before + index as u64 + 1)
        }
    }
}
