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
    let (mut answered, mut beaten, mut looked) = (Every(POLL, None), Every(BEAT, None), Every(LOOK_AGAIN, None));
    loop {
        if interrupt.load(Ordering::Relaxed) {
            let mut queue = shared.lock();
            queue.summary.interrupted = true;
            queue.stop(shared);
        }
        // Workers wake this thread far more often.
        if answered.is_due() {
            answer(shared);
        }
        let mut queue = shared.lock();
        queue.close_idle(shared);
        if looked.is_due() {
            queue.look_again(shared);
        }
        if queue.workers == 0 && queue.open.is_empty() && (queue.stopping || queue.is_empty()) {
            return;
        }
        // Each worker is needed once, to find out that nothing is left.
        while queue.workers < queue.wanted && !queue.stopping {
            queue.workers += 1;
            scope.spawn(|| worker::work(shared));
        }
        if beaten.is_due() {
            let running = queue.open.iter().filter(|session| !session.is_idle()).map(|session| session.id().clone());
            let (running, jobs): (Vec<_>, _) = (running.collect(), queue.wanted);
            drop(queue);
            if let Err(error) = shared.run.beat(jobs, &running) {
                shared.tell(Event::Warning(error.to_string()));
            }
        } else {
            drop(queue);
        }
        wait(shared);
    }
}

/// Something to be done so often, and when it was last.
struct Every(Duration, Option<Instant>);

impl Every {
    /// Is it time? If so, it counts as done now.
    fn is_due(&mut self) -> bool {
        let is_due = self.1.is_none_or(|last| last.elapsed() >= self.0);
        if is_due {
            self.1 = Some(Instant::now());
        }
        is_due
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
