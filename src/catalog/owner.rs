//! Ownership of trials: one process at a time owns a trial, and a dead owner can be replaced.
//!
//! The files `owner.0`, `owner.1`, .. in a trial's folder are its sessions, one per process. A process creates session
//! n + 1 only after it has seen that session n is over: released by its owner, or its owner dead. The file is created
//! exclusively, so only one of several processes succeeds. Sessions are never removed, so an old one cannot be mistaken
//! for the last. The owner of the last session owns the trial until that session is over.

use std::ops::Deref;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::{Error, Failure, Part, Process, Progress, Result, RunId, Times, TrialFolder, TrialResult, Utc, json};

/// How many times to try to claim a trial. On network file systems, a session that another process has just created can
/// take a moment to appear.
const ATTEMPTS: usize = 100;

/// A session, `owner.<n>`: the process that works or worked on a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The run that the trial was claimed for.
    pub run: RunId,
    /// The process.
    #[serde(flatten)]
    pub process: Process,
    /// When the session began.
    pub claimed: Utc,
    /// When the owner ended the session; `None` while it lasts, or if the owner died.
    #[serde(default)]
    pub released: Option<Utc>,
}

impl Owner {
    /// A session of this process for `run`, starting now.
    fn new(run: &RunId) -> Self {
        Self { run: run.clone(), process: Process::current().clone(), claimed: Utc::now(), released: None }
    }
}

/// The outcome of an attempt to claim a trial.
#[derive(Debug)]
pub enum Claim {
    /// The caller now owns the trial.
    Owned(OwnedTrial),
    /// A live process owns the trial.
    Held(Owner),
    /// The trial already has a result.
    Done(TrialResult),
}

impl TrialFolder {
    /// Tries to claim the trial for `run`.
    ///
    /// Fails to claim a trial that has a result or an owner, even if the owner is this process. Claiming removes the marks
    /// and the failure of earlier sessions.
    ///
    /// # Errors
    /// There is no such trial, or a file cannot be read or written.
    pub fn claim(&self, run: &RunId) -> Result<Claim> {
        self.claim_unless(run, Self::result)
    }

    /// Like [`Self::claim`], but also claims a trial that has a result, to run it again (see [`OwnedTrial::reset`]).
    ///
    /// # Errors
    /// See [`Self::claim`].
    pub fn claim_again(&self, run: &RunId) -> Result<Claim> {
        self.claim_unless(run, |_| Ok(None))
    }

    fn claim_unless(&self, run: &RunId, done: impl Fn(&Self) -> Result<Option<TrialResult>>) -> Result<Claim> {
        self.must_exist()?;
        if let Some(result) = done(self)? {
            return Ok(Claim::Done(result));
        }
        let owned = match self.begin_session(run)? {
            Ok(owned) => owned,
            Err(owner) => return Ok(Claim::Held(owner)),
        };
        // Another process may have finished the trial since the check above.
        if let Some(result) = done(self)? {
            owned.release()?;
            return Ok(Claim::Done(result));
        }
        owned.clear_marks()?;
        atomic::sweep(owned.path())?;
        Ok(Claim::Owned(owned))
    }

    /// Creates the next session. Returns the current owner if its session is not over.
    pub(super) fn begin_session(&self, run: &RunId) -> Result<Result<OwnedTrial, Owner>> {
        let mut number = 0;
        for _ in 0..ATTEMPTS {
            if let Some((last, owner)) = last_session(self, &atomic::names(self.path())?, number)? {
                let works =
                    |owner: &Owner| owner.released.is_none() && self.catalog().is_alive(&owner.run, &owner.process);
                if let Some(owner) = owner.filter(works) {
                    return Ok(Err(owner));
                }
                number = last + 1;
            }
            let owner = Owner::new(run);
            let path = self.file(&file_name(number));
            if atomic::create(&path, &json::bytes(&path, &owner)?, Durability::Fleeting)? {
                return Ok(Ok(OwnedTrial { folder: self.clone(), number, owner, released: false }));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err(Error::Io {
            action: "claim",
            path: self.path().to_owned(),
            reason: std::io::Error::other("other processes keep claiming it"),
        })
    }
}

/// The last session's owner, alive or dead, unless it released the trial. `names` are the files in the folder.
pub(super) fn unreleased(folder: &TrialFolder, names: &[String]) -> Result<Option<Owner>> {
    let owner = last_session(folder, names, 0)?.and_then(|(_, owner)| owner);
    Ok(owner.filter(|owner| owner.released.is_none()))
}

/// The number and owner of the last session, counting from session `from`; `None` if there is none from there on.
///
/// A damaged session has no owner. Sessions are created with all of their content, so a torn one means that the machine
/// stopped, and its owner with it.
fn last_session(folder: &TrialFolder, names: &[String], from: u64) -> Result<Option<(u64, Option<Owner>)>> {
    // The listing can miss sessions that are just being created, so those are looked up by name. On the other hand it
    // finds sessions beyond a gap, which a power failure can leave.
    let listed = names.iter().filter_map(|name| number_of(name)).max();
    let exists = |number: &u64| folder.file(&file_name(*number)).symlink_metadata().is_ok();
    #[allow(clippy::maybe_infinite_iter)] // ends at the first number that has no file
    let Some(last) = (listed.unwrap_or(0).max(from)..).take_while(exists).last() else { return Ok(None) };
    match json::read::<Owner>(&folder.file(&file_name(last))) {
        Ok(owner) => Ok(Some((last, owner))),
        Err(Error::Invalid { .. } | Error::TooLarge { .. }) => Ok(Some((last, None))),
        Err(error) => Err(error),
    }
}

/// The number in the name of a session file; `None` for other files, including numbers with leading zeros or signs.
fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_prefix("owner.")?.parse().ok()?;
    (file_name(number) == name && number < u64::MAX).then_some(number)
}

fn file_name(number: u64) -> String {
    format!("owner.{number}")
}

/// A trial that this process owns, with all that only an owner may write. Dropping it releases the trial.
#[derive(Debug)]
pub struct OwnedTrial {
    folder: TrialFolder,
    number: u64,
    owner: Owner,
    released: bool,
}

impl Deref for OwnedTrial {
    type Target = TrialFolder;

    fn deref(&self) -> &TrialFolder {
        &self.folder
    }
}

impl OwnedTrial {
    /// The session of this process.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Checks that no other process has taken the trial over, as can happen after this process was suspended for minutes.
    /// Every write to the trial is preceded by this check.
    ///
    /// # Errors
    /// Another process owns the trial now ([`Error::Lost`]).
    pub fn check(&self) -> Result<()> {
        let next = self.file(&file_name(self.number + 1));
        if next.symlink_metadata().is_ok() { Err(Error::Lost(self.id().to_string())) } else { Ok(()) }
    }

    /// Releases the trial, so that others can claim it at once.
    ///
    /// # Errors
    /// The session file cannot be written; others can then claim the trial once this process has ended.
    pub fn release(mut self) -> Result<()> {
        self.end_session()
    }

    /// Writes `part`, replacing its earlier content. The bytes are on disk when this returns.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_part(&self, part: Part, content: &[u8]) -> Result<()> {
        self.check()?;
        atomic::replace(&self.file(part.file_name()), content, Durability::Synced)
    }

    /// Removes `part`, such as the saved state once there is a result.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be removed.
    pub fn remove_part(&self, part: Part) -> Result<()> {
        self.check()?;
        atomic::remove(&self.file(part.file_name())).map(drop)
    }

    /// Writes the result, which makes the trial done. All other files must be written before.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_result(&self, result: &TrialResult) -> Result<()> {
        self.check()?;
        json::write(&self.file("result.json"), result, Durability::Synced)
    }

    /// Writes the time spent so far.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_times(&self, times: &Times) -> Result<()> {
        self.check()?;
        json::write(&self.file("times.json"), times, Durability::Fleeting)
    }

    /// Writes the live progress without waiting for the disk. The caller should do this about once a second at most.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_progress(&self, progress: &Progress) -> Result<()> {
        self.check()?;
        json::write(&self.file("progress"), progress, Durability::Fleeting)
    }

    /// Removes the live progress, once there is a result.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn remove_progress(&self) -> Result<()> {
        atomic::remove(&self.file("progress")).map(drop)
    }

    /// Records that the trial failed. `message` is one sentence; `place` says where, such as the walk.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_failure(&self, message: &str, place: &str) -> Result<()> {
        self.check()?;
        let run = Some(self.owner.run.clone());
        let failure = Failure { message: message.to_owned(), place: place.to_owned(), run, utc: Utc::now() };
        json::write(&self.file("failed.json"), &failure, Durability::Synced)
    }

    /// Removes all results of the trial, so that it can be run again. Keeps its specification and labels.
    ///
    /// # Errors
    /// The trial is another's now, or a file cannot be removed.
    pub fn reset(&self) -> Result<()> {
        self.check()?;
        // The result goes first, so that an interruption leaves an unfinished trial.
        for name in ["result.json", "verdict.json", "times.json", "progress"] {
            atomic::remove(&self.file(name))?;
        }
        for part in [Part::Network, Part::Walks, Part::State] {
            self.remove_part(part)?;
        }
        for settings in self.detections()? {
            atomic::remove(&self.file("detections").join(format!("{settings}.json")))?;
        }
        self.clear_marks()
    }

    /// Points to `folder`, to which the trial's folder has been moved.
    pub(super) fn moved_to(&mut self, folder: TrialFolder) {
        self.folder = folder;
    }

    fn end_session(&mut self) -> Result<()> {
        self.released = true;
        self.owner.released = Some(Utc::now());
        json::write(&self.file(&file_name(self.number)), &self.owner, Durability::Fleeting)
    }
}

impl Drop for OwnedTrial {
    fn drop(&mut self) {
        if !self.released {
            // An error cannot be reported here; the end of the process releases the trial too.
            let _ = self.end_session();
        }
    }
}
