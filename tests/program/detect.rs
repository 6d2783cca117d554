//! `sculpt detect`, run as a command.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use neural_sculpting::detect::Detection;
use serde_json::Value;
use tempfile::TempDir;

/// Two chains: x1, x2 lead to y1, and x3, x4 to y2.
const CHAINS: &str = r#"{"id":"chains","masks":[["1100","0011"],["10","01"]]}"#;

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// Exit code, standard output and standard error.
fn detect(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("sculpt").unwrap().arg("detect").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn one_json_line_per_network() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "nets.jsonl", &format!("{CHAINS}\n{CHAINS}\n"));
    let (code, out, err) = detect(&[path.to_str().unwrap(), "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.lines().count(), 2);
    assert!(
        out.starts_with(
            r#"{"id":"chains","condensed_arch":[4,2,2],"kept_units":[[0,1,2,3],[0,1],[0,1]],"tied":false,"#
        )
    );
    let line: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(line["layers"][0]["decided_by"], "quality");
    let found: Detection = serde_json::from_value(line).unwrap();
    assert_eq!(found.modules, [vec![0, 0, 1, 1], vec![0, 1], vec![0, 1]]);
}

#[test]
fn a_bad_network_is_reported_and_the_others_are_detected() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "nets.jsonl", &format!("{CHAINS}\n{{\"id\":\"b\"}}\n{CHAINS}\n"));
    let (code, out, err) = detect(&["missing.safetensors", path.to_str().unwrap(), "--json"]);
    assert_eq!((code, out.lines().count()), (1, 2));
    let errors: Vec<&str> = err.lines().collect();
    assert_eq!(errors.len(), 2, "{err}");
    assert!(errors[0].contains("missing.safetensors: cannot be read"), "{err}");
    assert!(errors[1].contains("nets.jsonl, line 2: \"masks\" and \"weights\" are both missing"), "{err}");
}

#[test]
fn text_output() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "nets.jsonl", CHAINS);
    let (code, out, _) = detect(&[path.to_str().unwrap()]);
    assert_eq!(code, 0);
    for part in ["4,2,2 condensed to 4,2,2: 2 modules", "{x1,x2} {x3,x4}", "-0.500*", "│ inputs   x3,x4  │"] {
        assert!(out.contains(part), "{part} in {out}");
    }
    let (_, plain, _) = detect(&[path.to_str().unwrap(), "--ascii"]);
    assert!(plain.is_ascii() && plain.contains("| inputs   x3,x4  |"), "{plain}");
}

#[test]
fn settings_are_applied() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "nets.jsonl", CHAINS);
    let path = path.to_str().unwrap();
    let (code, _, err) = detect(&[path, "--linkage", "ward"]);
    assert!(
        code == 2 && err.contains("choose euclidean distances or another linkage (--distance, --linkage)"),
        "{err}"
    );
    let all = ["--linkage", "ward", "--distance", "euclidean", "--quality", "silhouette", "--feature-steps", "1"];
    let more = ["--modularity-threshold", "-0.3", "--merge-threshold", "0.6", "--digits", "--json"];
    let (code, out, err) = detect(&[&[path], &all[..], &more[..]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(line["layers"][0]["modularity"][0]["m"], Value::Null);
    assert_eq!(detect(&[path, "--merge-threshold", "often"]).0, 2);
}

#[test]
fn a_task_names_the_columns_and_judges_the_modules() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "nets.jsonl", CHAINS);
    let table = |name: &str, y1: fn(u32) -> bool, rows: u32| {
        let row = |row: u32| {
            let bit = |at: u32| row >> (3 - at) & 1;
            let outputs = [u32::from(y1(row)), bit(2) ^ bit(3)];
            format!("{},{},{},{},{},{}\n", bit(0), bit(1), bit(2), bit(3), outputs[0], outputs[1])
        };
        let csv = format!("wet,cold,x1,x2,y1,y2\n{}", (0..rows).map(row).collect::<String>());
        file(&folder, name, &csv)
    };
    let judged = |table: &PathBuf| {
        let (code, out, err) =
            detect(&[path.to_str().unwrap(), "--task", table.to_str().unwrap(), "--outputs", "y1,y2"]);
        assert_eq!((code, err.as_str()), (0, ""));
        out
    };
    let pairs = judged(&table("pairs.csv", |row| (row >> 3 ^ row >> 2) & 1 == 1, 16));
    assert!(pairs.contains("Structure: wet,cold:y1; x1,x2:y2"), "{pairs}");
    assert!(
        pairs.contains("M1: 4 patterns of wet,cold act as 2: 1 bit is passed on; y1 depends on\n      wet,cold."),
        "{pairs}"
    );
    assert!(pairs.ends_with("Certified: the truth table confirms every module.\n\n"), "{pairs}");
    let crossed = judged(&table("crossed.csv", |row| (row >> 3 ^ row) & 1 == 1, 16));
    assert!(
        crossed.ends_with("Refuted by the truth table:\n  - y1 depends on x2, but no path leads from it\n\n"),
        "{crossed}"
    );
    let partial = judged(&table("partial.csv", |row| (row >> 3) & 1 == 1, 15));
    assert!(partial.contains("No certificate: the table is partial"), "{partial}");

    let (code, out, _) = detect(&[path.to_str().unwrap(), "--task", "6-3-3-3", "--json"]);
    assert_eq!((code, out.as_str()), (1, ""), "another number of inputs");
    let (code, _, err) = detect(&[path.to_str().unwrap(), "--task", "nosuch"]);
    assert!(code == 2 && err.contains("no task is called `nosuch`"), "{err}");
    let table = table("pairs.csv", |row| (row >> 3 ^ row >> 2) & 1 == 1, 16);
    let (_, out, _) =
        detect(&[path.to_str().unwrap(), "--task", table.to_str().unwrap(), "--outputs", "y1,y2", "--json"]);
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&line["certificate"]["certified"], &line["certificate"]["modules"][0]["ways"]),
        (&true.into(), &2.into())
    );
}
