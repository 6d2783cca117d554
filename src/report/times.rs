//! Moments as people read them, in the local time zone. Files and `--json` keep UTC.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::catalog::Utc;

/// The local time of day: `14:05:09`.
#[must_use]
pub fn clock(time: Utc) -> String {
    clock_in(time, TimeZone::system())
}

/// The local date and time: `2026-11-22 14:05`.
#[must_use]
pub fn date_and_time(time: Utc) -> String {
    date_and_time_in(time, TimeZone::system())
}

fn clock_in(time: Utc, zone: TimeZone) -> String {
    zoned(time, zone).strftime("%H:%M:%S").to_string()
}

fn date_and_time_in(time: Utc, zone: TimeZone) -> String {
    zoned(time, zone).strftime("%Y-%m-%d %H:%M").to_string()
}

fn zoned(time: Utc, zone: TimeZone) -> Zoned {
    Timestamp::from_millisecond(time.millisecond()).unwrap_or_default().to_zoned(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_the_given_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let time = Utc::from_millisecond(1_790_000_000_123);
        assert_eq!(clock_in(time, zone.clone()), "09:13:20");
        assert_eq!(date_and_time_in(time, zone), "2026-09-21 09:13");
    }
}
