//! Several processes at one catalog.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use rustix::process::Signal;

use super::util::{EIGHT, Sandbox, files, wait_until};

/// Every file and folder of the trials, with its time and content.
fn picture(sandbox: &Sandbox) -> Vec<(PathBuf, SystemTime, Vec<u8>)> {
    let all = sandbox.trials().into_iter().flat_map(|trial| [files(&trial), vec![trial]].concat());
    let look = |path: PathBuf| {
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let content = if path.is_dir() { Vec::new() } else { fs::read(&path).unwrap() };
        (path, time, content)
    };
    all.map(look).collect()
}

/// The number before `words` in the last line of a run.
fn count(line: &str, words: &str) -> usize {
    let parts = line.split([',', ';']).filter_map(|part| part.split(" in ").next()?.trim().split_once(' '));
    parts.filter(|(_, rest)| *rest == words).map(|(count, _)| count.parse::<usize>().unwrap()).sum()
}

#[test]
fn two_runs_of_one_experiment_share_its_trials() {
    let sandbox = Sandbox::with(EIGHT);
    let runs = [(); 2].map(|()| sandbox.start(&["run", "own.toml", "--jobs", "1"]));
    wait_until("all trials listed", || sandbox.list().len() == 8);
    let told = runs.map(|run| run.end());
    assert!(told.iter().all(|told| told.code == Some(0) && told.err.is_empty()), "{told:?}");
    assert_eq!(told.iter().map(|told| count(told.last(), "done")).sum::<usize>(), 8, "{told:?}");
    assert_eq!(told.iter().map(|told| count(told.last(), "already done")).sum::<usize>(), 8, "{told:?}");
    assert_eq!(sandbox.sessions(), [1; 8]);
    assert!(sandbox.states().iter().all(|state| state == "finished" || state == "untrained"));
    let alone = Sandbox::with(EIGHT);
    alone.done(&["run", "own.toml"]);
    assert!(sandbox.results() == alone.results(), "the results differ");
}

#[test]
fn looking_writes_into_no_trial() {
    let sandbox = Sandbox::with(EIGHT);
    let runs = [(); 2].map(|()| sandbox.start(&["run", "own.toml", "--jobs", "1"]));
    sandbox.wait_for("result.json");
    wait_until("all trials listed", || sandbox.list().len() == 8);
    // While both stand still, nobody else writes.
    runs.iter().for_each(|run| run.signal(Signal::STOP));
    let before = picture(&sandbox);
    let list = sandbox.list();
    let known = ["queued", "running", "finished", "untrained"];
    assert!(list.iter().all(|line| known.contains(&line["status"].as_str().unwrap())), "{list:?}");
    let count = |state: &str| list.iter().filter(|line| line["status"] == state).count();
    let done = sandbox.trials().iter().filter(|trial| trial.join("result.json").exists()).count();
    assert_eq!(count("finished") + count("untrained"), done);
    assert!(count("running") <= 2);
    assert!(sandbox.done(&["list"]).last().starts_with("8 trials: "));
    for line in &list {
        sandbox.done(&["show", line["id"].as_str().unwrap()]);
    }
    assert!(picture(&sandbox) == before, "looking changed a trial");
    runs.iter().for_each(|run| run.signal(Signal::CONT));
    for run in runs {
        assert_eq!(run.end().code, Some(0));
    }
}
