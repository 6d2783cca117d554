//! Keys of the list of presets, which the welcome screen has too.

use crate::experiment::launch_request::LaunchRequest;
use crate::tui::command::Command;
use crate::tui::input::TextInput;
use crate::tui::keys::{self, Action};
use crate::tui::snapshot::Snapshot;
use crate::tui::state::{Form, Message, Overlay, Prompt, Purpose, Screen, UiState};
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    let presets = &snapshot.presets;
    if let Some(lines) = super::lines(action, view::launch::rows(view::body(ui.size))) {
        ui.launch.move_by(lines, presets.len() as u64);
        return Vec::new();
    }
    match action {
        Action::Open => open_preset(ui, snapshot, ui.launch.cursor),
        Action::Preset(letter) => {
            let index = keys::letters().position(|known| known == letter).unwrap_or(usize::MAX);
            if index < presets.len() {
                ui.launch.cursor = index as u64;
                open_preset(ui, snapshot, index as u64);
            } else {
                ui.message = Some(Message::note(format!("no preset has the letter {letter}; press ? for all keys")));
            }
        }
        Action::OwnFile => {
            let text = TextInput::default();
            ui.overlay = Some(Overlay::Prompt(Prompt { purpose: Purpose::File, text, problem: None }));
        }
        Action::Back if ui.screen == Screen::Catalog => {
            ui.message = Some(Message::note("already at the first screen; press q to quit"));
        }
        Action::Back => super::go(ui, Screen::Catalog),
        _ => {}
    }
    Vec::new()
}

/// Opens the form of the preset at `index`.
fn open_preset(ui: &mut UiState, snapshot: &Snapshot, index: u64) {
    let Some(preset) = usize::try_from(index).ok().and_then(|index| snapshot.presets.get(index)) else {
        ui.message = Some(Message::note("no preset to launch"));
        return;
    };
    ui.overlay = Some(Overlay::Form(Form::new(&preset.name, &preset.description)));
}

/// Opens the form of the experiment file at `path`.
pub(super) fn open_file(ui: &mut UiState, path: &str) {
    if !path.is_empty() {
        // The extension may be left out.
        let path = if path.ends_with(".toml") { path.to_owned() } else { format!("{path}.toml") };
        ui.overlay = Some(Overlay::Form(Form::new(&path, "")));
    }
}

/// The form after `action`, `None` once it is launched; and the commands to execute.
pub(super) fn fill(
    ui: &mut UiState,
    snapshot: &Snapshot,
    mut form: Form,
    action: Action,
) -> (Option<Form>, Vec<Command>) {
    match action {
        Action::Accept => return launch(ui, snapshot, form),
        Action::Up => form.go(-1),
        Action::Down => form.go(1),
        _ => {
            super::dialog::edit_text(&mut form.text, action);
            form.typed();
        }
    }
    (Some(form), Vec::new())
}

/// Launches the form's experiment, unless it is wrong or already done. An unchanged preset needs no counting first.
fn launch(ui: &mut UiState, snapshot: &Snapshot, form: Form) -> (Option<Form>, Vec<Command>) {
    let forecast = view::form::forecast(snapshot, &form);
    let known = snapshot.presets.iter().find(|preset| preset.name == form.request.name);
    let unchanged = form.request == LaunchRequest::new(&form.request.name);
    let over = match (forecast, known) {
        (Some(forecast), _) => forecast.problem.is_none() && forecast.trials == forecast.done,
        (None, Some(preset)) => unchanged && preset.trials > 0 && preset.done == preset.trials,
        (None, None) => false,
    };
    if let Some(problem) = forecast.and_then(|forecast| forecast.problem.clone()) {
        ui.message = Some(Message::problem(problem));
        return (Some(form), Vec::new());
    }
    if forecast.is_none() && !(unchanged && known.is_some()) {
        ui.message = Some(Message::note("still counting the trials; try again in a moment"));
        return (Some(form), Vec::new());
    }
    if over {
        let text = format!("all trials of {} are done; press 1 for the catalog", form.request.name);
        ui.message = Some(Message::note(text));
        return (None, Vec::new());
    }
    super::go(ui, Screen::Monitor);
    // The message disappears once the run is visible.
    ui.message = Some(Message::note(format!("starting {} ..", form.request.name)));
    (None, vec![Command::Launch(form.request)])
}
