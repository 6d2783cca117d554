//! `depths = "auto"`.

use std::collections::BTreeSet;

use super::util::{Sandbox, Told};

const AUTO: &str = "
seeds = [0, 1]
grid = 'quick'
learning_rate = 0.05
batch_size = 2
epochs = 60
[[trials]]
tasks = ['and.csv', 'two.csv']
depths = 'auto'
most_layers = 3
widths = [6]
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with(AUTO);
    sandbox.write("and.csv", "x1,x2,y1\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n");
    sandbox.write("two.csv", "x1,x2,y1,y2\n0,0,0,1\n0,1,0,0\n1,0,1,1\n1,1,1,0\n");
    sandbox
}

/// The depths that trials of a task were run at.
fn depths(sandbox: &Sandbox, task: &str) -> BTreeSet<usize> {
    let trials = sandbox.list();
    let of_task = trials.iter().filter(|trial| trial["task"] == task);
    of_task.map(|trial| trial["arch"].as_array().unwrap().len() - 2).collect()
}

/// The last line printed about a task.
fn last<'a>(told: &'a Told, task: &str) -> &'a str {
    told.out.lines().rfind(|line| line.starts_with(&format!("{task}: the answer"))).unwrap()
}

#[test]
fn layers_are_added_while_the_answer_changes() {
    let sandbox = sandbox();
    let dry = sandbox.done(&["run", "own.toml", "--dry-run"]);
    assert!(
        dry.out.contains("depths = \"auto\": 8 trials at first") && dry.last().starts_with("own: 12 trials"),
        "{dry:?}"
    );
    let told = sandbox.done(&["run", "own.toml"]);
    for task in ["and", "two"] {
        let line = last(&told, task);
        let run = depths(&sandbox, task);
        // The depths that were run match the printed answer.
        let expected = if line.contains("stays the same from 1 to 2 hidden layers") { 2 } else { 3 };
        assert!(line.contains("stays the same from ") || line.contains("still changes at 3 hidden layers"), "{line}");
        assert_eq!(run, (1..=expected).collect(), "{told:?}");
    }
    // A second run trains nothing and prints the same answers.
    let again = sandbox.done(&["run", "own.toml"]);
    assert!(["and", "two"].iter().all(|task| last(&again, task) == last(&told, task)), "{again:?}");
    assert!(sandbox.sessions().iter().all(|&sessions| sessions == 1));
}

#[test]
fn a_filter_limits_the_depths() {
    let sandbox = sandbox();
    let told = sandbox.done(&["run", "own.toml", "--only", "task=and depth<3 seed=0"]);
    assert_eq!((sandbox.list().len(), depths(&sandbox, "and")), (2, BTreeSet::from([1, 2])), "{told:?}");
}
