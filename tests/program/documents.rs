//! The documents that the program generates are up to date. `UPDATE_DOCUMENTS=1 cargo test --test program documents`
//! rewrites them.

use std::path::PathBuf;

use neural_sculpting::analysis::certificate::{self, certify};
use neural_sculpting::analysis::{Certificate, ModuleGraph};
use neural_sculpting::report::certificate::Describer;
use neural_sculpting::task::builtin;
use neural_sculpting::task::generator::{self, NAMES};
use neural_sculpting::task::{FunctionGraph, Task, graph::Edge};
use neural_sculpting::tui::keys;
use petgraph::Direction;
use petgraph::visit::EdgeRef;

use crate::graph_network;

/// Compares the document `docs/{name}` with the expected text, or rewrites it if `UPDATE_DOCUMENTS` is set.
fn check(name: &str, expected: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/{name} is out of date; rewrite it with UPDATE_DOCUMENTS=1");
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}

/// One line per gate, such as `o1t1 = AND x1 !x2`, without the outputs that repeat an earlier one.
fn gates(graph: &FunctionGraph, task: &Task) -> String {
    let column = |output: &String| {
        let at = task.outputs.iter().position(|name| name == output).unwrap();
        (0..task.rows.count).map(|row| task.rows.output(row)[at] == 1.0).collect::<Vec<bool>>()
    };
    let is_copy = |name: &String| {
        let at = task.outputs.iter().position(|output| output == name);
        at.is_some_and(|at| task.outputs[..at].iter().any(|earlier| column(earlier) == column(name)))
    };
    let graph = graph.graph();
    let mut lines = String::new();
    for gate in graph.node_indices() {
        let Some(op) = graph[gate].op.filter(|_| !is_copy(&graph[gate].name)) else { continue };
        let mut reads: Vec<_> = graph.edges_directed(gate, Direction::Incoming).collect();
        reads.sort_by_key(|edge| edge.source());
        let reads = reads.iter().map(|edge| {
            let sign = if *edge.weight() == Edge::Negation { "!" } else { "" };
            format!("{sign}{}", graph[edge.source()].name)
        });
        lines += &format!("{} = {op} {}\n", graph[gate].name, list(reads));
    }
    lines
}

#[test]
fn the_keys_are_documented() {
    let text = format!(
        "# Keys of the dashboard\n\n\
         `?` shows these keys in the dashboard, and the bottom line shows the ones that matter where you are. `sculpt keys`\n\
         lists the keys that can be changed and says where: in `dashboard.toml` in the config folder, under `[keys]`, as in\n\
         `pause = \"f5\"`.\n\n\
         {}\n",
        keys::markdown().trim_end()
    );
    check("keys.md", &text);
}

#[test]
fn the_generated_tasks_are_documented() {
    let mut text = String::from(
        "# Twelve functions that are not in the paper\n\n\
         `src/task/generator` drew these functions from a fixed seed before any network was trained on them. Its rules for\n\
         rejecting a draw, explained there, look only at truth tables. Their names work wherever those of the paper's tasks do:\n\
         `sculpt run --task generated-01`, or `tasks = [\"generated-01\"]` in an experiment file.\n\n\
         The outputs `y1`, `y2`, .. belong to the top-level sub-functions in turn. The lists of gates omit outputs that\n\
         repeat an earlier one. If detection does not find the true modules even in the function graph itself, taken as a\n\
         network (one unit per gate, values passed on from layer to layer), the last line of the entry says so. This\n\
         happens with none of the paper's 38 tasks.\n\n\
         [vote-study.md](vote-study.md) has the answers of the vote for these functions.\n",
    );
    for name in NAMES {
        let generated = generator::find(name).unwrap();
        let (task, truth) = (&generated.task, generated.task.truth.as_ref().unwrap());
        let subfunction = |number: &usize| truth.subfunctions[*number].clone();
        text += &format!("\n## {name}\n\n{}; ", generated.shape);
        text += &format!("{} inputs, {} outputs, ", task.inputs.len(), task.outputs.len());
        text += &format!(
            "{} levels. Rejected draws before it: {}.\n\n```text\n",
            generated.graph.level_count(),
            generated.discarded
        );
        text += &gates(&generated.graph, task);
        text += "```\n\n";
        for (group, readers) in truth.input_groups.iter().zip(&truth.input_readers) {
            let inputs = list(group.iter().map(|&input| &task.inputs[input]));
            let feed = if group.len() == 1 { "feeds" } else { "feed" };
            text += &format!("- {inputs} {feed} {}\n", list(readers.iter().map(subfunction)));
        }
        for (from, to) in &truth.hierarchy {
            text += &format!("- {} feeds {}\n", subfunction(from), subfunction(to));
        }
        for (group, owner) in truth.output_groups.iter().zip(&truth.output_owners) {
            let outputs = list(group.iter().map(|&output| &task.outputs[output]));
            text += &format!("- {} computes {outputs}\n", subfunction(owner));
        }
        let shown = graph_network::structure(&generated.graph, task);
        if Some(&shown) != ModuleGraph::of_truth(truth).as_ref() {
            let line = Describer { graph: &shown, inputs: &task.inputs, outputs: &task.outputs }.line();
            text += &format!("- detection finds other modules in the graph itself: {line}\n");
        }
    }
    check("generated-tasks.md", &text);
}

/// One row per module: inputs, patterns, ways, bits, and whether the structure is certified.
fn certificate_rows(task: &Task) -> String {
    let graph = ModuleGraph::of_truth(task.truth.as_ref().unwrap()).unwrap();
    let found: Certificate = certify(&certificate::table(task).unwrap(), &graph).unwrap();
    let describer = Describer { graph: &graph, inputs: &task.inputs, outputs: &task.outputs };
    let mut rows = String::new();
    for (module, (held, facts)) in graph.modules().iter().zip(&found.modules).enumerate() {
        let action = if held.inputs.is_empty() { facts.states } else { facts.own.unwrap() };
        let (task, holds) = match module {
            0 => (task.name.as_str(), if found.holds() { "yes" } else { "no" }),
            _ => ("", ""),
        };
        let module = describer.module(module);
        let (patterns, ways, bits) = (action.patterns(), action.multiplicity, action.bits());
        rows += &format!("| {task} | {module} | {} | {patterns} | {ways} | {bits} | {holds} |\n", action.inputs);
    }
    rows
}

#[test]
fn the_certificates_of_true_structures_are_documented() {
    let mut text = String::from(
        "# Certificates of the true structures\n\n\
         What the complete truth table says of the true modules of each task; `src/analysis/certificate` has the\n\
         definitions. Each row is a module. For a module that holds inputs, the table gives their number, the number of\n\
         their patterns, and the exact number of ways in which these act on the outputs (the column multiplicity of the\n\
         task over these inputs). For a module that holds none, it gives the same for all inputs upstream of it, with\n\
         respect to the outputs it leads to. The bits are how many it takes to tell the ways apart.\n\n\
         A group of inputs that two sub-functions share, or that one of them reads besides others, saves nothing and need\n\
         not: its inputs are all that one set of outputs depends on. Modules without inputs and outputs are numbered\n\
         (`m3`); they merge some of the states that reach them. `m3` of `8-2-1-2-2` has 3 states, from 2 times 2 states of\n\
         the modules that feed it.\n\n\
         | task | module | inputs | patterns | ways | bits | certified |\n|---|---|---|---|---|---|---|\n",
    );
    for name in builtin::names().chain(NAMES) {
        text += &certificate_rows(&builtin::get(name).unwrap());
    }
    check("certificates.md", &text);
}

#[test]
fn the_papers_function_graphs_show_their_modules() {
    for name in builtin::names() {
        let (graph, task) = (builtin::graph(name).unwrap(), builtin::get(name).unwrap());
        let truth = ModuleGraph::of_truth(task.truth.as_ref().unwrap());
        assert_eq!(Some(graph_network::structure(&graph, &task)), truth, "{name}");
    }
}
