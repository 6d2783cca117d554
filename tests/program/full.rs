//! How much of the long tests is done: `SCULPT_TEST_FULL=1`, as `.ci/run` sets it, asks for all of it.

use std::str::FromStr;

/// `full` with `SCULPT_TEST_FULL=1`, `short` without; or what the environment variable `name` says.
pub fn amount<T: FromStr>(name: &str, short: T, full: T) -> T {
    let given = std::env::var(name).ok().and_then(|value| value.parse().ok());
    let is_full = std::env::var("SCULPT_TEST_FULL").is_ok_and(|value| value == "1");
    given.unwrap_or(if is_full { full } else { short })
}
