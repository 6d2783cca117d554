//! Executes commands in a thread of its own, in order.

use std::ffi::OsString;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::command::{Command, Target};
use super::source::Nudge;
use super::state::Message;
use super::wake::Waker;
use crate::catalog::{Catalog, Marker, Request, State, TrialId};
use crate::experiment::run_control::{self, ask, start};
use crate::report::numbers::counted;

/// The executing thread, as seen by the dashboard.
pub struct Executor {
    commands: Sender<Command>,
    messages: Receiver<Option<Message>>,
}

impl Executor {
    /// Starts the thread for `catalog`. After each command it has the catalog read again and wakes the dashboard.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn start(catalog: Catalog, nudge: Nudge, waker: Waker) -> std::io::Result<Self> {
        let (commands, queue) = mpsc::channel::<Command>();
        let (sender, messages) = mpsc::channel();
        thread::Builder::new().name("executor".to_owned()).spawn(move || {
            for command in queue {
                let message = match perform(&catalog, &command) {
                    Ok(text) => text.map(Message::note),
                    Err(error) => Some(Message::problem(format!("{error:#}"))),
                };
                nudge.look();
                if sender.send(message).is_err() {
                    return;
                }
                waker.wake();
            }
        })?;
        Ok(Self { commands, messages })
    }

    /// Queues `command`.
    pub fn execute(&self, command: Command) {
        // The thread ends only when `self` is dropped.
        let _ = self.commands.send(command);
    }

    /// The messages of the commands executed since the last call; `None` for a command whose effect is visible anyway.
    pub fn messages(&self) -> impl Iterator<Item = Option<Message>> {
        self.messages.try_iter()
    }

    /// Waits until all commands are executed, for at most `most`; returns the last problem.
    #[must_use]
    pub fn finish(self, most: Duration) -> Option<Message> {
        drop(self.commands);
        let mut problem = None;
        loop {
            match self.messages.recv_timeout(most) {
                Ok(message) => problem = message.filter(|message| message.bad).or(problem),
                Err(RecvTimeoutError::Disconnected) => return problem,
                Err(RecvTimeoutError::Timeout) => {
                    return Some(Message::problem("the catalog does not respond; `sculpt list` shows what is running"));
                }
            }
        }
    }
}

/// Executes a command and returns its message, if it has one.
fn perform(catalog: &Catalog, command: &Command) -> anyhow::Result<Option<String>> {
    let message = match command {
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
            Some(format!("{} cancelled; press p on a trial to resume it", counted(count, "trial")))
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
            Some(format!("tags changed on {}", counted(trials.len(), "trial")))
        }
        Command::Note { trials, text } => {
            for id in trials {
                catalog.trial(id).set_note(text)?;
            }
            let change = if text.is_empty() { "removed from" } else { "written on" };
            Some(format!("note {change} {}", counted(trials.len(), "trial")))
        }
        Command::Delete(trials) => {
            catalog.delete(trials)?;
            Some(format!("{} moved to the trash; press u to restore", counted(trials.len(), "trial")))
        }
        Command::Undelete => {
            let back = catalog.undelete(None)?;
            Some(format!("{} restored", counted(back.len(), "trial")))
        }
        Command::Workers { run, workers } => {
            catalog.send(&run.parse()?, &Request::Workers(*workers))?;
            None
        }
        Command::Copy(_) | Command::Suspend | Command::Redraw | Command::Quit => None,
    };
    Ok(message)
}

/// Stops searches for hyperparameters, which have no trials yet, if the command applies to all trials.
fn stop_searches(catalog: &Catalog, target: &Target) -> crate::catalog::Result<()> {
    if *target == Target::All {
        run_control::stop_searches(catalog)?;
    }
    Ok(())
}

/// Resumes trials in the run that has them, the others in a new run.
fn resume(catalog: &Catalog, target: &Target, ids: Vec<TrialId>) -> anyhow::Result<()> {
    let (_, free) = run_control::resume(catalog, ids)?;
    if free.is_empty() {
        return Ok(());
    }
    let mut arguments = vec![OsString::from("resume"), OsString::from("--background")];
    match target {
        // There may be more ids than a command line can hold.
        Target::All => arguments.push("--all".into()),
        Target::Trial(_) => arguments.extend(free.iter().map(|id| id.as_str().into())),
    }
    start(catalog, &arguments).map(drop)
}

/// The target trial, or all trials in a `wanted` state.
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
