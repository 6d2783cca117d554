//! The queue: which trials are waiting or open, and which job comes next.

use std::collections::VecDeque;
use std::sync::Arc;

use super::context::Context;
use super::event::{Event, Summary};
use super::session::{Directive, Session};
use crate::catalog::{Claim, Marker, Part, Selection, State, TrialFolder, TrialResult};
use crate::experiment::queued::QueuedTrial;
use crate::experiment::store::SavedState;
use crate::prune::{Job, Tree, Work};
use crate::train::KernelClass;

/// The queue of a run.
///
/// Its methods that change a trial's state also write the marks and report the events.
pub(super) struct Queue {
    waiting: VecDeque<QueuedTrial>,
    /// Trials that live processes of other runs hold.
    held: Vec<QueuedTrial>,
    /// Trials that were paused before they were opened.
    paused: Vec<QueuedTrial>,
    pub(super) open: Vec<Arc<Session>>,
    /// The number of workers that the run should have.
    pub(super) wanted: usize,
    /// The number of workers that it has.
    pub(super) workers: usize,
    pub(super) stopping: bool,
    pub(super) summary: Summary,
}

/// What a worker has to do next.
pub(super) enum Assignment {
    /// Do a job of a trial: what to work on, and the number of output bits that must be right.
    Job(Arc<Session>, Job, Box<Work>, u64),
    /// Check the modules of a trial that was done before.
    Known(Box<QueuedTrial>, Box<TrialResult>),
    /// Wait, as there is no job at the moment.
    Wait,
    /// End, as there are no more jobs.
    Leave,
}

/// The outcome of opening a trial.
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

    /// The next job: of the oldest open trial that has one, or else of the next trial in the queue.
    pub(super) fn next(&mut self, context: &Context<'_>) -> Assignment {
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
            match self.open_trial(context, queued) {
                Opened::Session(session) => self.open.push(session),
                Opened::Held(queued) => self.held.push(*queued),
                Opened::Done(queued, result) => return Assignment::Known(queued, result),
                Opened::Nothing => {}
            }
        }
        if self.is_empty() { Assignment::Leave } else { Assignment::Wait }
    }

    /// Whether no trial is waiting, paused, held by another run or open.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.paused.is_empty() && self.held.is_empty() && self.open.is_empty()
    }

    /// Claims a trial and reads its saved state.
    fn open_trial(&mut self, context: &Context<'_>, queued: QueuedTrial) -> Opened {
        let folder = context.catalog.trial(&queued.id);
        let claim =
            if context.options.force { folder.claim_again(context.run.id()) } else { folder.claim(context.run.id()) };
        let owned = match claim {
            Ok(Claim::Owned(owned)) => owned,
            Ok(Claim::Held(_)) => {
                context.emit(Event::Held { id: queued.id.clone() });
                return Opened::Held(Box::new(queued));
            }
            Ok(Claim::Done(result)) => {
                self.summary.before += 1;
                return Opened::Done(Box::new(queued), Box::new(result));
            }
            Err(error) => {
                self.fail(context, &queued, &error.to_string());
                return Opened::Nothing;
            }
        };
        if context.options.force
            && let Err(error) = owned.reset()
        {
            self.fail(context, &queued, &error.to_string());
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
                context.emit(Event::Began { id: queued.id, resumed_rounds });
                Opened::Session(Arc::new(session))
            }
            Err(message) => {
                self.fail(context, &queued, &message);
                Opened::Nothing
            }
        }
    }

    /// Counts a finished trial in the summary.
    pub(super) fn count(&mut self, status: crate::catalog::Completion, verdict: Option<&crate::catalog::Verdict>) {
        self.summary.untrained += usize::from(status == crate::catalog::Completion::Untrained);
        if let Some(found) = verdict.and_then(|verdict| verdict.true_modules) {
            self.summary.judged += 1;
            self.summary.right += usize::from(found);
        }
    }

    fn fail(&mut self, context: &Context<'_>, queued: &QueuedTrial, message: &str) {
        self.summary.failed += 1;
        context.emit(Event::Failed { id: queued.id.clone(), message: message.to_owned() });
    }

    /// Removes a session from the open ones. Returns `false` if it was not open.
    pub(super) fn close(&mut self, session: &Arc<Session>) -> bool {
        let before = self.open.len();
        self.open.retain(|open| !Arc::ptr_eq(open, session));
        self.open.len() < before
    }

    /// Checks the trials that other runs hold. Those that are free or done by now return to the queue; paused ones are left
    /// to the other run.
    pub(super) fn look_again(&mut self, context: &Context<'_>) {
        if self.held.is_empty() || !self.waiting.is_empty() {
            return;
        }
        let Ok(live) = context.catalog.live_runs() else { return };
        for queued in std::mem::take(&mut self.held) {
            let folder = context.catalog.trial(&queued.id);
            match folder.evidence().map(|evidence| (evidence.paused.is_some(), evidence.state(&folder, &live))) {
                Ok((false, State::Running)) => self.held.push(queued),
                Ok((true, _)) | Err(_) => self.summary.left += 1,
                // The trial is free or done; claiming it shows which.
                Ok((false, _)) => self.waiting.push_back(queued),
            }
        }
    }

    /// Pauses open and waiting trials.
    pub(super) fn pause(&mut self, context: &Context<'_>, selection: &Selection) {
        for session in self.open.iter().filter(|session| selection.contains(session.id())) {
            if session.directive() == Directive::Work {
                session.set_directive(Directive::Pause);
                mark(context, session.id(), Marker::Paused);
                context.emit(Event::Paused { id: session.id().clone(), paused: true });
            }
        }
        let (paused, waiting): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|queued| selection.contains(&queued.id));
        self.waiting = waiting.into();
        for queued in paused {
            mark(context, &queued.id, Marker::Paused);
            context.emit(Event::Paused { id: queued.id.clone(), paused: true });
            self.paused.push(queued);
        }
    }

    /// Resumes paused trials.
    pub(super) fn resume(&mut self, context: &Context<'_>, selection: &Selection) {
        for session in self.open.iter().filter(|session| selection.contains(session.id())) {
            if session.directive() == Directive::Pause {
                unmark(context, session.id());
                session.set_directive(Directive::Work);
                context.emit(Event::Paused { id: session.id().clone(), paused: false });
            }
        }
        let (resumed, paused): (Vec<_>, Vec<_>) =
            self.paused.drain(..).partition(|queued| selection.contains(&queued.id));
        self.paused = paused;
        for queued in resumed {
            unmark(context, &queued.id);
            context.emit(Event::Paused { id: queued.id.clone(), paused: false });
            self.waiting.push_back(queued);
        }
    }

    /// Cancels trials. Open ones are closed once no worker uses them, see [`Self::close_idle`].
    pub(super) fn cancel(&mut self, context: &Context<'_>, selection: &Selection) {
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
            mark(context, &queued.id, Marker::Cancelled);
            self.summary.cancelled += 1;
            context.emit(Event::Cancelled { id: queued.id });
        }
    }

    /// Closes the open trials that were told to end and that no worker uses any more. Saves paused ones once.
    pub(super) fn close_idle(&mut self, context: &Context<'_>) {
        for session in self.open.clone() {
            if !session.is_idle() {
                continue;
            }
            match session.directive() {
                Directive::Work => {}
                Directive::Pause => Self::warn(context, &session, session.save_once()),
                Directive::Cancel => {
                    Self::save(context, &session);
                    mark(context, session.id(), Marker::Cancelled);
                    self.close(&session);
                    self.summary.cancelled += 1;
                    context.emit(Event::Cancelled { id: session.id().clone() });
                }
                Directive::Release => {
                    Self::save(context, &session);
                    mark(context, session.id(), Marker::Paused);
                    self.close(&session);
                    self.summary.left += 1;
                }
            }
        }
    }

    fn save(context: &Context<'_>, session: &Session) {
        Self::warn(context, session, session.save());
    }

    fn warn(context: &Context<'_>, session: &Session, saved: crate::catalog::Result<()>) {
        if let Err(error) = saved {
            context.warn(&format!("{error}; trial {} will resume from its last saved state", session.id()));
        }
    }

    /// Stops the run: marks waiting trials as paused, and tells open ones to end.
    pub(super) fn stop(&mut self, context: &Context<'_>) {
        if self.stopping {
            return;
        }
        self.stopping = true;
        for queued in self.waiting.drain(..).chain(self.paused.drain(..)) {
            mark(context, &queued.id, Marker::Paused);
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

/// The saved state of a trial, or its start.
fn resume(folder: &TrialFolder, queued: &QueuedTrial) -> Result<Tree, String> {
    let plan = &queued.trial.plan;
    let Some(bytes) = folder.part(Part::State).map_err(|error| error.to_string())? else {
        return Ok(Tree::new(plan));
    };
    // A damaged state costs time but no results: started over, the trial makes the same draws.
    let Some(state) = SavedState::from_bytes(&bytes) else { return Ok(Tree::new(plan)) };
    let here = KernelClass::detect();
    if state.kernel == here {
        Ok(state.tree)
    } else {
        Err(format!(
            "trial {} was started with {} instructions, but this machine computes with {here}, which rounds differently; \
             resume it on a machine like the first, or start over by running its experiment with --force",
            queued.id, state.kernel
        ))
    }
}

fn mark(context: &Context<'_>, id: &crate::catalog::TrialId, marker: Marker) {
    if let Err(error) = context.catalog.trial(id).put_mark(marker, Some(context.run.id())) {
        context.warn(&error);
    }
}

fn unmark(context: &Context<'_>, id: &crate::catalog::TrialId) {
    if let Err(error) = context.catalog.trial(id).remove_mark(Marker::Paused) {
        context.warn(&error);
    }
}
