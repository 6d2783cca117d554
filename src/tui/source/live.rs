//! Runs, the trials that they train, and recent events.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::events::{self, Watched};
use super::list::parsed;
use crate::catalog::{Catalog, Index, LiveRuns, Page as Stretch, Presence, Process, Result, RunView, State, TrialId};
use crate::tui::snapshot::{Live, Run, Snapshot};

/// The most trials of a state that are followed.
const MOST: usize = 500;

/// The most events that are kept.
const EVENTS: usize = 200;

/// The time between updates of curves: with short rounds, a curve changes completely each time, which is a lot to send
/// over a slow connection.
const CURVES: Duration = Duration::from_secs(4);

/// What is remembered from one look to the next.
#[derive(Default)]
pub(super) struct Follower {
    /// The trials that were not done at the last look.
    watched: HashMap<TrialId, Watched>,
    /// When curves were last updated.
    curves: Option<Instant>,
}

impl Follower {
    /// The state of a trial that is not done, at the last look.
    pub fn state(&self, id: &TrialId) -> Option<State> {
        self.watched.get(id).map(|watched| watched.state)
    }
}

/// Brings runs, trials and events up to date; returns whether anything has changed.
pub(super) fn follow(
    catalog: &Catalog,
    index: &mut Index,
    live: &LiveRuns,
    follower: &mut Follower,
    snapshot: &mut Snapshot,
) -> Result<bool> {
    let runs: Vec<Run> = live.runs().iter().map(|run| shown(catalog, run)).collect();
    let mut at_work = Vec::new();
    for state in [State::Running, State::Paused, State::Queued] {
        let stretch = Stretch { offset: 0, limit: Some(MOST) };
        at_work.extend(index.query(&parsed(&format!("status={state}")), None, stretch)?);
    }
    let events = events::since(catalog, live, &at_work, &mut follower.watched);
    let mut lives: Vec<Live> = at_work
        .into_iter()
        .filter(|row| {
            row.status == State::Running
                || row.status == State::Paused && row.rounds.is_some() && is_held(live, &row.id)
        })
        .map(|row| Live { progress: catalog.trial(&row.id).progress(), row })
        .collect();
    if follower.curves.is_some_and(|last| last.elapsed() < CURVES) {
        keep_curves(&mut lives, &snapshot.live);
    } else {
        follower.curves = Some(Instant::now());
    }
    let events = if snapshot.loaded { events } else { Vec::new() };
    let changed = runs != snapshot.runs || lives != snapshot.live || !events.is_empty();
    (snapshot.runs, snapshot.live) = (runs, lives);
    snapshot.events.extend(events);
    let surplus = snapshot.events.len().saturating_sub(EVENTS);
    snapshot.events.drain(..surplus);
    Ok(changed)
}

/// Keeps the curves of trials as they were `before`.
fn keep_curves(lives: &mut [Live], before: &[Live]) {
    for live in lives {
        let old = before.iter().find(|old| old.row.id == live.row.id).and_then(|old| old.progress.as_ref());
        if let (Some(progress), Some(old)) = (&mut live.progress, old) {
            progress.recent.clone_from(&old.recent);
        }
    }
}

/// Does a live run have the trial in its queue?
fn is_held(live: &LiveRuns, id: &TrialId) -> bool {
    live.queuing(id).next().is_some()
}

fn shown(catalog: &Catalog, run: &RunView) -> Run {
    let info = &run.info;
    let done = info.queue.iter().filter(|id| catalog.trial(id).has_result()).count();
    let elsewhere = info.process.presence(Process::current()) == Presence::Elsewhere;
    let heartbeat = run.heartbeat.as_ref();
    Run {
        id: info.id.to_string(),
        name: if info.experiments.is_empty() { "resumed trials".to_owned() } else { info.experiments.join(", ") },
        trials: info.queue.len() as u64,
        done: done as u64,
        running: heartbeat.map_or(0, |heartbeat| heartbeat.running.len() as u64),
        workers: heartbeat.map_or(info.jobs, |heartbeat| heartbeat.jobs),
        pid: info.process.pid,
        host: elsewhere.then(|| info.process.host.clone()),
        note: heartbeat.map_or_else(String::new, |heartbeat| heartbeat.note.clone()),
    }
}
