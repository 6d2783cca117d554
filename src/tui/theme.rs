//! Colours and characters: 16 colours at most, which the terminal's own light or dark scheme decides on, or none; all
//! of Unicode's lines, or nothing but ASCII. Whatever colour says, a word or a glyph says too.

use ratatui::style::{Color, Modifier, Style};

use crate::catalog::State;
use crate::report::Charset;

/// How things look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The characters to draw with.
    pub charset: Charset,
    /// Are colours allowed?
    pub colour: bool,
}

impl Theme {
    /// The theme that fits what is asked for and what the environment says of the terminal.
    ///
    /// `ascii` asks for ASCII; so do a locale that is set to something else than UTF-8, and the Linux console, which
    /// lacks most of what is drawn with. `NO_COLOR` takes the colours away.
    #[must_use]
    pub fn new(ascii: bool, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let narrow = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            !locale.contains("utf-8") && !locale.contains("utf8")
        });
        let console = set("TERM").is_some_and(|term| term == "linux" || term == "dumb");
        Self { charset: Charset::new(ascii || narrow || console), colour: set("NO_COLOR").is_none() }
    }

    /// The Unicode theme with colours.
    #[must_use]
    pub fn unicode() -> Self {
        Self { charset: Charset::Unicode, colour: true }
    }

    /// The ASCII theme without colours.
    #[must_use]
    pub fn ascii() -> Self {
        Self { charset: Charset::Ascii, colour: false }
    }

    fn coloured(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    /// What is alive or under the user's hand.
    #[must_use]
    pub fn accent(self) -> Style {
        self.coloured(Color::Cyan)
    }

    /// What went well.
    #[must_use]
    pub fn good(self) -> Style {
        self.coloured(Color::Green)
    }

    /// What wants attention.
    #[must_use]
    pub fn warning(self) -> Style {
        self.coloured(Color::Yellow)
    }

    /// What went wrong.
    #[must_use]
    pub fn bad(self) -> Style {
        self.coloured(Color::Red)
    }

    /// The second of two series.
    #[must_use]
    pub fn second(self) -> Style {
        self.coloured(Color::Magenta)
    }

    /// What is named.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What steps back: labels, rules, what is not there.
    #[must_use]
    pub fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A key that can be pressed.
    #[must_use]
    pub fn key(self) -> Style {
        self.accent().add_modifier(Modifier::BOLD)
    }

    /// The chosen line.
    #[must_use]
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A state.
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

    /// `unicode`, or `ascii` where nothing else may be drawn.
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
        Theme::new(false, |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_environment_decides_what_is_not_asked_for() {
        assert_eq!(theme(&[]), Theme::unicode());
        assert_eq!(theme(&[("LANG", "en_US.UTF-8")]), Theme::unicode());
        assert_eq!(theme(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]).charset, Charset::Ascii);
        assert_eq!(theme(&[("TERM", "linux")]).charset, Charset::Ascii);
        assert!(!theme(&[("NO_COLOR", "1")]).colour);
        assert!(theme(&[("NO_COLOR", "")]).colour);
        assert_eq!(Theme::new(true, |_| None).charset, Charset::Ascii);
    }
}
