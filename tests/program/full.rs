//! The size of the long tests: short by default, full with `SCULPT_TEST_FULL=1`, which `.ci/run` sets.

use std::str::FromStr;

/// The environment variable `name` if it is set; else `full` with `SCULPT_TEST_FULL=1`, or `short`.
pub fn amount<T: FromStr>(name: &str, short: T, full: T) -> T {
    let given = std::env::var(name).ok().and_then(|value| value.parse().ok());
    let is_full = std::env::var("SCULPT_TEST_FULL").is_ok_and(|value| value == "1");
    given.unwrap_or(if is_full { full } else { short })
}
