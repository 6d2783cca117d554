//! The user's settings for the dashboard: `dashboard.toml` in the config folder.
//!
//! ```toml
//! background = "light"        # or "dark": decides which colors are readable
//! ascii = true                # draw with ASCII characters only
//! [keys]                      # by action; `sculpt keys` lists the names
//! pause = "f5"
//! sort = ["o", "ctrl-s"]
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::keys::Section;
use super::keys::changes::{changed, checked};
use super::theme::Background;

/// The settings.
#[derive(Debug, Default)]
pub struct Settings {
    /// The terminal's background.
    pub background: Option<Background>,
    /// Draw with ASCII characters only.
    pub ascii: bool,
    /// The table of keys; `None` if it is unchanged.
    pub keys: Option<Vec<Section>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Written {
    background: Option<Background>,
    ascii: bool,
    keys: BTreeMap<String, Spanned<Keys>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Keys {
    One(String),
    Several(Vec<String>),
}

/// The path of the settings file.
#[must_use]
pub fn path() -> Option<PathBuf> {
    Some(crate::catalog::config_folder()?.join("dashboard.toml"))
}

/// Reads the file at `path`; if there is none, returns the defaults.
///
/// # Errors
/// One line that names the file and the line in it, with the remedy.
pub fn read(path: &Path) -> Result<Settings, String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Settings::default()),
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
    };
    parse(&text).map_err(|(line, problem)| format!("{}, line {line}: {problem}", path.display()))
}

/// Parses the text of the file; an error comes with its line number.
fn parse(text: &str) -> Result<Settings, (usize, String)> {
    let line = |at: usize| 1 + text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count();
    let written: Written = toml::from_str(text).map_err(|error| {
        let words = error.message().lines().map(str::trim).collect::<Vec<_>>().join(", ");
        (line(error.span().map_or(0, |span| span.start)), words)
    })?;
    let (mut changes, mut lines) = (Vec::new(), Vec::new());
    for (name, spanned) in written.keys {
        let at = line(spanned.span().start);
        let keys = match spanned.into_inner() {
            Keys::One(key) => vec![key],
            Keys::Several(keys) => keys,
        };
        changes.push(checked(&name, keys).map_err(|problem| (at, problem))?);
        lines.push(at);
    }
    let sections = changed(&changes).map_err(|conflict| {
        let involved = changes.iter().zip(&lines).filter(|((action, _), _)| conflict.actions.contains(action));
        (involved.map(|(_, &line)| line).max().unwrap_or(1), conflict.to_string())
    })?;
    let keys = (!changes.is_empty()).then_some(sections);
    Ok(Settings { background: written.background, ascii: written.ascii, keys })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::Action;

    #[test]
    fn settings_are_read() {
        let settings = parse("background = 'light'\n[keys]\npause = 'f5'\nsort = ['o', 'ctrl-s']\n").unwrap();
        assert_eq!((settings.background, settings.ascii), (Some(Background::Light), false));
        let sections = settings.keys.unwrap();
        let keys = |action: Action| -> Vec<&str> {
            let lines = sections.iter().flat_map(|section| section.bindings);
            lines.filter(|line| line.action == action).flat_map(|line| line.keys).copied().collect()
        };
        assert_eq!((keys(Action::Pause), keys(Action::Sort)), (vec!["f5"], vec!["o", "ctrl-s"]));
        assert_eq!(keys(Action::Group), ["b"]);
        assert!(parse("").unwrap().keys.is_none());
    }

    #[test]
    fn errors_name_their_line() {
        let refused = |text: &str| parse(text).map(drop).unwrap_err();
        for (text, line, word) in [
            ("color = 1\n", 1, "color"),
            ("[keys]\npause = 'p'\nfly = 'f'\n", 3, "fly"),
            ("[keys]\n\npause = 'hello'\n", 3, "hello"),
            ("[keys]\npause = 's'\n", 2, "sort"),
            ("[keys]\nback = 'b'\n", 2, "back"),
            ("[keys]\npause = []\n", 2, "pause"),
            ("background = 'blue'\n", 1, "blue"),
        ] {
            let (at, problem) = refused(text);
            assert!(at == line && problem.contains(word), "{text}: line {at}: {problem}");
        }
    }
}
