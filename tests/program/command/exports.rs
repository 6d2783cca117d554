//! Exports, watching, and the doctor.

use super::util::{LONG, Sandbox};

const ONE: &str = "grid = { p_u = [50.0], p_e = [2.0] }\n[[trials]]\ntasks = [\"4-2-4\"]\ndepths = [1]\nwidths = [12]\n\
                   learning_rate = 0.05\nbatch_size = 4\nepochs = 60\n";

#[test]
fn a_trial_is_written_in_every_format() {
    let sandbox = Sandbox::with(ONE);
    sandbox.done(&["run", "own.toml"]);
    let trial = sandbox.list().remove(0);
    assert_eq!(trial["status"], "finished", "{trial}");
    let id = trial["id"].as_str().unwrap();
    let export = |what: &str, format: &str| sandbox.done(&["export", what, "--format", format]).out;
    let line: serde_json::Value = serde_json::from_str(export("own", "json").trim()).unwrap();
    assert_eq!((line["id"].as_str(), &line["edges"]), (Some(id), &trial["edges"]));
    let table = export(id, "csv");
    let rows: Vec<Vec<&str>> = table.lines().map(|row| row.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[0][6], rows[1][0]), (2, "edges", id), "{table}");
    assert!(export(id, "dot").starts_with("digraph \"4-2-4 4,12,4 seed 0\""));
    let edges = trial["edges"].as_u64().unwrap();
    assert_eq!(export(id, "svg").matches("<line").count() as u64, edges);
    // The weights come back as the same network: what is detected in it is what was.
    let told = sandbox.done(&["export", "own", "--format", "safetensors", "--output", "out"]);
    assert_eq!(told.last(), "1 file written to out");
    let found = sandbox.done(&["detect", &format!("out/{id}.safetensors"), "--json"]).json().remove(0);
    assert_eq!(found["module_count"], trial["module_count"]);
    for wrong in [
        &["export", "own", "--format", "dot"][..],
        &["export", id, "--format", "gif"],
        &["export", id, "--format", "png"],
        &["export", "zz", "--format", "csv"],
    ] {
        let told = sandbox.sculpt(wrong);
        assert!(matches!(told.code, Some(1 | 2)) && told.err.lines().count() == 1, "{wrong:?}: {told:?}");
    }
}

#[test]
fn a_detached_run_is_watched_to_its_end() {
    let sandbox = Sandbox::with(LONG);
    assert!(sandbox.done(&["watch"]).out.contains("Nothing is running"));
    sandbox.done(&["run", "own.toml", "--detach"]);
    let told = sandbox.done(&["watch", "own", "--every", "1"]).out;
    assert!(told.contains("all runs finished: 2 trials done"), "{told}");
}

#[cfg(feature = "burn")]
#[test]
fn a_search_of_hyperparameters_is_watched_and_the_trials_after_it() {
    // Networks too narrow to learn the task, so that all epochs are tried, on burn: seconds of searching.
    let sandbox = Sandbox::with(
        "hyperparameters = 'rule'\n[[trials]]\ntasks = ['8-2-1-2-16']\ndepths = [3]\nwidths = [3, 4]\nstages = 'dense'\n\
         seeds = [0]\n",
    );
    let told = sandbox.done(&["run", "own.toml", "--jobs", "1", "--engine", "burn", "--detach"]);
    assert!(told.last().contains("first searches for the hyperparameters of 2 networks"), "{told:?}");
    let told = sandbox.done(&["watch", "own", "--every", "1"]).out;
    // The search is a run without trials, and what follows is another run of the same process.
    assert!(told.contains("searching for hyperparameters"), "{told}");
    assert!(told.contains("all runs finished: 2 trials done"), "{told}");
}

#[test]
fn the_doctor_finds_damaged_files() {
    let sandbox = Sandbox::with(ONE);
    assert!(sandbox.done(&["doctor"]).out.contains("does not exist yet"));
    sandbox.done(&["run", "own.toml"]);
    assert!(sandbox.done(&["doctor"]).last().starts_with("Everything"));
    let walks = sandbox.trials().remove(0).join("walks");
    let bytes = std::fs::read(&walks).unwrap();
    std::fs::write(&walks, &bytes[..bytes.len() / 2]).unwrap();
    let told = sandbox.sculpt(&["doctor"]);
    assert_eq!(told.code, Some(1));
    assert!(told.out.contains("! damaged") && told.out.contains("walks of"), "{told:?}");
}
