//! Events: how the states of trials change.

use std::collections::HashMap;

use crate::catalog::{Catalog, LiveRuns, State, TrialId, TrialRow, Utc};
use crate::report::numbers::counted;
use crate::report::times::clock;
use crate::tui::snapshot::Event;

/// A trial that was not done at the last look.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub state: State,
    name: String,
}

impl Watched {
    fn new(row: &TrialRow) -> Self {
        Self { state: row.status, name: format!("{}, seed {}", row.task, row.seed) }
    }
}

/// Something that happened to a trial.
struct Happening {
    id: TrialId,
    state: State,
    name: String,
    text: String,
}

/// From this many on, trials whose state changed in the same way at once share one event.
const TOGETHER: usize = 4;

/// What has changed since the last look: `at_work` are the trials that are not done now, `watched` those of the last
/// look.
pub(super) fn since(
    catalog: &Catalog,
    live: &LiveRuns,
    at_work: &[TrialRow],
    watched: &mut HashMap<TrialId, Watched>,
) -> Vec<Event> {
    let mut happened = Vec::new();
    for row in at_work {
        let Watched { state, name } = Watched::new(row);
        let text = match state {
            State::Running => "training",
            State::Paused => "paused",
            _ => continue,
        };
        if watched.get(&row.id).is_none_or(|before| before.state != state) {
            happened.push(Happening { id: row.id.clone(), state, name, text: text.to_owned() });
        }
    }
    let now: HashMap<TrialId, Watched> = at_work.iter().map(|row| (row.id.clone(), Watched::new(row))).collect();
    let mut gone: Vec<(&TrialId, &Watched)> = watched.iter().filter(|(id, _)| !now.contains_key(*id)).collect();
    gone.sort_by(|a, b| (&a.1.name, a.0).cmp(&(&b.1.name, b.0)));
    happened.extend(gone.into_iter().filter_map(|(id, before)| left(catalog, live, id, &before.name)));
    *watched = now;
    gathered(&happened)
}

/// What happened to a trial that is no longer at work.
fn left(catalog: &Catalog, live: &LiveRuns, id: &TrialId, name: &str) -> Option<Happening> {
    let folder = catalog.trial(id);
    let happened = |state, text| Some(Happening { id: id.clone(), state, name: name.to_owned(), text });
    let (Ok(row), Ok(state)) = (TrialRow::read(&folder), folder.state(live)) else {
        return happened(State::Cancelled, "deleted".to_owned());
    };
    // It may still be at work, beyond the trials that are followed.
    let ended = !matches!(state, State::Running | State::Queued | State::Paused);
    if ended { happened(state, ending(catalog, &TrialRow { status: state, ..row })) } else { None }
}

/// An event for each happening, or one for many of the same kind.
fn gathered(happened: &[Happening]) -> Vec<Event> {
    let time = clock(Utc::now());
    let alike = |state: State| happened.iter().filter(|other| other.state == state).count();
    let mut events: Vec<Event> = Vec::new();
    for Happening { id, state, name, text } in happened {
        let text = match alike(*state) {
            TOGETHER.. if events.iter().any(|event| event.state == *state) => continue,
            many @ TOGETHER.. => together(many as u64, *state),
            _ => format!("{name}: {text}"),
        };
        events.push(Event { time: time.clone(), id: id.clone(), state: *state, text });
    }
    events
}

/// The text of an event that many trials share.
fn together(many: u64, state: State) -> String {
    let trials = counted(many, "trial");
    match state {
        State::Stale => format!("{trials} interrupted: the process is gone; press P to resume"),
        State::Cancelled => format!("{trials} cancelled or deleted"),
        state => format!("{trials} {state}"),
    }
}

/// How a trial ended, in a few words.
fn ending(catalog: &Catalog, row: &TrialRow) -> String {
    match row.status {
        State::Finished => {
            let modules = row
                .module_count
                .filter(|&count| count > 0)
                .map_or_else(String::new, |modules| format!(", {}", counted(modules, "module")));
            let judgment = match row.true_modules {
                Some(true) => " (right)",
                Some(false) => " (wrong)",
                None => "",
            };
            let edges = row.edges.map_or_else(|| "finished".to_owned(), |edges| counted(edges, "edge"));
            format!("{edges}{modules}{judgment}")
        }
        State::Untrained => "the dense network missed the required accuracy".to_owned(),
        State::Failed => {
            let failure = catalog.trial(&row.id).failure().ok().flatten();
            failure.map_or_else(
                || "failed; press p to resume".to_owned(),
                |failure| format!("failed, press p to resume: {}", failure.message),
            )
        }
        State::Stale => "interrupted: its process is gone; press p to resume".to_owned(),
        state => state.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_of_the_same_kind_share_an_event() {
        let happened = |number: u64, state| Happening {
            id: format!("{number:020x}").parse().unwrap(),
            state,
            name: format!("4-2-4, seed {number}"),
            text: "gone".to_owned(),
        };
        let mut all: Vec<Happening> = (0..9).map(|number| happened(number, State::Stale)).collect();
        all.push(happened(9, State::Finished));
        let texts: Vec<String> = gathered(&all).into_iter().map(|event| event.text).collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].starts_with("9 trials interrupted"));
        assert_eq!(texts[1], "4-2-4, seed 9: gone");
    }
}
