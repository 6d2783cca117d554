//! The user's own keys, in place of those of the table.

use std::sync::OnceLock;

use super::names;
use super::{Action, Binding, Context, Section, TABLE};

/// The table with the user's changes, for the whole program: set once, before the dashboard opens.
static CHANGED: OnceLock<Vec<Section>> = OnceLock::new();

/// The table in use.
#[must_use]
pub fn sections() -> &'static [Section] {
    CHANGED.get().map_or(TABLE, Vec::as_slice)
}

/// Uses a changed table from now on; only the first call has an effect.
pub fn use_table(sections: Vec<Section>) {
    let _ = CHANGED.set(sections);
}

/// An action's name in the settings, such as `pause-all`.
#[must_use]
pub fn name(action: Action) -> String {
    let mut name = String::new();
    for character in format!("{action:?}").chars() {
        if character.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(character.to_lowercase());
    }
    name
}

/// Is text typed or a question answered here? These keys cannot be changed.
fn is_fixed(context: Context) -> bool {
    matches!(context, Context::Filter | Context::Form | Context::Confirm | Context::Quit)
}

/// The lines of the table whose keys can be changed.
pub fn changeable() -> impl Iterator<Item = &'static Binding> {
    let lines = TABLE.iter().flat_map(|section| section.bindings);
    lines.filter(|line| {
        // The exits stay where everyone expects them.
        let is_exit = matches!(line.action, Action::Back | Action::Quit | Action::Accept | Action::Preset(_));
        !is_exit && !line.contexts.iter().all(|&context| is_fixed(context)) && !line.help.is_empty()
    })
}

/// Checks new keys for the action of this name.
///
/// # Errors
/// One line with the remedy.
pub fn checked(action: &str, keys: Vec<String>) -> Result<(Action, Vec<String>), String> {
    let Some(line) = changeable().find(|line| name(line.action) == action) else {
        return Err(format!("the keys of `{action}` cannot be changed; `sculpt keys` lists those that can"));
    };
    if keys.is_empty() {
        return Err(format!("`{action}` needs at least one key"));
    }
    for key in &keys {
        let known = names::parse(key).and_then(names::name);
        if known.as_ref() != Some(key) {
            return Err(format!(
                "`{key}` is not a key; write p, P, ctrl-p, alt-p, f5, space, enter or pgdn, for example"
            ));
        }
        let types = key.chars().count() == 1 || key == "space";
        if types && line.contexts.iter().any(|&context| is_fixed(context)) {
            return Err(format!(
                "`{action}` also works where text is typed: choose a key that types nothing, such as ctrl-{key}"
            ));
        }
    }
    Ok((line.action, keys))
}

/// A key with two meanings in the same context.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` would mean both `{}` and `{}`; choose another key, or change both", name(self.actions[0]), name(self.actions[1]))]
pub struct Conflict {
    /// The key.
    pub key: String,
    /// Its two meanings.
    pub actions: [Action; 2],
}

/// The table with these changes applied.
///
/// # Errors
/// A key would have two meanings in the same context.
pub fn changed(changes: &[(Action, Vec<String>)]) -> Result<Vec<Section>, Conflict> {
    let line = |line: &Binding| {
        let change = changes.iter().rev().find(|(action, _)| *action == line.action);
        let stays = line.contexts.iter().all(|&context| is_fixed(context)) || line.help.is_empty();
        let keys = change.filter(|_| !stays).map_or(line.keys, |(_, keys)| leaked(keys));
        Binding { keys, action: line.action, contexts: line.contexts, help: line.help, hint: line.hint }
    };
    let section = |section: &Section| {
        let bindings: Vec<Binding> = section.bindings.iter().map(line).collect();
        Section { title: section.title, bindings: bindings.leak() }
    };
    let sections: Vec<Section> = TABLE.iter().map(section).collect();
    for context in Context::ALL {
        let lines = sections.iter().flat_map(|section| section.bindings);
        let mut seen: Vec<(&str, Action)> = Vec::new();
        for line in lines.filter(|line| line.contexts.contains(&context)) {
            for key in line.keys {
                if let Some((_, other)) = seen.iter().find(|(known, _)| known == key) {
                    return Err(Conflict { key: (*key).to_owned(), actions: [*other, line.action] });
                }
                seen.push((key, line.action));
            }
        }
    }
    Ok(sections)
}

/// Keys that live as long as the program; they are read only once.
fn leaked(keys: &[String]) -> &'static [&'static str] {
    keys.iter().map(|key| &*key.clone().leak()).collect::<Vec<_>>().leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_names() {
        assert_eq!((name(Action::PauseAll), name(Action::CopyId)), ("pause-all".to_owned(), "copy-id".to_owned()));
        let mut names: Vec<String> = changeable().map(|line| name(line.action)).collect();
        names.sort();
        names.dedup();
        assert!(names.len() > 30 && !names.contains(&"back".to_owned()), "{names:?}");
    }

    #[test]
    fn keys_can_be_swapped_but_not_where_text_is_typed() {
        let swap = [checked("sort", vec!["b".into()]), checked("group", vec!["s".into()])].map(Result::unwrap);
        assert!(changed(&swap[..1]).unwrap_err().to_string().contains("group"));
        let sections = changed(&swap).unwrap();
        let lines: Vec<&Binding> = sections.iter().flat_map(|section| section.bindings).collect();
        let keys = |action| lines.iter().find(|line| line.action == action).unwrap().keys;
        assert_eq!((keys(Action::Sort), keys(Action::Group)), (&["b"][..], &["s"][..]));
        // `left` also moves the cursor in text; that does not change.
        let left = changed(&[checked("left", vec!["H".into()]).unwrap()]).unwrap();
        let typed = left
            .iter()
            .flat_map(|section| section.bindings)
            .find(|line| line.contexts.contains(&Context::Filter) && line.action == Action::Left);
        assert_eq!(typed.unwrap().keys, ["left"]);
        assert!(checked("suspend", vec!["z".into()]).unwrap_err().contains("ctrl-z"));
    }
}
