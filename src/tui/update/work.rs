//! Pausing, resuming and cancelling trials, from any screen.

use crate::catalog::State;
use crate::report::numbers::counted;
use crate::tui::command::{Command, Target};
use crate::tui::keys::Action;
use crate::tui::snapshot::Snapshot;
use crate::tui::state::{Message, Overlay, Question, UiState};
use crate::tui::target_trial::TargetTrial;

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    match action {
        Action::PauseAll => return pause_all(ui, snapshot),
        Action::CancelAll => {
            cancel_all(ui, snapshot);
            return Vec::new();
        }
        _ => {}
    }
    let Some(target) = TargetTrial::new(ui, snapshot) else {
        ui.message = Some(Message::note("no trial selected"));
        return Vec::new();
    };
    if action == Action::Pause {
        return pause(ui, target);
    }
    cancel(ui, target);
    Vec::new()
}

fn pause(ui: &mut UiState, TargetTrial { id, state, name }: TargetTrial) -> Vec<Command> {
    let target = Target::Trial(id);
    let (text, commands) = match state {
        State::Running | State::Queued => (format!("pausing {name}"), vec![Command::Pause(target)]),
        State::Paused | State::Stale | State::Cancelled | State::Failed => {
            (format!("resuming {name}"), vec![Command::Resume(target)])
        }
        State::Finished | State::Untrained => (format!("{name} is done; nothing to pause"), Vec::new()),
    };
    ui.message = Some(Message::note(text));
    commands
}

/// The number of running and queued trials.
fn at_work(snapshot: &Snapshot) -> u64 {
    snapshot.totals.of(State::Running) + snapshot.totals.of(State::Queued)
}

fn pause_all(ui: &mut UiState, snapshot: &Snapshot) -> Vec<Command> {
    let interrupted = State::ALL.into_iter().filter(|state| state.is_interrupted());
    let interrupted: u64 = interrupted.map(|state| snapshot.totals.of(state)).sum();
    let at_work = at_work(snapshot);
    let (text, commands) = if at_work > 0 {
        (format!("pausing {}", counted(at_work, "trial")), vec![Command::Pause(Target::All)])
    } else if interrupted > 0 {
        (format!("resuming {}", counted(interrupted, "trial")), vec![Command::Resume(Target::All)])
    } else {
        ("nothing is running or paused; press n to launch an experiment".to_owned(), Vec::new())
    };
    ui.message = Some(Message::note(text));
    commands
}

fn cancel(ui: &mut UiState, TargetTrial { id, state, name }: TargetTrial) {
    if state.is_done() {
        ui.message = Some(Message::note(format!("{name} is done; nothing to cancel")));
        return;
    }
    if state == State::Cancelled {
        ui.message = Some(Message::note(format!("{name} is already cancelled; press p to resume it")));
        return;
    }
    ui.overlay = Some(Overlay::Confirm(Question {
        title: format!("Cancel {name}?"),
        lines: vec!["Its progress is kept; press p on it to resume later.".to_owned()],
        yes: "cancel it".to_owned(),
        commands: vec![Command::Cancel(Target::Trial(id))],
        then: None,
    }));
}

fn cancel_all(ui: &mut UiState, snapshot: &Snapshot) {
    if at_work(snapshot) == 0 && snapshot.runs.is_empty() {
        ui.message = Some(Message::note("nothing is running; nothing to cancel"));
        return;
    }
    ui.overlay = Some(Overlay::Confirm(all_cancelled(snapshot)));
}

/// The question before all running and queued trials are cancelled.
pub(super) fn all_cancelled(snapshot: &Snapshot) -> Question {
    Question {
        title: match at_work(snapshot) {
            0 => "Cancel the search for hyperparameters?".to_owned(),
            trials => format!("Cancel {}?", counted(trials, "running or queued trial")),
        },
        lines: vec!["Their progress is kept; press p on a trial to resume it later.".to_owned()],
        yes: "cancel all".to_owned(),
        commands: vec![Command::Cancel(Target::All)],
        then: None,
    }
}
