//! What a user's table or function graph can have wrong: each case with the exact line that it is told in.

use std::path::Path;

use neural_sculpting::task::{TableSource, graph_file};
use proptest::prelude::*;

fn message(csv: &[u8]) -> String {
    TableSource::parse("t.csv", csv, &[]).unwrap_err().to_string()
}

fn message_with(csv: &str, outputs: &[&str]) -> String {
    let outputs: Vec<String> = outputs.iter().map(ToString::to_string).collect();
    TableSource::parse("t.csv", csv.as_bytes(), &outputs).unwrap_err().to_string()
}

#[test]
fn wrong_values_are_told_with_line_and_column() {
    let cases = [
        ("x1,y1\n0,0\n,1\n", "t.csv line 3, column 1 `x1`: the value is missing; write a number"),
        ("x1,y1\n0,zero\n", "t.csv line 2, column 2 `y1`: `zero` is not a number; write one, as in 1 or 0.5"),
        (
            "x1,y1\nNaN,0\n",
            "t.csv line 2, column 1 `x1`: `NaN` is not a finite 32-bit number; write one between -3.4e38 and 3.4e38",
        ),
        (
            "x1,y1\n-inf,0\n",
            "t.csv line 2, column 1 `x1`: `-inf` is not a finite 32-bit number; write one between -3.4e38 and 3.4e38",
        ),
        (
            "x1,y1\n1e39,0\n",
            "t.csv line 2, column 1 `x1`: `1e39` is not a finite 32-bit number; write one between -3.4e38 and 3.4e38",
        ),
        ("x1,y1\n1,0.5\n", "t.csv line 2, column 2 `y1`: output `0.5` is neither 0 nor 1; outputs are Boolean"),
        ("x1,y1\n1,-1\n", "t.csv line 2, column 2 `y1`: output `-1` is neither 0 nor 1; outputs are Boolean"),
    ];
    for (csv, expected) in cases {
        assert_eq!(message(csv.as_bytes()), expected);
    }
}

#[test]
fn wrong_rows_are_told_with_their_lines() {
    let cases = [
        (
            "x1,x2,y1\n0,0,0\n\n0,1\n",
            "t.csv line 4: 2 fields where the header has 3; give the row one field for each column",
        ),
        ("x1,y1\n0,1,1\n", "t.csv line 2: 3 fields where the header has 2; give the row one field for each column"),
        (
            "x1,y1\n1,1\n0,0\n1,0\n0,1\n",
            "t.csv line 4: contradicts line 2: the same inputs, other outputs; remove or correct one of them",
        ),
        (
            "x1,y1\n1.5,1\n2,0\r\n\r\n2,1\n",
            "t.csv line 5: contradicts line 3: the same inputs, other outputs; remove or correct one of them",
        ),
        ("x1,y1\n", "t.csv: no rows below the header; add at least one"),
        ("x1,y1\n0.5,1\n", "t.csv: 1 rows of real data; at least 5 are needed to split them 80:20"),
        ("x1,y1\n\"0,1\n", "t.csv line 2: a quote is not closed; end the quoted field on the line where it begins"),
        ("x1,y1\r0,1\r", "t.csv line 1: a carriage return inside the line; end lines with LF or CRLF"),
    ];
    for (csv, expected) in cases {
        assert_eq!(message(csv.as_bytes()), expected);
    }
}

#[test]
fn wrong_headers_are_told() {
    let cases = [
        ("", "t.csv: the file is empty; begin with a header such as x1,x2,y1"),
        (" \r\n\n", "t.csv: the file is empty; begin with a header such as x1,x2,y1"),
        ("x1,x2\n0,1\n", "t.csv line 1: no output columns; call them y1, y2, .., or name the output columns"),
        ("y1,y2\n0,1\n", "t.csv line 1: no input columns; at least one column must not be an output"),
        ("x1,x2,x1,y1\n", "t.csv line 1: columns 1 and 3 are both called `x1`; rename one"),
        ("x1,,y1\n", "t.csv line 1: column 2 has no name; name it in the header"),
        (
            "x1,\u{1b}[2J,y1\n",
            "t.csv line 1: the name of column 2 is too long or has control characters; use up to 100 visible ones",
        ),
        ("0,1,1\n", "t.csv line 1: the first line holds numbers; put a header such as x1,x2,y1 above it"),
        ("x1;x2;y1\n0;0;1\n", "t.csv line 1: fields are separated by semicolons; separate them by commas"),
        ("x1\ty1\n0\t1\n", "t.csv line 1: fields are separated by tabs; separate them by commas"),
        (
            "x1,age,y1\n",
            "t.csv line 1: column 2 `age` is neither x1, x2, .. nor y1, y2, ..; rename it, or name the output \
             columns",
        ),
    ];
    for (csv, expected) in cases {
        assert_eq!(message(csv.as_bytes()), expected);
    }
    assert_eq!(
        message_with("age,ill\n1,0\n", &["sick"]),
        "t.csv line 1: no column is called `sick`; correct the header or the name"
    );
    assert_eq!(
        message_with("age,ill\n1,0\n", &["ill", "ill"]),
        "t.csv line 1: output `ill` is listed twice; list each output once"
    );
    assert_eq!(
        message_with("age,ill\n1,0\n", &["ill", "age"]),
        "t.csv line 1: no input columns; at least one column must not be an output"
    );
}

#[test]
fn what_is_no_text_is_told() {
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
        format!("t.csv line 2, column 1 `x1`: `{}..` is not a number; write one, as in 1 or 0.5", "z".repeat(40))
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let message = TableSource::read(Path::new("no/such.csv"), &[]).unwrap_err().to_string();
    assert!(message.starts_with("no/such.csv: cannot be read: No such file or directory"), "{message}");
    let folder = std::env::temp_dir();
    assert!(TableSource::read(&folder, &[]).unwrap_err().to_string().contains("cannot be read"));
    assert!(graph_file::read(&folder).unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn tables_as_other_programs_write_them_are_read() {
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
fn wrong_gates_are_told_by_name() {
    let cases = [
        ("a = [\"ID\", \"x1\"]", "output `y1` has no gate; add one, as in y1 = [\"ID\", \"..\"]"),
        (
            "y1 = [\"AND\", \"x1\", \"x3\"]",
            "gate `y1` reads `x3`, which is neither an input nor a gate; declare it or correct the name",
        ),
        ("y1 = [\"XOR\", \"x1\", \"x2\"]", "gate `y1` has operation `XOR`; use AND, OR or ID"),
        ("y1 = []", "gate `y1` has operation ``; use AND, OR or ID"),
        ("y1 = [\"OR\"]", "gate `y1` reads nothing; give it at least one input, as in [\"AND\", \"x1\", \"!x2\"]"),
        ("y1 = [\"ID\", \"x1\", \"x2\"]", "gate `y1` is an ID but reads 2 nodes; an ID reads exactly one"),
        ("y1 = [\"AND\", \"x1\", \"!x1\"]", "gate `y1` reads `x1` twice; name each node once a gate"),
        (
            "a = [\"OR\", \"x1\", \"b\"]\nb = [\"OR\", \"a\", \"x2\"]\ny1 = [\"ID\", \"a\"]",
            "gates `a`, `b` feed each other in a circle; a function graph has none, so take one of their edges away",
        ),
        (
            "a = [\"OR\", \"a\"]\ny1 = [\"ID\", \"a\"]",
            "gates `a` feed each other in a circle; a function graph has none, so take one of their edges away",
        ),
        (
            "a = [\"ID\", \"y1\"]\ny1 = [\"AND\", \"x1\", \"x2\"]",
            "gate `a` reads output `y1`; outputs feed nothing, so read the gate before it instead",
        ),
        (
            "a = [\"ID\", \"x1\"]\ny1 = [\"AND\", \"x1\", \"x2\"]",
            "gate `a` feeds nothing; list it in `outputs`, let another gate read it, or leave it out",
        ),
        (
            "x1 = [\"ID\", \"x2\"]\ny1 = [\"AND\", \"x1\", \"x2\"]",
            "node `x1` is declared twice; give each input, gate and output one name of its own",
        ),
        (
            "y1 = [\"ID\", \"x\\n1\"]",
            "`x\\n1` cannot be a name; use up to 100 characters without spaces, commas, quotes or a leading `!`",
        ),
        (
            "\"!a\" = [\"ID\", \"x1\"]",
            "`!a` cannot be a name; use up to 100 characters without spaces, commas, quotes or a leading `!`",
        ),
    ];
    for (gates, expected) in cases {
        assert_eq!(with_gates(gates), format!("g.toml: {expected}"));
    }
}

#[test]
fn wrong_inputs_outputs_and_levels_are_told() {
    let graph = |head: &str| graph_message(&format!("{head}\n[gates]\na = [\"ID\", \"x1\"]\ny1 = [\"ID\", \"a\"]\n"));
    let ends = "inputs = [\"x1\"]\noutputs = [\"y1\"]\n";
    let levels = |levels: &str| graph(&format!("{ends}levels = {levels}"));
    let cases = [
        (graph("inputs = []\noutputs = [\"y1\"]"), "no input nodes; list at least one in `inputs`"),
        (graph("inputs = [\"x1\"]\noutputs = []"), "no output nodes; list at least one in `outputs`"),
        (
            graph("inputs = [\"x1\"]\noutputs = [\"y1\", \"y1\"]"),
            "node `y1` is declared twice; give each input, gate and output one name of its own",
        ),
        (
            graph("inputs = [\"x1\"]\noutputs = [\"x1\"]"),
            "output `x1` has no gate; add one, as in x1 = [\"ID\", \"..\"]",
        ),
        (
            levels("[[\"x1\", \"a\"], [\"y1\"]]"),
            "level 0 holds `a`; the first of `levels` holds all inputs and nothing else",
        ),
        (
            levels("[[], [\"x1\"], [\"a\"], [\"y1\"]]"),
            "input `x1` is in a later level; the first of `levels` holds all inputs",
        ),
        (
            levels("[[\"x1\"], [\"a\", \"b\"], [\"y1\"]]"),
            "`levels` names `b`, which is neither an input nor a gate; declare it or correct the name",
        ),
        (levels("[[\"x1\"], [\"a\"], [\"y1\", \"a\"]]"), "`levels` names `a` twice; each node is in one level"),
        (levels("[[\"x1\"], [\"a\"]]"), "`levels` leaves out `y1`; put it in one, or leave `levels` out"),
        (
            levels("[[\"x1\"], [\"a\", \"y1\"]]"),
            "gate `y1` is not in a later level than `a`, which it reads; move it to one",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(message, format!("g.toml: {expected}"));
    }
}

#[test]
fn wrong_subfunctions_are_told() {
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
            "sub-function `s` names `x1`, which is no gate; sub-functions are made of gates",
        ),
        (
            graph("[subfunctions]\ns = [\"a\", \"y1\"]\no = [\"y1\", \"y2\"]"),
            "gate `y1` is named twice in `subfunctions`; each gate is in one sub-function",
        ),
        (
            graph("[subfunctions]\ns = [\"a\"]\no = [\"y2\"]"),
            "gate `y1` is in no sub-function; add it to one, or leave `subfunctions` out",
        ),
        (graph("[subfunctions]\ns = []"), "sub-function `s` is empty; name its gates or leave it out"),
        (
            graph(&format!("hierarchy = [[\"o\", \"s\"]]|{right}")),
            "`hierarchy` says that `o` feeds `s`; correct it, or leave `hierarchy` out",
        ),
        (
            graph(&format!("hierarchy = []|{right}")),
            "`hierarchy` leaves out that `s` feeds `o`; correct it, or leave `hierarchy` out",
        ),
        (graph("hierarchy = []|"), "`hierarchy` needs `subfunctions`; add them, or leave `hierarchy` out"),
        (
            graph(&format!("{right}[input_sets]\nin = {{inputs = [\"x1\"], used_by = [\"s\"]}}")),
            "input set `in` is not exactly what its sub-functions alone read; correct it, or leave `input_sets` out",
        ),
        (
            graph(&format!("{right}[input_sets]\nin = {{inputs = [\"x1\", \"x2\"], used_by = [\"o\"]}}")),
            "input set `in` is not exactly what its sub-functions alone read; correct it, or leave `input_sets` out",
        ),
        (
            graph(&format!("{right}[input_sets]")),
            "`input_sets` leaves out `x1`; put it in one, or leave `input_sets` out",
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
        "g.toml: 30 inputs make a truth table too large to train on; use at most 20, or a data file"
    );
    let outputs: Vec<String> = (1..=300).map(|i| format!("\"y{i}\"")).collect();
    let gates: String = (1..=300).map(|i| format!("y{i} = [\"ID\", \"x1\"]\n")).collect();
    let toml = format!("inputs = [{}]\noutputs = [{}]\n[gates]\n{gates}", inputs[..20].join(","), outputs.join(","));
    assert_eq!(
        graph_message(&toml),
        "g.toml: 20 inputs and 300 outputs make a truth table too large to hold; use fewer of them"
    );
}

#[test]
fn wrong_toml_is_told_with_line_and_column() {
    let schema = "a graph has `inputs`, `outputs` and `[gates]`, in TOML";
    let message = graph_message("inputs = [\"x1\"]\noutputs = [\"y1\"\n");
    assert!(message.starts_with("g.toml line ") && message.ends_with(schema), "{message}");
    let message = graph_message("inputs = [\"x1\"]\noutputs = [\"y1\"]\ncolour = 1\n[gates]\ny1 = [\"ID\", \"x1\"]\n");
    assert!(message.starts_with("g.toml line 3, column 1: unknown field `colour`"), "{message}");
    assert!(graph_message("").contains("missing field `inputs`"));
    assert_eq!(graph_message("graph = []"), "g.toml holds 0 graphs; put one in each file");
    let one = "[[graph]]\ninputs = [\"x1\"]\noutputs = [\"y1\"]\n[graph.gates]\ny1 = [\"ID\", \"x1\"]\n";
    assert_eq!(graph_message(&one.repeat(2)), "g.toml holds 2 graphs; put one in each file");
    assert!(graph_file::parse("g.toml", "g", one.as_bytes()).is_ok());
    let bytes = graph_file::parse("g.toml", "g", b"inputs = [\n\xff").unwrap_err().to_string();
    assert_eq!(bytes, "g.toml line 2: not UTF-8 text; save the file as UTF-8");
    let long = graph_file::parse("g.toml", "g", &vec![b'#'; 5 << 20]).unwrap_err().to_string();
    assert!(long.starts_with("g.toml is larger than 4 MiB"), "{long}");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = TableSource::parse("t.csv", &bytes, &[]);
        let _ = graph_file::parse("g.toml", "g", &bytes);
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
    fn a_table_written_and_read_again_is_the_same(
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
        let Ok(table) = TableSource::parse("t", csv.as_bytes(), &outputs) else {
            return Ok(()); // rows that contradict each other
        };
        prop_assert_eq!(&table.inputs[0], &input);
        let task = table.split(1);
        let again = TableSource::parse("t", task.to_csv().as_bytes(), &outputs).unwrap();
        let bits = |table: &TableSource| table.rows.inputs.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&again), bits(&table));
        prop_assert_eq!(again.split(1), task);
    }
}
