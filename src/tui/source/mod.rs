//! Fills snapshots from the catalog's files, in a thread of its own: the same for one's own runs and anyone's.
//!
//! The thread looks about every second while something runs and less often when nothing does, and tells only what
//! changed. What it looks at is up to the [`ViewRequest`] that was sent last.

mod detail;
mod events;
mod list;
mod live;
mod presets;
mod reader;
mod report;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::loaded_report::ReportRequest;
use super::snapshot::{Query, Snapshot, Step};
use super::wake::Waker;
use crate::catalog::{Catalog, TrialId};
use crate::experiment::launch_request::LaunchRequest;
pub use reader::Reader;

/// What the dashboard wants to see.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ViewRequest {
    /// A stretch of the list of trials.
    pub query: Query,
    /// The trial that is open.
    pub open: Option<TrialId>,
    /// The step of its way that is looked at; `None` for its best network.
    pub step: Option<Step>,
    /// The trials that are compared.
    pub compare: Vec<TrialId>,
    /// The launch whose trials are to be counted.
    pub launch: Option<LaunchRequest>,
    /// The report that is looked at.
    pub report: Option<ReportRequest>,
    /// Are presets listed, so that their trials are to be counted?
    pub presets: bool,
}

/// What the thread is told.
enum Instruction {
    /// Show this from now on.
    Show(Box<ViewRequest>),
    /// Something was done that may have changed the catalog: look now.
    Look,
}

/// The thread, as seen by the dashboard. It ends when this is dropped.
pub struct Source {
    ask: Sender<Instruction>,
    news: Receiver<Snapshot>,
}

/// A way to have the catalog looked at again, for other threads.
#[derive(Clone)]
pub struct Nudge(Sender<Instruction>);

impl Nudge {
    /// Has the catalog looked at again at once.
    pub fn look(&self) {
        // A thread that is over looks no more.
        let _ = self.0.send(Instruction::Look);
    }
}

impl Source {
    /// Starts to look at `catalog` and to show `request`; `waker` is told of each new snapshot.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(catalog: Catalog, request: ViewRequest, waker: Waker) -> std::io::Result<Self> {
        let (ask, asked) = mpsc::channel();
        let (tell, news) = mpsc::channel();
        thread::Builder::new().name("catalog".to_owned()).spawn(move || {
            let mut reader = Reader::new(catalog);
            reader.request(request);
            watch(reader, &asked, &tell, &waker);
        })?;
        Ok(Self { ask, news })
    }

    /// Shows `request` from now on.
    pub fn request(&self, request: ViewRequest) {
        // A thread that is over has told so in its last snapshot.
        let _ = self.ask.send(Instruction::Show(Box::new(request)));
    }

    /// A way for others to have the catalog looked at again.
    #[must_use]
    pub fn nudge(&self) -> Nudge {
        Nudge(self.ask.clone())
    }

    /// The latest snapshot since the last call.
    #[must_use]
    pub fn latest(&self) -> Option<Snapshot> {
        self.news.try_iter().last()
    }
}

/// How often the catalog is looked at while something runs, and when nothing does.
const PACES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(2));

/// After a command, it is looked at this often for a while, so that its effect shows at once.
const EAGER: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Looking may take this share of the time.
const SHARE: u32 = 20;

/// How often it is told how far the first look is, or a report.
const TELLING: Duration = Duration::from_millis(250);

/// The first look at a large catalog takes a while: meanwhile it is told how far it is.
fn first_look(reader: &mut Reader, tell: &Sender<Snapshot>, waker: &Waker) -> bool {
    let (reading, empty) = (reader.reading(), reader.snapshot().clone());
    let (looking, looked) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while looked.recv_timeout(TELLING) == Err(RecvTimeoutError::Timeout) {
                if let Some((read, total)) = reading.so_far() {
                    let told = tell.send(Snapshot { reading: Some((read as u64, total as u64)), ..empty.clone() });
                    waker.wake();
                    if told.is_err() {
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

fn watch(mut reader: Reader, asked: &Receiver<Instruction>, tell: &Sender<Snapshot>, waker: &Waker) {
    let send = |snapshot: Snapshot| {
        let sent = tell.send(snapshot).is_ok();
        waker.wake();
        sent
    };
    let mut eager_until = Instant::now();
    let mut next = Instant::now();
    loop {
        let due = next <= Instant::now();
        let began = Instant::now();
        let first = !reader.snapshot().loaded;
        let seen = catch_unwind(AssertUnwindSafe(|| match (due, first) {
            (true, true) => first_look(&mut reader, tell, waker),
            // What was asked for meanwhile is answered too: a look that finds nothing new shows nothing else.
            (true, false) => reader.look() | reader.answer(),
            (false, _) => reader.answer(),
        }));
        let Ok(changed) = seen else {
            let problem = "reading the catalog failed; press q and start sculpt again (runs continue)".to_owned();
            send(Snapshot { problem: Some(problem), ..reader.snapshot().clone() });
            return;
        };
        if changed && !send(reader.snapshot().clone()) {
            return;
        }
        if due {
            let pace = match reader.snapshot().is_working() {
                _ if began < eager_until || reader.is_looking() => EAGER.0,
                true => PACES.0,
                false => PACES.1,
            };
            next = if reader.is_behind() { began } else { Instant::now() + pace.max(began.elapsed() * SHARE) };
        }
        let wait = next.saturating_duration_since(Instant::now());
        let wait = if reader.is_reporting() || reader.is_counting() { wait.min(TELLING) } else { wait };
        let first = match asked.recv_timeout(wait) {
            Ok(ask) => Some(ask),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // Of several wishes, the last one counts.
        for ask in first.into_iter().chain(asked.try_iter()) {
            match ask {
                Instruction::Show(request) => reader.request(*request),
                Instruction::Look => {
                    (eager_until, next) = (Instant::now() + EAGER.1, Instant::now());
                    reader.look_closely();
                }
            }
        }
    }
}
