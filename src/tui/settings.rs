//! The user's own settings of the dashboard: `dashboard.toml` in the config folder.
//!
//! ```toml
//! background = "light"        # or "dark": which colors can be read on it
//! ascii = true                # draw with plain ASCII characters
//! [keys]                      # by what they do; `sculpt keys` lists the names
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

/// What can be set.
#[derive(Debug, Default)]
pub struct Settings {
    /// What is behind the text.
    pub background: Option<Background>,
    /// Draw with plain ASCII characters.
    pub ascii: bool,
    /// The table of keys, where it is changed.
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

/// Where the file is looked for.
#[must_use]
pub fn path() -> Option<PathBuf> {
    Some(crate::catalog::config_folder()?.join("dashboard.toml"))
}

/// Reads the file at `path`; without one, nothing is set.
///
/// # Errors
/// One sentence that names the file and the line, with the remedy.
pub fn read(path: &Path) -> Result<Settings, String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Settings::default()),
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
    };
    parse(&text).map_err(|(line, problem)| format!("{}, line {line}: {problem}", path.display()))
}

/// Reads the text of the file; what is wrong comes with its line.
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
    fn what_is_set_is_taken() {
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
    fn what_is_wrong_is_told_with_its_line() {
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
