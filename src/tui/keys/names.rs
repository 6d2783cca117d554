//! Names of keys, as in the table: `q`, `G`, `ctrl-c`, `enter`, `pgdn`.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::theme::Theme;

/// Keys with a name, and the Unicode symbols of some.
const NAMED: [(&str, KeyCode, Option<&str>); 15] = [
    ("up", KeyCode::Up, Some("↑")),
    ("down", KeyCode::Down, Some("↓")),
    ("left", KeyCode::Left, Some("←")),
    ("right", KeyCode::Right, Some("→")),
    ("enter", KeyCode::Enter, None),
    ("esc", KeyCode::Esc, None),
    ("tab", KeyCode::Tab, None),
    ("backtab", KeyCode::BackTab, None),
    ("backspace", KeyCode::Backspace, None),
    ("del", KeyCode::Delete, None),
    ("home", KeyCode::Home, None),
    ("end", KeyCode::End, None),
    ("pgup", KeyCode::PageUp, None),
    ("pgdn", KeyCode::PageDown, None),
    ("space", KeyCode::Char(' '), None),
];

/// The name of a key; `None` if it has none here.
#[must_use]
pub fn name(key: KeyEvent) -> Option<String> {
    let named = NAMED.iter().find(|(_, code, _)| *code == key.code).map(|(name, _, _)| (*name).to_owned());
    let base = match key.code {
        _ if named.is_some() => named?,
        KeyCode::Char(character) => character.to_string(),
        KeyCode::F(number) => format!("f{number}"),
        _ => return None,
    };
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        Some(format!("ctrl-{}", base.to_lowercase()))
    } else if key.modifiers.contains(KeyModifiers::ALT) {
        Some(format!("alt-{base}"))
    } else if key.code == KeyCode::Tab && key.modifiers.contains(KeyModifiers::SHIFT) {
        Some("backtab".to_owned())
    } else {
        Some(base)
    }
}

/// The key of that name; the inverse of [`name`].
#[must_use]
pub fn parse(name: &str) -> Option<KeyEvent> {
    if let Some(rest) = name.strip_prefix("ctrl-") {
        return parse(rest).map(|key| KeyEvent::new(key.code, KeyModifiers::CONTROL));
    }
    if let Some(rest) = name.strip_prefix("alt-") {
        return parse(rest).map(|key| KeyEvent::new(key.code, KeyModifiers::ALT));
    }
    let named = NAMED.iter().find(|(known, _, _)| *known == name).map(|(_, code, _)| *code);
    let mut characters = name.chars();
    let code = match (characters.next(), characters.next()) {
        _ if named.is_some() => named?,
        (Some(character), None) => KeyCode::Char(character),
        (Some('f'), Some(_)) => KeyCode::F(name[1..].parse().ok()?),
        _ => return None,
    };
    Some(KeyEvent::new(code, KeyModifiers::NONE))
}

/// A key's name as displayed.
#[must_use]
pub fn shown(name: &str, theme: Theme) -> String {
    let sign = NAMED.iter().find(|(known, _, _)| *known == name).and_then(|(_, _, sign)| *sign);
    match sign {
        Some(sign) => theme.pick(sign, name).to_owned(),
        None if name == "backtab" => "shift-tab".to_owned(),
        None => name.to_owned(),
    }
}

/// Keys' names as displayed, separated by spaces.
#[must_use]
pub fn all_shown(names: &[&str], theme: Theme) -> String {
    names.iter().map(|name| shown(name, theme)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed_back() {
        for text in ["q", "G", "?", "ctrl-c", "enter", "backtab", "f1", "space", "é", "-", "alt-x", "ctrl-space"] {
            assert_eq!(parse(text).and_then(name).as_deref(), Some(text));
        }
        assert!(parse("").is_none() && parse("hello").is_none() && parse("fx").is_none());
    }

    #[test]
    fn reported_shift_does_not_change_the_name() {
        assert_eq!(name(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)).as_deref(), Some("G"));
        assert_eq!(name(KeyEvent::new(KeyCode::Tab, KeyModifiers::SHIFT)).as_deref(), Some("backtab"));
        assert_eq!(name(KeyEvent::new(KeyCode::Char('C'), KeyModifiers::CONTROL)).as_deref(), Some("ctrl-c"));
    }
}
