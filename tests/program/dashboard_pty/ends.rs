//! How things end: the dashboard, runs, and the disk and folder under both.

use std::fs;
use std::path::Path;

use rustix::process::Signal;

use super::session::{PROGRAM, Session, command, folder, runner, send, states, wait_for_done};

/// A dashboard that has just launched two trials, one of which is running.
fn at_work(folder: &Path) -> Session {
    let mut session = Session::open(folder, 80, 24);
    session.launch_slow(folder);
    session.wait_for(" rounds so far");
    session
}

#[test]
fn runs_continue_when_the_terminal_is_gone() {
    let folder = folder();
    let mut session = at_work(folder.path());
    session.hang_up();
    assert_eq!(wait_for_done(folder.path(), 2), ["finished", "finished"]);
}

#[test]
fn signals_end_it_quietly_and_runs_continue() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let folder = folder();
        let mut session = at_work(folder.path());
        session.signal(signal);
        assert_eq!(session.ended(), 0, "{signal:?}");
        session.assert_restored();
        let states = states(folder.path());
        let goes_on = |state: &String| matches!(&**state, "running" | "queued" | "finished");
        assert!(states.len() == 2 && states.iter().all(goes_on), "{states:?}");
        assert!(command(folder.path(), &["cancel", "--all"]).output().unwrap().status.success());
    }
}

#[test]
fn killing_the_dashboard_stops_no_run() {
    let folder = folder();
    let mut session = at_work(folder.path());
    session.signal(Signal::KILL);
    session.ended();
    assert_eq!(wait_for_done(folder.path(), 2), ["finished", "finished"]);
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait("both trials", |text| text.matches("✓ finished").count() == 2);
    session.quit();
}

#[test]
fn trials_of_a_killed_run_show_as_stale_and_can_be_resumed() {
    let folder = folder();
    let mut session = at_work(folder.path());
    send(runner(folder.path()), Signal::KILL);
    // The dashboard is the run's parent; it learns of the end from the process table alone.
    session.wait("the event", |text| text.contains("its process is gone"));
    assert_eq!(states(folder.path()), ["stale", "stale"]);
    session.press("1");
    session.wait("two stale trials", |text| text.matches("stale").count() >= 2 && !text.contains("●"));
    session.press("P");
    assert_eq!(wait_for_done(folder.path(), 2), ["finished", "finished"]);
    session.wait("both trials", |text| text.matches("✓ finished").count() == 2);
    session.quit();
}

#[test]
fn if_the_catalogs_folder_vanishes_nothing_is_lost() {
    let folder = folder();
    let mut session = at_work(folder.path());
    let (catalog, away) = (folder.path().join("catalog"), folder.path().join("away"));
    let run = runner(folder.path());
    fs::rename(&catalog, &away).unwrap();
    session.press("1");
    let text = session.wait_for("is gone");
    assert!(text.contains("4-1-2-16") && text.contains("put it back"), "{text}");
    session.wait("the run to end", |_| !fs::exists(format!("/proc/{run}/exe")).unwrap());
    // No new catalog was made in place of the old one.
    assert!(!catalog.exists());
    fs::rename(&away, &catalog).unwrap();
    session.wait("two stale trials", |text| text.matches("stale").count() >= 2 && !text.contains("is gone"));
    session.press("P");
    assert_eq!(wait_for_done(folder.path(), 2), ["finished", "finished"]);
    session.wait("both trials", |text| text.matches("✓ finished").count() == 2);
    session.quit();
}

#[test]
fn on_a_full_disk_the_trial_fails_with_the_reason_and_can_be_resumed() {
    let folder = folder();
    let file = folder.path().join("own.toml");
    fs::write(&file, include_str!("../../../presets/quickstart.toml")).unwrap();
    // Small files can be written, a trial's state cannot, as on a disk with little space left.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" run \"$1\" --jobs 1";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script, PROGRAM]).arg(&file);
    shell.envs(command(folder.path(), &[]).get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = shell.output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(err.contains("failed") && err.contains("cannot write") && err.contains("grow larger"), "{err}");
    assert!(out.contains("`sculpt resume --all` retries what failed"), "{out}");
    assert!(states(folder.path()).contains(&"failed".to_owned()));

    // The dashboard shows the same and resumes the trial.
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait("the failed trial", |text| text.contains("failed"));
    session.press("/status=failed\r");
    session.wait("only those", |text| text.contains("of 2 trials") && text.contains("✗ failed"));
    session.press("\r");
    session.wait("why", |text| text.contains("cannot write"));
    session.press("p");
    wait_for_done(folder.path(), 1);
    session.press("\u{1b}\u{1b}");
    session.wait("the list", |text| text.contains("latest first"));
    session.leave();

    // The command on the last line resumes the rest, and the results equal those of an undisturbed run.
    let twin = super::session::folder();
    assert!(command(twin.path(), &["run", &file.to_string_lossy()]).output().unwrap().status.success());
    assert!(command(folder.path(), &["resume", "--all"]).output().unwrap().status.success());
    assert_eq!(states(folder.path()), ["finished", "finished"]);
    assert_eq!(results(folder.path()), results(twin.path()));
}

/// The results of each trial, in order of ids.
fn results(folder: &Path) -> Vec<String> {
    let lines = super::session::sculpt(folder, &["list", "--json", "--sort", "id"]);
    let facts = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        ["id", "status", "accuracy", "density", "edges", "rounds", "module_count"]
            .map(|key| line[key].to_string())
            .join(" ")
    };
    lines.lines().map(facts).collect()
}
