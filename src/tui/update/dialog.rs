//! Keys of overlays: prompts, forms, the list of experiments, help and questions.

use ratatui::layout::Rect;

use crate::tui::command::{Command, Target};
use crate::tui::filter;
use crate::tui::input::TextInput;
use crate::tui::keys::Action;
use crate::tui::snapshot::Snapshot;
use crate::tui::state::{List, Overlay, Prompt, Purpose, Question, UiState};
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    // The overlay is put back if it stays open.
    let Some(overlay) = ui.overlay.take() else { return Vec::new() };
    if action == Action::Back {
        return Vec::new();
    }
    match overlay {
        Overlay::Form(form) => {
            let (form, commands) = super::launch::fill(ui, snapshot, form, action);
            ui.overlay = form.map(Overlay::Form);
            commands
        }
        Overlay::Prompt(prompt) => {
            let (prompt, commands) = edit(ui, prompt, action);
            if let Some(prompt) = prompt {
                ui.overlay = Some(Overlay::Prompt(prompt));
            }
            commands
        }
        Overlay::Experiments(list) => {
            ui.overlay = choose_experiment(ui, snapshot, list, action).map(Overlay::Experiments);
            Vec::new()
        }
        Overlay::Help(top) => {
            let height = u64::from(view::body(ui.size).height);
            let lines = super::lines(action, height).unwrap_or(0);
            ui.overlay = Some(Overlay::Help(top.saturating_add_signed(lines)));
            Vec::new()
        }
        Overlay::Confirm(question) => confirm(ui, question, action),
        Overlay::Quit => quit(ui, snapshot, action),
    }
}

/// Types text into the prompt or form that is open.
pub(super) fn type_text(ui: &mut UiState, text: &str) {
    match &mut ui.overlay {
        Some(Overlay::Prompt(input)) => {
            input.text.insert(text);
            input.problem = None;
        }
        Some(Overlay::Form(form)) => {
            form.text.insert(text);
            form.typed();
        }
        _ => {}
    }
}

/// The prompt after `action`, `None` once it is accepted; and the commands to execute.
fn edit(ui: &mut UiState, mut input: Prompt, action: Action) -> (Option<Prompt>, Vec<Command>) {
    input.problem = None;
    match action {
        Action::Accept => {
            let text = input.text.text().trim().to_owned();
            let taken = match input.purpose {
                Purpose::Filter => filter::check(&text).map(|()| {
                    ui.catalog.filter.clone_from(&text);
                    super::catalog::to_top(ui);
                    Vec::new()
                }),
                Purpose::File => {
                    super::launch::open_file(ui, &text);
                    return (None, Vec::new());
                }
                ref purpose => super::labels::typed(purpose, &text),
            };
            match taken {
                Ok(commands) => return (None, commands),
                Err(problem) => input.problem = Some(problem),
            }
        }
        _ => edit_text(&mut input.text, action),
    }
    (Some(input), Vec::new())
}

/// Applies an editing key to a text.
pub(super) fn edit_text(text: &mut TextInput, action: Action) {
    match action {
        Action::Left => text.move_by(-1),
        Action::Right => text.move_by(1),
        Action::First => text.move_by(isize::MIN),
        Action::Last => text.move_by(isize::MAX),
        Action::Backspace => text.backspace(),
        Action::Delete => text.delete(),
        Action::DeleteWord => text.delete_word(),
        Action::Clear => text.clear(),
        _ => {}
    }
}

fn choose_experiment(ui: &mut UiState, snapshot: &Snapshot, mut list: List, action: Action) -> Option<List> {
    // The first line stands for all trials.
    let total = snapshot.experiments.len() as u64 + 1;
    if let Some(lines) = super::lines(action, view::dialog::experiment_rows(view::body(ui.size))) {
        list.move_by(lines, total);
    } else if action == Action::Open {
        let chosen = list.cursor.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        ui.catalog.experiment =
            chosen.and_then(|index| snapshot.experiments.get(index)).map(|experiment| experiment.name.clone());
        super::catalog::to_top(ui);
        return None;
    }
    Some(list)
}

fn confirm(ui: &mut UiState, question: Question, action: Action) -> Vec<Command> {
    if action != Action::Accept {
        ui.overlay = Some(Overlay::Confirm(question));
        return Vec::new();
    }
    if let Some(screen) = question.then {
        super::go(ui, screen);
    }
    question.commands
}

fn quit(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    match action {
        Action::LeaveRunning => vec![Command::Quit],
        Action::PauseAndQuit => vec![Command::Pause(Target::All), Command::Quit],
        Action::CancelAndQuit => {
            // Asks again: what is typed after a q may be meant for the shell.
            let mut question = super::work::all_cancelled(snapshot);
            question.yes += ", and quit";
            question.commands.push(Command::Quit);
            ui.overlay = Some(Overlay::Confirm(question));
            Vec::new()
        }
        _ => {
            ui.overlay = Some(Overlay::Quit);
            Vec::new()
        }
    }
}

/// Keeps lists visible.
pub(super) fn settle(ui: &mut UiState, snapshot: &Snapshot, body: Rect) {
    match &mut ui.overlay {
        Some(Overlay::Experiments(list)) => {
            list.settle(snapshot.experiments.len() as u64 + 1, view::dialog::experiment_rows(body));
        }
        Some(Overlay::Help(top)) => {
            *top = (*top).min(view::help::length().saturating_sub(view::help::rows(body)));
        }
        _ => {}
    }
}
