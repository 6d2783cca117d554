//! Pause, resume, cancel and delete, from another process than the one that works.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::resuming::UNDISTURBED;
use super::util::{LONG, SHORT, Sandbox, wait_until};

/// The state of the trial of a task.
fn state(sandbox: &Sandbox, task: &str) -> String {
    let trial = sandbox.list().into_iter().find(|line| line["task"] == task).unwrap();
    trial["status"].as_str().unwrap().to_owned()
}

fn id(sandbox: &Sandbox, task: &str) -> String {
    let trial = sandbox.list().into_iter().find(|line| line["task"] == task).unwrap();
    trial["id"].as_str().unwrap().to_owned()
}

fn rounds(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.list().into_iter().map(|line| line["rounds"].clone()).collect()
}

/// Has every run of the catalog ended?
fn all_ended(sandbox: &Sandbox) -> bool {
    let runs = fs::read_dir(sandbox.catalog().join("runs")).unwrap().map(|entry| entry.unwrap().path());
    runs.filter(|run| run.is_dir()).all(|run| run.join("ended.json").exists())
}

#[test]
fn a_detached_run_is_paused_resumed_and_cancelled() {
    let sandbox = Sandbox::with(LONG);
    let told = sandbox.done(&["run", "own.toml", "--jobs", "1", "--detach"]);
    assert!(told.last().starts_with("own: 2 trials started in background process "), "{told:?}");
    sandbox.wait_for("progress");
    assert_eq!((state(&sandbox, "4-1-2-16"), state(&sandbox, "4-2-4")), ("running".into(), "queued".into()));

    let told = sandbox.done(&["pause", "--all"]);
    assert!(told.last().starts_with("2 trials paused"), "{told:?}");
    assert_eq!(sandbox.states(), ["paused", "paused"]);
    sandbox.wait_for("state");
    let before = rounds(&sandbox);
    sleep(Duration::from_millis(700));
    assert_eq!(rounds(&sandbox), before);

    let long = id(&sandbox, "4-1-2-16");
    let told = sandbox.done(&["resume", &long[..8]]);
    assert!(told.last().starts_with("1 trial resumed by the run that has it"), "{told:?}");
    wait_until("running again", || state(&sandbox, "4-1-2-16") == "running" && rounds(&sandbox) != before);
    assert_eq!(state(&sandbox, "4-2-4"), "paused");

    let told = sandbox.sculpt(&["delete", &long]);
    assert_eq!((told.code, told.err.lines().count()), (Some(1), 1), "{told:?}");
    assert!(told.err.contains("cancel it first"), "{told:?}");
    let told = sandbox.done(&["cancel", "--all"]);
    assert!(told.last().starts_with("2 trials cancelled"), "{told:?}");
    assert_eq!(sandbox.states(), ["cancelled", "cancelled"]);
    wait_until("the run has ended", || all_ended(&sandbox));
    assert_eq!(
        sandbox.sculpt(&["resume", "--all"]).last(),
        "Nothing to resume: no trial is paused, interrupted or failed."
    );
}

#[test]
fn what_is_cancelled_can_be_resumed() {
    let sandbox = Sandbox::with(LONG);
    let run = sandbox.start(&["run", "own.toml", "--jobs", "1"]);
    sandbox.wait_for("progress");
    sandbox.done(&["cancel", "--all"]);
    run.end();
    assert_eq!(sandbox.states(), ["cancelled", "cancelled"]);
    sandbox.done(&["resume", &id(&sandbox, "4-1-2-16"), &id(&sandbox, "4-2-4")]);
    assert_eq!(sandbox.states(), ["finished", "finished"]);
    assert!(sandbox.results() == UNDISTURBED.results(), "the results differ");
}

#[test]
fn what_is_deleted_can_be_brought_back() {
    let sandbox = Sandbox::with(SHORT);
    sandbox.done(&["run", "own.toml"]);
    let (trial, results) = (id(&sandbox, "4-2-4"), sandbox.results());
    sandbox.done(&["delete", &trial[..6]]);
    assert!(sandbox.list().is_empty());
    assert_eq!(sandbox.sculpt(&["show", &trial]).code, Some(1));
    assert!(sandbox.done(&["delete", "--undo"]).last().starts_with("1 trial restored"));
    assert_eq!(sandbox.states(), ["finished"]);
    assert!(sandbox.results() == results);
    let told = sandbox.sculpt(&["delete", "--undo"]);
    assert_eq!((told.code, told.err.as_str()), (Some(1), "sculpt: the trash is empty; there is nothing to restore\n"));
}
