//! Points in time, in UTC and with millisecond precision.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A point in time in UTC. It is written like `2026-11-22T15:22:13.123Z`, so texts sort by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Utc(Timestamp);

impl Utc {
    /// The current time, truncated to milliseconds.
    #[must_use]
    pub fn now() -> Self {
        Self::from_millisecond(Timestamp::now().as_millisecond())
    }

    /// The time `milliseconds` after 1970-01-01T00:00Z; times outside the years -9999 to 9999 become 1970.
    #[must_use]
    pub fn from_millisecond(milliseconds: i64) -> Self {
        Self(Timestamp::from_millisecond(milliseconds).unwrap_or_default())
    }

    /// Milliseconds after 1970-01-01T00:00Z.
    #[must_use]
    pub fn millisecond(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The seconds from `earlier` to this time; negative if `earlier` is later.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        self.0.duration_since(earlier.0).as_secs_f64()
    }

    /// The short form for file names, such as `20261122T152213.123Z`.
    #[must_use]
    pub fn compact(self) -> String {
        self.to_string().chars().filter(|character| !matches!(character, '-' | ':')).collect()
    }
}

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl From<Utc> for String {
    fn from(utc: Utc) -> Self {
        utc.to_string()
    }
}

impl TryFrom<String> for Utc {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Ok(Self::from_millisecond(text.parse::<Timestamp>()?.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_a_fixed_width_and_round_trips() {
        let utc = Utc::from_millisecond(1_795_360_933_120);
        assert_eq!(utc.to_string(), "2026-11-22T15:22:13.120Z");
        assert_eq!(utc.compact(), "20261122T152213.120Z");
        assert_eq!(Utc::try_from(utc.to_string()).unwrap(), utc);
        assert_eq!(Utc::from_millisecond(1500).seconds_since(Utc::from_millisecond(500)), 1.0);
    }
}
