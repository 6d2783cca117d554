//! Keys, from one table: it drives what keys do, the hints in the bottom line, the help overlay and docs/keys.md.

pub mod changes;
pub mod names;
mod table;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use table::TABLE;

/// Where a key is pressed: a screen, or an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The catalog while it is empty.
    Welcome,
    /// The list of trials.
    Catalog,
    /// The list of presets.
    Launch,
    /// The running trials.
    Monitor,
    /// One trial.
    Trial,
    /// Marked trials side by side.
    Compare,
    /// The report of an experiment.
    Report,
    /// The form of a launch.
    Form,
    /// A prompt: a line of text being typed.
    Filter,
    /// The list of experiments.
    Experiments,
    /// The list of keys.
    Help,
    /// A yes-or-no question.
    Confirm,
    /// The question about running trials on quitting.
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
    /// Up by one line.
    Up,
    /// Down by one line.
    Down,
    /// Up by one page.
    PageUp,
    /// Down by one page.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// To the column or tab on the left.
    Left,
    /// To the column or tab on the right.
    Right,
    /// Open or choose what is under the cursor.
    Open,
    /// Go back.
    Back,
    /// Quit the dashboard.
    Quit,
    /// Show all keys.
    Help,
    /// To the catalog.
    GoCatalog,
    /// To the presets.
    GoLaunch,
    /// To the monitor.
    GoMonitor,
    /// To the last opened trial.
    GoTrial,
    /// To the compared trials.
    GoCompare,
    /// To the last opened report.
    GoReport,
    /// To the next screen.
    NextScreen,
    /// To the previous screen.
    PreviousScreen,
    /// Type a filter.
    Filter,
    /// Sort by the column under the cursor.
    Sort,
    /// Choose an experiment.
    Experiments,
    /// Open the report of an experiment, or refresh it.
    Report,
    /// Group trials.
    Group,
    /// Mark or unmark the trial.
    Mark,
    /// Unmark all trials.
    Unmark,
    /// Compare the marked trials.
    Compare,
    /// Change tags.
    Tag,
    /// Write a note.
    Note,
    /// Move trials to the trash.
    Trash,
    /// Restore what was deleted last.
    Undelete,
    /// Copy the trial's id.
    CopyId,
    /// Copy the text shown.
    Copy,
    /// Pause or resume the trial.
    Pause,
    /// Pause or resume all trials.
    PauseAll,
    /// Cancel the trial.
    Cancel,
    /// Cancel all trials.
    CancelAll,
    /// Add a worker.
    MoreWorkers,
    /// Remove a worker.
    FewerWorkers,
    /// Launch the preset with this letter.
    Preset(char),
    /// To the next trial in the list.
    NextTrial,
    /// To the previous trial in the list.
    PreviousTrial,
    /// To the previous pruning step of the walk.
    StepBack,
    /// To the next pruning step of the walk.
    StepForward,
    /// To the dense network.
    FirstStep,
    /// To the end of the walk.
    LastStep,
    /// To the next walk with a trajectory.
    NextWalk,
    /// Suspend the dashboard.
    Suspend,
    /// Redraw the screen.
    Redraw,
    /// Launch an experiment file.
    OwnFile,
    /// Answer yes; accept what is typed.
    Accept,
    /// Delete the character before the cursor.
    Backspace,
    /// Delete the character under the cursor.
    Delete,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete all that is typed.
    Clear,
    /// Quit and leave trials running.
    LeaveRunning,
    /// Pause all trials and quit.
    PauseAndQuit,
    /// Cancel all trials and quit.
    CancelAndQuit,
}

/// A line of the table.
#[derive(Debug)]
pub struct Binding {
    /// The names of the keys, all with the same meaning.
    pub keys: &'static [&'static str],
    /// What the keys do.
    pub action: Action,
    /// Where the keys work.
    pub contexts: &'static [Context],
    /// What the keys do, in words; empty if another line says it.
    pub help: &'static str,
    /// A word or two for the hints in the bottom line; empty for no hint.
    pub hint: &'static str,
}

/// A part of the table under a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The lines under it.
    pub bindings: &'static [Binding],
}

impl PartialEq for Binding {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Binding {}

/// All lines of the table in use.
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

/// The character that `key` types, if any.
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

/// Do letters launch presets here?
fn takes_letters(context: Context) -> bool {
    matches!(context, Context::Launch | Context::Welcome)
}

/// The letters for presets, in order: those without another meaning where presets are listed.
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
    fn no_key_has_two_meanings_in_a_context() {
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
                let event = names::parse(key).unwrap_or_else(|| panic!("{key} is not a key"));
                assert_eq!(action(*context, event), Some(binding.action), "{key} in {context:?}");
            }
        }
    }

    #[test]
    fn letters_of_presets_have_no_other_meaning() {
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
