//! What became of what was running.

use std::collections::HashMap;

use super::list;
use crate::catalog::{Catalog, LiveRuns, State, TrialId, TrialRow};
use crate::report::numbers::counted;
use crate::tui::snapshot::{Event, Row};

/// A trial that was not done when last seen.
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
struct Happened {
    id: TrialId,
    state: State,
    name: String,
    what: String,
}

/// From this many on, trials to which the same happened at once are told of together.
const TOGETHER: usize = 4;

/// What changed since the last look: `at_work` are the trials that are not done now, `watched` those of then.
pub(super) fn since(
    catalog: &Catalog,
    live: &LiveRuns,
    at_work: &[TrialRow],
    watched: &mut HashMap<TrialId, Watched>,
) -> Vec<Event> {
    let mut happened = Vec::new();
    for row in at_work {
        let Watched { state, name } = Watched::new(row);
        let what = match state {
            State::Running => "training",
            State::Paused => "paused",
            _ => continue,
        };
        if watched.get(&row.id).is_none_or(|before| before.state != state) {
            happened.push(Happened { id: row.id.clone(), state, name, what: what.to_owned() });
        }
    }
    let now: HashMap<TrialId, Watched> = at_work.iter().map(|row| (row.id.clone(), Watched::new(row))).collect();
    let mut gone: Vec<(&TrialId, &Watched)> = watched.iter().filter(|(id, _)| !now.contains_key(*id)).collect();
    gone.sort_by(|a, b| (&a.1.name, a.0).cmp(&(&b.1.name, b.0)));
    happened.extend(gone.into_iter().filter_map(|(id, before)| left(catalog, live, id, &before.name)));
    *watched = now;
    told(&happened)
}

/// What became of a trial that is not at work any more.
fn left(catalog: &Catalog, live: &LiveRuns, id: &TrialId, name: &str) -> Option<Happened> {
    let folder = catalog.trial(id);
    let told = |state, what| Some(Happened { id: id.clone(), state, name: name.to_owned(), what });
    let (Ok(row), Ok(state)) = (TrialRow::read(&folder), folder.state(live)) else {
        return told(State::Cancelled, "deleted".to_owned());
    };
    // It may be at work after all, beyond the trials that are followed.
    let ended = !matches!(state, State::Running | State::Queued | State::Paused);
    if ended { told(state, outcome(catalog, &Row { state, ..list::row(row) })) } else { None }
}

/// A line each, or one for many of a kind.
fn told(happened: &[Happened]) -> Vec<Event> {
    let time = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
    let alike = |state: State| happened.iter().filter(|other| other.state == state).count();
    let mut events: Vec<Event> = Vec::new();
    for Happened { id, state, name, what } in happened {
        let text = match alike(*state) {
            TOGETHER.. if events.iter().any(|event| event.state == *state) => continue,
            many @ TOGETHER.. => together(many as u64, *state),
            _ => format!("{name}: {what}"),
        };
        events.push(Event { time: time.clone(), id: id.clone(), state: *state, text });
    }
    events
}

/// What happened to many trials at once.
fn together(many: u64, state: State) -> String {
    let trials = counted(many, "trial");
    match state {
        State::Stale => format!("{trials} interrupted: the process is gone; press P to resume"),
        State::Cancelled => format!("{trials} cancelled or deleted"),
        state => format!("{trials} {state}"),
    }
}

/// What became of a trial, in a few words.
fn outcome(catalog: &Catalog, row: &Row) -> String {
    match row.state {
        State::Finished => {
            let modules = row.modules.map_or_else(String::new, |modules| format!(", {}", counted(modules, "module")));
            let judgment = match row.success {
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
    fn many_of_a_kind_are_told_of_together() {
        let happened = |number: u64, state| Happened {
            id: format!("{number:020x}").parse().unwrap(),
            state,
            name: format!("4-2-4, seed {number}"),
            what: "gone".to_owned(),
        };
        let mut all: Vec<Happened> = (0..9).map(|number| happened(number, State::Stale)).collect();
        all.push(happened(9, State::Finished));
        let texts: Vec<String> = told(&all).into_iter().map(|event| event.text).collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].starts_with("9 trials interrupted"));
        assert_eq!(texts[1], "4-2-4, seed 9: gone");
    }
}
