//! Which trials wait, which are open, and which job comes next.

use std::collections::VecDeque;
use std::sync::Arc;

use super::session::{Directive, Session};
use super::{Event, QueuedTrial, Shared, Summary};
use crate::catalog::{Claim, Marker, Part, Selection, State, TrialFolder, TrialResult};
use crate::experiment::store::SavedState;
use crate::prune::{Job, Tree, Work};
use crate::train::KernelClass;

/// The queue of a run.
pub(super) struct Queue {
    waiting: VecDeque<QueuedTrial>,
    /// Trials that another run's live process has.
    held: Vec<QueuedTrial>,
    /// Paused before their turn.
    paused: Vec<QueuedTrial>,
    pub(super) open: Vec<Arc<Session>>,
    /// Worker threads wanted, and those there are.
    pub(super) wanted: usize,
    pub(super) workers: usize,
    pub(super) stopping: bool,
    pub(super) summary: Summary,
}

/// What a worker does next.
pub(super) enum Assignment {
    Job(Arc<Session>, Job, Box<Work>, u64),
    /// Look at the modules of a trial that is done already.
    Known(Box<QueuedTrial>, Box<TrialResult>),
    /// Nothing now; something may come.
    Wait,
    /// Nothing any more.
    Leave,
}

/// What came of opening a trial.
enum Opened {
    Session(Arc<Session>),
    Held(Box<QueuedTrial>),
    Done(Box<QueuedTrial>, Box<TrialResult>),
    Nothing,
}

impl Queue {
    pub(super) fn new(trials: Vec<QueuedTrial>, jobs: usize) -> Self {
        Self {
            waiting: trials.into(),
            held: Vec::new(),
            paused: Vec::new(),
            open: Vec::new(),
            wanted: jobs.max(1),
            workers: 0,
            stopping: false,
            summary: Summary::default(),
        }
    }

    /// The next job: from the oldest open trial that has one, else from the next trial of the queue.
    pub(super) fn next(&mut self, shared: &Shared<'_>) -> Assignment {
        if self.stopping || self.workers > self.wanted {
            return Assignment::Leave;
        }
        loop {
            for session in &self.open {
                if let Some((job, work, required)) = session.take() {
                    return Assignment::Job(Arc::clone(session), job, Box::new(work), required);
                }
            }
            let Some(queued) = self.waiting.pop_front() else { break };
            match self.open_trial(shared, queued) {
                Opened::Session(session) => self.open.push(session),
                Opened::Held(queued) => self.held.push(*queued),
                Opened::Done(queued, result) => return Assignment::Known(queued, result),
                Opened::Nothing => {}
            }
        }
        if self.is_empty() { Assignment::Leave } else { Assignment::Wait }
    }

    /// Is no trial waiting, paused, held elsewhere or open?
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.paused.is_empty() && self.held.is_empty() && self.open.is_empty()
    }

    /// Claims a trial and reads how far it got.
    fn open_trial(&mut self, shared: &Shared<'_>, queued: QueuedTrial) -> Opened {
        let folder = shared.catalog.trial(&queued.id);
        let claim =
            if shared.options.force { folder.claim_again(shared.run.id()) } else { folder.claim(shared.run.id()) };
        let owned = match claim {
            Ok(Claim::Owned(owned)) => owned,
            Ok(Claim::Held(_)) => {
                shared.tell(Event::Held { id: queued.id.clone() });
                return Opened::Held(Box::new(queued));
            }
            Ok(Claim::Done(result)) => {
                self.summary.before += 1;
                return Opened::Done(Box::new(queued), Box::new(result));
            }
            Err(error) => {
                self.fail(shared, &queued, &error.to_string());
                return Opened::Nothing;
            }
        };
        if shared.options.force
            && let Err(error) = owned.reset()
        {
            self.fail(shared, &queued, &error.to_string());
            return Opened::Nothing;
        }
        let engine = queued.trial.engine.engine().map_err(|error| error.to_string());
        let opened = engine.and_then(|engine| {
            let tree = resume(&owned, &queued)?;
            Session::new(queued.clone(), engine, owned, tree).map_err(|error| error.to_string())
        });
        match opened {
            Ok(session) => {
                let resumed_rounds = session.lock().progress.rounds_done;
                shared.tell(Event::Began { id: queued.id, resumed_rounds });
                Opened::Session(Arc::new(session))
            }
            Err(message) => {
                self.fail(shared, &queued, &message);
                Opened::Nothing
            }
        }
    }

    /// Counts a trial that is done.
    pub(super) fn count(&mut self, status: crate::catalog::Completion, verdict: Option<&crate::catalog::Verdict>) {
        self.summary.untrained += usize::from(status == crate::catalog::Completion::Untrained);
        if let Some(success) = verdict.and_then(|verdict| verdict.success) {
            self.summary.judged += 1;
            self.summary.right += usize::from(success);
        }
    }

    fn fail(&mut self, shared: &Shared<'_>, queued: &QueuedTrial, message: &str) {
        self.summary.failed += 1;
        shared.tell(Event::Failed { id: queued.id.clone(), message: message.to_owned() });
    }

    /// Takes a session that is over out of the open ones.
    pub(super) fn close(&mut self, session: &Arc<Session>) -> bool {
        let before = self.open.len();
        self.open.retain(|open| !Arc::ptr_eq(open, session));
        self.open.len() < before
    }

    /// Looks again at the trials that other runs have: what is free or done by now goes back into the queue, what is
    /// paused there is left to them.
    pub(super) fn look_again(&mut self, shared: &Shared<'_>) {
        if self.held.is_empty() || !self.waiting.is_empty() {
            return;
        }
        let Ok(live) = shared.catalog.live_runs() else { return };
        for queued in std::mem::take(&mut self.held) {
            let folder = shared.catalog.trial(&queued.id);
            match folder.evidence().map(|evidence| (evidence.paused.is_some(), evidence.state(&folder, &live))) {
                Ok((false, State::Running)) => self.held.push(queued),
                Ok((true, _)) | Err(_) => self.summary.left += 1,
                // Ours by its place in our queue, or done: claiming tells which.
                Ok((false, _)) => self.waiting.push_back(queued),
            }
        }
    }

    /// Pauses trials, open or waiting.
    pub(super) fn pause(&mut self, shared: &Shared<'_>, selection: &Selection) {
        for session in self.open.iter().filter(|session| selection.contains(session.id())) {
            if session.directive() == Directive::Work {
                session.set_directive(Directive::Pause);
                mark(shared, session.id(), Marker::Paused);
                shared.tell(Event::Paused { id: session.id().clone(), paused: true });
            }
        }
        let (paused, waiting): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|queued| selection.contains(&queued.id));
        self.waiting = waiting.into();
        for queued in paused {
            mark(shared, &queued.id, Marker::Paused);
            shared.tell(Event::Paused { id: queued.id.clone(), paused: true });
            self.paused.push(queued);
        }
    }

    /// Goes on with paused trials.
    pub(super) fn resume(&mut self, shared: &Shared<'_>, selection: &Selection) {
        for session in self.open.iter().filter(|session| selection.contains(session.id())) {
            if session.directive() == Directive::Pause {
                unmark(shared, session.id());
                session.set_directive(Directive::Work);
                shared.tell(Event::Paused { id: session.id().clone(), paused: false });
            }
        }
        let (resumed, paused): (Vec<_>, Vec<_>) =
            self.paused.drain(..).partition(|queued| selection.contains(&queued.id));
        self.paused = paused;
        for queued in resumed {
            unmark(shared, &queued.id);
            shared.tell(Event::Paused { id: queued.id.clone(), paused: false });
            self.waiting.push_back(queued);
        }
    }

    /// Cancels trials. Open ones are closed once their workers have let go, see [`Self::close_idle`].
    pub(super) fn cancel(&mut self, shared: &Shared<'_>, selection: &Selection) {
        for session in self.open.iter().filter(|session| selection.contains(session.id())) {
            session.set_directive(Directive::Cancel);
        }
        let wanted = |queued: &QueuedTrial| selection.contains(&queued.id);
        let (mut cancelled, waiting): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(wanted);
        self.waiting = waiting.into();
        let (more, paused): (Vec<_>, _) = self.paused.drain(..).partition(wanted);
        self.paused = paused;
        cancelled.extend(more);
        for queued in cancelled {
            mark(shared, &queued.id, Marker::Cancelled);
            self.summary.cancelled += 1;
            shared.tell(Event::Cancelled { id: queued.id });
        }
    }

    /// Closes the open trials that are to end and that no worker has any more; saves the paused ones once.
    pub(super) fn close_idle(&mut self, shared: &Shared<'_>) {
        for session in self.open.clone() {
            if !session.is_idle() {
                continue;
            }
            match session.directive() {
                Directive::Work => {}
                Directive::Pause => Self::warn(shared, &session, session.save_once()),
                Directive::Cancel => {
                    Self::save(shared, &session);
                    mark(shared, session.id(), Marker::Cancelled);
                    self.close(&session);
                    self.summary.cancelled += 1;
                    shared.tell(Event::Cancelled { id: session.id().clone() });
                }
                Directive::Release => {
                    Self::save(shared, &session);
                    mark(shared, session.id(), Marker::Paused);
                    self.close(&session);
                    self.summary.left += 1;
                }
            }
        }
    }

    fn save(shared: &Shared<'_>, session: &Session) {
        Self::warn(shared, session, session.save());
    }

    fn warn(shared: &Shared<'_>, session: &Session, saved: crate::catalog::Result<()>) {
        if let Err(error) = saved {
            shared.tell(Event::Warning(format!("{error}; trial {} keeps its state of before", session.id())));
        }
    }

    /// The run stops: what waits is marked as paused, what is open is let go.
    pub(super) fn stop(&mut self, shared: &Shared<'_>) {
        if self.stopping {
            return;
        }
        self.stopping = true;
        for queued in self.waiting.drain(..).chain(self.paused.drain(..)) {
            mark(shared, &queued.id, Marker::Paused);
            self.summary.left += 1;
        }
        self.summary.left += self.held.len();
        self.held.clear();
        for session in &self.open {
            if session.directive() != Directive::Cancel {
                session.set_directive(Directive::Release);
            }
        }
    }
}

/// How far a trial got in earlier sessions.
fn resume(folder: &TrialFolder, queued: &QueuedTrial) -> Result<Tree, String> {
    let plan = &queued.trial.plan;
    let Some(bytes) = folder.part(Part::State).map_err(|error| error.to_string())? else {
        return Ok(Tree::new(plan));
    };
    // A torn state costs time, not results: the same draws give the same trial from its start.
    let Some(state) = SavedState::from_bytes(&bytes) else { return Ok(Tree::new(plan)) };
    let here = KernelClass::detect();
    if state.kernel == here {
        Ok(state.tree)
    } else {
        Err(format!(
            "trial {} was begun with {} instructions and this machine computes with {here}: results would not repeat; \
             go on where it began, or start it again with --force",
            queued.id, state.kernel
        ))
    }
}

fn mark(shared: &Shared<'_>, id: &crate::catalog::TrialId, marker: Marker) {
    if let Err(error) = shared.catalog.trial(id).put_mark(marker, Some(shared.run.id())) {
        shared.tell(Event::Warning(error.to_string()));
    }
}

fn unmark(shared: &Shared<'_>, id: &crate::catalog::TrialId) {
    if let Err(error) = shared.catalog.trial(id).remove_mark(Marker::Paused) {
        shared.tell(Event::Warning(error.to_string()));
    }
}
