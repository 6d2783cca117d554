//! The one table of keys: it drives what keys do, the hints at the bottom, the help overlay and docs/keys.md.

pub mod changes;
pub mod names;
mod table;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use table::TABLE;

/// Where keys are pressed: a screen, or what lies over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The catalog while there is nothing in it.
    Welcome,
    /// The list of trials.
    Catalog,
    /// The presets.
    Launch,
    /// What is running.
    Monitor,
    /// One trial.
    Trial,
    /// Several trials beside each other.
    Compare,
    /// An experiment beside the paper.
    Report,
    /// A launch that is asked for and can be changed.
    Form,
    /// A line in which something is typed.
    Filter,
    /// The list of experiments to choose from.
    Experiments,
    /// The list of keys.
    Help,
    /// A question that is answered with yes or no.
    Confirm,
    /// The question what becomes of the work when the dashboard ends.
    Quit,
}

impl Context {
    /// All contexts.
    pub const ALL: [Self; 13] = [
        Self::Welcome,
        Self::Catalog,
        Self::Launch,
        Self::Monitor,
        Self::Trial,
        Self::Compare,
        Self::Report,
        Self::Form,
        Self::Filter,
        Self::Experiments,
        Self::Help,
        Self::Confirm,
        Self::Quit,
    ];
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// To the column or tab on the left.
    Left,
    /// To the column or tab on the right.
    Right,
    /// Opens or chooses what is under the cursor.
    Open,
    /// One step back.
    Back,
    /// Ends the dashboard.
    Quit,
    /// Lists the keys.
    Help,
    /// To the catalog.
    GoCatalog,
    /// To the presets.
    GoLaunch,
    /// To what is running.
    GoMonitor,
    /// To the trial that was opened last.
    GoTrial,
    /// To the compared trials.
    GoCompare,
    /// To the report that was opened last.
    GoReport,
    /// To the next screen.
    NextScreen,
    /// To the screen before.
    PreviousScreen,
    /// Types a filter.
    Filter,
    /// Sorts by the column under the cursor.
    Sort,
    /// Chooses an experiment.
    Experiments,
    /// Opens the report of an experiment, or makes it anew.
    Report,
    /// Puts trials together that have something in common.
    Group,
    /// Marks the trial, or takes its mark away.
    Mark,
    /// Takes all marks away.
    Unmark,
    /// Holds the marked trials against each other.
    Compare,
    /// Changes tags.
    Tag,
    /// Writes a note.
    Note,
    /// Moves trials to the trash.
    Trash,
    /// Brings back what was deleted last.
    Undelete,
    /// Copies the id of the trial.
    CopyId,
    /// Copies what is shown.
    Copy,
    /// Pauses the trial, or goes on with it.
    Pause,
    /// Pauses everything, or goes on with it.
    PauseAll,
    /// Cancels the trial.
    Cancel,
    /// Cancels everything.
    CancelAll,
    /// One worker more.
    MoreWorkers,
    /// One worker less.
    FewerWorkers,
    /// Chooses the preset that has this letter.
    Preset(char),
    /// To the next trial of the list.
    NextTrial,
    /// To the trial before in the list.
    PreviousTrial,
    /// To the step of the walk before.
    StepBack,
    /// To the next step of the walk.
    StepForward,
    /// To the dense network.
    FirstStep,
    /// To the end of the walk.
    LastStep,
    /// To the next walk whose steps are kept.
    NextWalk,
    /// Puts the dashboard into the background.
    Suspend,
    /// Draws everything again.
    Redraw,
    /// Asks for the path of an experiment file.
    OwnFile,
    /// Answers yes; takes the typed filter.
    Accept,
    /// Deletes the character before the cursor.
    Backspace,
    /// Deletes the character under the cursor.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes all that is typed.
    Clear,
    /// Ends the dashboard and leaves the work running.
    LeaveRunning,
    /// Pauses the work and ends the dashboard.
    PauseAndQuit,
    /// Cancels the work and ends the dashboard.
    CancelAndQuit,
}

/// A line of the table.
#[derive(Debug)]
pub struct Binding {
    /// The keys, by name; any of them.
    pub keys: &'static [&'static str],
    /// What they do.
    pub action: Action,
    /// Where.
    pub contexts: &'static [Context],
    /// What they do, in words; empty where another line says it.
    pub help: &'static str,
    /// A word or two for the hints at the bottom; empty if it is not hinted at.
    pub hint: &'static str,
}

/// The heading under which lines of the table are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// Its lines.
    pub bindings: &'static [Binding],
}

impl PartialEq for Binding {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Binding {}

/// All lines of the table that is in force.
pub fn bindings() -> impl Iterator<Item = &'static Binding> {
    changes::sections().iter().flat_map(|section| section.bindings)
}

/// What `key` does in `context`.
#[must_use]
pub fn action(context: Context, key: KeyEvent) -> Option<Action> {
    let name = names::name(key)?;
    let fits = |binding: &&Binding| binding.contexts.contains(&context) && binding.keys.contains(&&*name);
    match bindings().find(fits) {
        Some(binding) => Some(binding.action),
        None => match typed(key) {
            Some(letter) if takes_letters(context) && letters().any(|known| known == letter) => {
                Some(Action::Preset(letter))
            }
            _ => None,
        },
    }
}

/// The character that `key` types, if it types one.
#[must_use]
pub fn typed(key: KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(character)
            if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) && !character.is_control() =>
        {
            Some(character)
        }
        _ => None,
    }
}

/// Do letters choose presets here?
fn takes_letters(context: Context) -> bool {
    matches!(context, Context::Launch | Context::Welcome)
}

/// The letters for presets, in their order: those that do nothing else where presets are listed.
pub fn letters() -> impl Iterator<Item = char> {
    let taken = |letter: char| {
        let mut buffer = [0; 4];
        let name: &str = letter.encode_utf8(&mut buffer);
        bindings().any(|binding| binding.contexts.iter().any(|&at| takes_letters(at)) && binding.keys.contains(&name))
    };
    ('a'..='z').filter(move |&letter| !taken(letter))
}

/// The letter of the preset at `index`.
#[must_use]
pub fn letter(index: usize) -> Option<char> {
    letters().nth(index)
}

/// The table of keys in Markdown, for docs/keys.md.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::new();
    for section in TABLE {
        text.push_str(&format!("| {} | |\n|---|---|\n", section.title));
        for binding in section.bindings.iter().filter(|binding| !binding.help.is_empty()) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
            text.push_str(&format!("| {} | {} |\n", keys.join(" "), binding.help));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_at_one_place() {
        for context in Context::ALL {
            let mut seen = Vec::new();
            for key in bindings().filter(|line| line.contexts.contains(&context)).flat_map(|line| line.keys) {
                assert!(!seen.contains(&key), "{key} in {context:?}");
                seen.push(key);
            }
        }
    }

    #[test]
    fn every_key_of_the_table_can_be_pressed() {
        for binding in bindings().filter(|binding| !matches!(binding.action, Action::Preset(_))) {
            for (key, context) in binding.keys.iter().flat_map(|key| binding.contexts.iter().map(move |at| (key, at))) {
                let event = names::parse(key).unwrap_or_else(|| panic!("{key} is no key"));
                assert_eq!(action(*context, event), Some(binding.action), "{key} in {context:?}");
            }
        }
    }

    #[test]
    fn presets_have_letters_that_do_nothing_else() {
        let letters: String = letters().collect();
        assert!(letters.starts_with("ab") && letters.len() > 15, "{letters}");
        for letter in letters.chars() {
            let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
            assert_eq!(action(Context::Launch, key), Some(Action::Preset(letter)));
        }
    }

    #[test]
    fn every_context_has_a_way_back() {
        let esc = names::parse("esc").unwrap();
        for context in Context::ALL {
            assert_eq!(action(context, esc), Some(Action::Back), "{context:?}");
            assert!(action(context, names::parse("ctrl-c").unwrap()).is_some(), "{context:?}");
        }
    }
}
