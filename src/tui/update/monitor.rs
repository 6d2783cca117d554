//! Keys of the monitor.

use crate::catalog::TrialId;
use crate::report::numbers::counted;
use crate::tui::command::Command;
use crate::tui::keys::Action;
use crate::tui::snapshot::{Live, Run, Snapshot};
use crate::tui::state::{Message, Screen, UiState};
use crate::tui::view;

pub(super) fn perform(ui: &mut UiState, snapshot: &Snapshot, action: Action) -> Vec<Command> {
    let height = view::monitor::blocks(view::body(ui.size), snapshot.live.len());
    if let Some(lines) = super::lines(action, height) {
        ui.monitor.list.move_by(lines, snapshot.live.len() as u64);
        select(ui, snapshot);
        return Vec::new();
    }
    match action {
        Action::Open => match under_cursor(ui, snapshot).map(|live| &live.row.id).or_else(|| ended(snapshot)) {
            Some(id) => super::trial::open(ui, id.clone(), Screen::Monitor),
            None => ui.message = Some(Message::note("nothing is running; press n to launch an experiment")),
        },
        Action::MoreWorkers => return workers(ui, snapshot, 1),
        Action::FewerWorkers => return workers(ui, snapshot, -1),
        Action::Back => super::go(ui, Screen::Catalog),
        _ => {}
    }
    Vec::new()
}

/// The trial that ended last.
fn ended(snapshot: &Snapshot) -> Option<&TrialId> {
    snapshot.events.iter().rev().find(|event| event.state.is_done()).map(|event| &event.id)
}

fn under_cursor<'a>(ui: &UiState, snapshot: &'a Snapshot) -> Option<&'a Live> {
    snapshot.live.get(usize::try_from(ui.monitor.list.cursor).ok()?)
}

fn select(ui: &mut UiState, snapshot: &Snapshot) {
    ui.monitor.selected = under_cursor(ui, snapshot).map(|live| live.row.id.clone());
}

/// Requests more or fewer workers from the oldest run on this machine.
fn workers(ui: &mut UiState, snapshot: &Snapshot, step: isize) -> Vec<Command> {
    let own: Vec<&Run> = snapshot.runs.iter().filter(|run| run.host.is_none()).collect();
    let Some(run) = own.first() else {
        ui.message = Some(Message::note("nothing is running on this machine; press n to launch an experiment"));
        return Vec::new();
    };
    let workers = run.workers.saturating_add_signed(step).max(1);
    if workers == run.workers {
        ui.message = Some(Message::note("a run needs at least one worker; press P to pause all trials"));
        return Vec::new();
    }
    ui.message = Some(Message::note(format!("{}: {} requested", run.name, counted(workers, "worker"))));
    vec![Command::Workers { run: run.id.clone(), workers }]
}

/// Keeps the cursor on its trial.
pub(super) fn settle(ui: &mut UiState, snapshot: &Snapshot, height: u64) {
    let of = |id: &TrialId| snapshot.live.iter().position(|live| live.row.id == *id);
    if let Some(index) = ui.monitor.selected.as_ref().and_then(of) {
        ui.monitor.list.cursor = index as u64;
    }
    ui.monitor.list.settle(snapshot.live.len() as u64, height);
    select(ui, snapshot);
}
