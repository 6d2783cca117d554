//! A worker thread: takes jobs and does them round by round.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::queue::Assignment;
use super::session::{Directive, Session};
use super::{Event, Shared, conclude};
use crate::prune::{Advance, Job, TrialContext, Work};

/// How long a worker sleeps at most before it looks for work again.
const NAP: Duration = Duration::from_millis(200);

/// Works until nothing is left to do.
pub(super) fn work(shared: &Shared<'_>) {
    loop {
        let mut queue = shared.lock();
        match queue.next(shared) {
            Assignment::Leave => {
                queue.workers -= 1;
                shared.changed.notify_all();
                return;
            }
            Assignment::Known(queued, result) => {
                drop(queue);
                let told = catch_unwind(AssertUnwindSafe(|| conclude::tell_known(shared, &queued, *result)));
                if let Err(panic) = told {
                    shared.tell(Event::Warning(format!("trial {}: {}", queued.id, panic_message(&*panic))));
                }
            }
            Assignment::Wait => {
                drop(shared.changed.wait_timeout(queue, NAP));
            }
            Assignment::Job(session, job, work, required) => {
                drop(queue);
                do_job(shared, &session, job, *work, required);
                shared.changed.notify_all();
            }
        }
    }
}

fn do_job(shared: &Shared<'_>, session: &Arc<Session>, job: Job, mut work: Work, required: u64) {
    let before = thread_time();
    let ended = catch_unwind(AssertUnwindSafe(|| rounds(shared, session, job, &mut work, required)));
    let cpu = thread_time().saturating_sub(before);
    match ended {
        Ok(Ok(true)) => {
            let (told, last) = session.finish(job, work, cpu);
            match told {
                Ok(progress) => tell_progress(shared, session, progress),
                Err(error) => return conclude::fail(shared, session, &error.to_string(), ""),
            }
            if last {
                conclude::conclude(shared, session);
            }
        }
        Ok(Ok(false)) => session.give_back(job, Some(&work), cpu),
        Ok(Err(error)) => {
            session.give_back(job, Some(&work), cpu);
            conclude::fail(shared, session, &error.to_string(), "");
        }
        Err(panic) => {
            session.give_back(job, None, cpu);
            conclude::fail(shared, session, &panic_message(&*panic), &format!("{job:?}"));
        }
    }
}

/// Advances until the job is done (`true`) or someone wants it to stop (`false`).
fn rounds(
    shared: &Shared<'_>,
    session: &Session,
    job: Job,
    work: &mut Work,
    required: u64,
) -> crate::catalog::Result<bool> {
    let trial = &session.queued.trial;
    let context = TrialContext { plan: &trial.plan, task: &trial.task, engine: &*session.engine };
    let mut watch = |_: &_| match session.directive() {
        Directive::Work => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    loop {
        let advance = work.advance(&context, job, required, &mut watch);
        if let (Advance::Tried, Work::Walk(walk)) = (advance, &*work) {
            tell_progress(shared, session, session.after_round(job, walk)?);
        }
        match advance {
            Advance::Done => return Ok(true),
            Advance::Interrupted => return Ok(false),
            Advance::Tried if session.directive() != Directive::Work => return Ok(false),
            Advance::Tried => {}
        }
    }
}

fn tell_progress(shared: &Shared<'_>, session: &Session, progress: Option<crate::catalog::Progress>) {
    if let Some(progress) = progress {
        shared.tell(Event::Progress { id: session.id().clone(), progress: Box::new(progress) });
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a worker panicked: {}", text.unwrap_or("without a message"))
}

/// Processor time of this thread.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
