//! Numbers that only the dashboard shows; see [`numbers`](crate::report::numbers) for the others.

use crate::report::numbers;

/// An estimated time, such as `about 4 min`, with `prefix` in place of "about": `up to 4 min`, `4 min`. `under 5 s` and
/// `over 99 days` have no prefix.
#[must_use]
pub fn time_needed(seconds: f64, prefix: Option<&str>) -> String {
    let text = numbers::estimate(seconds);
    match (text.strip_prefix("about "), prefix) {
        (Some(time), Some(prefix)) => format!("{prefix} {time}").trim_start().to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_prefix_that_fits() {
        let shown = [None, Some(""), Some("up to")].map(|prefix| time_needed(240.0, prefix));
        assert_eq!(shown, ["about 4 min", "4 min", "up to 4 min"]);
        assert_eq!(time_needed(1.0, Some("up to")), "under 5 s");
    }
}
