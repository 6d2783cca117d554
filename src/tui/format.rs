//! Numbers as they are shown.

use crate::report::numbers;

/// A fraction as four decimals, cut and not rounded so that `1.0000` means all of it; a dash if there is none.
#[must_use]
pub fn fraction(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() => {
            // The small addition keeps 0.29 from becoming 0.2899.
            let cut = (value * 10_000.0 + 1e-9).floor() / 10_000.0;
            format!("{cut:.4}")
        }
        _ => "-".to_owned(),
    }
}

/// A share of 1 as whole percent, cut, so that `100 %` means all of it.
#[must_use]
pub fn percent(value: f64) -> String {
    format!("{:.0} %", (value * 100.0 + 1e-9).floor())
}

/// A percentage with as many decimals as it needs, up to two: `37.5 %`.
#[must_use]
pub fn step(value: f64) -> String {
    let text = format!("{value:.2}");
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A loss in a fixed width.
#[must_use]
pub fn loss(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() && value < 1e4 => format!("{value:.5}"),
        Some(value) if value.is_finite() => format!("{value:.1e}"),
        _ => "-".to_owned(),
    }
}

/// A count, or a dash.
#[must_use]
pub fn count(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// `1 trial`, `2 trials`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    numbers::counted(count, noun)
}

/// A size on disk: `640 kB`, `12 MB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

/// A time that was measured: `8.3 s`, `4:05`, `3:12:40`, `2 d 05:10`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to whole seconds, never negative")]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "-".to_owned();
    }
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}:{:02}", whole % 60),
        (0, _) => format!("{hours}:{minutes:02}:{:02}", whole % 60),
        _ => format!("{days} d {hours:02}:{minutes:02}"),
    }
}

/// A time that is only estimated: `20 s`, `4 min`, `3 h 10 min`, `2 days`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, never negative")]
pub fn estimate(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "unknown".to_owned();
    }
    let whole = seconds.round() as u64;
    match whole {
        0..=6 => "5 s".to_owned(),
        7..=89 => format!("{} s", (whole + 2) / 5 * 5),
        90..=5399 => format!("{} min", (whole + 30) / 60),
        5400..=86_399 => {
            let minutes = (whole + 300) / 600 * 10;
            if minutes.is_multiple_of(60) {
                format!("{} h", minutes / 60)
            } else {
                format!("{} h {} min", minutes / 60, minutes % 60)
            }
        }
        86_400..=172_799 => format!("{} h", (whole + 1800) / 3600),
        _ => format!("{} days", (whole + 43_200) / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_is_all() {
        assert_eq!(fraction(Some(1.0)), "1.0000");
        assert_eq!(fraction(Some(0.999_99)), "0.9999");
        assert_eq!(fraction(Some(0.29)), "0.2900");
        assert_eq!(fraction(Some(f64::NAN)), "-");
        assert_eq!((percent(0.999), percent(1.0)), ("99 %".to_owned(), "100 %".to_owned()));
    }

    #[test]
    fn steps_show_what_they_need() {
        assert_eq!((step(5.0), step(37.5), step(2.083_33)), ("5 %".into(), "37.5 %".into(), "2.08 %".into()));
    }

    #[test]
    fn times_are_readable() {
        assert_eq!([8.31, 59.97, 245.0].map(duration), ["8.3 s", "1:00", "4:05"]);
        assert_eq!([11_560.0, 191_400.0].map(duration), ["3:12:40", "2 d 05:10"]);
        assert_eq!([2.0, 61.0, 240.0, 11_400.0].map(estimate), ["5 s", "60 s", "4 min", "3 h 10 min"]);
        assert_eq!([7200.0, 100_000.0, 400_000.0].map(estimate), ["2 h", "28 h", "5 days"]);
    }
}
