//! Keys in the list of presets, and on the welcome screen, which lists them too.

use crate::tui::command::Command;
use crate::tui::format::{counted, estimate};
use crate::tui::keys::{self, Action};
use crate::tui::snapshot::{Preset, Snapshot};
use crate::tui::state::{Message, Overlay, Question, Screen, UiState};
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
    if preset.trials > 0 && preset.done == preset.trials {
        let text = format!("every trial of {} has its result already; 1 shows the catalog", preset.name);
        ui.message = Some(Message::note(text));
        return;
    }
    ui.overlay = Some(Overlay::Confirm(Question {
        title: format!("Launch {}?", preset.name),
        lines: vec![preset.description.clone(), String::new(), size(preset)],
        yes: "launch it".to_owned(),
        commands: vec![Command::Launch { preset: preset.name.clone() }],
        then: Some(Screen::Monitor),
    }));
}

/// How much there is to do.
fn size(preset: &Preset) -> String {
    let trials = match preset.done {
        0 => counted(preset.trials, "trial"),
        done => format!("{}, {done} done already", counted(preset.trials, "trial")),
    };
    let time = preset.seconds.map_or_else(String::new, |seconds| format!("; about {}", estimate(seconds)));
    format!("{trials}{time}.")
}
