//! Tasks of the user's own.

use std::fmt::Write;

use super::util::Sandbox;

/// XOR of two inputs, and its negation.
const XOR: &str = "x1,x2,y1,y2\n0,0,0,1\n0,1,1,0\n1,0,1,0\n1,1,0,1\n";

#[test]
fn a_boolean_table() {
    let sandbox = Sandbox::new();
    sandbox.write("xor.csv", XOR);
    let arguments = ["--arch", "2,12,2", "--grid", "quick", "--lr", "0.1", "--epochs", "60"];
    let told = sandbox.done(&[&["run", "--task", "xor.csv", "--seed", "0..3", "--json"], &arguments[..]].concat());
    let lines = told.json();
    assert_eq!(lines.len(), 4, "{told:?}");
    assert!(lines.iter().any(|line| line["accuracy"] == 1.0), "{told:?}");
    assert!(lines.iter().all(|line| line["experiment"][0] == "xor" && line["success"].is_null()), "{told:?}");
    // The table is kept: without the file, everything can still be shown and gone on with.
    std::fs::remove_file(sandbox.path("xor.csv")).unwrap();
    let page = sandbox.done(&["show", lines[0]["id"].as_str().unwrap()]).out;
    assert!(page.contains("xor, 2 inputs, 2 outputs"), "{page}");
}

#[test]
fn outputs_by_other_names() {
    let sandbox = Sandbox::new();
    sandbox.write("names.csv", &XOR.replace("x1,x2,y1,y2", "left,right,differ,same"));
    let arguments = ["--arch", "2,8,2", "--outputs", "differ,same", "--stages", "dense", "--json"];
    let told = sandbox.done(&[&["run", "--task", "names.csv"], &arguments[..]].concat());
    let id = told.json()[0]["id"].as_str().unwrap().to_owned();
    let shown = sandbox.done(&["show", &id, "--json"]).json().remove(0);
    assert_eq!(shown["inputs"], serde_json::json!(["left", "right"]));
    assert_eq!(shown["outputs"], serde_json::json!(["differ", "same"]));
}

#[test]
fn real_data_is_split_and_needs_no_perfection() {
    let sandbox = Sandbox::new();
    let mut table = "x1,x2,y1\n".to_owned();
    for row in 0..100 {
        let (a, b) = (f64::from(row % 10) / 10.0 - 0.45, f64::from(row / 10) / 10.0 - 0.45);
        // A few labels are wrong: no network learns them all.
        writeln!(table, "{a:.2},{b:.2},{}", u8::from((a + b > 0.0) != (row % 17 == 3))).unwrap();
    }
    sandbox.write("points.csv", &table);
    let arguments = ["--arch", "2,8,1", "--grid", "quick", "--epochs", "20", "--json"];
    let told = sandbox.done(&[&["run", "--task", "points.csv"], &arguments[..]].concat());
    let line = told.json().remove(0);
    assert_eq!(line["status"], "finished", "{told:?}");
    let accuracy = line["accuracy"].as_f64().unwrap();
    assert!(accuracy > 0.6 && accuracy <= 1.0, "{told:?}");
    // 20 of the 100 rows validate.
    assert!((accuracy * 20.0 - (accuracy * 20.0).round()).abs() < 1e-9, "{told:?}");
    let shown = sandbox.done(&["show", line["id"].as_str().unwrap(), "--json"]).json().remove(0);
    assert_eq!(shown["specification"]["plan"]["hyperparameters"]["noise"], 0.0, "{shown}");
    assert!(line["edges"].as_u64().unwrap() < 24, "{told:?}");
}

#[test]
fn a_function_graph() {
    let sandbox = Sandbox::new();
    let graph = "inputs = ['a', 'b']\noutputs = ['y']\n[gates]\ny = ['AND', 'a', '!b']\n";
    sandbox.write("graph.toml", graph);
    let arguments = ["--arch", "2,8,1", "--grid", "quick", "--epochs", "60", "--json"];
    let told = sandbox.done(&[&["run", "--task", "graph.toml"], &arguments[..]].concat());
    assert_eq!(told.json()[0]["accuracy"], 1.0, "{told:?}");
}
