//! Colors and characters: 24-bit colors if the terminal has them, else the 16 of its own color scheme, or none; Unicode's
//! lines, or ASCII only. Whatever a color says, a word or a glyph says too.

mod palette;

use ratatui::style::{Color, Modifier, Style};

use crate::catalog::State;
use crate::report::Charset;
use crate::report::network::Cell;
use crate::report::pixels;
pub use palette::{Background, Palette};

/// How things look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The characters to draw with.
    pub charset: Charset,
    /// The colors; `None` to draw without.
    pub palette: Option<Palette>,
}

impl Theme {
    /// The theme for the user's settings and the environment's description of the terminal.
    ///
    /// ASCII is used if `ascii` is set, if the locale is not UTF-8, and on the Linux console, which lacks most of the
    /// characters. `NO_COLOR` turns colors off, `COLORTERM` announces 24-bit colors, and `background`, or else
    /// `COLORFGBG`, says what they appear on.
    #[must_use]
    pub fn new(ascii: bool, background: Option<Background>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let narrow = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            !locale.contains("utf-8") && !locale.contains("utf8")
        });
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let console = set("TERM").is_some_and(|term| term == "linux");
        let full = set("COLORTERM").is_some_and(|colors| colors == "truecolor" || colors == "24bit");
        let background = background.or_else(|| Background::parse(&set("COLORFGBG")?));
        let palette = if full { Palette::full(background) } else { Palette::TERMINAL };
        Self {
            charset: Charset::new(ascii || narrow || console || dumb),
            palette: (set("NO_COLOR").is_none() && !dumb).then_some(palette),
        }
    }

    /// The Unicode theme with the terminal's own colors.
    #[must_use]
    pub fn unicode() -> Self {
        Self { charset: Charset::Unicode, palette: Some(Palette::TERMINAL) }
    }

    /// The ASCII theme without colors.
    #[must_use]
    pub fn ascii() -> Self {
        Self { charset: Charset::Ascii, palette: None }
    }

    fn colored(self, choose: impl Fn(Palette) -> Color) -> Style {
        self.palette.map_or_else(Style::new, |palette| Style::new().fg(choose(palette)))
    }

    /// Something active or under the cursor.
    #[must_use]
    pub fn accent(self) -> Style {
        self.colored(|palette| palette.accent)
    }

    /// A success.
    #[must_use]
    pub fn good(self) -> Style {
        self.colored(|palette| palette.good)
    }

    /// Something that needs attention.
    #[must_use]
    pub fn warning(self) -> Style {
        self.colored(|palette| palette.warning)
    }

    /// A failure.
    #[must_use]
    pub fn bad(self) -> Style {
        self.colored(|palette| palette.bad)
    }

    /// The second of two series.
    #[must_use]
    pub fn second(self) -> Style {
        self.colored(|palette| palette.second)
    }

    /// Number `number` of a series whose members also have names, such as modules.
    #[must_use]
    pub fn series(self, number: usize) -> Style {
        self.colored(|palette| {
            let series = palette.series();
            series[number % series.len()]
        })
    }

    /// How maps of pixels are drawn.
    #[must_use]
    pub fn pixels(self) -> pixels::Style {
        match (self.charset, self.palette) {
            (Charset::Unicode, Some(_)) => pixels::Style::Blocks,
            _ => pixels::Style::Letters,
        }
    }

    /// The style of a character in a drawing of modules.
    #[must_use]
    pub fn cell(self, cell: Cell) -> Style {
        let front = match cell.module {
            Some(module) => self.series(module),
            None if cell.symbol == '·' => self.quiet(),
            None => Style::new(),
        };
        cell.behind.and_then(|module| self.series(module).fg).map_or(front, |color| front.bg(color))
    }

    /// A name.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Secondary text: labels, rules, absent values.
    #[must_use]
    pub fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A key that can be pressed.
    #[must_use]
    pub fn key(self) -> Style {
        self.accent().add_modifier(Modifier::BOLD)
    }

    /// The line under the cursor.
    #[must_use]
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The style of a state.
    #[must_use]
    pub fn state(self, state: State) -> Style {
        match state {
            State::Running => self.accent(),
            State::Finished => self.good(),
            State::Failed => self.bad(),
            State::Paused | State::Untrained | State::Stale => self.warning(),
            State::Queued | State::Cancelled => self.quiet(),
        }
    }

    /// The glyph of a state, one column wide.
    #[must_use]
    pub fn state_glyph(self, state: State) -> &'static str {
        let (unicode, ascii) = match state {
            State::Queued => ("○", "o"),
            State::Running => ("●", "*"),
            State::Paused => ("‖", "="),
            State::Finished => ("✓", "+"),
            State::Untrained => ("–", "-"),
            State::Cancelled => ("×", "x"),
            State::Failed => ("✗", "!"),
            State::Stale => ("?", "?"),
        };
        self.pick(unicode, ascii)
    }

    /// `unicode` or `ascii`, as the charset allows.
    #[must_use]
    pub fn pick<T>(self, unicode: T, ascii: T) -> T {
        match self.charset {
            Charset::Unicode => unicode,
            Charset::Ascii => ascii,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(variables: &[(&str, &str)]) -> Theme {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Theme::new(false, None, variable)
    }

    #[test]
    fn the_environment_decides_what_is_not_set() {
        assert_eq!(theme(&[]), Theme::unicode());
        assert_eq!(theme(&[("LANG", "en_US.UTF-8")]), Theme::unicode());
        assert_eq!(theme(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]).charset, Charset::Ascii);
        assert_eq!(theme(&[("TERM", "linux")]).charset, Charset::Ascii);
        assert_eq!(theme(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]).palette, None);
        assert_eq!(theme(&[("NO_COLOR", "")]).palette, Some(Palette::TERMINAL));
        assert_eq!(theme(&[("TERM", "dumb")]), Theme::ascii());
        assert_eq!(Theme::new(true, None, |_| None).charset, Charset::Ascii);
    }

    #[test]
    fn full_colors_need_the_terminals_word() {
        let full = |background| Some(Palette::full(background));
        assert_eq!(theme(&[("COLORTERM", "truecolor")]).palette, full(None));
        assert_eq!(theme(&[("COLORTERM", "24bit"), ("COLORFGBG", "0;15")]).palette, full(Some(Background::Light)));
        assert_eq!(theme(&[("COLORTERM", "yes")]).palette, Some(Palette::TERMINAL));
        let asked = Theme::new(false, Some(Background::Dark), |name| {
            [("COLORTERM", "truecolor"), ("COLORFGBG", "0;15")]
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(asked.palette, full(Some(Background::Dark)));
    }
}
