//! Numbers as people read them: the one set of helpers for the command line and the dashboard.

/// A whole number with commas between thousands: `19,572`.
#[must_use]
pub fn thousands(count: impl TryInto<u64>) -> String {
    let digits = whole(count).to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 edge`, `2 edges`, `3,600 edges`.
#[must_use]
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = whole(count);
    format!("{} {noun}{}", thousands(count), if count == 1 { "" } else { "s" })
}

fn whole(count: impl TryInto<u64>) -> u64 {
    count.try_into().unwrap_or(u64::MAX)
}

/// The text of a value, or `-` if there is none.
#[must_use]
pub fn or_dash<T>(value: Option<T>, text: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), text)
}

/// A density from 0 to 1, rounded to four decimals: `0.0294`.
#[must_use]
pub fn density(value: f64) -> String {
    if value.is_finite() { format!("{value:.4}") } else { "-".to_owned() }
}

/// An accuracy from 0 to 1 as a percentage with two decimals, rounded down so that `100.00%` means that every row is
/// correct.
#[must_use]
pub fn accuracy(value: f64) -> String {
    if value.is_finite() { format!("{:.2}%", 100.0 * cut(value, 10_000.0)) } else { "-".to_owned() }
}

/// A share from 0 to 1 as a whole percentage, rounded down so that `100%` means all of it.
#[must_use]
pub fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.0}%", 100.0 * cut(share, 100.0)) } else { "-".to_owned() }
}

/// Rounds down to a multiple of one part in `parts`; a value that is such a multiple up to rounding errors stays.
fn cut(value: f64, parts: f64) -> f64 {
    // 0.29 times 10,000 is 2899.9999999999995.
    (value * parts + 1e-9).floor() / parts
}

/// A percentage, such as the step size of a walk, with as many decimals as it needs, up to two: `37.5%`.
#[must_use]
pub fn step(percentage: f64) -> String {
    let text = format!("{percentage:.2}");
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A loss in at most seven columns.
#[must_use]
pub fn loss(value: f64) -> String {
    match value {
        value if !value.is_finite() => "-".to_owned(),
        value if value < 9.999_995 => format!("{value:.5}"),
        value if value < 99_999.95 => format!("{value:.1}"),
        value => format!("{value:.1e}"),
    }
}

/// An amount of disk space in at most six columns: `640 B`, `12 kB`, `3.4 MB`, `120 GB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let mut size = count as f64;
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        if size < 999.5 {
            break;
        }
        (size, unit) = (size / 1000.0, larger);
    }
    if size < 9.95 { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// A measured time in at most nine columns: `0.4 s`, `42 s`, `3.5 min`, `42 min`, `2.1 h`, `28 h`, `3.2 days`,
/// `> 99 days`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "-".to_owned();
    }
    let text = |value: f64, unit: &str| {
        if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
    };
    match seconds {
        _ if seconds < 99.5 => text(seconds, "s"),
        _ if seconds < 99.5 * MINUTE => text(seconds / MINUTE, "min"),
        _ if seconds < 47.5 * HOUR => text(seconds / HOUR, "h"),
        _ if seconds < 99.5 * DAY => text(seconds / DAY, "days"),
        _ => "> 99 days".to_owned(),
    }
}

/// An estimated time in words that follow "takes" or stand alone: `under 5 s`, `about 20 s`, `about 4 min`,
/// `about 3 h 10 min`, `about 5 days`, `over 99 days`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, and neither negative nor large")]
pub fn estimate(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "unknown".to_owned();
    }
    if seconds >= 99.5 * DAY {
        return "over 99 days".to_owned();
    }
    let whole = seconds.round() as u64;
    let text = match whole {
        0..5 => return "under 5 s".to_owned(),
        5..90 => format!("{} s", (whole + 2) / 5 * 5),
        90..5400 => format!("{} min", (whole + 30) / 60),
        5400..85_800 => {
            let minutes = (whole + 300) / 600 * 10;
            match minutes % 60 {
                0 => format!("{} h", minutes / 60),
                rest => format!("{} h {rest} min", minutes / 60),
            }
        }
        85_800..171_000 => format!("{} h", (whole + 1800) / 3600),
        _ => format!("{} days", (whole + 43_200) / 86_400),
    };
    format!("about {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas_and_plurals() {
        assert_eq!([0_u64, 999, 1000, 19_572, 1_234_567].map(thousands), ["0", "999", "1,000", "19,572", "1,234,567"]);
        assert_eq!((counted(1_u64, "edge"), counted(0_usize, "edge")), ("1 edge".into(), "0 edges".into()));
        assert_eq!(counted(3600_usize, "trial"), "3,600 trials");
    }

    #[test]
    fn densities_are_rounded_and_accuracies_are_cut() {
        assert_eq!([31.0 / 1056.0, 0.5, f64::NAN].map(density), ["0.0294", "0.5000", "-"]);
        assert_eq!([1.0, 0.999_99, 0.9375].map(accuracy), ["100.00%", "99.99%", "93.75%"]);
        assert_eq!([0.999, 1.0, 0.29].map(percent), ["99%", "100%", "29%"]);
    }

    #[test]
    fn steps_show_the_decimals_they_need() {
        assert_eq!([5.0, 37.5, 2.083_33].map(step), ["5%", "37.5%", "2.08%"]);
    }

    #[test]
    fn losses_fit_seven_columns() {
        let shown = [0.0, 0.733_147, 9.999_999, 123.4, 1e5, 1.5e12, f64::INFINITY].map(loss);
        assert_eq!(shown, ["0.00000", "0.73315", "10.0", "123.4", "1.0e5", "1.5e12", "-"]);
    }

    #[test]
    fn disk_space_has_two_digits() {
        let shown = [0, 640, 1000, 12_345, 999_400, 999_600, 3_400_000, 120_000_000_000].map(bytes);
        assert_eq!(shown, ["0 B", "640 B", "1.0 kB", "12 kB", "999 kB", "1.0 MB", "3.4 MB", "120 GB"]);
    }

    #[test]
    fn measured_times_fit_nine_columns() {
        let shown = [0.0, 0.44, 42.4, 150.0, 7500.0, 101_000.0, 280_000.0, 8e6, 9e6].map(duration);
        let expected = ["0.0 s", "0.4 s", "42 s", "2.5 min", "2.1 h", "28 h", "3.2 days", "93 days", "> 99 days"];
        assert_eq!(shown, expected);
        assert_eq!([-1.0, f64::INFINITY].map(duration), ["-", "-"]);
    }

    #[test]
    fn estimates_are_rounded() {
        let shown = [0.2, 21.0, 61.0, 240.0, 11_400.0, 7200.0].map(estimate);
        assert_eq!(shown, ["under 5 s", "about 20 s", "about 60 s", "about 4 min", "about 3 h 10 min", "about 2 h"]);
        let shown = [86_000.0, 100_000.0, 400_000.0, 3.5e8, f64::NAN].map(estimate);
        assert_eq!(shown, ["about 24 h", "about 28 h", "about 5 days", "over 99 days", "unknown"]);
    }
}
