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

/// Options mean the same as the keys of an experiment file.
#[test]
fn options_of_a_task_are_those_of_a_file() {
    let sandbox = Sandbox::with(
        "required = { threshold = 0.75 }\npatience = 7\nregrow = true\n[detection]\nmodularity_threshold = -0.4\n\
         merge_threshold = 0.5\n[[trials]]\ntasks = ['xor.csv']\ndepths = [1, 2]\nwidths = [4, 6]\ngrid = 'quick'\n\
         epochs = 9\n",
    );
    sandbox.write("xor.csv", XOR);
    let networks = ["--depths", "1..2", "--widths", "4,6", "--grid", "quick", "--epochs", "9"];
    let settings = ["--required", "0.75", "--patience", "7", "--regrow"];
    let detection = ["--modularity-threshold", "-0.4", "--merge-threshold", "0.5", "--json"];
    let arguments = [&["run", "--task", "xor.csv"], &networks[..], &settings, &detection].concat();
    let ids = |lines: &[serde_json::Value]| {
        let mut ids: Vec<String> = lines.iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let of_task = sandbox.done(&arguments).json();
    let of_file = sandbox.done(&["run", "own.toml", "--json"]).json();
    assert_eq!(of_task.len(), 4);
    assert_eq!(ids(&of_task), ids(&of_file));
    let trained = of_task.iter().find(|line| line["status"] == "finished").unwrap();
    let shown = sandbox.done(&["show", trained["id"].as_str().unwrap(), "--json"]).json().remove(0);
    assert_eq!(shown["detection_settings"]["modularity-threshold"], -0.4, "{shown}");
    assert_eq!(shown["detection_settings"]["merge-threshold"], 0.5);
    assert_eq!(shown["specification"]["plan"]["required"]["threshold"], 0.75);
    let page = sandbox.done(&["show", trained["id"].as_str().unwrap()]).out;
    assert!(page.contains("9 epochs per round (patience 7)") && page.contains("steps regrow"), "{page}");
    let table = sandbox.done(&[&arguments[..arguments.len() - 1], &["--dry-run"]].concat()).out;
    assert!(table.contains("9 (patience 7)") && table.contains("unit+edge, regrow"), "{table}");
}

#[test]
fn depths_of_a_task_can_be_automatic() {
    let sandbox = Sandbox::new();
    sandbox.write("xor.csv", XOR);
    let arguments = ["run", "--task", "xor.csv", "--depths", "auto", "--widths", "4", "--dry-run"];
    let told = sandbox.done(&arguments).out;
    assert!(told.contains("depths = \"auto\": 2 trials at first"), "{told}");
}

#[test]
fn the_requirement_of_an_untrained_trial() {
    let sandbox = Sandbox::new();
    sandbox.write("xor.csv", XOR);
    let arguments = ["--arch", "2,2,2", "--grid", "quick", "--epochs", "1", "--required", "0.98"];
    let told = sandbox.done(&[&["run", "--task", "xor.csv"], &arguments[..]].concat()).out;
    assert!(told.contains("(98.00% required)") && !told.contains("100.00%"), "{told}");
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

/// Points with a class, of which every fifth row is for validation in the column `part`.
fn classes() -> (String, String, String) {
    let header = "a,b,kind,part\n";
    let (mut whole, mut training, mut validation) = (header.to_owned(), header.to_owned(), header.to_owned());
    for row in 0..100 {
        let (a, b) = (f64::from(row % 10) - 4.5, f64::from(row / 10) - 4.5);
        let (kind, part) = (if a + b > 0.0 { "high" } else { "low" }, if row % 5 == 0 { "test" } else { "train" });
        let line = format!("{a},{b},{kind},{part}\n");
        whole += &line;
        if part == "test" { &mut validation } else { &mut training }.push_str(&line);
    }
    (whole, training, validation)
}

/// A trial is interrupted, the files are removed, and it is resumed and shown; returns what is shown.
fn interrupted_and_resumed(files: &[(&str, Vec<u8>)], options: &[&str]) -> serde_json::Value {
    let long = ["--grid", "5,10,20,30/0.5,1,2", "--epochs", "60", "--jobs", "1"];
    let (sandbox, twin) = (Sandbox::new(), Sandbox::new());
    for (name, bytes) in files {
        std::fs::write(sandbox.path(name), bytes).unwrap();
    }
    let run = sandbox.start(&[&["run", "--task", files[0].0], options, &long].concat());
    sandbox.wait_for("progress");
    run.signal(rustix::process::Signal::INT);
    let told = run.end();
    assert_eq!(told.code, Some(130), "{told:?}");
    for (name, bytes) in files {
        std::fs::remove_file(sandbox.path(name)).unwrap();
        std::fs::write(twin.path(name), bytes).unwrap();
    }
    let id = sandbox.list()[0]["id"].as_str().unwrap().to_owned();
    let shown = sandbox.done(&["show", &id, "--json"]).json().remove(0);
    let told = sandbox.done(&["resume", "--all"]);
    assert!(told.out.contains("finished") || told.out.contains("resumed"), "{told:?}");
    twin.done(&[&["run", "--task", files[0].0], options, &long].concat());
    assert!(sandbox.results() == twin.results(), "the results differ");
    shown
}

#[test]
fn classes_and_given_validation_rows_are_kept_in_the_catalog() {
    use serde_json::json;
    let (whole, training, validation) = classes();
    let common = ["--label", "kind", "--scale", "4.5", "--shape", "1x2", "--arch", "2,4,2"];
    let split = [&common[..], &["--split-column", "part"]].concat();
    let shown = interrupted_and_resumed(&[("points.csv", whole.into_bytes())], &split);
    assert_eq!((&shown["inputs"], &shown["outputs"]), (&json!(["r1c1", "r1c2"]), &json!(["kind=high", "kind=low"])));

    // The same rows in two files are another task only by their order.
    let without = |text: String| text.replace(",part", "").replace(",train", "").replace(",test", "").into_bytes();
    let files = [("training.csv", without(training)), ("validation.csv", without(validation))];
    let shown = interrupted_and_resumed(&files, &[&common[..], &["--validation", "validation.csv"]].concat());
    assert_eq!(shown["outputs"], json!(["kind=high", "kind=low"]));
}

#[test]
fn numpy_arrays_are_kept_in_the_catalog() {
    let array = |descr: &str, shape: &str, values: Vec<u8>| {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &values].concat()
    };
    let image = |image: u8| [image % 8 * 30, image / 8 * 30, 7, 0];
    let x = array("|u1", "(64, 2, 2)", (0..64).flat_map(image).collect());
    let y = array("|u1", "(64,)", (0..64).map(|image| u8::from(image % 8 > image / 8)).collect());
    let shown = interrupted_and_resumed(&[("x.npy", x), ("y.npy", y)], &["--scale", "255", "--arch", "4,6,2"]);
    assert_eq!(shown["inputs"], serde_json::json!(["r1c1", "r1c2", "r2c1", "r2c2"]));
    assert_eq!(shown["outputs"], serde_json::json!(["y=0", "y=1"]));
}

#[test]
fn wrong_options_of_tables_are_one_line() {
    let sandbox = Sandbox::new();
    sandbox.write("points.csv", &classes().0);
    let cases = [
        (["points.csv", "--label", "sort"], "no column is called `sort`; correct the header or the label"),
        (["points.csv", "--scale", "0"], "write a number above 0, such as 255"),
        (["points.csv", "--shape", "28"], "`28` is not a shape; write height x width, such as 28x56"),
        (["4-2-4", "--label", "kind"], "`4-2-4` is not a table; label, scale, shape"),
    ];
    for (options, expected) in cases {
        let told = sandbox.sculpt(&[&["run", "--arch", "2,4,2", "--task"], &options[..]].concat());
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.err.contains(expected), "{told:?}");
    }
    let block = |key: &str| format!("[[trials]]\ntasks = ['points.csv']\nhidden = [[4]]\n{key}\n");
    for (key, expected) in [
        ("scale = -1", "own.toml: line 4: `scale` must be a number above 0, such as 255"),
        ("shape = '28'", "own.toml: line 4: `shape` must be height x width such as \"28x56\""),
        ("label = 'sort'", "no column is called `sort`"),
        ("split_column = 'sort'", "no column is called `sort`"),
        ("label = 'kind'\nsplit_column = 'part'\nvalidation = 'none.csv'", "give only one of them"),
    ] {
        sandbox.write("own.toml", &block(key));
        let told = sandbox.sculpt(&["run", "own.toml", "--dry-run"]);
        assert!(told.code == Some(2) && told.err.contains(expected), "{told:?}");
    }
    sandbox.write("own.toml", &block("label = 'kind'\nsplit_column = 'part'\nshape = '1x2'\nscale = 4.5"));
    let told = sandbox.done(&["run", "own.toml", "--dry-run"]);
    assert!(told.out.contains("points"), "{told:?}");
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
