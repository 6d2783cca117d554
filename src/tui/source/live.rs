//! What is running, and what became of what was.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::events::{self, Watched};
use super::list::{self, parsed};
use crate::catalog::{
    Catalog, Index, LiveRuns, Page as Stretch, Presence, Process, Progress, Result, RunView, State, TrialId, TrialRow,
};
use crate::tui::snapshot::{Live, Place, Run, Snapshot, WalkCurve};

/// The most trials in a state that are followed.
const MOST: usize = 500;

/// How many events are kept.
const EVENTS: usize = 200;

/// How often curves are brought up to date: where rounds are short, all of a curve is another each time, and a slow line
/// has better things to carry.
const CURVES: Duration = Duration::from_secs(4);

/// What is remembered from look to look.
#[derive(Default)]
pub(super) struct Follower {
    /// Trials that were not done when last seen, to tell what became of them.
    pub watched: HashMap<TrialId, Watched>,
    /// When curves were last brought up to date.
    curves: Option<Instant>,
}

/// Brings what runs up to date; has anything changed?
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
        .map(|row| self::live(catalog, row))
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

/// Leaves the curves of trials as they were `before`.
fn keep_curves(lives: &mut [Live], before: &[Live]) {
    for live in lives {
        let old = before.iter().find(|old| old.id == live.id).and_then(|old| old.place.as_ref());
        if let (Some(place), Some(old)) = (&mut live.place, old) {
            place.recent.clone_from(&old.recent);
        }
    }
}

/// Does a live run have the trial?
fn is_held(live: &LiveRuns, id: &TrialId) -> bool {
    live.queuing(id).next().is_some()
}

fn shown(catalog: &Catalog, run: &RunView) -> Run {
    let info = &run.info;
    let done = info.queue.iter().filter(|id| catalog.trial(id).path().join("result.json").exists()).count();
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

fn live(catalog: &Catalog, row: TrialRow) -> Live {
    let place = catalog.trial(&row.id).progress().map(|progress| place(&progress));
    let row = list::row(row);
    Live {
        id: row.id,
        state: row.state,
        task: row.task,
        arch: row.arch,
        seed: row.seed,
        experiment: row.experiments.join(", "),
        place,
    }
}

fn place(progress: &Progress) -> Place {
    let defined = |value: f64| Some(value).filter(|value| value.is_finite());
    Place {
        stage: progress.stage,
        p_u: progress.p_u,
        p_e: progress.p_e,
        walk: progress.walk,
        walks: progress.walks_total,
        round: progress.round,
        p: defined(progress.p),
        accuracy: defined(progress.accuracy).filter(|_| progress.rounds_done > 0),
        density: defined(progress.density),
        units: progress.units,
        edges: progress.edges,
        rounds: progress.rounds_done,
        fraction: defined(progress.fraction),
        eta_s: progress.eta_s,
        recent: WalkCurve::all(&progress.recent),
    }
}
