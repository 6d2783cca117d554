//! Other keys than those of the table, as the user sets them.

use std::sync::OnceLock;

use super::names;
use super::{Action, Binding, Context, Section, TABLE};

/// The table as the user changed it, for the whole program: set once, before the dashboard opens.
static CHANGED: OnceLock<Vec<Section>> = OnceLock::new();

/// The table that is in force.
#[must_use]
pub fn sections() -> &'static [Section] {
    CHANGED.get().map_or(TABLE, Vec::as_slice)
}

/// Puts a changed table into force; the first one stays.
pub fn put_into_force(sections: Vec<Section>) {
    let _ = CHANGED.set(sections);
}

/// What an action is called in the settings: `pause-all`.
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

/// Where text is typed or a question is answered: keys are always the same there.
fn is_fixed(context: Context) -> bool {
    matches!(context, Context::Filter | Context::Form | Context::Confirm | Context::Quit)
}

/// Actions whose keys can be changed, with the lines of the table that they are in.
pub fn changeable() -> impl Iterator<Item = &'static Binding> {
    let lines = TABLE.iter().flat_map(|section| section.bindings);
    lines.filter(|line| {
        // The ways out stay where everyone looks for them.
        let way_out = matches!(line.action, Action::Back | Action::Quit | Action::Accept | Action::Preset(_));
        !way_out && !line.contexts.iter().all(|&context| is_fixed(context)) && !line.help.is_empty()
    })
}

/// Checks a change: the action of this name is to have these keys.
///
/// # Errors
/// One sentence with the remedy.
pub fn checked(action: &str, keys: Vec<String>) -> Result<(Action, Vec<String>), String> {
    let Some(line) = changeable().find(|line| name(line.action) == action) else {
        return Err(format!("the keys of `{action}` cannot be changed; `sculpt keys` lists those that can"));
    };
    if keys.is_empty() {
        return Err(format!("`{action}` needs a key"));
    }
    for key in &keys {
        let known = names::parse(key).and_then(names::name);
        if known.as_ref() != Some(key) {
            return Err(format!("`{key}` is no key; write one as in p, P, ctrl-p, alt-p, f5, space, enter, pgdn"));
        }
        let types = key.chars().count() == 1 || key == "space";
        if types && line.contexts.iter().any(|&context| is_fixed(context)) {
            return Err(format!(
                "`{action}` works where text is typed, too: choose a key that types nothing, as ctrl-{key}"
            ));
        }
    }
    Ok((line.action, keys))
}

/// A key that would mean two things at one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` would mean both {} and {}; choose another key, or change that of the other, too", name(self.actions[0]), name(self.actions[1]))]
pub struct Conflict {
    /// The key.
    pub key: String,
    /// What it would mean.
    pub actions: [Action; 2],
}

/// The table with these changes.
///
/// # Errors
/// A key would mean two things at one place.
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

/// Keys for as long as the program runs: they are read once.
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
    fn keys_can_be_exchanged_and_where_text_is_typed_nothing_changes() {
        let swap = [checked("sort", vec!["b".into()]), checked("group", vec!["s".into()])].map(Result::unwrap);
        assert!(changed(&swap[..1]).unwrap_err().to_string().contains("group"));
        let sections = changed(&swap).unwrap();
        let lines: Vec<&Binding> = sections.iter().flat_map(|section| section.bindings).collect();
        let keys = |action| lines.iter().find(|line| line.action == action).unwrap().keys;
        assert_eq!((keys(Action::Sort), keys(Action::Group)), (&["b"][..], &["s"][..]));
        // `left` also moves the cursor in a text, which stays.
        let left = changed(&[checked("left", vec!["H".into()]).unwrap()]).unwrap();
        let typed = left
            .iter()
            .flat_map(|section| section.bindings)
            .find(|line| line.contexts.contains(&Context::Filter) && line.action == Action::Left);
        assert_eq!(typed.unwrap().keys, ["left"]);
        assert!(checked("suspend", vec!["z".into()]).unwrap_err().contains("ctrl-z"));
    }
}
