//! What is printed for programs, and for people who only want to know.

use serde_json::Value;

use super::util::{SHORT, Sandbox};

fn is_number_or_null(value: &Value) -> bool {
    value.is_number() || value.is_null()
}

#[track_caller]
fn check_line(line: &Value) {
    let has = |key: &str, fits: fn(&Value) -> bool| {
        assert!(line.get(key).is_some_and(fits), "{key}: {line}");
    };
    has("schema", Value::is_u64);
    has("id", Value::is_string);
    has("experiment", |names| names.as_array().is_some_and(|names| names.iter().all(Value::is_string)));
    has("task", Value::is_string);
    has("arch", |widths| widths.as_array().is_some_and(|widths| widths.iter().all(Value::is_u64)));
    has("seed", Value::is_u64);
    has("status", Value::is_string);
    for key in
        ["accuracy", "density", "edges", "hidden_units", "p_u", "p_e", "rounds", "wall_s", "cpu_s", "module_count"]
    {
        has(key, is_number_or_null);
    }
    has("success", |success| success.is_boolean() || success.is_null());
}

#[test]
fn lists_and_trials_as_json() {
    let sandbox = Sandbox::with(SHORT);
    let run = sandbox.done(&["run", "own.toml", "--json"]);
    let list = sandbox.list();
    assert_eq!(run.json(), list, "a run prints the lines of the list");
    check_line(&list[0]);
    assert_eq!((&list[0]["status"], &list[0]["accuracy"]), (&"finished".into(), &1.0.into()));
    let density = list[0]["edges"].as_f64().unwrap() / 192.0;
    assert!((list[0]["density"].as_f64().unwrap() - density).abs() < 1e-12);
    assert_eq!(sandbox.done(&["list", "--json", "--filter", "task=4-2-4 seed<1"]).json(), list);
    assert!(sandbox.done(&["list", "--json", "--filter", "depth>1"]).json().is_empty());

    let shown = sandbox.done(&["show", list[0]["id"].as_str().unwrap(), "--json"]).json().remove(0);
    check_line(&shown);
    assert_eq!(shown["walks"].as_array().unwrap().len(), 2);
    let rounds = shown["trajectory"].as_array().unwrap();
    assert_eq!((&rounds[0]["stage"], &rounds[0]["accepted"]), (&"dense".into(), &true.into()));
    check_detection(&shown);
    let certificate = &shown["certificate"];
    assert!(certificate["certified"].is_boolean() && certificate["structure"].is_string(), "{certificate}");
    assert_eq!(certificate["modules"].as_array().unwrap().len() as u64, shown["module_count"].as_u64().unwrap());
    let page = sandbox.done(&["show", list[0]["id"].as_str().unwrap()]).out;
    assert!(page.contains("\nTruth table\n  Structure: "), "{page}");
}

/// The form of `sculpt detect --json`, without the id.
fn check_detection(shown: &Value) {
    let detection = &shown["detection"];
    for key in ["condensed_arch", "kept_units", "layers", "modules"] {
        assert!(detection[key].is_array(), "{key}: {detection}");
    }
    assert!(detection["tied"].is_boolean());
    assert_eq!(detection["module_count"], shown["module_count"]);
    for layer in detection["layers"].as_array().unwrap() {
        assert!(["layer", "units", "k"].iter().all(|key| layer[key].is_u64()), "{layer}");
        assert!(layer["modularity"].as_array().unwrap().iter().all(|at| at["k"].is_u64() && at["m"].is_number()));
        assert!(layer["clusters"].is_array() && layer["decided_by"].is_string(), "{layer}");
        for test in ["separate", "single"] {
            let keys = ["o_i", "o_j", "o_ij", "g", "expected", "z", "positive"];
            assert!(layer[test].is_null() || keys.iter().all(|key| layer[test].get(key).is_some()), "{layer}");
        }
    }
    let (nodes, edges) = (&detection["hierarchy"]["nodes"], &detection["hierarchy"]["edges"]);
    assert!(nodes.as_array().unwrap().iter().all(|node| node["module"].is_u64() && node["units"].is_array()));
    let ends = ["from", "to", "edges"];
    assert!(edges.as_array().unwrap().iter().all(|edge| ends.iter().all(|key| edge[key].is_u64())));
}

#[test]
fn presets_and_dry_runs_start_nothing() {
    let sandbox = Sandbox::new();
    let presets = sandbox.done(&["presets", "--json"]).json();
    let trials = |name: &str| presets.iter().find(|preset| preset["name"] == name).unwrap()["trials"].as_u64();
    assert_eq!((trials("quickstart"), trials("figure-6")), (Some(2), Some(144)));
    let figures = ["figure-6", "figure-8", "figure-10", "figure-12"];
    assert_eq!(figures.iter().filter_map(|name| trials(name)).sum::<u64>(), 1464);
    // Some presets need the images of MNIST, and say so where they are missing.
    let needs_images = |preset: &Value| preset["problem"].as_str().is_some_and(|text| text.contains("MNIST"));
    let is_planned = |preset: &Value| preset["expected_s"].is_number() || needs_images(preset);
    assert!(presets.iter().all(|preset| is_planned(preset) && preset["about"].is_string()));
    assert!(sandbox.done(&["presets"]).out.lines().all(|line| line.len() <= 80));
    sandbox.write("copy.toml", &sandbox.done(&["presets", "--show", "quickstart"]).out);

    let only = ["run", "figure-6", "--dry-run", "--only", "task=4-1-4 depth=2 seed<2"];
    assert!(sandbox.done(&only).last().starts_with("figure-6: 6 trials would run"));
    let told = sandbox.done(&[&only[..], &["--json"]].concat()).json().remove(0);
    assert_eq!(told["trials"].as_array().unwrap().len(), 6);
    assert_eq!((&told["unsearched"], told["expected_bytes"].as_u64() > Some(100_000)), (&3.into(), true), "{told}");
    let told = sandbox.done(&["run", "figure-6", "--seeds", "0..99", "--dry-run"]);
    assert!(
        told.last().starts_with("figure-6: 3,600 trials would run: about ") && told.last().contains(" of disk space")
    );
    let rows = told.out.lines().filter(|line| line.contains("  unit+edge  100 seeds  "));
    assert!(rows.clone().count() == 36 && rows.into_iter().all(|line| line.len() <= 80), "{told:?}");
    let told = sandbox.done(&["run", "table-2", "--seeds", "7", "--hyperparameters", "published", "--dry-run"]);
    assert!(told.last().starts_with("table-2: 120 trials would run") && !told.out.contains("searches"), "{told:?}");
    assert!(sandbox.done(&["run", "copy.toml", "--dry-run"]).last().starts_with("copy: 2 trials would run"));
    assert!(!sandbox.catalog().exists());
}

#[test]
fn looking_at_no_catalog_makes_none() {
    let sandbox = Sandbox::new();
    assert!(sandbox.done(&["list"]).out.starts_with("No trials yet. Start with `sculpt run quickstart`"));
    assert!(sandbox.list().is_empty());
    assert!(!sandbox.catalog().exists());
}

#[test]
fn help_and_completions() {
    let sandbox = Sandbox::new();
    assert!(sandbox.done(&["completions", "bash"]).out.contains("complete -F _sculpt"));
    let help = sandbox.done(&["--help"]).out;
    for command in ["presets", "run", "list", "show", "detect", "pause", "resume", "cancel", "delete", "completions"] {
        assert!(help.contains(&format!("\n  {command}")), "{help}");
        assert!(sandbox.done(&[command, "--help"]).out.contains("Usage: sculpt "));
    }
    assert!(sandbox.done(&["--version"]).out.starts_with("sculpt "));
    assert_eq!(sandbox.done(&["structure", "--help"]).out, sandbox.done(&["paths", "--help"]).out);
    assert!(!help.contains("structure  "), "the earlier name is hidden: {help}");
}

#[test]
fn man_pages() {
    let sandbox = Sandbox::new();
    let page = sandbox.done(&["man"]).out;
    assert!(page.contains(".TH sculpt 1") && page.contains("sculpt\\-run(1)"), "{page}");
    sandbox.done(&["man", "--dir", "pages/man1"]);
    let written = |name: &str| std::fs::read_to_string(sandbox.path(&format!("pages/man1/{name}"))).unwrap();
    assert_eq!(written("sculpt.1"), page);
    for command in ["run", "list", "show", "report", "paths", "doctor", "man"] {
        assert!(written(&format!("sculpt-{command}.1")).contains(".SH OPTIONS"), "{command}");
    }
    sandbox.write("file", "");
    let told = sandbox.sculpt(&["man", "--dir", "file/man1"]);
    assert!(told.code == Some(1) && told.err.contains("cannot write man pages to file/man1"), "{told:?}");
}
