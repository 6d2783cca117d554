//! Marking, tagging, noting, copying and deleting trials of the list, or the opened trial.

use crate::catalog::{TagChange, TrialId};
use crate::report::compare::MOST;
use crate::report::numbers::counted;
use crate::tui::command::Command;
use crate::tui::input::TextInput;
use crate::tui::keys::Action;
use crate::tui::snapshot::Snapshot;
use crate::tui::state::{Message, Overlay, Prompt, Purpose, Question, Screen, UiState};
use crate::tui::target_trial::TargetTrial;
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    match action {
        Action::Undelete => return vec![Command::Undelete],
        Action::Copy => {
            let lines = view::text(ui, snapshot);
            ui.message = Some(Message::note(format!("copied {}", counted(lines.len(), "line"))));
            return vec![Command::Copy(lines.join("\n") + "\n")];
        }
        Action::Unmark => {
            ui.message = Some(Message::note(format!("{} unmarked", counted(ui.catalog.marked.len(), "trial"))));
            ui.catalog.marked.clear();
            return Vec::new();
        }
        Action::Compare => {
            compare(ui);
            return Vec::new();
        }
        _ => {}
    }
    let Some(target) = TargetTrial::new(ui, snapshot) else {
        ui.message = Some(Message::note("no trial selected"));
        return Vec::new();
    };
    if action == Action::Mark {
        mark(ui, snapshot, target.id);
        return Vec::new();
    }
    if action == Action::CopyId {
        ui.message = Some(Message::note(format!("copied {}", target.id)));
        return vec![Command::Copy(target.id.to_string())];
    }
    let several = ui.screen == Screen::Catalog && !ui.catalog.marked.is_empty();
    let (trials, name) = if several {
        (ui.catalog.marked.clone(), counted(ui.catalog.marked.len(), "marked trial"))
    } else {
        (vec![target.id.clone()], target.name)
    };
    match action {
        Action::Tag => prompt(ui, Purpose::Tag(trials), ""),
        Action::Note => {
            let note = snapshot.page.rows.iter().find(|row| trials == [row.id.clone()]).map(|row| row.note.clone());
            prompt(ui, Purpose::Note(trials), &note.unwrap_or_default());
        }
        _ => {
            let moves = if trials.len() == 1 { "It goes" } else { "They go" };
            ui.overlay = Some(Overlay::Confirm(Question {
                title: format!("Delete {name}?"),
                lines: vec![format!("{moves} to the trash; press u to restore what was deleted last.")],
                yes: "delete".to_owned(),
                commands: vec![Command::Delete(trials)],
                then: Some(Screen::Catalog),
            }));
        }
    }
    Vec::new()
}

fn prompt(ui: &mut UiState, purpose: Purpose, text: &str) {
    ui.overlay = Some(Overlay::Prompt(Prompt { purpose, text: TextInput::new(text), problem: None }));
}

/// Marks or unmarks the trial; in the catalog, moves to the next one.
fn mark(ui: &mut UiState, snapshot: &Snapshot, id: TrialId) {
    let marked = &mut ui.catalog.marked;
    match marked.iter().position(|other| *other == id) {
        Some(place) => drop(marked.remove(place)),
        None => marked.push(id),
    }
    if ui.screen == Screen::Catalog {
        super::catalog::move_by(ui, snapshot, 1);
    } else {
        ui.message =
            Some(Message::note(format!("{} marked; press c to compare", counted(ui.catalog.marked.len(), "trial"))));
    }
}

fn compare(ui: &mut UiState) {
    let text = match ui.catalog.marked.len() {
        0 | 1 => "mark at least two trials with m, then press c to compare them".to_owned(),
        count if count > MOST => {
            format!("{count} trials are marked, but at most {MOST} can be compared; press M to unmark all")
        }
        _ => {
            ui.compare.scroll = 0;
            super::go(ui, Screen::Compare);
            return;
        }
    };
    ui.message = Some(Message::note(text));
}

/// The commands for a typed text.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn typed(purpose: &Purpose, text: &str) -> Result<Vec<Command>, String> {
    match purpose {
        Purpose::Tag(trials) => {
            let change: TagChange = text.parse().map_err(|error: crate::catalog::Error| error.to_string())?;
            let nothing = change == TagChange::default();
            Ok(if nothing { Vec::new() } else { vec![Command::Tag { trials: trials.clone(), change }] })
        }
        Purpose::Note(trials) => Ok(vec![Command::Note { trials: trials.clone(), text: text.to_owned() }]),
        // These are handled elsewhere.
        Purpose::Filter | Purpose::File => Ok(Vec::new()),
    }
}
