//! Processes: identified across machines, and checked for whether they still exist.

use std::fs;
use std::sync::LazyLock;

use rustix::process::Pid;
use serde::{Deserialize, Serialize};

/// A process, identified uniquely among all machines that share a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The machine's name.
    pub host: String,
    /// The kernel's random id of the machine's current boot; empty if the system has none.
    #[serde(default)]
    pub boot: String,
    /// The namespace of the process id, as containers on one machine have their own; empty if unknown.
    #[serde(default)]
    pub namespace: String,
    /// The process id.
    pub pid: u32,
    /// When the process started, in clock ticks since boot, which distinguishes it from later processes with the same id;
    /// `None` if unknown.
    #[serde(default)]
    pub start: Option<u64>,
}

/// What one process can find out about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It exists.
    Alive,
    /// It has ended.
    Dead,
    /// Its machine has been rebooted since, unless two machines share the name.
    Rebooted,
    /// It runs, or ran, on another machine or in another container.
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

    /// What the process `here` can find out about this one.
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

    /// Whether the process exists, given that it ran on this machine since the last boot.
    fn exists(&self) -> bool {
        match stat(self.pid) {
            Some(stat) => !stat.ended && self.start.is_none_or(|start| start == stat.start),
            // There is no `/proc`, or it hides other users' processes. Try whether the process could be sent a signal.
            None => i32::try_from(self.pid).ok().and_then(Pid::from_raw).is_some_and(|pid| {
                matches!(rustix::process::test_kill_process(pid), Ok(()) | Err(rustix::io::Errno::PERM))
            }),
        }
    }
}

/// A process's status on Linux.
struct Stat {
    /// Whether it has ended and only waits for its parent to collect it.
    ended: bool,
    /// When it started, in clock ticks since boot.
    start: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the name in parentheses, may contain spaces and parentheses. Field 3 follows the last one.
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
    fn an_ended_child_is_dead_even_before_it_is_collected() {
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
    fn other_boots_and_machines_are_distinguished() {
        let here = Process { boot: "b".to_owned(), ..Process::current().clone() };
        let rebooted = Process { boot: "a".to_owned(), ..here.clone() };
        assert_eq!(rebooted.presence(&here), Presence::Rebooted);
        let elsewhere = Process { host: "another-machine".to_owned(), ..rebooted.clone() };
        assert_eq!(elsewhere.presence(&here), Presence::Elsewhere);
        let contained = Process { namespace: "pid:[1]".to_owned(), ..here.clone() };
        assert_eq!(contained.presence(&here), Presence::Elsewhere);
        let renamed = Process { host: "old-name".to_owned(), ..here.clone() };
        assert_eq!(renamed.presence(&here), Presence::Alive, "the same kernel, whatever the machine's name");
    }
}
