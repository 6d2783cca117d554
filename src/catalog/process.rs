//! Which process does something, and whether it still exists.

use std::fs;
use std::sync::LazyLock;

use rustix::process::Pid;
use serde::{Deserialize, Serialize};

/// A process, told apart from all others on all machines that share a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Name of the machine.
    pub host: String,
    /// Which start of the machine, a random number by the kernel; empty where the system has none.
    #[serde(default)]
    pub boot: String,
    /// The world that the process id counts in: containers on one machine have their own; empty where unknown.
    #[serde(default)]
    pub namespace: String,
    /// Process id.
    pub pid: u32,
    /// When the process started, in clock ticks after the machine did: tells it from a later one with the same id.
    /// `None` where the system does not tell.
    #[serde(default)]
    pub start: Option<u64>,
}

/// What can be said of a process from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It exists.
    Alive,
    /// It is over.
    Dead,
    /// The machine of this name has been restarted since, unless two machines share the name.
    Rebooted,
    /// It is, or was, on another machine.
    Elsewhere,
}

impl Process {
    /// This process.
    #[must_use]
    pub fn current() -> &'static Self {
        static CURRENT: LazyLock<Process> = LazyLock::new(|| {
            let pid = std::process::id();
            Process {
                host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
                boot: read_line("/proc/sys/kernel/random/boot_id"),
                namespace: fs::read_link("/proc/self/ns/pid")
                    .map(|link| link.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                pid,
                start: stat(pid).map(|stat| stat.start),
            }
        });
        &CURRENT
    }

    /// What can be said of this process by one that is `here`.
    #[must_use]
    pub fn presence(&self, here: &Self) -> Presence {
        let same_kernel = if here.boot.is_empty() { self.host == here.host } else { self.boot == here.boot };
        if same_kernel && self.namespace == here.namespace {
            if self.exists() { Presence::Alive } else { Presence::Dead }
        } else if self.host == here.host && self.namespace == here.namespace {
            Presence::Rebooted
        } else {
            Presence::Elsewhere
        }
    }

    /// Does it exist, given that it is or was on this machine since its last start?
    fn exists(&self) -> bool {
        match stat(self.pid) {
            Some(stat) => !stat.ended && self.start.is_none_or(|start| start == stat.start),
            // No `/proc`, or it hides other users' processes: ask the kernel whether a signal could be sent.
            None => i32::try_from(self.pid).ok().and_then(Pid::from_raw).is_some_and(|pid| {
                matches!(rustix::process::test_kill_process(pid), Ok(()) | Err(rustix::io::Errno::PERM))
            }),
        }
    }
}

/// What Linux tells of a process.
struct Stat {
    /// Over, but not yet collected by its parent.
    ended: bool,
    /// Clock ticks after the start of the machine.
    start: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, can itself contain spaces and parentheses; what follows is field 3 onwards.
    let mut fields = text[text.rfind(')')? + 1..].split_ascii_whitespace();
    let ended = matches!(fields.next()?, "Z" | "X" | "x");
    Some(Stat { ended, start: fields.nth(18)?.parse().ok()? })
}

fn read_line(path: &str) -> String {
    fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_an_earlier_one_with_its_id_is_not() {
        let here = Process::current();
        assert_eq!(here.presence(here), Presence::Alive);
        if let Some(start) = here.start {
            let earlier = Process { start: Some(start - 1), ..here.clone() };
            assert_eq!(earlier.presence(here), Presence::Dead);
        }
    }

    #[test]
    fn a_child_is_alive_until_it_ends_even_before_it_is_collected() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let process =
            Process { pid: child.id(), start: stat(child.id()).map(|stat| stat.start), ..Process::current().clone() };
        assert_eq!(process.presence(Process::current()), Presence::Alive);
        child.kill().unwrap();
        for _ in 0..200 {
            if process.presence(Process::current()) == Presence::Dead {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert_eq!(process.presence(Process::current()), Presence::Dead, "before it is collected");
        child.wait().unwrap();
        assert_eq!(process.presence(Process::current()), Presence::Dead);
    }

    #[test]
    fn other_boots_and_machines_are_told_apart() {
        let here = Process { boot: "b".to_owned(), ..Process::current().clone() };
        let rebooted = Process { boot: "a".to_owned(), ..here.clone() };
        assert_eq!(rebooted.presence(&here), Presence::Rebooted);
        let elsewhere = Process { host: "another-machine".to_owned(), ..rebooted.clone() };
        assert_eq!(elsewhere.presence(&here), Presence::Elsewhere);
        let contained = Process { namespace: "pid:[1]".to_owned(), ..here.clone() };
        assert_eq!(contained.presence(&here), Presence::Elsewhere);
        let renamed = Process { host: "old-name".to_owned(), ..here.clone() };
        assert_eq!(renamed.presence(&here), Presence::Alive, "the same kernel, whatever the machine is called");
    }
}
