//! Files of the catalog that are damaged, or by a newer program.

use std::fs;

use rustix::process::Signal;

use super::util::{LONG, SHORT, Sandbox};

#[test]
fn a_newer_catalog_is_refused_and_left_alone() {
    let sandbox = Sandbox::with(SHORT);
    sandbox.done(&["run", "own.toml"]);
    let path = sandbox.catalog().join("catalog.json");
    let newer = fs::read_to_string(&path).unwrap().replace("\"format\": 1", "\"format\": 99");
    fs::write(&path, &newer).unwrap();
    let files = super::util::files(&sandbox.catalog());
    for arguments in [&["list"][..], &["run", "own.toml"], &["show", "0"], &["resume", "--all"]] {
        let told = sandbox.sculpt(arguments);
        assert_eq!((told.code, told.out.as_str(), told.err.lines().count()), (Some(1), "", 1), "{told:?}");
        assert!(told.err.contains("has format 99") && told.err.contains("newer sculpt"), "{told:?}");
    }
    assert_eq!(super::util::files(&sandbox.catalog()), files);
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn a_damaged_result_is_reported_and_the_remedy_works() {
    let sandbox = Sandbox::with(SHORT);
    sandbox.done(&["run", "own.toml"]);
    let (results, trial) = (sandbox.results(), sandbox.trials().remove(0));
    let id = trial.file_name().unwrap().to_str().unwrap();
    let path = trial.join("result.json");
    fs::write(&path, "{\"format\": 1, \"stat").unwrap();
    for (arguments, code) in [(&["list"][..], 0), (&["show", id], 1), (&["run", "own.toml"], 1)] {
        let told = sandbox.sculpt(arguments);
        assert_eq!((told.code, told.err.lines().count()), (Some(code), 1), "{told:?}");
        let words = ["result.json is damaged", "remove the file and run the trial again"];
        assert!(words.iter().all(|word| told.err.contains(word)), "{told:?}");
    }
    fs::remove_file(&path).unwrap();
    sandbox.done(&["run", "own.toml"]);
    assert!(sandbox.results() == results, "the results differ");
}

#[test]
fn a_half_made_trial_hinders_nobody() {
    let sandbox = Sandbox::with(SHORT);
    sandbox.done(&["run", "own.toml"]);
    fs::create_dir_all(sandbox.catalog().join("trials/ab/ab000000000000000000")).unwrap();
    assert_eq!(sandbox.states(), ["finished"]);
    for command in ["resume", "pause", "cancel"] {
        assert!(sandbox.done(&[command, "--all"]).last().starts_with("Nothing to "));
    }
}

#[test]
fn a_damaged_trial_does_not_keep_others_from_going_on() {
    let sandbox = Sandbox::with(LONG);
    // One worker: the short trial waits for the long one.
    let run = sandbox.start(&["run", "own.toml", "--jobs", "1"]);
    sandbox.wait_for("progress");
    run.signal(Signal::INT);
    run.end();
    let list = sandbox.list();
    let long = list.iter().find(|line| line["task"] == "4-1-2-16").unwrap()["id"].as_str().unwrap();
    let path = sandbox.trials().into_iter().find(|trial| trial.ends_with(long)).unwrap().join("trial.json");
    fs::write(path, "{}").unwrap();
    let told = sandbox.sculpt(&["resume", "--all"]);
    assert!(told.err.lines().count() == 1 && told.err.contains("trial.json is damaged"), "{told:?}");
    assert!(told.last().starts_with("1 done in "), "{told:?}");
}
