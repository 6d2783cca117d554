//! The terminal's echo of control keys.

use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};

/// Until this is dropped, the terminal does not echo `^C`, which would shift the bars.
pub(super) struct EchoOff {
    changed: bool,
}

impl EchoOff {
    pub(super) fn new() -> Self {
        let changed = set(|modes| modes.contains(LocalModes::ECHOCTL), LocalModes::difference);
        Self { changed }
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        if self.changed {
            set(|_| true, LocalModes::union);
        }
    }
}

/// Changes whether control keys are echoed if `wanted` holds for the current modes. Returns whether it did.
fn set(wanted: fn(LocalModes) -> bool, change: fn(LocalModes, LocalModes) -> LocalModes) -> bool {
    // A background process that changes the terminal would be stopped.
    if tcgetpgrp(stdin()).ok() != Some(getpgrp()) {
        return false;
    }
    let Ok(mut terminal) = tcgetattr(stdin()) else { return false };
    if !wanted(terminal.local_modes) {
        return false;
    }
    terminal.local_modes = change(terminal.local_modes, LocalModes::ECHOCTL);
    tcsetattr(stdin(), OptionalActions::Now, &terminal).is_ok()
}
