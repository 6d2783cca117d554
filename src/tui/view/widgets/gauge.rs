//! A share of 1 as a bar.

use ratatui::text::Span;

use crate::report::Charset;
use crate::tui::theme::Theme;
use ratatui::style::Style;

/// A bar of `width` columns, filled to `share` (0 to 1); nothing but its ground if there is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few columns"
)]
pub(in crate::tui::view) fn gauge<'a>(share: Option<f64>, width: usize, style: Style, theme: Theme) -> [Span<'a>; 2] {
    let share = share.filter(|share| share.is_finite()).unwrap_or(0.0).clamp(0.0, 1.0);
    // Half columns in Unicode. What is not all is never drawn as all, and what is more than nothing as something.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(share: f64, theme: Theme) -> String {
        gauge(Some(share), 4, Style::new(), theme).map(|span| span.content.into_owned()).concat()
    }

    #[test]
    fn only_all_fills_it() {
        let shown = [0.0, 0.01, 0.5, 0.66, 0.999, 1.0, f64::NAN, 7.0];
        let unicode = shown.map(|share| text(share, Theme::unicode()));
        assert_eq!(unicode, ["────", "╸───", "━━──", "━━╸─", "━━━╸", "━━━━", "────", "━━━━"]);
        let ascii = shown.map(|share| text(share, Theme::ascii()));
        assert_eq!(ascii, ["....", "=...", "==..", "==..", "===.", "====", "....", "===="]);
    }
}
