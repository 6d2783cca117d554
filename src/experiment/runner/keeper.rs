//! The keeper: starts workers, answers requests, shows that the run lives, ends it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use super::{Event, Shared, worker};
use crate::catalog::Request;

/// How often requests are looked for.
const POLL: Duration = Duration::from_millis(100);
/// How often the run shows that it lives.
const BEAT: Duration = Duration::from_secs(3);
/// How often trials of other runs are looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Keeps the run going until its last worker has left.
pub(super) fn keep<'scope>(scope: &'scope Scope<'scope, '_>, shared: &'scope Shared<'_>, interrupt: &AtomicBool) {
    let (mut beaten, mut looked): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        if interrupt.load(Ordering::Relaxed) {
            let mut queue = shared.lock();
            queue.summary.interrupted = true;
            queue.stop(shared);
        }
        answer(shared);
        let mut queue = shared.lock();
        queue.close_idle(shared);
        if looked.is_none_or(|last| last.elapsed() >= LOOK_AGAIN) {
            queue.look_again(shared);
            looked = Some(Instant::now());
        }
        if queue.workers == 0 && queue.open.is_empty() && (queue.stopping || queue.is_empty()) {
            return;
        }
        // Each worker is needed once, to find out that nothing is left.
        while queue.workers < queue.wanted && !queue.stopping {
            queue.workers += 1;
            scope.spawn(|| worker::work(shared));
        }
        let running = queue.open.iter().filter(|session| !session.is_idle()).map(|session| session.id().clone());
        let (running, jobs): (Vec<_>, _) = (running.collect(), queue.wanted);
        drop(queue);
        if beaten.is_none_or(|last| last.elapsed() >= BEAT) {
            if let Err(error) = shared.run.beat(jobs, &running) {
                shared.tell(Event::Warning(error.to_string()));
            }
            beaten = Some(Instant::now());
        }
        wait(shared);
    }
}

/// Sleeps until something may have changed.
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
    let requests = match shared.run.requests() {
        Ok(requests) => requests,
        Err(error) => return shared.tell(Event::Warning(error.to_string())),
    };
    for request in requests {
        let mut queue = shared.lock();
        match request {
            Ok(Request::Pause(selection)) => queue.pause(shared, &selection),
            Ok(Request::Resume(selection)) => queue.resume(shared, &selection),
            Ok(Request::Cancel(selection)) => queue.cancel(shared, &selection),
            Ok(Request::Workers(workers)) => queue.wanted = workers.clamp(1, 256),
            Ok(Request::Stop) => queue.stop(shared),
            Err(error) => shared.tell(Event::Warning(error.to_string())),
        }
        drop(queue);
        shared.changed.notify_all();
    }
}
