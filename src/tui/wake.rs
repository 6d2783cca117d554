//! What wakes the dashboard: other threads, and signals.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::pipe;
use signal_hook::{SigId, flag, low_level};

/// Wakes the dashboard from another thread.
#[derive(Clone)]
pub struct Waker(Arc<UnixStream>);

impl Waker {
    /// Ends the sleep. If the socket is full, a wake-up is pending already.
    pub fn wake(&self) {
        let _ = (&*self.0).write(&[0]);
    }
}

/// Sleeps until there is something to do.
pub struct Alarm {
    awoken: UnixStream,
    waker: Waker,
    end: Arc<AtomicBool>,
    resized: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    resumed: Arc<AtomicBool>,
    /// The registered signal handlers.
    signals: Vec<SigId>,
}

impl Alarm {
    /// Handles signals from now on, until dropped.
    ///
    /// # Errors
    /// The system refuses a socket or a signal handler.
    pub fn new() -> io::Result<Self> {
        let (awoken, waker) = UnixStream::pair()?;
        awoken.set_nonblocking(true)?;
        waker.set_nonblocking(true)?;
        let [end, resized, stopped, resumed] = [(); 4].map(|()| Arc::new(AtomicBool::new(false)));
        let waker = Waker(Arc::new(waker));
        let mut alarm = Self { awoken, waker, end, resized, stopped, resumed, signals: Vec::new() };
        for (signal, flag) in [
            (SIGTERM, &alarm.end),
            (SIGHUP, &alarm.end),
            (SIGINT, &alarm.end),
            (SIGWINCH, &alarm.resized),
            (SIGTSTP, &alarm.stopped),
            (SIGCONT, &alarm.resumed),
        ] {
            // In this order, the flag is set before the sleep ends.
            alarm.signals.push(flag::register(signal, Arc::clone(flag))?);
            alarm.signals.push(pipe::register(signal, alarm.waker.0.try_clone()?)?);
        }
        Ok(alarm)
    }

    /// A handle with which other threads end the sleep.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Sleeps until woken, at most for `most`. Returns `false` once the terminal is gone.
    ///
    /// # Errors
    /// The system cannot wait.
    pub fn sleep(&mut self, terminal: BorrowedFd<'_>, most: Option<Duration>) -> io::Result<bool> {
        let most = most.map(|most| Timespec {
            tv_sec: i64::try_from(most.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(most.subsec_nanos()),
        });
        // Without events to wait for, only the terminal's end is reported.
        let mut fds =
            [PollFd::from_borrowed_fd(terminal, PollFlags::empty()), PollFd::new(&self.awoken, PollFlags::IN)];
        match poll(&mut fds, most.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let alive = !is_gone(fds[0].revents());
        let mut bytes = [0; 64];
        while matches!(self.awoken.read(&mut bytes), Ok(1..)) {}
        Ok(alive)
    }

    /// Has a signal asked the program to end?
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.end.load(Ordering::Relaxed)
    }

    /// Has the terminal been resized since the last call?
    #[must_use]
    pub fn was_resized(&self) -> bool {
        self.resized.swap(false, Ordering::Relaxed)
    }

    /// Has the program been asked to suspend itself since the last call?
    #[must_use]
    pub fn was_stopped(&self) -> bool {
        self.stopped.swap(false, Ordering::Relaxed)
    }

    /// Has the program been continued since the last call?
    #[must_use]
    pub fn was_resumed(&self) -> bool {
        self.resumed.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        for signal in self.signals.drain(..) {
            low_level::unregister(signal);
        }
    }
}

/// Waits until something is typed. Returns `false` once the terminal is gone.
///
/// # Errors
/// The system cannot wait.
pub fn wait_for_input(terminal: BorrowedFd<'_>) -> io::Result<bool> {
    let mut fds = [PollFd::from_borrowed_fd(terminal.as_fd(), PollFlags::IN)];
    match poll(&mut fds, None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(!is_gone(fds[0].revents())),
        Err(error) => Err(error.into()),
    }
}

fn is_gone(events: PollFlags) -> bool {
    events.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)
}
