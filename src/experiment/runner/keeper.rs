//! The keeper: starts workers, answers requests, writes the heartbeat, and waits for the end of the run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use super::shared::Shared;
use super::worker;
use crate::catalog::Request;

/// How often to look for requests.
const POLL: Duration = Duration::from_millis(100);
/// How often to write the heartbeat.
const BEAT: Duration = Duration::from_secs(3);
/// How often to check the trials that other runs hold.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Keeps the run going until nothing is left to do and all workers have ended.
pub(super) fn keep<'scope>(scope: &'scope Scope<'scope, '_>, shared: &'scope Shared<'_>, interrupt: &AtomicBool) {
    let (mut answered, mut beaten, mut looked) = (Every(POLL, None), Every(BEAT, None), Every(LOOK_AGAIN, None));
    loop {
        if interrupt.load(Ordering::Relaxed) {
            let mut queue = shared.lock();
            queue.summary.interrupted = true;
            queue.stop(&shared.context);
        }
        // Workers wake this thread much more often than that.
        if answered.is_due() {
            answer(shared);
        }
        let mut queue = shared.lock();
        queue.close_idle(&shared.context);
        if looked.is_due() {
            queue.look_again(&shared.context);
        }
        if queue.workers == 0 && queue.open.is_empty() && (queue.stopping || queue.is_empty()) {
            return;
        }
        // Workers end when they find no work, so at least one has to start.
        while queue.workers < queue.wanted && !queue.stopping {
            queue.workers += 1;
            scope.spawn(|| worker::work(shared));
        }
        if beaten.is_due() {
            let running = queue.open.iter().filter(|session| !session.is_idle()).map(|session| session.id().clone());
            let (running, jobs): (Vec<_>, _) = (running.collect(), queue.wanted);
            drop(queue);
            if let Err(error) = shared.context.run.beat(jobs, &running) {
                shared.context.warn(&error);
            }
        } else {
            drop(queue);
        }
        wait(shared);
    }
}

/// The interval at which something is due, and when it was last done.
struct Every(Duration, Option<Instant>);

impl Every {
    /// Whether it is due. If so, it counts as done now.
    fn is_due(&mut self) -> bool {
        let is_due = self.1.is_none_or(|last| last.elapsed() >= self.0);
        if is_due {
            self.1 = Some(Instant::now());
        }
        is_due
    }
}

/// Waits until something may have changed.
fn wait(shared: &Shared<'_>) {
    let queue = shared.lock();
    if queue.workers == 0 {
        drop(queue);
        thread::sleep(POLL);
    } else {
        drop(shared.changed.wait_timeout(queue, POLL));
    }
}

fn answer(shared: &Shared<'_>) {
    let requests = match shared.context.run.requests() {
        Ok(requests) => requests,
        Err(error) => return shared.context.warn(&error),
    };
    for request in requests {
        let mut queue = shared.lock();
        match request {
            Ok(Request::Pause(selection)) => queue.pause(&shared.context, &selection),
            Ok(Request::Resume(selection)) => queue.resume(&shared.context, &selection),
            Ok(Request::Cancel(selection)) => queue.cancel(&shared.context, &selection),
            Ok(Request::Workers(workers)) => queue.wanted = workers.clamp(1, 256),
            Ok(Request::Stop) => queue.stop(&shared.context),
            Err(error) => shared.context.warn(&error),
        }
        drop(queue);
        shared.changed.notify_all();
    }
}
