//! Whatever is wrong with what is asked for: one line that says so, exit 2 or 1, and nothing written.

use super::util::{SHORT, Sandbox, Told};

/// One line on standard error, which begins with the program and contains these words.
#[track_caller]
fn one_line(told: &Told, code: i32, words: &[&str]) {
    assert_eq!((told.code, told.out.as_str()), (Some(code), ""), "{told:?}");
    assert!(told.err.starts_with("sculpt: ") && told.err.lines().count() == 1, "{told:?}");
    assert!(words.iter().all(|word| told.err.contains(word)), "{words:?}: {told:?}");
}

/// As [`one_line`], and no catalog was made.
#[track_caller]
fn refused(sandbox: &Sandbox, arguments: &[&str], words: &[&str]) {
    one_line(&sandbox.sculpt(arguments), 2, words);
    assert!(!sandbox.catalog().exists(), "{arguments:?} wrote a catalog");
}

#[test]
fn tables() {
    let sandbox = Sandbox::new();
    let refuse = |text: &str, words: &[&str]| {
        sandbox.write("table.csv", text);
        refused(&sandbox, &["run", "--task", "table.csv", "--arch", "2,4,1"], &[&["table.csv"], words].concat());
    };
    refuse("x1,x2,y1\n0,0,1\n0,,1\n", &["line 3, column 2 `x2`", "missing"]);
    refuse("x1,x1,y1\n0,0,1\n", &["line 1", "both called `x1`"]);
    refuse("x1,x2\n0,0\n", &["line 1", "no output columns"]);
    refuse("x1,x2,y1\n0,0,1\n0,1,0\n0,0,0\n", &["line 4", "contradicts line 2"]);
    refuse("x1,x2,y1\n", &["no rows"]);
    refuse("", &["empty"]);
    refuse("x1,x2,y1\n0,1,0.5\n", &["line 2, column 3 `y1`"]);
}

#[test]
fn graphs_of_thirty_inputs() {
    let sandbox = Sandbox::new();
    let inputs: Vec<String> = (1..=30).map(|number| format!("'x{number}'")).collect();
    let inputs = inputs.join(",");
    sandbox.write("wide.toml", &format!("inputs = [{inputs}]\noutputs = ['y1']\n[gates]\ny1 = ['AND', {inputs}]\n"));
    refused(&sandbox, &["run", "--task", "wide.toml", "--arch", "30,4,1"], &["wide.toml", "30 inputs", "at most 20"]);
}

#[test]
fn tasks_and_architectures() {
    let sandbox = Sandbox::new();
    sandbox.write("xor.csv", "x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n");
    let refuse = |more: &[&str], words: &[&str]| refused(&sandbox, &[&["run", "--task"], more].concat(), words);
    refuse(&["nosuch", "--arch", "2,4,1"], &["no task is called `nosuch`", "did you mean"]);
    sandbox.write("train-images-idx3-ubyte", "no text");
    refuse(&["train-images-idx3-ubyte", "--arch", "2,4,1"], &["train-images-idx3-ubyte is not a task", ".csv"]);
    refuse(&["nosuch.csv", "--arch", "2,4,1"], &["nosuch.csv", "cannot be read"]);
    refuse(&["xor.csv", "--arch", "3,4,1"], &["does not fit task xor", "write 2,..,1"]);
    refuse(&["xor.csv", "--arch", "2,four,1"], &["`four`"]);
    refuse(&["xor.csv", "--arch", "2,0,1"], &["`0`"]);
    refuse(&["xor.csv", "--arch", "2,1"], &["no hidden units"]);
    refuse(&["xor.csv"], &["--task needs networks", "--arch", "--depths 1,2 --widths 24"]);
    refuse(&["xor.csv", "--depths", "1"], &["--depths needs --widths"]);
    refuse(&["xor.csv", "--widths", "4"], &["--widths needs --depths"]);
    refuse(&["xor.csv", "--depths", "deep", "--widths", "4"], &["`deep`", "1..3"]);
    refuse(&["xor.csv", "--depths", "101", "--widths", "4"], &["101 hidden layers", "100 at most"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--depths", "1"], &["cannot be used with", "--depths"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--required", "98"], &["`98`", "perfect, dense", "0.98"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--merge-threshold", "2"], &["merge threshold is 2", "at most 1"]);
    refuse(
        &["xor.csv", "--arch", "2,4,1", "--modularity-threshold", "nan"],
        &["modularity threshold must be a number"],
    );
    refuse(&["xor.csv", "--arch", "2,4,1", "--patience", "0"], &["patience is 0", "at least 1"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--outputs", "z"], &["`z`", "(--outputs)"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--lr", "-1"], &["learning_rate is -1"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--epochs", "0"], &["epochs is 0"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--noise", "nan"], &["noise"]);
    refuse(&["xor.csv", "--arch", "2,4,1", "--stages", "prune"], &["`prune`", "unit+edge"]);
}

#[test]
fn experiments() {
    let sandbox = Sandbox::new();
    let refuse = |text: &str, words: &[&str]| {
        sandbox.write("own.toml", text);
        refused(&sandbox, &["run", "own.toml"], &[&["own.toml"], words].concat());
    };
    refuse("[[trials]]\ntasks = ['4-2-5']\nhidden = [[4]]", &["4-2-5"]);
    refuse("[[trials]]\ntasks = ['4-2-4']\n", &["hidden"]);
    refuse("[[trials]]\ntasks = ['4-2-4']\nhidden = [[4]]\ngird = 'quick'", &["line 4", "`gird`"]);
    refuse("seeds = '5..3'\n[[trials]]\ntasks = ['4-2-4']\nhidden = [[4]]", &["line 1", "`seeds`", "0..19"]);
    refuse("[[trials]]\ntasks = ['4-2-4']\ndepths = 'deep'\nwidths = [4]", &["line 3", "\"auto\""]);
    refuse("\n[[trials]]\ntasks = ['4-2-4']\nhidden = [[4]]\nhyperparameters = 'published'", &["line 2", "\"rule\""]);
    refuse("[detection]\nlinkage = 'ward'\n[[trials]]\ntasks = ['4-2-4']\nhidden = [[4]]", &["line 2", "euclidean"]);
    refuse("trials = 3", &["line 1"]);
    refuse("][", &["line 1"]);
    refuse("", &["trials"]);
    refused(&sandbox, &["run", "nosuch"], &["no preset `nosuch`", "quickstart"]);
    refused(&sandbox, &["run", "nosuch.toml"], &["nosuch.toml", "cannot read"]);
    refused(&sandbox, &["presets", "--show", "nosuch"], &["no preset `nosuch`"]);
}

#[test]
fn values_of_options() {
    let sandbox = Sandbox::new();
    let refuse = |more: &[&str], words: &[&str]| refused(&sandbox, &[&["run", "quickstart"], more].concat(), words);
    refuse(&["--grid", "fine"], &["`fine`", "paper"]);
    refuse(&["--hyperparameters", "best"], &["`best`", "rule or published"]);
    refuse(&["--engine", "x"], &["`x`", "auto, edges or burn"]);
    refuse(&["--jobs", "0"], &["'0'", "--jobs", "1..=256"]);
    refuse(&["--jobs", "many"], &["'many'", "--jobs"]);
    refuse(&["--seeds", "a"], &["`a`", "0..19"]);
    refuse(&["--only", "nonsense=1"], &["`nonsense`", "task"]);
    refuse(&["--only", "seed=77"], &["no trial of quickstart matches"]);
    refuse(&["--nosuch"], &["--nosuch", "sculpt run --help"]);
    refuse(&["--task", "4-2-4"], &["cannot be used with"]);
    refuse(&["--required", "0.98"], &["cannot be used with"]);
    refuse(&["--lr", "0.1"], &["cannot be used with"]);
    refused(&sandbox, &["resume", "--all", "--jobs", "0"], &["--jobs"]);
    refused(&sandbox, &["list", "--filter", "density<x"], &["density"]);
    refused(&sandbox, &["list", "--sort", "nonsense"], &["`nonsense`"]);
    refused(&sandbox, &["lst"], &["'lst'", "'list'"]);
    refused(&sandbox, &["pause"], &["<TRIAL>"]);
    refused(&sandbox, &["delete"], &["sculpt list"]);
    refused(&sandbox, &["completions", "sh"], &["bash"]);
}

#[test]
fn trials_that_do_not_exist() {
    let sandbox = Sandbox::with(SHORT);
    for command in ["show", "pause", "resume", "cancel", "delete"] {
        one_line(&sandbox.sculpt(&[command, "0123"]), 1, &["no trial `0123`", "sculpt list"]);
        one_line(&sandbox.sculpt(&[command, "../.."]), 1, &["no trial `../..`"]);
    }
    sandbox.done(&["run", "own.toml"]);
    let trial = sandbox.list()[0]["id"].as_str().unwrap()[..8].to_owned();
    one_line(&sandbox.sculpt(&["pause", &trial]), 2, &["finished", "nothing to do"]);
}

#[test]
fn catalogs_that_cannot_be_written() {
    let sandbox = Sandbox::with(SHORT);
    for catalog in ["own.toml", "own.toml/catalog", "own.toml/deep/catalog"] {
        let words = ["own.toml", "--catalog PATH or SCULPT_CATALOG"];
        one_line(&sandbox.sculpt(&["run", "own.toml", "--catalog", catalog]), 1, &words);
        one_line(&sandbox.sculpt(&["run", "own.toml", "--detach", "--catalog", catalog]), 1, &words);
        one_line(&sandbox.sculpt(&["list", "--catalog", catalog]), 1, &words);
    }
}
