//! One owner a trial: claimed by exclusive creation, taken over from a dead one.
//!
//! The files `owner.0`, `owner.1`, .. of a trial are its sessions, one process each. Session n + 1 is created only by
//! one who has seen that session n is over: released by its owner, or its owner dead. Creation is exclusive, so of
//! many who see that, one succeeds; and since no session is ever removed, nobody can mistake an old one for the last.
//! The owner is the one of the last session, until it is over.

use std::ops::Deref;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::atomic::{self, Durability};
use super::{
    Catalog, Error, Failure, Part, Process, Progress, Result, RunId, Times, TrialFolder, TrialResult, Utc, json,
};

/// How often a session that another has just created is looked for before giving up; it can take a moment to show
/// on network file systems.
const ATTEMPTS: usize = 100;

/// Who works, or worked, on a trial: a session, `owner.<n>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The run that the trial is part of.
    pub run: RunId,
    /// The process.
    #[serde(flatten)]
    pub process: Process,
    /// When the session began.
    pub claimed: Utc,
    /// When the session was ended by its owner; `None` while it lasts, and for ever if the owner died.
    #[serde(default)]
    pub released: Option<Utc>,
}

impl Owner {
    /// The session of this process, for `run`, beginning now.
    fn new(run: &RunId) -> Self {
        Self { run: run.clone(), process: Process::current().clone(), claimed: Utc::now(), released: None }
    }
}

/// What became of an attempt to own a trial.
#[derive(Debug)]
pub enum Claim {
    /// The trial is the caller's.
    Owned(OwnedTrial),
    /// A live process owns it.
    Held(Owner),
    /// It has a result: nothing is left to do.
    Done(TrialResult),
}

impl TrialFolder {
    /// Tries to become the trial's owner on behalf of `run`.
    ///
    /// A trial that is owned, by this process too, or that has a result, is not claimed. Once claimed, marks and
    /// failures of earlier sessions are forgotten.
    ///
    /// # Errors
    /// There is no such trial, or a file cannot be read or written.
    pub fn claim(&self, run: &RunId) -> Result<Claim> {
        self.claim_unless(run, Self::result)
    }

    /// As [`Self::claim`], for a trial that may have a result already, to do it again (see [`OwnedTrial::reset`]).
    ///
    /// # Errors
    /// As [`Self::claim`].
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
        // Another may have finished the trial since the look above.
        if let Some(result) = done(self)? {
            owned.release()?;
            return Ok(Claim::Done(result));
        }
        owned.clear_marks()?;
        atomic::sweep(owned.path())?;
        Ok(Claim::Owned(owned))
    }

    /// Creates the next session, or answers with the owner of one that is not over.
    pub(super) fn begin_session(&self, run: &RunId) -> Result<Result<OwnedTrial, Owner>> {
        let mut number = 0;
        for _ in 0..ATTEMPTS {
            if let Some((last, owner)) = last_session(self, &atomic::names(self.path())?, number)? {
                if let Some(owner) = owner.filter(|owner| owner.is_alive(self.catalog())) {
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
            reason: std::io::Error::other("others claim it all the time"),
        })
    }
}

impl Owner {
    /// Does the process of this session, which was not released, still work on it?
    pub(super) fn is_alive(&self, catalog: &Catalog) -> bool {
        self.released.is_none() && catalog.is_alive(&self.run, &self.process)
    }
}

/// The last session's owner if it did not release the trial, alive or dead; `names` are the files of the folder.
pub(super) fn unreleased(folder: &TrialFolder, names: &[String]) -> Result<Option<Owner>> {
    let owner = last_session(folder, names, 0)?.and_then(|(_, owner)| owner);
    Ok(owner.filter(|owner| owner.released.is_none()))
}

/// The number of the last session, at least `from`, and its owner; `None` if there is no session from there on.
///
/// A session that cannot be understood has no owner: its content is all there from its first moment on, so it was
/// torn when the machine stopped, and with the machine its owner.
fn last_session(folder: &TrialFolder, names: &[String], from: u64) -> Result<Option<(u64, Option<Owner>)>> {
    // The list may miss what is being created, which is looked for by name; it finds what lies beyond a gap, should
    // a loss of power have left one.
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

/// The number in the name of a session's file. Leading zeros, signs and the like are not ours.
fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_prefix("owner.")?.parse().ok()?;
    (file_name(number) == name && number < u64::MAX).then_some(number)
}

fn file_name(number: u64) -> String {
    format!("owner.{number}")
}

/// A trial that this process owns: what only an owner may write. Dropping it releases the trial.
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
    /// This session.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Makes sure that no other has taken the trial over, as happens to a process on another machine that was halted
    /// for minutes. All that an owner writes is preceded by this.
    ///
    /// # Errors
    /// The trial is another's now ([`Error::Lost`]): to be left alone.
    pub fn check(&self) -> Result<()> {
        let next = self.file(&file_name(self.number + 1));
        if next.symlink_metadata().is_ok() { Err(Error::Lost(self.id().clone())) } else { Ok(()) }
    }

    /// Gives the trial up, so that others can claim it at once.
    ///
    /// # Errors
    /// The session cannot be written; the trial is then others' once this process is over.
    pub fn release(mut self) -> Result<()> {
        self.end_session()
    }

    /// Keeps the bytes of `part` in place of earlier ones, on disk when this returns.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_part(&self, part: Part, content: &[u8]) -> Result<()> {
        self.check()?;
        atomic::replace(&self.file(part.file_name()), content, Durability::Synced)
    }

    /// Removes `part`, as the state of walks once there is a result.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be removed.
    pub fn remove_part(&self, part: Part) -> Result<()> {
        self.check()?;
        atomic::remove(&self.file(part.file_name())).map(drop)
    }

    /// Keeps the result: the last thing to write, for with it the trial is done. All other files come before.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_result(&self, result: &TrialResult) -> Result<()> {
        self.check()?;
        json::write(&self.file("result.json"), result, Durability::Synced)
    }

    /// Keeps the time spent so far.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_times(&self, times: &Times) -> Result<()> {
        self.check()?;
        json::write(&self.file("times.json"), times, Durability::Fleeting)
    }

    /// Shows where the trial is, without waiting for the disk. The caller throttles: about once a second is plenty.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_progress(&self, progress: &Progress) -> Result<()> {
        self.check()?;
        json::write(&self.file("progress"), progress, Durability::Fleeting)
    }

    /// Takes the live numbers away, once there is a result.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn remove_progress(&self) -> Result<()> {
        atomic::remove(&self.file("progress")).map(drop)
    }

    /// Says that the trial failed: `message` in one sentence, `place` in the walk or the program.
    ///
    /// # Errors
    /// The trial is another's now, or the file cannot be written.
    pub fn write_failure(&self, message: &str, place: &str) -> Result<()> {
        self.check()?;
        let run = Some(self.owner.run.clone());
        let failure = Failure { message: message.to_owned(), place: place.to_owned(), run, utc: Utc::now() };
        json::write(&self.file("failed.json"), &failure, Durability::Synced)
    }

    /// Removes all that came out of the trial, so that it can be done again; keeps the trial itself and its labels.
    ///
    /// # Errors
    /// The trial is another's now, or a file cannot be removed.
    pub fn reset(&self) -> Result<()> {
        self.check()?;
        // The result goes first: without it, what an interruption leaves is an unfinished trial.
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

    /// The folder has been moved to `folder`, the session with it.
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
            // Nobody is left to tell; the end of the process releases the trial too.
            let _ = self.end_session();
        }
    }
}
