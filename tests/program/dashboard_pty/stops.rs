//! Suspending and continuing, in a shell.

use rustix::process::Signal;

use super::session::{Session, folder, send};

/// A shell that starts the dashboard, reports when it has the terminal back, and continues the dashboard after a key.
const SHELL: &str = r#"set -m; "$0"; echo the shell again; read line; fg > /dev/null; echo "ended with $?"; read line"#;

/// The only child of process `parent`.
fn child(parent: u32) -> u32 {
    let output = std::process::Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let pairs = text.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
    let found = pairs.filter(|(_, of)| of.trim() == parent.to_string()).map(|(pid, _)| pid.parse().unwrap());
    let found: Vec<u32> = found.collect();
    assert_eq!(found.len(), 1, "the children of {parent}");
    found[0]
}

/// Suspends the dashboard in a shell, checks the terminal, continues, and quits.
fn stopped_and_continued(stop: impl Fn(&mut Session)) {
    let folder = folder();
    let mut session = Session::shell(folder.path(), SHELL);
    session.wait_for("Welcome");
    assert!(session.is_taken() && session.is_raw());
    stop(&mut session);
    session.wait_for("the shell again");
    session.assert_restored();
    continued(&mut session, "\r");
}

/// Continues the dashboard with the key that ends the shell's line, and quits.
fn continued(session: &mut Session, end_of_line: &str) {
    session.press(end_of_line);
    session.wait("the dashboard again", |text| text.contains("Welcome") && !text.contains("the shell"));
    assert!(session.is_taken() && session.is_raw());
    session.press("q");
    session.wait_for("ended with 0");
    session.assert_restored();
}

#[test]
fn ctrl_z_gives_the_terminal_back_until_fg() {
    stopped_and_continued(|session| session.press("\u{1a}"));
}

#[test]
fn a_stop_signal_gives_the_terminal_back_too() {
    stopped_and_continued(|session| send(child(session.pid()), Signal::TSTP));
}

#[test]
fn after_a_forced_stop_everything_is_redrawn() {
    let folder = folder();
    let mut session = Session::shell(folder.path(), SHELL);
    session.wait_for("Welcome");
    let pid = child(session.pid());
    // The process cannot restore the terminal then.
    send(pid, Signal::STOP);
    session.wait_for("the shell again");
    // The terminal is still raw, so return does not end a line.
    continued(&mut session, "\n");
}

#[test]
fn without_a_shell_ctrl_z_stops_nothing() {
    let folder = folder();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait_for("Welcome");
    session.press("\u{1a}");
    session.press("2");
    session.wait("an answer", |text| !text.contains("Welcome") && text.contains("trials"));
    session.quit();
}
