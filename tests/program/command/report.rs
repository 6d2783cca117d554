//! `sculpt report`: an experiment compared with the paper.

use std::fs;

use serde_json::Value;

use super::util::Sandbox;

/// Three trials that learn their task, of which nothing is pruned in one; and one that cannot learn it.
const OWN: &str = "
title = 'Mine'
grid = 'quick'
[[trials]]
tasks = ['4-2-4']
hidden = [[24]]
seeds = [0, 1]
epochs = 40
learning_rate = 0.05
batch_size = 8
[[trials]]
tasks = ['4-2-4']
hidden = [[24]]
seeds = [0]
epochs = 40
learning_rate = 0.05
batch_size = 8
stages = 'dense'
[[trials]]
tasks = ['4-1-4']
hidden = [[24]]
epochs = 1
learning_rate = 1e-6
";

fn find<'a>(lines: &'a [Value], task: &str, criterion: &str) -> &'a Value {
    let is = |line: &&Value| line["task"] == task && line["criterion"] == criterion;
    lines.iter().find(is).unwrap_or_else(|| panic!("{task} {criterion}: {lines:#?}"))
}

#[test]
fn an_experiment_of_ones_own() {
    let sandbox = Sandbox::with(OWN);
    sandbox.done(&["run", "own.toml"]);
    let lines = sandbox.done(&["report", "own", "--json"]).json();
    let cell = find(&lines, "4-2-4", "modules");
    assert_eq!((&cell["figure"], &cell["paper"], &cell["depth"]), (&Value::Null, &Value::Null, &Value::from(1)));
    assert_eq!((&cell["trials"], &cell["untrained"], &cell["missing"]), (&2.into(), &0.into(), &0.into()));
    // As many as `list` says: the blind choice is the best network.
    let success = |line: &&Value| line["task"] == "4-2-4" && line["stages"] == "unit+edge" && line["success"] == true;
    let successes = sandbox.list().iter().filter(success).count();
    assert_eq!(cell["blind"], successes);
    assert!(cell["published_rule"].as_u64() >= cell["blind"].as_u64());
    for key in ["right", "share", "low", "high", "runner_up_share", "trials", "structure", "certified"] {
        assert!(!cell["vote"][key].is_null(), "{key}: {cell}");
    }
    // With a margin that no lead reaches, all structures tie.
    let all = sandbox.done(&["report", "own", "--json", "--vote", "tie-margin=99"]).json();
    let vote = &find(&all, "4-2-4", "modules")["vote"];
    assert_eq!(vote["tied"].as_u64() == Some(1), vote["runner_up"].is_null(), "{vote}");
    assert!(cell["vote"]["low"].as_f64() <= cell["vote"]["share"].as_f64());
    assert!(cell["edges_ratio"].as_f64().unwrap() > 0.5, "4,24,4 is among the authors' networks");

    // Nobody asks for the modules of a dense network.
    let of_dense = sandbox.list().into_iter().find(|line| line["stages"] == "dense").unwrap();
    assert!(of_dense["success"].is_null() && of_dense["module_count"] == 1, "{of_dense}");

    let untrained = find(&lines, "4-1-4", "modules");
    assert_eq!((&untrained["trials"], &untrained["untrained"], &untrained["blind"]), (&1.into(), &1.into(), &0.into()));
    assert!(untrained["vote"].is_null() && untrained["edges"].is_null());

    let dense = find(&lines, "4-2-4", "separable");
    assert_eq!((&dense["stages"], &dense["trials"], &dense["width"]), (&"dense".into(), &1.into(), &24.into()));
    assert_eq!(find(&lines, "4-2-4", "n90")["n90"].as_array().unwrap().len(), 1);
}

#[test]
fn a_part_of_a_figure() {
    let sandbox = Sandbox::new();
    sandbox.done(&["run", "figure-6", "--grid", "quick", "--only", "task=4-2-4 depth=1 width=24 seed<2"]);
    let lines = sandbox.done(&["report", "figure-6", "--json"]).json();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["figure"], &lines[0]["trials"]), (&"6".into(), &2.into()));
    assert_eq!(lines[0]["paper"], serde_json::json!({"successes": 12, "of": 12}));
    assert!(lines[0]["blind_p"].is_number() && lines[0]["edges_ratio"].is_number());

    // A trial without a result is missing.
    fs::remove_file(sandbox.trials()[0].join("result.json")).unwrap();
    let lines = sandbox.done(&["report", "figure-6", "--json"]).json();
    assert_eq!((&lines[0]["trials"], &lines[0]["missing"]), (&1.into(), &1.into()));
    let text = sandbox.done(&["report", "figure-6", "--ascii"]).out;
    assert!(text.is_ascii() && text.contains("1/2") && text.contains("12/12") && text.contains("######"), "{text}");
    let seed = sandbox.done(&["report", "figure-6", "--only", "seed=1", "--json"]).json();
    assert_eq!(seed[0]["trials"].as_u64().unwrap() + seed[0]["missing"].as_u64().unwrap(), 1);

    let seeds = sandbox.done(&["report", "figure-6", "--seeds", "1,5", "--json"]).json();
    assert_eq!(seeds, seed);
    let text = sandbox.done(&["report", "figure-6", "--seeds", "1"]).out;
    assert!(text.contains("1 trial done.") && text.contains("Only seeds 1."), "{text}");
    assert!(text.contains("classify every row correctly."), "{text}");

    // A missing trial is reported, and the others are counted.
    fs::remove_dir_all(&sandbox.trials()[0]).unwrap();
    let told = sandbox.sculpt(&["report", "figure-6", "--json"]);
    assert_eq!((told.code, told.json().len(), told.err.lines().count()), (Some(1), 1, 1), "{told:?}");
}

#[test]
fn tables() {
    let sandbox = Sandbox::with(OWN);
    sandbox.done(&["run", "own.toml", "--only", "stages=unit+edge task=4-2-4"]);
    let csv = sandbox.done(&["report", "own", "--format", "csv"]).out;
    let columns: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert!(columns.len() == 2 && columns[1] >= columns[0], "{csv}");
    let markdown = sandbox.done(&["report", "own", "--format", "md"]).out;
    assert!(markdown.starts_with("## Mine\n") && markdown.contains("\n| --- |"), "{markdown}");
    assert!(sandbox.done(&["report", "own"]).out.starts_with("Mine\n"));
}

#[test]
fn senseless_requests_are_refused() {
    let sandbox = Sandbox::with(OWN);
    let told = sandbox.sculpt(&["report", "nothing"]);
    assert!(told.code == Some(1) && told.err.lines().count() == 1 && told.err.contains("nothing"), "{told:?}");
    for wrong in [
        &["report"][..],
        &["report", "own", "--format", "xml"],
        &["report", "own", "--only", "seed<"],
        &["report", "own", "--seeds", "5..3"],
        &["report", "own", "--vote", "near"],
        &["report", "own", "--vote", "decay=2"],
    ] {
        let told = sandbox.sculpt(wrong);
        assert!(told.code == Some(2) && told.err.lines().count() == 1, "{told:?}");
    }
}
