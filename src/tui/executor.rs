//! Carries out commands, in a thread of its own and in the order in which they are given.

use std::ffi::OsString;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::command::{Command, Target};
use super::format::counted;
use super::source::Nudge;
use super::state::Message;
use super::wake::Waker;
use crate::catalog::{Catalog, Marker, Request, State, TrialId};
use crate::experiment::run_control::{self, ask, start};

/// The thread, as seen by the dashboard.
pub struct Executor {
    commands: Sender<Command>,
    told: Receiver<Option<Message>>,
}

impl Executor {
    /// Starts to carry out commands on `catalog`. After each, the catalog is looked at again and `waker` is told.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(catalog: Catalog, nudge: Nudge, waker: Waker) -> std::io::Result<Self> {
        let (commands, given) = mpsc::channel::<Command>();
        let (tell, told) = mpsc::channel();
        thread::Builder::new().name("executor".to_owned()).spawn(move || {
            for command in given {
                let message = match perform(&catalog, &command) {
                    Ok(text) => text.map(Message::note),
                    Err(error) => Some(Message::problem(format!("{error:#}"))),
                };
                nudge.look();
                if tell.send(message).is_err() {
                    return;
                }
                waker.wake();
            }
        })?;
        Ok(Self { commands, told })
    }

    /// Has `command` carried out.
    pub fn give(&self, command: Command) {
        // The thread ends only with this.
        let _ = self.commands.send(command);
    }

    /// What there is to tell of the commands carried out since the last call: `None` for one that shows by itself.
    pub fn told(&self) -> impl Iterator<Item = Option<Message>> {
        self.told.try_iter()
    }

    /// Waits until all commands are carried out, for `most` at most; answers with what went wrong.
    #[must_use]
    pub fn finish(self, most: Duration) -> Option<Message> {
        drop(self.commands);
        let mut problem = None;
        loop {
            match self.told.recv_timeout(most) {
                Ok(message) => problem = message.filter(|message| message.bad).or(problem),
                Err(RecvTimeoutError::Disconnected) => return problem,
                Err(RecvTimeoutError::Timeout) => {
                    return Some(Message::problem("the catalog does not answer; see `sculpt list` for what runs"));
                }
            }
        }
    }
}

/// Carries out a command; answers with what there is to tell.
fn perform(catalog: &Catalog, command: &Command) -> anyhow::Result<Option<String>> {
    let told = match command {
        Command::Launch(request) => {
            let catalog = Catalog::open(Some(catalog.root()))?;
            let mut arguments = request.arguments();
            arguments.push("--background".into());
            start(&catalog, &arguments)?;
            None
        }
        Command::Pause(target) => {
            stop_searches(catalog, target)?;
            let ids = targeted(catalog, target, |state| matches!(state, State::Running | State::Queued))?;
            ask(catalog, &ids, Marker::Paused, &Request::Pause)?;
            None
        }
        Command::Cancel(target) => {
            stop_searches(catalog, target)?;
            let ids = targeted(catalog, target, |state| matches!(state, State::Running | State::Queued))?;
            let count = ask(catalog, &ids, Marker::Cancelled, &Request::Cancel)? as u64;
            Some(format!("{} cancelled; p goes on with what is kept", counted(count, "trial")))
        }
        Command::Resume(target) => {
            let ids = targeted(catalog, target, State::is_interrupted)?;
            resume(catalog, target, ids)?;
            None
        }
        Command::Tag { trials, change } => {
            for id in trials {
                catalog.trial(id).tag(&change.add, &change.remove)?;
            }
            Some(format!("tags of {} changed", counted(trials.len() as u64, "trial")))
        }
        Command::Note { trials, text } => {
            for id in trials {
                catalog.trial(id).set_note(text)?;
            }
            Some(format!(
                "note of {} {}",
                counted(trials.len() as u64, "trial"),
                if text.is_empty() { "removed" } else { "written" }
            ))
        }
        Command::Delete(trials) => {
            catalog.delete(trials)?;
            Some(format!("{} in the trash; u brings back what was deleted last", counted(trials.len() as u64, "trial")))
        }
        Command::Undelete => {
            let back = catalog.undelete(None)?;
            Some(format!("{} back in the catalog", counted(back.len() as u64, "trial")))
        }
        Command::Workers { run, workers } => {
            catalog.send(&run.parse()?, &Request::Workers(*workers))?;
            None
        }
        Command::Copy(_) | Command::Suspend | Command::Redraw | Command::Quit => None,
    };
    Ok(told)
}

/// Where all work is meant, stops searches of hyperparameters too, which have no trials yet.
fn stop_searches(catalog: &Catalog, target: &Target) -> crate::catalog::Result<()> {
    if *target == Target::All {
        run_control::stop_searches(catalog)?;
    }
    Ok(())
}

/// Goes on with trials: in the run that has them, else in a new one.
fn resume(catalog: &Catalog, target: &Target, ids: Vec<TrialId>) -> anyhow::Result<()> {
    let (_, free) = run_control::resume(catalog, ids)?;
    if free.is_empty() {
        return Ok(());
    }
    let mut arguments = vec![OsString::from("resume"), OsString::from("--background")];
    match target {
        // There may be more than a command line holds.
        Target::All => arguments.push("--all".into()),
        Target::Trial(_) => arguments.extend(free.iter().map(|id| id.as_str().into())),
    }
    start(catalog, &arguments).map(drop)
}

/// The trial, or all whose state is `wanted`.
fn targeted(
    catalog: &Catalog,
    target: &Target,
    wanted: impl Fn(State) -> bool,
) -> crate::catalog::Result<Vec<TrialId>> {
    match target {
        Target::Trial(id) => Ok(vec![id.clone()]),
        Target::All => {
            let live = catalog.live_runs()?;
            let mut ids = catalog.trial_ids()?;
            ids.retain(|id| catalog.trial(id).state(&live).is_ok_and(&wanted));
            Ok(ids)
        }
    }
}
