//! Bars that show a share of 1, and sliders.

use ratatui::text::Span;

use crate::report::Charset;
use crate::tui::theme::Theme;
use ratatui::style::Style;

/// A bar of `width` columns, filled to `share` (0 to 1); empty for `None`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few columns"
)]
pub(in crate::tui::view) fn gauge<'a>(share: Option<f64>, width: usize, style: Style, theme: Theme) -> [Span<'a>; 2] {
    let share = share.filter(|share| share.is_finite()).unwrap_or(0.0).clamp(0.0, 1.0);
    // Unicode has half columns. Only a share of 1 fills the bar, and only a share of 0 leaves it empty.
    let steps = if theme.charset == Charset::Unicode { 2 * width } else { width };
    let mut filled = (share * steps as f64 + 1e-9).floor() as usize;
    if share > 0.0 {
        filled = filled.max(1);
    }
    let (full, half, ground) = match theme.charset {
        Charset::Unicode => ("━".repeat(filled / 2), if filled % 2 == 1 { "╸" } else { "" }, "─"),
        Charset::Ascii => ("=".repeat(filled), "", "."),
    };
    let bar = format!("{full}{half}");
    let rest = width.saturating_sub(bar.chars().count());
    [Span::styled(bar, style), Span::styled(ground.repeat(rest), theme.quiet())]
}

/// A knob at position `place` of `places` (at least 1) on a line of `width` columns.
pub(in crate::tui::view) fn slider<'a>(place: usize, places: usize, width: usize, theme: Theme) -> [Span<'a>; 3] {
    let last = width.saturating_sub(1);
    let before = (place * last + (places - 1) / 2).checked_div(places - 1).unwrap_or(last).min(last);
    let [line, knob, ground] = theme.pick(["━", "●", "─"], ["=", "O", "."]);
    [
        Span::styled(line.repeat(before), theme.accent()),
        Span::styled(knob.repeat(width.min(1)), theme.key()),
        Span::styled(ground.repeat(last - before), theme.quiet()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(share: f64, theme: Theme) -> String {
        gauge(Some(share), 4, Style::new(), theme).map(|span| span.content.into_owned()).concat()
    }

    #[test]
    fn the_knob_is_at_an_end_only_for_the_first_and_last_place() {
        let text = |place, places, width| {
            slider(place, places, width, Theme::ascii()).map(|span| span.content.into_owned()).concat()
        };
        assert_eq!([text(0, 5, 5), text(2, 5, 5), text(4, 5, 5)], ["O....", "==O..", "====O"]);
        assert_eq!([text(0, 1, 3), text(7, 9, 1), text(0, 2, 0)], ["==O", "O", ""]);
    }

    #[test]
    fn only_a_share_of_one_fills_the_bar() {
        let shown = [0.0, 0.01, 0.5, 0.66, 0.999, 1.0, f64::NAN, 7.0];
        let unicode = shown.map(|share| text(share, Theme::unicode()));
        assert_eq!(unicode, ["────", "╸───", "━━──", "━━╸─", "━━━╸", "━━━━", "────", "━━━━"]);
        let ascii = shown.map(|share| text(share, Theme::ascii()));
        assert_eq!(ascii, ["....", "=...", "==..", "==..", "===.", "====", "....", "===="]);
    }
}
