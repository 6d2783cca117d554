//! `sculpt paths`, run as a command.

use std::fs;

use assert_cmd::Command;
use serde_json::{Value, json};

/// A state dict written by Python: x1, x2 lead to y1, and x3, x4 to y2.
const TWO_CHAINS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/two_chains.pth");

/// Exit code, standard output and standard error.
fn paths(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("sculpt").unwrap().arg("paths").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn one_json_line_per_network() {
    let (code, out, err) = paths(&[TWO_CHAINS, "--groups", "1,2:1", "3-4:2", "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with(r#"{"id":"two_chains","pi":[[3.0,0.0],[4.0,0.0],[0.0,0.5],[0.0,3.0]],"welch":[{"inputs":"#)
    );
    let line: Value = serde_json::from_str(&out).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let tests = line["welch"].as_array().unwrap();
    assert_eq!(keys(&line).len(), 4);
    assert_eq!(keys(&tests[0]).len(), 6);
    assert_eq!((&tests[0]["inputs"], &tests[0]["outputs"]), (&json!([1, 2]), &json!([1])));
    assert_eq!((&tests[1]["inputs"], &tests[1]["outputs"]), (&json!([3, 4]), &json!([2])));
    // Own 3, 4, others 0, 0: t = -3.5 / sqrt(0.5 / 2), with one degree of freedom p = 1/2 + atan(t) / pi.
    assert_eq!((&tests[0]["t"], &tests[0]["df"], &tests[0]["reject"]), (&json!(-7.0), &json!(1.0), &json!(true)));
    let p = 0.5 + (-7.0_f64).atan() / std::f64::consts::PI;
    assert!((tests[0]["p"].as_f64().unwrap() - p).abs() < 1e-12);
    assert_eq!(line["n90"], json!([2]));
    let before = Command::cargo_bin("sculpt").unwrap().args(["structure", TWO_CHAINS, "--json"]).output().unwrap();
    assert_eq!(String::from_utf8(before.stdout).unwrap(), paths(&[TWO_CHAINS, "--json"]).1, "its name of before");
}

#[test]
fn the_percentage_and_groups_are_optional_and_can_be_repeated() {
    let line = |arguments: &[&str]| -> Value {
        let (code, out, err) = paths(&[&[TWO_CHAINS, "--json"], arguments].concat());
        assert_eq!((code, err.as_str()), (0, ""));
        serde_json::from_str(&out).unwrap()
    };
    // Unit 1 carries 2 to the outputs, unit 2 carries 1.
    assert_eq!(line(&["--percent", "66"])["n90"], json!([1]));
    assert_eq!(line(&["--percent", "67"])["n90"], json!([2]));
    assert_eq!(line(&[])["welch"], json!([]));
    let constant = &line(&["--groups", "1:2", "--groups", "1,2:2"])["welch"];
    assert_eq!(constant[0], json!({"inputs": [1], "outputs": [2], "t": null, "df": null, "p": null, "reject": false}));
    assert_eq!(constant[1]["reject"], json!(false));
}

#[test]
fn pixels_are_maps() {
    let (code, out, _) = paths(&[TWO_CHAINS, "--shape", "2x2", "--ascii"]);
    assert_eq!(code, 0);
    // A character is two pixels: to y1 3 + 0 and 4 + 0, to y2 0 + 0.5 and 0 + 3.
    assert!(out.contains("y1, up to 4.00   y2, up to 3.00\n  *#               -#\n"), "{out}");
    let (code, out, err) = paths(&[TWO_CHAINS, "--shape", "28x56"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.trim().ends_with("4 inputs are not an image of 28x56, which has 1,568 pixels; correct --shape"),
        "{err}"
    );
    let detect = |shape: &str| {
        let output =
            Command::cargo_bin("sculpt").unwrap().args(["detect", TWO_CHAINS, "--shape", shape]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(
        detect("1x4").contains("Pixels by module\n  AABB  A M1 2 pixels\n        B M2 2 pixels\n"),
        "{}",
        detect("1x4")
    );
}

#[test]
fn text_for_readers() {
    let (code, out, _) = paths(&[TWO_CHAINS, "--groups", "1,2:1"]);
    assert_eq!(code, 0);
    for part in ["4,2,2", "x2    4.00 █      0 ·", "100% of the greatest, 4.00", "layer 1  2 of 2"] {
        assert!(out.contains(part), "{part} in {out}");
    }
    assert!(out.contains("t = -7.000"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80));
    let (_, plain, _) = paths(&[TWO_CHAINS, "--ascii"]);
    assert!(plain.is_ascii() && plain.contains("4.00 #"), "{plain}");
}

#[test]
fn a_bad_network_is_reported_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nets.jsonl");
    fs::write(&path, "{\"id\":\"two\",\"masks\":[[\"11\",\"11\"]]}\nnot a network\n").unwrap();
    let (code, out, err) = paths(&["missing.pth", path.to_str().unwrap(), TWO_CHAINS, "--json", "--groups", "3:1"]);
    let errors: Vec<&str> = err.lines().collect();
    assert_eq!((code, out.lines().count(), errors.len()), (1, 1, 3), "{err}");
    assert!(errors[0].starts_with("missing.pth: cannot be read"), "{err}");
    assert!(errors[1].ends_with("network \"two\": group 3:1 names input 3, but there are only 2"));
    assert!(errors[2].contains("nets.jsonl, line 2: column 2"), "{err}");
}

#[test]
fn wrong_usage_is_refused() {
    for (arguments, part) in [
        (vec![TWO_CHAINS, "--groups", "1,2"], "write INPUTS:OUTPUTS, numbered from 1"),
        (vec![TWO_CHAINS, "--percent", "0"], "above 0 and at most 100"),
        (vec![TWO_CHAINS, "--percent", "NaN"], "above 0 and at most 100"),
        (vec![], "NETWORK"),
    ] {
        let (code, _, err) = paths(&arguments);
        assert!(code == 2 && err.contains(part), "{err}");
    }
}
