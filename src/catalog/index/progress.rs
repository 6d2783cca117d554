//! The progress of a refresh.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The progress of a refresh, which another thread can watch.
#[derive(Debug, Default)]
pub struct RefreshProgress {
    read: AtomicUsize,
    total: AtomicUsize,
}

impl RefreshProgress {
    /// The number of trials read so far and the number to read; `None` while no trials are being read.
    #[must_use]
    pub fn so_far(&self) -> Option<(usize, usize)> {
        let total = self.total.load(Ordering::Relaxed);
        (total > 0).then(|| (self.read.load(Ordering::Relaxed).min(total), total))
    }

    pub(super) fn begin(&self, total: usize) {
        self.read.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn one_more(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }
}
