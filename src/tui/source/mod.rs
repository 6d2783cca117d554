//! Makes snapshots from the catalog's files in its own thread, no matter which process started the runs.
//!
//! The thread looks about every second while trials are running, and less often otherwise. It sends a snapshot only if
//! something has changed. What it reads depends on the last [`ViewRequest`].

mod events;
mod forecast;
mod list;
mod live;
mod opened;
mod presets;
mod reader;
mod report;
mod trial_index;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::loaded_report::ReportRequest;
use super::snapshot::{Query, Snapshot, Step};
use super::wake::Waker;
use crate::catalog::{Catalog, TrialId};
use crate::experiment::launch_request::LaunchRequest;
pub use reader::Reader;

/// What the dashboard shows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ViewRequest {
    /// The part of the list of trials.
    pub query: Query,
    /// The opened trial.
    pub open: Option<TrialId>,
    /// The step whose network is shown; `None` for the best network.
    pub step: Option<Step>,
    /// The trials to compare.
    pub compare: Vec<TrialId>,
    /// The launch whose trials should be counted.
    pub launch: Option<LaunchRequest>,
    /// The report that is shown.
    pub report: Option<ReportRequest>,
    /// Are presets listed, so that their trials should be counted?
    pub presets: bool,
}

/// An instruction to the thread.
enum Instruction {
    /// Show this from now on.
    Show(Box<ViewRequest>),
    /// Look now: a command may have changed the catalog.
    Look,
}

/// The reading thread, as seen by the dashboard. It ends when this is dropped.
pub struct Source {
    instructions: Sender<Instruction>,
    news: Receiver<Snapshot>,
}

/// A handle with which other threads have the catalog read again.
#[derive(Clone)]
pub struct Nudge(Sender<Instruction>);

impl Nudge {
    /// Has the catalog read again at once.
    pub fn look(&self) {
        // If the thread has ended, there is nothing to do.
        let _ = self.0.send(Instruction::Look);
    }
}

impl Source {
    /// Starts to read `catalog` for `request`; each new snapshot wakes the dashboard by `waker`.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn start(catalog: Catalog, request: ViewRequest, waker: Waker) -> std::io::Result<Self> {
        let (instructions, received) = mpsc::channel();
        let (sender, news) = mpsc::channel();
        thread::Builder::new().name("catalog".to_owned()).spawn(move || {
            let mut reader = Reader::new(catalog);
            reader.request(request);
            watch(reader, &received, &sender, &waker);
        })?;
        Ok(Self { instructions, news })
    }

    /// Shows `request` from now on.
    pub fn request(&self, request: ViewRequest) {
        // If the thread has ended, its last snapshot said so.
        let _ = self.instructions.send(Instruction::Show(Box::new(request)));
    }

    /// A handle with which other threads have the catalog read again.
    #[must_use]
    pub fn nudge(&self) -> Nudge {
        Nudge(self.instructions.clone())
    }

    /// The latest snapshot since the last call.
    #[must_use]
    pub fn latest(&self) -> Option<Snapshot> {
        self.news.try_iter().last()
    }
}

/// The time between two looks at the catalog while trials are running, and otherwise.
const PACES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(2));

/// The time between two looks after a command, so that its effect shows at once, and how long this lasts.
const EAGER: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Looks take at most one part in this many of the time.
const SHARE: u32 = 20;

/// The time between two updates of the progress of the first look, a count or a report.
const PROGRESS: Duration = Duration::from_millis(250);

/// Makes the first look; while it takes its time, as for a large catalog, sends its progress.
fn first_look(reader: &mut Reader, sender: &Sender<Snapshot>, waker: &Waker) -> bool {
    let (progress, empty) = (reader.progress(), reader.snapshot().clone());
    let (looking, looked) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while looked.recv_timeout(PROGRESS) == Err(RecvTimeoutError::Timeout) {
                if let Some((read, total)) = progress.so_far() {
                    let sent = sender.send(Snapshot { reading: Some((read as u64, total as u64)), ..empty.clone() });
                    waker.wake();
                    if sent.is_err() {
                        return;
                    }
                }
            }
        });
        let changed = reader.look();
        drop(looking);
        changed
    })
}

/// Looks and answers until the dashboard ends.
fn watch(mut reader: Reader, instructions: &Receiver<Instruction>, sender: &Sender<Snapshot>, waker: &Waker) {
    let send = |snapshot: Snapshot| {
        let sent = sender.send(snapshot).is_ok();
        waker.wake();
        sent
    };
    let mut eager_until = Instant::now();
    let mut next = Instant::now();
    loop {
        let due = next <= Instant::now();
        let began = Instant::now();
        let first = !reader.snapshot().loaded;
        let result = catch_unwind(AssertUnwindSafe(|| match (due, first) {
            (true, true) => first_look(&mut reader, sender, waker),
            // A look that finds nothing new does not answer what was requested meanwhile.
            (true, false) => reader.look() | reader.answer(),
            (false, _) => reader.answer(),
        }));
        let Ok(changed) = result else {
            let problem = "reading the catalog failed; press q and start sculpt again (runs continue)".to_owned();
            send(Snapshot { problem: Some(problem), ..reader.snapshot().clone() });
            return;
        };
        if changed && !send(reader.snapshot().clone()) {
            return;
        }
        if due {
            let pace = match reader.snapshot().is_working() {
                _ if began < eager_until || reader.is_surveying() => EAGER.0,
                true => PACES.0,
                false => PACES.1,
            };
            next = if reader.is_behind() { began } else { Instant::now() + pace.max(began.elapsed() * SHARE) };
        }
        let wait = next.saturating_duration_since(Instant::now());
        let wait = if reader.is_reporting() || reader.is_counting() { wait.min(PROGRESS) } else { wait };
        let first = match instructions.recv_timeout(wait) {
            Ok(instruction) => Some(instruction),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // Of several requests, the last one counts.
        for instruction in first.into_iter().chain(instructions.try_iter()) {
            match instruction {
                Instruction::Show(request) => reader.request(*request),
                Instruction::Look => {
                    (eager_until, next) = (Instant::now() + EAGER.1, Instant::now());
                    reader.request_survey();
                }
            }
        }
    }
}

/// When a file or folder last changed; `None` if it is not there.
fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}
