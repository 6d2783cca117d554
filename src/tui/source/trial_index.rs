//! The index of all trials, kept up to date.
//!
//! Trials that are not done are read at every refresh. Surveys read all trials: at the start, once a minute, and after each
//! command. A survey of a large catalog runs in a thread of its own, so that keys are answered meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::modified;
use crate::catalog::{Catalog, Filter, Index, RefreshProgress, Refreshed, Result, Scope};

/// The time between two surveys.
const PAUSE: Duration = Duration::from_mins(1);

/// Surveys take at most one part in this many of the time, so that an idle dashboard costs next to nothing.
const REST: u32 = 500;

/// From this many trials on, the index of an earlier process is shown until the first survey is done.
const MANY: usize = 5000;

/// The index of a catalog's trials.
pub(super) struct TrialIndex {
    catalog: Catalog,
    content: Content,
    survey: Survey,
    /// When the catalog's folders last changed, as of the last refresh; empty if the next one must not rely on them.
    folders: Vec<Option<SystemTime>>,
    /// The progress of refreshes.
    progress: Arc<RefreshProgress>,
    /// What the last survey found damaged.
    damage: Option<String>,
}

/// What the index holds.
enum Content {
    /// Nothing: it has not been opened.
    Closed,
    /// What an earlier process left in it.
    Earlier(Index),
    /// What this process has read.
    Current(Index),
}

/// The last survey, or the next one.
enum Survey {
    /// A survey is due.
    Due,
    /// A survey is running in a thread; `again` if another one is due after it.
    Running { done: Receiver<Surveyed>, again: bool },
    /// A survey ended; the next one is due after `pause`.
    Ended { at: Instant, pause: Duration },
}

/// What a survey found, the index that it brought up to date, and how long it took.
type Surveyed = (Result<(Index, Refreshed)>, Duration);

/// What a refresh found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RefreshResult {
    /// Nothing new.
    Unchanged,
    /// What an earlier process left in the index, which a survey will bring up to date.
    Earlier,
    /// Something new.
    Changed,
}

impl TrialIndex {
    /// The index of `catalog`, not opened yet.
    pub fn new(catalog: Catalog) -> Self {
        let progress = Arc::default();
        Self { catalog, content: Content::Closed, survey: Survey::Due, folders: Vec::new(), progress, damage: None }
    }

    /// The index, once it has been opened.
    pub fn get(&mut self) -> Option<&mut Index> {
        match &mut self.content {
            Content::Closed => None,
            Content::Earlier(index) | Content::Current(index) => Some(index),
        }
    }

    /// The progress of refreshes.
    pub fn progress(&self) -> Arc<RefreshProgress> {
        Arc::clone(&self.progress)
    }

    /// What the last survey found damaged.
    pub fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// Is a survey running in a thread?
    pub fn is_surveying(&self) -> bool {
        matches!(self.survey, Survey::Running { .. })
    }

    /// Should the next refresh follow at once, because the index holds what an earlier process left in it?
    pub fn is_behind(&self) -> bool {
        matches!(self.content, Content::Earlier(_)) && !self.is_surveying()
    }

    /// Makes a survey due, after the running one if there is one.
    pub fn request_survey(&mut self) {
        self.folders.clear();
        match &mut self.survey {
            Survey::Running { again, .. } => *again = true,
            survey => *survey = Survey::Due,
        }
    }

    /// Brings the index up to date if anything can have changed; while no trial is running (`quiet`), only if a folder
    /// has.
    pub fn refresh(&mut self, quiet: bool) -> Result<RefreshResult> {
        let mut in_place = false;
        if let Survey::Running { done, again } = &self.survey {
            match done.try_recv() {
                Ok((surveyed, took)) => {
                    let again = *again;
                    return self.end_survey(surveyed, took, again);
                }
                // Until the first survey ends, this index knows no folder.
                Err(TryRecvError::Empty) if matches!(self.content, Content::Earlier(_)) => {
                    return Ok(RefreshResult::Unchanged);
                }
                Err(TryRecvError::Empty) => {}
                // The thread panicked: a survey in this thread reports that.
                Err(TryRecvError::Disconnected) => (self.survey, in_place) = (Survey::Due, true),
            }
        }
        if matches!(self.content, Content::Closed) && self.open()? {
            return Ok(RefreshResult::Earlier);
        }
        let folders = folder_times(&self.catalog);
        let due = match self.survey {
            Survey::Due => true,
            Survey::Running { .. } => false,
            Survey::Ended { at, pause } => at.elapsed() >= pause,
        };
        if !due && quiet && folders == self.folders {
            return Ok(RefreshResult::Unchanged);
        }
        if due && !in_place && self.survey_in_thread()? {
            self.folders = folders;
            return Ok(RefreshResult::Unchanged);
        }
        let Some(index) = self.get() else { return Ok(RefreshResult::Unchanged) };
        let began = Instant::now();
        let refreshed = index.refresh(if due { Scope::All } else { Scope::Live })?;
        self.folders = folders;
        if due {
            self.note_survey(&refreshed, began.elapsed());
        }
        Ok(self.result(&refreshed))
    }

    /// Opens the index; returns whether it holds many trials from an earlier process.
    fn open(&mut self) -> Result<bool> {
        let mut index = Index::open(&self.catalog)?;
        index.set_progress(self.progress());
        let many = index.count(&Filter::default())? >= MANY;
        self.content = if many { Content::Earlier(index) } else { Content::Current(index) };
        Ok(many)
    }

    /// Starts a survey in a thread, with another connection to the index's file; returns `false` if this thread has to
    /// make it: of few trials, of an index in memory, or if there can be no thread.
    fn survey_in_thread(&mut self) -> Result<bool> {
        let Some(index) = self.get() else { return Ok(false) };
        if index.file().is_none() || index.count(&Filter::default())? < MANY {
            return Ok(false);
        }
        let catalog = self.catalog.clone();
        let (sender, done) = mpsc::channel();
        let survey = move || {
            lower_priority();
            let began = Instant::now();
            let surveyed = Index::open(&catalog).and_then(|mut index| {
                let refreshed = index.refresh(Scope::All)?;
                Ok((index, refreshed))
            });
            // If the reader has ended, nobody waits for the result.
            let _ = sender.send((surveyed, began.elapsed()));
        };
        let started = thread::Builder::new().name("survey".to_owned()).spawn(survey).is_ok();
        if started {
            self.survey = Survey::Running { done, again: false };
        }
        Ok(started)
    }

    fn end_survey(
        &mut self,
        surveyed: Result<(Index, Refreshed)>,
        took: Duration,
        again: bool,
    ) -> Result<RefreshResult> {
        // After an error, the next refresh starts another survey.
        self.survey = Survey::Due;
        let (index, refreshed) = surveyed?;
        self.note_survey(&refreshed, took);
        if again {
            self.survey = Survey::Due;
        }
        // This index knows when each folder last changed.
        self.content = match self.content {
            Content::Current(_) => Content::Current(index),
            Content::Closed | Content::Earlier(_) => Content::Earlier(index),
        };
        Ok(self.result(&refreshed))
    }

    fn note_survey(&mut self, refreshed: &Refreshed, took: Duration) {
        self.survey = Survey::Ended { at: Instant::now(), pause: PAUSE.max(took * REST) };
        self.damage = refreshed.problems.first().map(ToString::to_string);
    }

    /// What a refresh of the index found; what an earlier process left in it counts as changed.
    fn result(&mut self, refreshed: &Refreshed) -> RefreshResult {
        let (content, first) = match std::mem::replace(&mut self.content, Content::Closed) {
            Content::Earlier(index) => (Content::Current(index), true),
            content => (content, false),
        };
        self.content = content;
        if first || refreshed.changed + refreshed.removed > 0 {
            RefreshResult::Changed
        } else {
            RefreshResult::Unchanged
        }
    }
}

/// When the folders of the catalog last changed.
fn folder_times(catalog: &Catalog) -> Vec<Option<SystemTime>> {
    let at = |path: &Path| modified(&catalog.root().join(path));
    let shards = (0..256).map(|shard| at(&Path::new("trials").join(format!("{shard:02x}"))));
    ["trials", "experiments", "runs"].into_iter().map(|name| at(Path::new(name))).chain(shards).collect()
}

/// Lowers the priority of this thread and of those that it starts, on systems that can do so for threads: a survey of
/// 100,000 trials keeps all processors busy for seconds, and keys should be answered meanwhile.
fn lower_priority() {
    /// This leaves about a tenth of a processor that another thread wants. With less, a survey that holds the lock of the
    /// index would make all others wait.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const NICENESS: i32 = 10;
    // If it is not allowed, the priority stays as it is.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::nice(NICENESS);
}
