//! Bars and heat maps in text.

use crate::report::Charset;

/// Columns of a bar.
pub const BAR: usize = 6;

/// A share from 0 to 1 as a bar of [`BAR`] columns, in eighths of a column if the characters allow. The rest is dotted.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a share
pub fn bar(share: f64, charset: Charset) -> String {
    let (full, parts, rest) = match charset {
        Charset::Unicode => ('█', &['▏', '▎', '▍', '▌', '▋', '▊', '▉'][..], '·'),
        Charset::Ascii => ('#', &[][..], '.'),
    };
    let steps = parts.len() + 1;
    let filled = (share.clamp(0.0, 1.0) * (BAR * steps) as f64).round() as usize;
    let mut text: String = std::iter::repeat_n(full, filled / steps).collect();
    text.extend(filled.checked_rem(steps).and_then(|part| parts.get(part.checked_sub(1)?)));
    let length = text.chars().count();
    text.extend(std::iter::repeat_n(rest, BAR - length));
    text
}

/// A cell of a heat map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heat {
    /// A share from 0 to 1.
    Share(f64),
    /// An X: no result, because networks did not learn the task.
    Untrained,
    /// No such cell.
    None,
}

/// A cell in six columns: a shade and a percentage.
#[must_use]
pub fn heat(heat: Heat, charset: Charset) -> String {
    let share = match heat {
        Heat::Share(share) => share,
        Heat::Untrained => return "     X".to_owned(),
        Heat::None => return "     -".to_owned(),
    };
    let shades = match charset {
        Charset::Unicode => ['·', '░', '▒', '▓', '█'],
        Charset::Ascii => ['.', '-', '+', '*', '#'],
    };
    let glyph = match share {
        share if share <= 0.0 => shades[0],
        share if share <= 0.25 => shades[1],
        share if share <= 0.5 => shades[2],
        share if share <= 0.75 => shades[3],
        _ => shades[4],
    };
    format!(" {glyph}{glyph}{:3.0}", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars() {
        let unicode = [0.0, 0.5, 11.0 / 12.0, 1.0].map(|share| bar(share, Charset::Unicode));
        assert_eq!(unicode, ["······", "███···", "█████▌", "██████"]);
        let ascii = [0.0, 0.5, 0.9, 1.0].map(|share| bar(share, Charset::Ascii));
        assert_eq!(ascii, ["......", "###...", "#####.", "######"]);
    }

    #[test]
    fn heats() {
        assert_eq!(heat(Heat::Share(0.25), Charset::Unicode), " ░░ 25");
        assert_eq!(heat(Heat::Share(1.0), Charset::Ascii), " ##100");
        assert_eq!(heat(Heat::Untrained, Charset::Ascii), "     X");
    }
}
