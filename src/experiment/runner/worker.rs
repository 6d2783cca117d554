//! The worker threads, which take jobs and do them round by round.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::conclude;
use super::event::Event;
use super::queue::Assignment;
use super::session::{Directive, Session, job_name};
use super::shared::Shared;
use crate::prune::{Advance, Job, TrialContext, Work};

/// The longest time that a worker sleeps before it looks for work again.
const NAP: Duration = Duration::from_millis(200);

/// Works until nothing is left to do.
pub(super) fn work(shared: &Shared<'_>) {
    loop {
        let mut queue = shared.lock();
        match queue.next(&shared.context) {
            Assignment::Leave => {
                queue.workers -= 1;
                shared.changed.notify_all();
                return;
            }
            Assignment::Known(queued, result) => {
                drop(queue);
                let reported = catch_unwind(AssertUnwindSafe(|| conclude::report_known(shared, &queued, *result)));
                if let Err(panic) = reported {
                    shared.context.emit(Event::Warning(format!("trial {}: {}", queued.id, panic_message(&*panic))));
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
    let place = || job_name(job, &session.queued.trial.plan);
    match ended {
        Ok(Ok(true)) => {
            let (progress, last) = session.finish(job, work, cpu);
            match progress {
                Ok(progress) => report_progress(shared, session, progress),
                Err(error) => return conclude::fail(shared, session, &error.to_string(), &place()),
            }
            if last {
                conclude::conclude(shared, session);
            }
        }
        Ok(Ok(false)) => session.give_back(job, Some(&work), cpu),
        Ok(Err(error)) => {
            session.give_back(job, Some(&work), cpu);
            conclude::fail(shared, session, &error.to_string(), &place());
        }
        Err(panic) => {
            session.give_back(job, None, cpu);
            conclude::fail(shared, session, &panic_message(&*panic), &place());
        }
    }
}

/// Does rounds until the job is done (`true`) or a directive stops it (`false`).
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
            report_progress(shared, session, session.after_round(job, walk)?);
        }
        match advance {
            Advance::Done => return Ok(true),
            Advance::Interrupted => return Ok(false),
            Advance::Tried if session.directive() != Directive::Work => return Ok(false),
            Advance::Tried => {}
        }
    }
}

fn report_progress(shared: &Shared<'_>, session: &Session, progress: Option<crate::catalog::Progress>) {
    if let Some(progress) = progress {
        shared.context.emit(Event::Progress { id: session.id().clone(), progress: Box::new(progress) });
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a worker panicked: {}", text.unwrap_or("no message"))
}

/// The CPU time of this thread.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
