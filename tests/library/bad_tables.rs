//! Every error in a user's table or function graph, with its exact message.

use std::path::Path;

use neural_sculpting::task::{TableOptions, TableSource, graph_file};
use proptest::prelude::*;

fn message(csv: &[u8]) -> String {
    TableSource::parse("t.csv", csv, &[]).unwrap_err().to_string()
}

fn message_with(csv: &str, outputs: &[&str]) -> String {
    let outputs: Vec<String> = outputs.iter().map(ToString::to_string).collect();
    TableSource::parse("t.csv", csv.as_bytes(), &outputs).unwrap_err().to_string()
}

#[test]
fn wrong_values_are_reported_with_line_and_column() {
    let cases = [
        ("x1,y1\n0,0\n,1\n", "t.csv line 3, column 1 `x1`: the value is missing; write a number"),
        ("x1,y1\n0,zero\n", "t.csv line 2, column 2 `y1`: `zero` is not a number; write one such as 1 or 0.5"),
        (
            "x1,y1\nNaN,0\n",
            "t.csv line 2, column 1 `x1`: `NaN` is out of range; write a number between -3.4e38 and 3.4e38",
        ),
        (
            "x1,y1\n-inf,0\n",
            "t.csv line 2, column 1 `x1`: `-inf` is out of range; write a number between -3.4e38 and 3.4e38",
        ),
        (
            "x1,y1\n1e39,0\n",
            "t.csv line 2, column 1 `x1`: `1e39` is out of range; write a number between -3.4e38 and 3.4e38",
        ),
        (
            "x1,y1\n1,0.5\n",
            "t.csv line 2, column 2 `y1`: output `0.5` is neither 0 nor 1; write 0 or 1, since outputs are Boolean",
        ),
        (
            "x1,y1\n1,-1\n",
            "t.csv line 2, column 2 `y1`: output `-1` is neither 0 nor 1; write 0 or 1, since outputs are Boolean",
        ),
    ];
    for (csv, expected) in cases {
        assert_eq!(message(csv.as_bytes()), expected);
    }
}

#[test]
fn wrong_rows_are_reported_with_their_lines() {
    let cases = [
        ("x1,x2,y1\n0,0,0\n\n0,1\n", "t.csv line 4: 2 instead of 3 fields; give the row one field per column"),
        ("x1,y1\n0,1,1\n", "t.csv line 2: 3 instead of 2 fields; give the row one field per column"),
        (
            "x1,y1\n1,1\n0,0\n1,0\n0,1\n",
            "t.csv line 4: the row contradicts line 2: same inputs, different outputs; remove or correct one of them",
        ),
        (
            "x1,y1\n1.5,1\n2,0\r\n\r\n2,1\n",
            "t.csv line 5: the row contradicts line 3: same inputs, different outputs; remove or correct one of them",
        ),
        ("x1,y1\n", "t.csv: there are no rows below the header; add at least one"),
        ("x1,y1\n0.5,1\n", "t.csv: too few rows of real data (1); give at least 5, so that they can be split 80:20"),
        ("x1,y1\n\"0,1\n", "t.csv line 2: a quote is not closed; end the quoted field on the same line"),
        ("x1,y1\r0,1\r", "t.csv line 1: there is a carriage return inside the line; end lines with LF or CRLF"),
    ];
    for (csv, expected) in cases {
        assert_eq!(message(csv.as_bytes()), expected);
    }
}

#[test]
fn wrong_headers_are_reported() {
    let cases = [
        ("", "t.csv: the file is empty; start it with a header such as x1,x2,y1"),
        (" \r\n\n", "t.csv: the file is empty; start it with a header such as x1,x2,y1"),
        ("x1,x2\n0,1\n", "t.csv line 1: there are no output columns; name them y1, y2, .., or list the output columns"),
        ("y1,y2\n0,1\n", "t.csv line 1: there are no input columns; leave at least one column that is not an output"),
        ("x1,x2,x1,y1\n", "t.csv line 1: columns 1 and 3 are both called `x1`; rename one"),
        ("x1,,y1\n", "t.csv line 1: column 2 has no name; add one to the header"),
        (
            "x1,\u{1b}[2J,y1\n",
            "t.csv line 1: the name of column 2 is too long or has control characters; use at most 100 printable \
             characters",
        ),
        ("0,1,1\n", "t.csv line 1: the first line has only numbers; add a header such as x1,x2,y1 above it"),
        ("x1;x2;y1\n0;0;1\n", "t.csv line 1: fields are separated by semicolons; use commas instead"),
        ("x1\ty1\n0\t1\n", "t.csv line 1: fields are separated by tabs; use commas instead"),
        (
            "x1,age,y1\n",
            "t.csv line 1: column 2 `age` is neither x1, x2, .. nor y1, y2, ..; rename it, or list the output \
             columns",
        ),
    ];
    for (csv, expected) in cases {
        assert_eq!(message(csv.as_bytes()), expected);
    }
    assert_eq!(
        message_with("age,ill\n1,0\n", &["sick"]),
        "t.csv line 1: no column is called `sick`; correct the header or the list of output columns"
    );
    assert_eq!(
        message_with("age,ill\n1,0\n", &["ill", "ill"]),
        "t.csv line 1: output column `ill` is listed twice; list it once"
    );
    assert_eq!(
        message_with("age,ill\n1,0\n", &["ill", "age"]),
        "t.csv line 1: there are no input columns; leave at least one column that is not an output"
    );
}

#[test]
fn files_that_are_not_text_are_reported() {
    let not_utf8 = "not UTF-8 text; save the file as UTF-8";
    assert_eq!(message(b"x1,y1\n0,1\n\xff,0\n"), format!("t.csv line 3: {not_utf8}"));
    assert_eq!(message(b"\xff\xfex\x001\x00,\x00y\x001\x00\n\x00"), format!("t.csv line 1: {not_utf8}"));
    let long = [b"x1,y1\n".to_vec(), vec![b'1'; 17 << 20]].concat();
    assert_eq!(
        message(&long),
        "t.csv line 2: the line is longer than 16 MiB; check that the file is CSV, one row a line"
    );
    let wide = format!("x1,y1\n{},0\n", "z".repeat(1000));
    assert_eq!(
        message(wide.as_bytes()),
        format!("t.csv line 2, column 1 `x1`: `{}..` is not a number; write one such as 1 or 0.5", "z".repeat(40))
    );
}

#[test]
fn unreadable_files_are_reported() {
    let message = TableSource::read(Path::new("no/such.csv"), &TableOptions::default()).unwrap_err().to_string();
    assert!(message.starts_with("no/such.csv: cannot be read: No such file or directory"), "{message}");
    let folder = std::env::temp_dir();
    assert!(TableSource::read(&folder, &TableOptions::default()).unwrap_err().to_string().contains("cannot be read"));
    assert!(graph_file::read(&folder).unwrap_err().to_string().contains("cannot be read"));
}

/// The message for these files, of which the first is the table, read with these options.
fn message_of(files: &[(&str, &str)], options: &TableOptions) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let validation = options.validation.as_ref().map(|file| folder.path().join(file));
    let options = TableOptions { validation, ..options.clone() };
    let message = TableSource::read(&folder.path().join(files[0].0), &options).unwrap_err().to_string();
    message.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn wrong_labels_are_reported() {
    let label = |label: &str| TableOptions { label: Some(label.to_owned()), ..TableOptions::default() };
    let many: String = (0..=1000).map(|class| format!("{class}.5,c{class}\n")).collect();
    let cases = [
        ("a,b\n1,x\n", "c", "t.csv line 1: no column is called `c`; correct the header or the label"),
        ("a,b\n1,x\n2,\n", "b", "t.csv line 3, column 2 `b`: the class is missing; write its name or number"),
        (
            "a,b\n1,x\u{7}\n",
            "b",
            "t.csv line 2, column 2 `b`: the name of the class is too long or has control characters; use at most 100 printable \
             characters",
        ),
        ("a,b\n1,x\nz,x\n", "b", "t.csv line 3, column 1 `a`: `z` is not a number; write one such as 1 or 0.5"),
        ("a,b\n1,x\n2,x\n", "b", "t.csv: all rows have class `x`; give rows of at least two classes"),
        (
            &format!("a,b\n{many}"),
            "b",
            "t.csv line 1002, column 2 `b`: there are more than 1,000 classes; name a column of classes as the label",
        ),
        ("b\nx\n", "b", "t.csv line 1: there are no input columns; leave at least one column that is not an output"),
        ("b=x,b\n1,x\n2,y\n", "b", "t.csv: two inputs or outputs would be called `b=x`; rename that column"),
        (
            "a,b\n0.5,x\n1,y\n0.5,y\n",
            "b",
            "t.csv line 4: the row contradicts line 2: same inputs, different outputs; remove or correct one of them",
        ),
    ];
    for (csv, name, expected) in cases {
        assert_eq!(message_of(&[("t.csv", csv)], &label(name)), expected);
    }
    let both = TableOptions { outputs: vec!["b".to_owned()], ..label("b") };
    let expected = "t.csv: a label is given and outputs are listed; give only one of them";
    assert_eq!(message_of(&[("t.csv", "")], &both), expected);
}

#[test]
fn wrong_validation_rows_are_reported() {
    let column = TableOptions { split_column: Some("part".to_owned()), ..TableOptions::default() };
    let header = "x1,y1,part\n";
    let cases = [
        ("x1,y1\n".to_owned(), "t.csv line 1: no column is called `part`; correct the header or the split column"),
        (
            format!("{header}0,1,train\n1,0,later\n"),
            "t.csv line 3, column 3 `part`: `later` is neither for training nor for validation; write train or validation",
        ),
        (format!("{header}0,1,train\n"), "t.csv: there are no rows for validation; add some"),
        (format!("{header}0,1,test\n"), "t.csv: there are no rows for training; add some"),
    ];
    for (csv, expected) in cases {
        assert_eq!(message_of(&[("t.csv", &csv)], &column), expected);
    }
    let file = TableOptions { validation: Some("v.csv".into()), ..TableOptions::default() };
    let cases = [
        (
            "x1,y2\n",
            "v.csv line 1, column 2 `y2`: is called `y1` in the table for training; give both files the same columns",
        ),
        ("x1,y1,y2\n", "v.csv line 1: 3 instead of 2 columns as in t.csv; give both files the same columns"),
        ("x1,y1\n", "v.csv: there are no rows below the header; add at least one"),
        (
            "x1,y1\n1,0\n0,0\n",
            "v.csv line 3: the row contradicts line 2 of t.csv: same inputs, different outputs; remove or correct one of \
             them",
        ),
    ];
    for (csv, expected) in cases {
        assert_eq!(message_of(&[("t.csv", "x1,y1\n0,1\n"), ("v.csv", csv)], &file), expected);
    }
    let missing = message_of(&[("t.csv", "x1,y1\n0,1\n")], &file);
    assert!(missing.starts_with("v.csv: cannot be read: No such file"), "{missing}");
    let both = TableOptions { split_column: Some("part".to_owned()), ..file };
    let expected = "t.csv: a validation file and a split column are given; give only one of them";
    assert_eq!(message_of(&[("t.csv", "")], &both), expected);
    let two = TableOptions { label: column.split_column.clone(), ..column };
    let expected =
        "t.csv line 1: column `part` has two roles; name different columns as split column and as label or outputs";
    assert_eq!(message_of(&[("t.csv", "x1,part\n")], &two), expected);
}

#[test]
fn wrong_shapes_and_scales_are_reported() {
    let shape = TableOptions { shape: "2x3".parse().ok(), ..TableOptions::default() };
    let expected = "t.csv: there are 1 inputs, but 6 pixels in an image of 2x3; correct the shape";
    assert_eq!(message_of(&[("t.csv", "x1,y1\n0,1\n")], &shape), expected);
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let expected = "t.csv: the scale is not above 0; give the number to divide inputs by, such as 255";
        let options = TableOptions { scale: Some(scale), ..TableOptions::default() };
        assert_eq!(message_of(&[("t.csv", "x1,y1\n0,1\n")], &options), expected);
    }
    let tiny = TableOptions { scale: Some(1e-300), ..TableOptions::default() };
    let expected = "t.csv line 2, column 1 `x1`: `7` is out of range; write a number between -3.4e38 and 3.4e38";
    assert_eq!(message_of(&[("t.csv", "x1,y1\n7,1\n")], &tiny), expected);
}

#[test]
fn damaged_compression_is_reported() {
    use std::io::Write;
    let csv = "x1,y1\n".to_owned() + &"0.5,1\n".repeat(1000);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(csv.as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    assert_eq!(TableSource::parse("t", &whole, &[]).unwrap(), TableSource::parse("t", csv.as_bytes(), &[]).unwrap());
    for cut in 2..whole.len() {
        let message = message(&whole[..cut]);
        assert!(
            message.ends_with("the compressed data is damaged or incomplete; copy or compress the file again"),
            "{message}"
        );
    }
}

#[test]
fn tables_written_by_other_programs_are_read() {
    let plain = TableSource::parse("t", b"x1,x2,y1\n0,1,1\n1,0,0\n", &[]).unwrap();
    let same = [
        "\u{feff}x1,x2,y1\r\n0,1,1\r\n1,0,0\r\n",
        "\"x1\",\"x2\",\"y1\"\n\"0\",\"1\",\"1\"\n\"1\",\"0\",\"0\"",
        " x1 , x2 , y1 \n 0 , 1 , 1 \n\n 1 , 0 , 0 \n\n\n",
        "x1,x2,y1\n0.0,1.0,1\n1e0,-0,0\n0,1,1\n",
    ];
    for csv in same {
        assert_eq!(TableSource::parse("t", csv.as_bytes(), &[]).unwrap(), plain, "{csv:?}");
    }
}

fn graph_message(toml: &str) -> String {
    graph_file::parse("g.toml", "g", toml.as_bytes()).unwrap_err().to_string()
}

/// A graph of two inputs and one output, with `gates` as given.
fn with_gates(gates: &str) -> String {
    graph_message(&format!("inputs = [\"x1\", \"x2\"]\noutputs = [\"y1\"]\n[gates]\n{gates}\n"))
}

#[test]
fn wrong_gates_are_reported_by_name() {
    let cases = [
        ("a = [\"ID\", \"x1\"]", "output `y1` has no gate; add one such as y1 = [\"ID\", \"..\"]"),
        (
            "y1 = [\"AND\", \"x1\", \"x3\"]",
            "gate `y1` reads `x3`, which is neither an input nor a gate; declare it or correct the name",
        ),
        ("y1 = [\"XOR\", \"x1\", \"x2\"]", "gate `y1` has the unknown operation `XOR`; use AND, OR or ID"),
        ("y1 = []", "gate `y1` has the unknown operation ``; use AND, OR or ID"),
        ("y1 = [\"OR\"]", "gate `y1` reads nothing; give it at least one node, as in [\"AND\", \"x1\", \"!x2\"]"),
        ("y1 = [\"ID\", \"x1\", \"x2\"]", "gate `y1` is an ID gate but reads 2 nodes; let it read exactly one"),
        ("y1 = [\"AND\", \"x1\", \"!x1\"]", "gate `y1` reads `x1` twice; list each node once"),
        (
            "a = [\"OR\", \"x1\", \"b\"]\nb = [\"OR\", \"a\", \"x2\"]\ny1 = [\"ID\", \"a\"]",
            "these gates form a cycle: `a`, `b`; remove one of the edges between them",
        ),
        (
            "a = [\"OR\", \"a\"]\ny1 = [\"ID\", \"a\"]",
            "these gates form a cycle: `a`; remove one of the edges between them",
        ),
        (
            "a = [\"ID\", \"y1\"]\ny1 = [\"AND\", \"x1\", \"x2\"]",
            "gate `a` reads output `y1`; outputs cannot be read, so let it read what the output reads",
        ),
        (
            "a = [\"ID\", \"x1\"]\ny1 = [\"AND\", \"x1\", \"x2\"]",
            "gate `a` feeds nothing; list it in `outputs`, let another gate read it, or remove it",
        ),
        (
            "x1 = [\"ID\", \"x2\"]\ny1 = [\"AND\", \"x1\", \"x2\"]",
            "node `x1` is declared twice; give each input and gate a name of its own",
        ),
        (
            "y1 = [\"ID\", \"x\\n1\"]",
            "`x\\n1` cannot be a name; use at most 100 characters, no spaces, commas or quotes, and no leading `!`",
        ),
        (
            "\"!a\" = [\"ID\", \"x1\"]",
            "`!a` cannot be a name; use at most 100 characters, no spaces, commas or quotes, and no leading `!`",
        ),
    ];
    for (gates, expected) in cases {
        assert_eq!(with_gates(gates), format!("g.toml: {expected}"));
    }
}

#[test]
fn wrong_inputs_outputs_and_levels_are_reported() {
    let graph = |head: &str| graph_message(&format!("{head}\n[gates]\na = [\"ID\", \"x1\"]\ny1 = [\"ID\", \"a\"]\n"));
    let ends = "inputs = [\"x1\"]\noutputs = [\"y1\"]\n";
    let levels = |levels: &str| graph(&format!("{ends}levels = {levels}"));
    let cases = [
        (graph("inputs = []\noutputs = [\"y1\"]"), "there are no inputs; list at least one in `inputs`"),
        (graph("inputs = [\"x1\"]\noutputs = []"), "there are no outputs; list at least one in `outputs`"),
        (
            graph("inputs = [\"x1\"]\noutputs = [\"y1\", \"y1\"]"),
            "node `y1` is declared twice; give each input and gate a name of its own",
        ),
        (
            graph("inputs = [\"x1\"]\noutputs = [\"x1\"]"),
            "output `x1` has no gate; add one such as x1 = [\"ID\", \"..\"]",
        ),
        (
            levels("[[\"x1\", \"a\"], [\"y1\"]]"),
            "gate `a` is in the first of `levels`, which is for inputs only; move it to a later level",
        ),
        (
            levels("[[], [\"x1\"], [\"a\"], [\"y1\"]]"),
            "input `x1` is in a later level; move it to the first of `levels`",
        ),
        (
            levels("[[\"x1\"], [\"a\", \"b\"], [\"y1\"]]"),
            "`levels` names `b`, which is neither an input nor a gate; declare it or correct the name",
        ),
        (levels("[[\"x1\"], [\"a\"], [\"y1\", \"a\"]]"), "`levels` names `a` twice; put each node in one level"),
        (levels("[[\"x1\"], [\"a\"]]"), "`y1` is missing from `levels`; add it, or remove `levels`"),
        (
            levels("[[\"x1\"], [\"a\", \"y1\"]]"),
            "gate `y1` is not in a later level than `a`, which it reads; move one of them",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(message, format!("g.toml: {expected}"));
    }
}

#[test]
fn wrong_subfunctions_are_reported() {
    let graph = |tail: &str| {
        let head = "inputs = [\"x1\", \"x2\"]\noutputs = [\"y1\", \"y2\"]\n";
        let (before, after) = tail.split_once('|').unwrap_or(("", tail));
        let gates = "[gates]\na = [\"OR\", \"x1\", \"!x2\"]\ny1 = [\"ID\", \"a\"]\ny2 = [\"ID\", \"!a\"]\n";
        graph_message(&format!("{head}{before}\n{gates}{after}\n"))
    };
    let right = "[subfunctions]\ns = [\"a\"]\no = [\"y1\", \"y2\"]\n";
    let cases = [
        (
            graph("[subfunctions]\ns = [\"a\", \"x1\"]"),
            "sub-function `s` names `x1`, which is not a gate; list only gates",
        ),
        (
            graph("[subfunctions]\ns = [\"a\", \"y1\"]\no = [\"y1\", \"y2\"]"),
            "gate `y1` is listed twice in `subfunctions`; put each gate in one sub-function",
        ),
        (
            graph("[subfunctions]\ns = [\"a\"]\no = [\"y2\"]"),
            "gate `y1` is in no sub-function; add it to one, or remove `subfunctions`",
        ),
        (graph("[subfunctions]\ns = []"), "sub-function `s` has no gates; list them, or remove it"),
        (
            graph(&format!("hierarchy = [[\"o\", \"s\"]]|{right}")),
            "`hierarchy` wrongly says that `o` feeds `s`; correct it, or remove `hierarchy`",
        ),
        (
            graph(&format!("hierarchy = []|{right}")),
            "`hierarchy` does not say that `s` feeds `o`; correct it, or remove `hierarchy`",
        ),
        (graph("hierarchy = []|"), "`hierarchy` requires `subfunctions`; add it, or remove `hierarchy`"),
        (
            graph(&format!("{right}[input_sets]\nin = {{inputs = [\"x1\"], used_by = [\"s\"]}}")),
            "input set `in` is not the set of inputs that only its sub-functions read; correct it, or remove `input_sets`",
        ),
        (
            graph(&format!("{right}[input_sets]\nin = {{inputs = [\"x1\", \"x2\"], used_by = [\"o\"]}}")),
            "input set `in` is not the set of inputs that only its sub-functions read; correct it, or remove `input_sets`",
        ),
        (
            graph(&format!("{right}[input_sets]")),
            "`x1` is missing from `input_sets`; add it to a set, or remove `input_sets`",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(message, format!("g.toml: {expected}"));
    }
}

#[test]
fn graphs_too_large_to_train_on_are_refused() {
    let inputs: Vec<String> = (1..=30).map(|i| format!("\"x{i}\"")).collect();
    let toml = format!("inputs = [{}]\noutputs = [\"y1\"]\n[gates]\ny1 = [\"ID\", \"x1\"]\n", inputs.join(","));
    assert_eq!(
        graph_message(&toml),
        "g.toml: the truth table of 30 inputs is too large; use at most 20 inputs, or a data file"
    );
    let outputs: Vec<String> = (1..=300).map(|i| format!("\"y{i}\"")).collect();
    let gates: String = (1..=300).map(|i| format!("y{i} = [\"ID\", \"x1\"]\n")).collect();
    let toml = format!("inputs = [{}]\noutputs = [{}]\n[gates]\n{gates}", inputs[..20].join(","), outputs.join(","));
    assert_eq!(graph_message(&toml), "g.toml: the truth table of 20 inputs and 300 outputs is too large; use fewer");
}

#[test]
fn wrong_toml_is_reported_with_line_and_column() {
    let schema = "write `inputs`, `outputs` and `[gates]` in TOML";
    let message = graph_message("inputs = [\"x1\"]\noutputs = [\"y1\"\n");
    assert!(message.starts_with("g.toml line ") && message.ends_with(schema), "{message}");
    let message = graph_message("inputs = [\"x1\"]\noutputs = [\"y1\"]\ncolour = 1\n[gates]\ny1 = [\"ID\", \"x1\"]\n");
    assert!(message.starts_with("g.toml line 3, column 1: unknown field `colour`"), "{message}");
    assert!(graph_message("").contains("missing field `inputs`"));
    assert_eq!(graph_message("graph = []"), "g.toml has 0 graphs; write one graph per file");
    let one = "[[graph]]\ninputs = [\"x1\"]\noutputs = [\"y1\"]\n[graph.gates]\ny1 = [\"ID\", \"x1\"]\n";
    assert_eq!(graph_message(&one.repeat(2)), "g.toml has 2 graphs; write one graph per file");
    assert!(graph_file::parse("g.toml", "g", one.as_bytes()).is_ok());
    let bytes = graph_file::parse("g.toml", "g", b"inputs = [\n\xff").unwrap_err().to_string();
    assert_eq!(bytes, "g.toml line 2: not UTF-8 text; save the file as UTF-8");
    let long = graph_file::parse("g.toml", "g", &vec![b'#'; 5 << 20]).unwrap_err().to_string();
    assert!(long.starts_with("g.toml is larger than 4 MiB"), "{long}");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let table = TableSource::parse("t.csv", &bytes, &[]).map_err(|error| error.to_string());
        let graph = graph_file::parse("g.toml", "g", &bytes).map_err(|error| error.to_string());
        for (error, file) in [(table.err(), "t.csv"), (graph.err(), "g.toml")] {
            prop_assert!(error.is_none_or(|error| error.starts_with(file) && !error.contains(char::is_control)));
        }
    }

    #[test]
    fn random_tables_never_panic(text in "(x1|y1|y2|,|\"|\n|\r|0|1|\\.|-|e|;| ){0,80}") {
        let table = TableSource::parse("t.csv", text.as_bytes(), &[]);
        if let Err(error) = table {
            prop_assert_eq!(error.to_string().lines().count(), 1);
        }
    }

    #[test]
    fn random_graphs_never_panic(gates in proptest::collection::btree_map("[a-e]", proptest::collection::vec("(AND|OR|ID|!?[a-ex])", 0..5), 0..6)) {
        let gates: String = gates.iter().map(|(name, row)| format!("{name} = {row:?}\n")).collect();
        let toml = format!("inputs = [\"x\"]\noutputs = [\"a\"]\n[gates]\n{gates}");
        if let Err(error) = graph_file::parse("g.toml", "g", toml.as_bytes()) {
            prop_assert_eq!(error.to_string().lines().count(), 1);
        }
    }

    #[test]
    fn written_tables_are_read_back(
        rows in proptest::collection::vec((proptest::num::f32::NORMAL | proptest::num::f32::SUBNORMAL, any::<bool>()), 5..20),
        input in "[a-z,\" ]{1,8}",
    ) {
        prop_assume!(!input.trim().is_empty() && input.trim() == input && input.parse::<f32>().is_err());
        let quoted = format!("\"{}\"", input.replace('"', "\"\""));
        let mut csv = format!("{quoted},OUT\n");
        for (value, output) in &rows {
            csv += &format!("{value:e},{}\n", u8::from(*output));
        }
        let outputs = ["OUT".to_owned()];
        let table = match TableSource::parse("t", csv.as_bytes(), &outputs) {
            Ok(table) => table,
            Err(error) => {
                prop_assert!(error.to_string().contains("contradicts"), "{error}");
                return Ok(());
            }
        };
        prop_assert_eq!(&table.inputs[0], &input);
        let task = table.split(1);
        let again = TableSource::parse("t", task.to_csv().as_bytes(), &outputs).unwrap();
        let bits = |table: &TableSource| {
            let row = |row| table.rows.input(row).iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            (0..table.rows.count).map(row).collect::<Vec<_>>()
        };
        prop_assert_eq!(bits(&again), bits(&table));
        prop_assert_eq!(again.split(1), task);
    }
}
