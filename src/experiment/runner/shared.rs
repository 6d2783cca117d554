//! What the threads of a run share.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::context::Context;
use super::queue::Queue;

/// What the threads of a run share.
pub(super) struct Shared<'a> {
    pub(super) context: Context<'a>,
    pub(super) queue: Mutex<Queue>,
    /// Notified whenever a job may have become ready, or nothing is left to wait for.
    pub(super) changed: Condvar,
}

impl Shared<'_> {
    /// Locks the queue. A poisoned lock is ignored: workers catch their panics, and the queue stays consistent anyway.
    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
