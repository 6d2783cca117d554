//! Keys in the list of presets, and on the welcome screen, which lists them too.

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
        Action::Open => ask(ui, snapshot, ui.launch.cursor),
        Action::Preset(letter) => {
            let index = keys::letters().position(|known| known == letter).unwrap_or(usize::MAX);
            if index < presets.len() {
                ui.launch.cursor = index as u64;
                ask(ui, snapshot, index as u64);
            } else {
                ui.message = Some(Message::note(format!("no preset has the letter {letter}; ? lists the keys")));
            }
        }
        Action::OwnFile => {
            let text = TextInput::default();
            ui.overlay = Some(Overlay::Prompt(Prompt { purpose: Purpose::File, text, problem: None }));
        }
        Action::Back if ui.screen == Screen::Catalog => {
            ui.message = Some(Message::note("this is the first screen; q quits"));
        }
        Action::Back => super::go(ui, Screen::Catalog),
        _ => {}
    }
    Vec::new()
}

/// Asks before the preset at `index` is launched.
fn ask(ui: &mut UiState, snapshot: &Snapshot, index: u64) {
    let Some(preset) = usize::try_from(index).ok().and_then(|index| snapshot.presets.get(index)) else {
        ui.message = Some(Message::note("there is no preset to launch"));
        return;
    };
    ui.overlay = Some(Overlay::Form(Form::new(&preset.name, &preset.description)));
}

/// Asks before the experiment file at `path` is launched.
pub(super) fn open_file(ui: &mut UiState, path: &str) {
    if !path.is_empty() {
        // A name without its ending is one's own file all the same.
        let path = if path.ends_with(".toml") { path.to_owned() } else { format!("{path}.toml") };
        ui.overlay = Some(Overlay::Form(Form::new(&path, "")));
    }
}

/// The form after `action`, none once it is taken; and what is done then.
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

/// Launches what is asked for, unless it makes no sense. A preset as it is needs no counting first.
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
        ui.message = Some(Message::note("the trials are still being counted; try again in a moment"));
        return (Some(form), Vec::new());
    }
    if over {
        let text = format!("every trial of {} has its result already; 1 shows the catalog", form.request.name);
        ui.message = Some(Message::note(text));
        return (None, Vec::new());
    }
    super::go(ui, Screen::Monitor);
    // It goes once the run shows.
    ui.message = Some(Message::note(format!("starting {} ..", form.request.name)));
    (None, vec![Command::Launch(form.request)])
}
