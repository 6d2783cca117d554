//! Making searches, with several threads that each train one dense network at a time.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Answer, Answers, SEEDS, Search, Step, Try};
use crate::catalog::{ActiveRun, Catalog, FORMAT, Request, Result, RunEnd, RunPlan};
use crate::prune::{Advance, Job, Plan, TrialContext, Work};
use crate::train::{Engine, Epoch};

/// The progress of searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searching {
    /// The number of answers found.
    pub found: usize,
    /// The number of searches.
    pub of: usize,
    /// The number of dense networks trained so far.
    pub networks: usize,
}

/// How often to write the heartbeat.
const BEAT: Duration = Duration::from_secs(3);
/// How often to look for requests and report progress.
const POLL: Duration = Duration::from_millis(100);

/// What the threads share.
struct Shared<'a> {
    catalog: &'a Catalog,
    searches: &'a [Search],
    state: Mutex<State>,
    /// Notified whenever a network may have to be trained, or nothing is left to do.
    changed: Condvar,
    /// Set when the threads should stop.
    stop: AtomicBool,
    on_progress: &'a (dyn Fn(Searching) + Sync),
}

struct State {
    /// The networks to train next: indices into the searches and into [`SEEDS`].
    waiting: VecDeque<(usize, usize)>,
    /// The finished tries of each search.
    tries: Vec<Vec<Try>>,
    /// The current try of each search.
    under_way: Vec<UnderWay>,
    found: Vec<Answer>,
    networks: usize,
    /// Why the searches failed.
    failure: Option<String>,
}

/// A try that is not finished.
struct UnderWay {
    learning_rate: f64,
    first_epochs: [Option<usize>; SEEDS.len()],
    /// The number of networks that are not trained yet.
    left: usize,
}

/// How a network's training ended.
enum Trained {
    /// It first reached the required accuracy after this epoch, or not at all.
    First(Option<usize>),
    /// It was stopped.
    Stopped,
}

/// Makes `searches` with `jobs` threads, and stores each answer in the catalog once it is found. Returns `None` if
/// `interrupt` became true or a request stopped the run. Meanwhile, the catalog has a run of `experiment` without trials.
///
/// # Errors
/// The catalog cannot be written, or training a network failed.
pub fn search(
    catalog: &Catalog,
    experiment: &str,
    searches: &[Search],
    jobs: usize,
    interrupt: &AtomicBool,
    on_progress: &(dyn Fn(Searching) + Sync),
) -> anyhow::Result<Option<Answers>> {
    let run = catalog.start_run(RunPlan { experiments: vec![experiment.to_owned()], queue: Vec::new(), jobs })?;
    let state = State {
        waiting: VecDeque::new(),
        tries: vec![Vec::new(); searches.len()],
        under_way: Vec::new(),
        found: Vec::new(),
        networks: 0,
        failure: None,
    };
    let stop = AtomicBool::new(false);
    let shared = Shared { catalog, searches, state: Mutex::new(state), changed: Condvar::new(), stop, on_progress };
    shared.begin();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(|| work(&shared))).collect();
        keep(&shared, &run, jobs, interrupt, || workers.iter().all(thread::ScopedJoinHandle::is_finished));
    });
    let state = shared.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let complete = state.found.len() == searches.len();
    let (outcome, message) = match (&state.failure, complete) {
        (Some(failure), _) => (RunEnd::Failed, failure.as_str()),
        (None, true) => (RunEnd::Completed, ""),
        (None, false) => (RunEnd::Interrupted, ""),
    };
    run.end(outcome, message)?;
    if let Some(failure) = state.failure {
        anyhow::bail!(failure);
    }
    let mut answers = Answers::default();
    state.found.into_iter().for_each(|answer| answers.add(answer));
    Ok(complete.then_some(answers))
}

/// Writes the heartbeat and answers requests until the workers are done.
fn keep(shared: &Shared<'_>, run: &ActiveRun, jobs: usize, interrupt: &AtomicBool, done: impl Fn() -> bool) {
    let mut beaten: Option<Instant> = None;
    while !done() {
        let searching = shared.lock().searching(shared.searches.len());
        (shared.on_progress)(searching);
        if beaten.is_none_or(|last| last.elapsed() >= BEAT) {
            let note = format!("searching for hyperparameters, {} of {} found", searching.found, searching.of);
            // A missed heartbeat is no reason to stop.
            let _ = run.beat_with(jobs, &[], &note);
            beaten = Some(Instant::now());
        }
        let requests = run.requests().unwrap_or_default();
        let stop = requests.iter().any(|request| matches!(request, Ok(Request::Stop)));
        if stop || interrupt.load(Ordering::Relaxed) {
            shared.stop.store(true, Ordering::Relaxed);
            shared.changed.notify_all();
        }
        drop(shared.changed.wait_timeout(shared.lock(), POLL));
    }
}

fn work(shared: &Shared<'_>) {
    while let Some((index, seed)) = shared.next() {
        let search = &shared.searches[index];
        let learning_rate = shared.lock().under_way[index].learning_rate;
        let engine = match search.question.engine.engine() {
            Ok(engine) => engine,
            Err(missing) => {
                shared.fail(missing.to_string());
                continue;
            }
        };
        let trained =
            catch_unwind(AssertUnwindSafe(|| train(search, &*engine, SEEDS[seed], learning_rate, &shared.stop)));
        match trained {
            Ok(Trained::First(first)) => shared.note(index, seed, first),
            Ok(Trained::Stopped) => {}
            Err(_) => shared.fail(format!(
                "training a dense network of task {} panicked during the search for hyperparameters; \
                 use --hyperparameters published to skip the search",
                search.task
            )),
        }
    }
}

/// Trains the dense network of a seed until it reaches the required accuracy or the maximum number of epochs, exactly as the
/// dense round of a trial does.
fn train(search: &Search, engine: &dyn Engine, seed: u64, learning_rate: f64, stop: &AtomicBool) -> Trained {
    let Search { question, source, plan, .. } = search;
    let mut plan = Plan { seed, ..plan.clone() };
    plan.hyperparameters.learning_rate = learning_rate;
    plan.hyperparameters.epochs = question.most_epochs();
    let task = source.task(seed);
    let mut first = None;
    let mut watch = |epoch: &Epoch| {
        if plan.required.bits(epoch.accuracy).is_some() {
            first = Some(epoch.epoch);
        }
        if first.is_some() || stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let context = TrialContext { plan: &plan, task: &task, engine };
    let advance = Work::Dense.advance(&context, Job::Dense, 0, &mut watch);
    if advance == Advance::Interrupted && first.is_none() { Trained::Stopped } else { Trained::First(first) }
}

impl Shared<'_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts every search with its first try.
    fn begin(&self) {
        let mut state = self.lock();
        for index in 0..self.searches.len() {
            let learning_rate = self.searches[index].question.start.learning_rate;
            state.under_way.push(UnderWay { learning_rate, first_epochs: [None; SEEDS.len()], left: SEEDS.len() });
            state.waiting.extend((0..SEEDS.len()).map(|seed| (index, seed)));
        }
    }

    /// The next network to train. Waits while there may be more; `None` at the end.
    fn next(&self) -> Option<(usize, usize)> {
        let mut state = self.lock();
        loop {
            let over = state.failure.is_some() || state.found.len() == self.searches.len();
            if over || self.stop.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(next) = state.waiting.pop_front() {
                return Some(next);
            }
            state = self.changed.wait_timeout(state, POLL).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Records the result of a network. When a try is finished, starts the next one or stores the answer.
    fn note(&self, index: usize, seed: usize, first: Option<usize>) {
        let question = &self.searches[index].question;
        let mut state = self.lock();
        state.networks += 1;
        let under_way = &mut state.under_way[index];
        under_way.first_epochs[seed] = first;
        under_way.left -= 1;
        if under_way.left > 0 {
            return;
        }
        let over = Try { learning_rate: under_way.learning_rate, first_epochs: under_way.first_epochs.to_vec() };
        state.tries[index].push(over);
        match question.next(&state.tries[index]) {
            Step::Try(learning_rate) => {
                state.under_way[index] =
                    UnderWay { learning_rate, first_epochs: [None; SEEDS.len()], left: SEEDS.len() };
                // Started searches are finished first.
                (0..SEEDS.len()).rev().for_each(|seed| state.waiting.push_front((index, seed)));
            }
            Step::Choose(chosen, trained) => {
                let tries = std::mem::take(&mut state.tries[index]);
                drop(state);
                let answer = Answer { format: FORMAT, question: question.clone(), tries, chosen, trained };
                let stored: Result<()> = self.catalog.save_search(&question.hash(), &answer);
                if let Err(error) = stored {
                    return self.fail(error.to_string());
                }
                self.lock().found.push(answer);
            }
        }
        self.changed.notify_all();
    }

    fn fail(&self, message: String) {
        self.lock().failure.get_or_insert(message);
        self.changed.notify_all();
    }
}

impl State {
    fn searching(&self, of: usize) -> Searching {
        Searching { found: self.found.len(), of, networks: self.networks }
    }
}
