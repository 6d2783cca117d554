//! Counts and shares as they stand in tables.

/// Trials done, and of how many where some are not.
pub(super) fn trials(done: usize, missing: usize) -> String {
    if missing > 0 { format!("{done}/{}", done + missing) } else { done.to_string() }
}

#[allow(clippy::cast_precision_loss)] // counts of trials
pub(super) fn share(part: usize, of: usize) -> f64 {
    if of > 0 { part as f64 / of as f64 } else { 0.0 }
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

pub(super) fn between((low, high): (f64, f64)) -> String {
    format!("{:.0}-{:.0}%", 100.0 * low, 100.0 * high)
}
