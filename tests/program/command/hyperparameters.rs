//! Hyperparameters by the paper's rule, searched before trials are planned.

use std::collections::BTreeSet;
use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use super::util::{Sandbox, files, wait_until};

const XOR: &str = "x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n";

/// Two dense networks of a task that nothing is published for.
const RULE: &str = "
hyperparameters = 'rule'
stages = 'dense'
seeds = [3, 4]
[[trials]]
tasks = ['xor.csv']
hidden = [[8]]
";

fn sandbox(experiment: &str) -> Sandbox {
    let sandbox = Sandbox::with(experiment);
    sandbox.write("xor.csv", XOR);
    sandbox
}

/// The hyperparameters that the experiment `own` records.
fn recorded(sandbox: &Sandbox) -> Vec<Value> {
    let file = files(&sandbox.catalog().join("experiments/own")).pop().unwrap();
    let experiment: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    experiment["hyperparameters"].as_array().unwrap().clone()
}

/// How many of the dense networks of the deciding seeds are trained at these settings, by trials of their own.
fn trained(learning_rate: &Value, epochs: u64) -> usize {
    let given = format!("learning_rate = {learning_rate}\nbatch_size = 2\nepochs = {epochs}\n");
    let sandbox = sandbox(&RULE.replace("hyperparameters = 'rule'", &given).replace("[3, 4]", "[0, 1, 2, 5]"));
    sandbox.done(&["run", "own.toml"]);
    assert_eq!(sandbox.list().len(), 4);
    sandbox.states().iter().filter(|state| *state == "finished").count()
}

#[test]
fn the_least_epochs_are_taken_that_train_all_four_seeds() {
    let sandbox = sandbox(RULE);
    let dry = sandbox.done(&["run", "own.toml", "--dry-run"]);
    assert!(dry.out.contains("the run first searches for those of 1 network"), "{dry:?}");
    assert!(!sandbox.catalog().exists(), "a dry run makes nothing");

    let told = sandbox.done(&["run", "own.toml"]);
    assert!(told.out.starts_with("searching for the hyperparameters of 1 network by the paper's rule"), "{told:?}");
    let trials = sandbox.list();
    let seeds: BTreeSet<_> = trials.iter().filter_map(|trial| trial["seed"].as_u64()).collect();
    assert_eq!((trials.len(), seeds), (2, BTreeSet::from([3, 4])), "the seeds that decide are not run");
    let entry = recorded(&sandbox).remove(0);
    assert_eq!(
        (&entry["task"], &entry["origin"], &entry["search"]["trained"]),
        (&"xor".into(), &"rule".into(), &4.into())
    );
    assert!(entry["search"]["engine"].is_string() && entry["search"]["kernel"].is_string(), "{entry}");
    let (rate, epochs) = (&entry["chosen"]["learning_rate"], entry["chosen"]["epochs"].as_u64().unwrap());
    assert!(trials.iter().all(|trial| trial["epochs"] == epochs && trial["learning_rate"] == *rate));

    // What is chosen trains all four, and the next smaller number of epochs does not, nor any at a higher learning rate.
    assert_eq!(trained(rate, epochs), 4);
    let ladder = [10, 15, 20, 30, 40, 50, 60, 80, 100, 120];
    let rung = ladder.iter().position(|&rung| rung == epochs).unwrap();
    if rung > 0 {
        assert!(trained(rate, ladder[rung - 1]) < 4);
    }
    for tried in entry["search"]["tries"].as_array().unwrap().iter().filter(|tried| tried["learning_rate"] != *rate) {
        assert!(trained(&tried["learning_rate"], 120) < 4);
    }

    let page = sandbox.done(&["show", trials[0]["id"].as_str().unwrap()]).out;
    assert!(page.contains("\nchosen        by the paper's rule: ") && page.contains("in epoch"), "{page}");
}

#[test]
fn nothing_is_searched_twice() {
    let sandbox = sandbox(RULE);
    sandbox.done(&["run", "own.toml"]);
    let searches = || files(&sandbox.catalog().join("searches"));
    let (found, record) = (searches(), fs::read(&searches()[0]).unwrap());
    assert_eq!(found.len(), 1);
    let told = sandbox.done(&["run", "own.toml", "--seeds", "7..9"]);
    assert!(!told.out.contains("searching") && told.last().starts_with("3 done in "), "{told:?}");
    assert_eq!((searches(), recorded(&sandbox).len()), (found.clone(), 1));
    assert_eq!(sandbox.list().len(), 5);
    // Without the folder, the same is found again.
    fs::remove_dir_all(sandbox.catalog().join("searches")).unwrap();
    let told = sandbox.done(&["run", "own.toml", "--jobs", "3"]);
    assert!(told.out.contains("searching") && told.last().starts_with("2 already done"), "{told:?}");
    assert!(searches() == found && fs::read(&found[0]).unwrap() == record, "the records differ");
    // A damaged answer is searched for again.
    fs::write(&found[0], &record[..record.len() / 2]).unwrap();
    sandbox.done(&["run", "own.toml"]);
    assert!(fs::read(&found[0]).unwrap() == record);
}

#[test]
fn a_given_learning_rate_that_is_too_low_is_an_x() {
    let sandbox = sandbox(&RULE.replace("'rule'", "'rule'\nlearning_rate = [0.1, 1e-7]"));
    let dry = sandbox.done(&["run", "own.toml", "--dry-run"]);
    assert!(dry.last().starts_with("own: 4 trials would run"), "{dry:?}");
    let told = sandbox.done(&["run", "own.toml"]);
    assert!(told.out.contains("1 left out (X: no number of epochs is enough)"), "{told:?}");
    assert!(sandbox.list().iter().all(|trial| trial["learning_rate"] == 0.1) && sandbox.list().len() == 2);
    assert!(recorded(&sandbox).iter().any(|entry| entry["chosen"].is_null() && entry["search"]["trained"] == 0));
    let dry = sandbox.done(&["run", "own.toml", "--dry-run"]);
    assert!(dry.last().starts_with("own: 2 trials already done; nothing would run"), "{dry:?}");
    let alone = self::sandbox(&RULE.replace("'rule'", "'rule'\nlearning_rate = 1e-7"));
    let told = alone.sculpt(&["run", "own.toml"]);
    assert!(told.code == Some(2) && told.err.contains("every setting is an X"), "{told:?}");
}

/// Searches that take long: networks that learn next to nothing in thousands of steps.
const SLOW: &str = "
hyperparameters = 'rule'
learning_rate = 1e-7
batch_size = 1
[[trials]]
tasks = ['8-2-1-2-16']
hidden = [[60, 60, 60], [61, 61, 61], [62, 62, 62], [63, 63, 63], [64, 64, 64], [65, 65, 65], [66, 66, 66]]
";

/// What live runs say that they do.
fn notes(sandbox: &Sandbox) -> String {
    let runs = files(&sandbox.catalog().join("runs"));
    let beats = runs.iter().filter(|file| file.ends_with("heartbeat"));
    beats.filter_map(|file| fs::read_to_string(file).ok()).collect()
}

#[test]
fn a_search_can_be_interrupted_and_stopped() {
    let sandbox = Sandbox::with(SLOW);
    let searching = || notes(&sandbox).contains("searching for hyperparameters, 0 of 7 found");
    let run = sandbox.start(&["run", "own.toml", "--jobs", "1"]);
    wait_until("the search shows", searching);
    run.signal(Signal::INT);
    let told = run.end();
    assert_eq!((told.code, told.err.as_str()), (Some(130), ""), "{told:?}");
    assert!(told.last().starts_with("stopped during the hyperparameter search"), "{told:?}");
    assert!(sandbox.list().is_empty());

    fs::remove_dir_all(sandbox.catalog()).unwrap();
    let told = sandbox.done(&["run", "own.toml", "--jobs", "1", "--detach"]);
    assert!(told.out.starts_with("own: 7 trials started in background process "), "{told:?}");
    assert!(told.last().starts_with("The run first searches for the hyperparameters of 7 networks"), "{told:?}");
    wait_until("the search shows", searching);
    let told = sandbox.done(&["cancel", "--all"]);
    assert!(told.last().starts_with("hyperparameter search stopped"), "{told:?}");
    let ended = || files(&sandbox.catalog().join("runs")).iter().any(|file| file.ends_with("ended.json"));
    wait_until("the run ends", ended);
    assert!(sandbox.list().is_empty());
}

#[test]
fn detached_trials_follow_their_search() {
    let sandbox = sandbox(RULE);
    let told = sandbox.done(&["run", "own.toml", "--detach"]);
    assert!(told.out.starts_with("own: 2 trials started in background process "), "{told:?}");
    wait_until("both are done", || {
        sandbox.states().len() == 2 && sandbox.states().iter().all(|state| state == "finished")
    });
}

#[test]
fn experiments_of_older_programs_have_no_record() {
    let sandbox = sandbox(RULE);
    sandbox.done(&["run", "own.toml"]);
    let file = files(&sandbox.catalog().join("experiments/own")).pop().unwrap();
    let mut experiment: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    experiment["hyperparameters"] = Value::Null;
    fs::write(&file, experiment.to_string()).unwrap();
    let trial = sandbox.list()[0]["id"].as_str().unwrap().to_owned();
    assert!(!sandbox.done(&["show", &trial]).out.contains("\nchosen "));
    assert!(sandbox.done(&["show", &trial, "--json"]).json()[0]["hyperparameters"].is_null());
    assert!(sandbox.done(&["run", "own.toml"]).last().starts_with("2 already done"));
    assert_eq!(recorded(&sandbox).len(), 1, "asked for again, it has one");
}
