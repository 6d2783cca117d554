//! Counts and shares in tables.

/// The number of trials that are done, such as `12`, or `8/12` if some are not.
pub(super) fn trials(done: usize, missing: usize) -> String {
    if missing > 0 { format!("{done}/{}", done + missing) } else { done.to_string() }
}

/// `part` divided by `of`, or 0 if that is 0.
pub(super) fn share(part: usize, of: usize) -> f64 {
    if of > 0 { part as f64 / of as f64 } else { 0.0 }
}

/// A share as a rounded percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

/// An interval of shares in percent.
pub(super) fn between((low, high): (f64, f64)) -> String {
    format!("{:.0}-{:.0}%", 100.0 * low, 100.0 * high)
}
