//! The terminal's echo of control keys.

use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};

/// While this lives, the terminal does not write `^C` where it is typed, which would move the bars.
pub(super) struct Quiet {
    changed: bool,
}

impl Quiet {
    pub(super) fn new() -> Self {
        let changed = set(|modes| modes.contains(LocalModes::ECHOCTL), LocalModes::difference);
        Self { changed }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if self.changed {
            set(|_| true, LocalModes::union);
        }
    }
}

/// Changes whether control keys are echoed, if `wanted` of the modes as they are; says whether it did.
fn set(wanted: fn(LocalModes) -> bool, change: fn(LocalModes, LocalModes) -> LocalModes) -> bool {
    // Who works in the background and touches the terminal is stopped.
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
