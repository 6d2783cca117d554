//! The criteria for true modules, counted over the paper's published networks and compared with its figures.
//!
//! Needs the reference data, which has the modules of about half of the published networks and the number of modules of
//! all. So each of the 123 Boolean rates is checked in one or two ways:
//!
//! - *bounds* (all figures): a cell of `n` trials with `s` published successes must have at most `s` successes and at
//!   most `n - s` failures among the available networks;
//! - *counts* (figures 6, 8 and 12b): here, except for two of the available networks, success is equivalent to the
//!   right number of modules, which is known for all trials. So all 39 published counts are reproduced exactly.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use neural_sculpting::analysis::ModuleGraph;
use neural_sculpting::analysis::criteria::{by_name, of_tables, strictest};
use neural_sculpting::detect::{
    Detection, DetectionSettings, Distance, Hierarchy, Linkage, ModuleEdge, Quality, detect,
};
use neural_sculpting::network::{Network, files};
use neural_sculpting::task::builtin;
use serde::Deserialize;

/// What the authors' detection found in one network.
#[derive(Deserialize)]
struct Expected {
    id: String,
    task: String,
    arch: Vec<usize>,
    seed: u64,
    condensed_arch: Vec<usize>,
    kept_units: Vec<Vec<usize>>,
    modules: Vec<Vec<usize>>,
    module_count: usize,
}

#[derive(Deserialize)]
struct Masks {
    id: String,
    masks: Vec<Vec<String>>,
}

/// A published network.
struct Published {
    task: String,
    arch: Vec<usize>,
    seed: u64,
    detection: Detection,
}

/// One rate of the paper: a criterion over the trials of some depths of a task.
struct Cell {
    task: String,
    depths: Vec<usize>,
    criterion: &'static str,
    successes: usize,
    trials: usize,
}

impl Cell {
    fn has(&self, task: &str, arch: &[usize]) -> bool {
        // The widths of these figures; figure 2b has others.
        task == self.task && self.depths.contains(&(arch.len() - 2)) && [24, 36, 48, 60].contains(&arch[1])
    }
}

fn reference() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    folder.is_dir().then_some(folder)
}

fn json_lines<T: for<'a> Deserialize<'a>>(path: PathBuf) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Edges between different modules.
fn hierarchy(expected: &Expected, masks: &[Vec<String>]) -> Hierarchy {
    let mut edges: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (layer, matrix) in masks.iter().enumerate() {
        for (&to, &to_module) in expected.kept_units[layer + 1].iter().zip(&expected.modules[layer + 1]) {
            for (&from, &from_module) in expected.kept_units[layer].iter().zip(&expected.modules[layer]) {
                if matrix[to].as_bytes()[from] == b'1' && from_module != to_module {
                    *edges.entry((from_module, to_module)).or_default() += 1;
                }
            }
        }
    }
    let edges = edges.into_iter().map(|((from, to), edges)| ModuleEdge { from, to, edges }).collect();
    Hierarchy { nodes: Vec::new(), edges }
}

fn published(reference: &Path) -> Vec<Published> {
    let masks: Vec<Masks> = json_lines(reference.join("detection/networks.jsonl"));
    let masks: HashMap<String, Vec<Vec<String>>> = masks.into_iter().map(|net| (net.id, net.masks)).collect();
    let expected: Vec<Expected> = json_lines(reference.join("detection/expected.jsonl"));
    let network = |expected: Expected| Published {
        detection: Detection {
            hierarchy: hierarchy(&expected, &masks[&expected.id]),
            condensed_arch: expected.condensed_arch,
            kept_units: expected.kept_units,
            tied: false,
            layers: Vec::new(),
            modules: expected.modules,
            module_count: expected.module_count,
        },
        task: expected.task,
        arch: expected.arch,
        seed: expected.seed,
    };
    expected.into_iter().map(network).collect()
}

fn cells(reference: &Path) -> Vec<Cell> {
    let text = std::fs::read_to_string(reference.join("paper_numbers.toml")).unwrap();
    let paper: toml::Table = toml::from_str(&text).unwrap();
    let mut cells = Vec::new();
    validation_cells(&paper, &mut cells);
    overlap_cells(&paper, &mut cells);
    level_cells(&paper, &mut cells);
    cells
}

/// The counts in one row of a figure.
fn counts(paper: &toml::Table, figure: &str, row: &str) -> Vec<usize> {
    let mut counts = Vec::new();
    flatten(&paper[figure][row]["success"], &mut counts);
    counts
}

fn cell(task: String, depths: &[usize], criterion: &'static str, successes: usize) -> Cell {
    Cell { task, depths: depths.to_vec(), criterion, successes, trials: 12 * depths.len() }
}

/// Figures 6 and 8.
fn validation_cells(paper: &toml::Table, cells: &mut Vec<Cell>) {
    for (row, task) in [
        ("input_separable_4_2_4", "4-2-4"),
        ("reused_4_1_2_16", "4-1-2-16"),
        ("both_6_3_3_3", "6-3-3-3"),
        ("none_4_1_4", "4-1-4"),
    ] {
        let counts = counts(paper, "fig6", row);
        cells.extend((1..).zip(counts).map(|(depth, count)| cell(task.to_owned(), &[depth], "modules", count)));
    }
    for depth in 1..=3 {
        let counts = counts(paper, "fig8", &format!("depth_{depth}"));
        let tasks = [2, 4, 8, 12, 16].map(|k| format!("4-1-2-{k}"));
        cells.extend(tasks.into_iter().zip(counts).map(|(task, count)| cell(task, &[depth], "modules", count)));
    }
}

/// Figure 10.
fn overlap_cells(paper: &toml::Table, cells: &mut Vec<Cell>) {
    let families = ["8-2", "7-3-2", "6-3-2", "5-3-2", "4-1-2-2"].into_iter();
    let tasks: Vec<String> = families.flat_map(|family| [2, 4, 8, 12, 16].map(|k| format!("{family}-{k}"))).collect();
    for (row, criterion) in [
        ("input_separability", "input sizes"),
        ("output_subfunctions", "outputs"),
        ("hidden_units_separability", "hidden"),
    ] {
        let counts = counts(paper, "fig10", row);
        cells.extend(tasks.iter().zip(counts).map(|(task, count)| cell(task.clone(), &[1, 2, 3], criterion, count)));
    }
}

/// Figures 12a and 12b.
fn level_cells(paper: &toml::Table, cells: &mut Vec<Cell>) {
    for (row, criterion) in
        [("input_separable", "inputs"), ("single_intermediate", "intermediate"), ("output", "outputs")]
    {
        let counts = counts(paper, "fig12a", row);
        cells.extend((2..).zip(counts).map(|(depth, count)| cell("8-2-1-2-8".to_owned(), &[depth], criterion, count)));
    }
    for depth in 2..=4 {
        let counts = counts(paper, "fig12b", &format!("hidden_layers_{depth}"));
        let tasks = [4, 8, 12, 16].map(|k| format!("8-2-1-2-{k}"));
        cells.extend(tasks.into_iter().zip(counts).map(|(task, count)| cell(task, &[depth], "exact", count)));
    }
}

/// The numbers of a nested array, row by row.
fn flatten(value: &toml::Value, into: &mut Vec<usize>) {
    match value.as_array() {
        Some(rows) => rows.iter().for_each(|row| flatten(row, into)),
        None => into.push(usize::try_from(value.as_integer().unwrap()).unwrap()),
    }
}

/// The number of trials with any network that meets the criterion, and the number of trials. (The paper chose among
/// equally sparse networks in favor of success.)
fn successes<'a>(cell: &Cell, networks: impl Iterator<Item = (&'a [usize], u64, bool)>) -> (usize, usize) {
    let mut trials: BTreeMap<(&[usize], u64), bool> = BTreeMap::new();
    for (arch, seed, success) in networks {
        *trials.entry((arch, seed)).or_default() |= success;
    }
    assert!(trials.len() <= cell.trials, "{} {:?}", cell.task, cell.depths);
    (trials.values().filter(|&&success| success).count(), trials.len())
}

#[test]
fn published_rates_are_within_the_bounds_of_the_available_networks() {
    let Some(reference) = reference() else { return };
    let networks = published(&reference);
    let mut outside = Vec::new();
    let cells = cells(&reference);
    assert_eq!(cells.len(), 123);
    for cell in &cells {
        let criterion = by_name(&cell.task).iter().find(|known| known.name == cell.criterion).unwrap();
        let truth = builtin::get(&cell.task).unwrap().truth.unwrap();
        let of_cell = networks.iter().filter(|network| cell.has(&network.task, &network.arch));
        let judged =
            of_cell.map(|network| (network.arch.as_slice(), network.seed, criterion.holds(&truth, &network.detection)));
        let (found, available) = successes(cell, judged);
        if found > cell.successes || available - found > cell.trials - cell.successes {
            outside.push(format!("{} {}", cell.task, cell.criterion));
        }
    }
    // The paper counts 36 of 36, but one of the networks has a hidden unit in a third module. The criterion differs
    // from the paper's count by this one trial.
    assert_eq!(outside, ["6-3-2-2 hidden"]);
}

#[test]
fn published_counts_are_reproduced_if_the_number_of_modules_decides() {
    let Some(reference) = reference() else { return };
    let networks = published(&reference);
    let rows = module_counts(&reference);
    let mut compared = 0;
    for cell in cells(&reference) {
        let Some(modules) = modules_of_a_success(&cell) else { continue };
        compared += 1;
        let refuted = refuted(&cell, modules, &networks);
        let of_cell = rows.iter().filter(|row| cell.has(&row.task, &row.arch));
        let judged = of_cell.map(|row| {
            let arch = row.arch.as_slice();
            (arch, row.seed, row.modules == modules && !refuted.contains(&(arch, row.seed)))
        });
        assert_eq!(successes(&cell, judged), (cell.successes, cell.trials), "{} {:?}", cell.task, cell.depths);
    }
    assert_eq!(compared, 39);
}

/// The true structure agrees with the paper's strictest criterion, except for layers: if all inputs are shared, the
/// criterion also requires that the module of the inputs has no hidden units.
#[test]
fn true_structures_agree_with_the_papers_criteria() {
    let Some(reference) = reference() else { return };
    let mut agree = [0, 0];
    for network in published(&reference) {
        let task = builtin::get(&network.task).unwrap();
        let criterion = strictest(&task).unwrap();
        let truth = task.truth.unwrap();
        if criterion.name == "exact" && network.arch.len() <= 4 {
            // Too shallow for the true structure; the criterion requires a coarser one.
            continue;
        }
        let structure = ModuleGraph::of_detection(&network.detection);
        let same = Some(structure.without_layers()) == ModuleGraph::of_truth(&truth);
        let works_on_inputs = truth.input_groups.len() == 1
            && truth.input_readers[0].len() == 2
            && structure.modules()[0].layers != Some(1);
        let holds = criterion.holds(&truth, &network.detection);
        assert_eq!(same && !works_on_inputs, holds, "{} {:?} {}", network.task, network.arch, network.seed);
        agree[usize::from(holds)] += 1;
    }
    assert!(agree.iter().all(|&count| count > 200), "{agree:?}");
}

/// The paper reports 0.99 and 0.49 in every row of table 4: 143 and 71 of 144 trials. By the criterion of the tables,
/// all available networks succeed with the first two indices, and those of two tasks with the others. By the criterion
/// of figure 6, under which `4-1-2-16` with one hidden layer never succeeds, neither number would be possible.
#[test]
fn table_4_is_reproduced_on_the_published_networks() {
    let Some(reference) = reference() else { return };
    let expected: Vec<Expected> = json_lines(reference.join("detection/expected.jsonl"));
    let networks: HashMap<String, Network> =
        files::read(&reference.join("detection/networks.jsonl")).unwrap().map(Result::unwrap).collect();
    let of_figure_6 = |known: &&Expected| known.id.starts_with("exemplar") && [24, 36, 48].contains(&known.arch[1]);
    let chosen: Vec<&Expected> = expected.iter().filter(of_figure_6).collect();
    assert_eq!(chosen.len(), 71);
    let divided = |known: &&&Expected| ["4-2-4", "6-3-3-3"].contains(&known.task.as_str());
    let undivided = chosen.len() - chosen.iter().filter(divided).count();
    for linkage in [Linkage::Average, Linkage::Complete, Linkage::Single, Linkage::Ward] {
        for distance in [Distance::Cosine, Distance::Jaccard, Distance::Euclidean] {
            if linkage == Linkage::Ward && distance != Distance::Euclidean {
                continue;
            }
            for (quality, right) in [
                (Quality::Modularity, chosen.len()),
                (Quality::Silhouette, chosen.len()),
                (Quality::CalinskiHarabasz, undivided),
                (Quality::DaviesBouldin, undivided),
            ] {
                let settings = DetectionSettings { linkage, distance, quality, ..DetectionSettings::default() };
                let succeeds = |known: &&&Expected| {
                    let task = builtin::get(&known.task).unwrap();
                    let criterion = of_tables(&task).last().unwrap();
                    let detection = detect(&networks[&known.id].condense(), &settings);
                    criterion.holds(task.truth.as_ref().unwrap(), &detection)
                };
                assert_eq!(chosen.iter().filter(succeeds).count(), right, "{settings:?}");
            }
        }
    }
}

/// A published network of which only the number of modules is known.
struct Counted {
    task: String,
    arch: Vec<usize>,
    seed: u64,
    modules: usize,
}

fn module_counts(reference: &Path) -> Vec<Counted> {
    let mut reader = csv::Reader::from_path(reference.join("published_networks.csv")).unwrap();
    let counted = |row: Result<HashMap<String, String>, csv::Error>| {
        let row = row.unwrap();
        let arch = row["arch"].split(',').map(|width| width.parse().unwrap()).collect();
        let (seed, modules) = (row["seed"].parse().unwrap(), row["modules"].parse().unwrap());
        Counted { task: row["task"].clone(), arch, seed, modules }
    };
    reader.deserialize().map(counted).collect()
}

/// Trials whose network has the right number of modules, but not the right modules. A success with another number of
/// modules would make that number useless; there is none.
fn refuted<'a>(cell: &Cell, modules: usize, networks: &'a [Published]) -> Vec<(&'a [usize], u64)> {
    let task = builtin::get(&cell.task).unwrap();
    let (criterion, truth) = (strictest(&task).unwrap(), task.truth.unwrap());
    assert_eq!(criterion.name, cell.criterion);
    let mut refuted = Vec::new();
    for network in networks.iter().filter(|network| cell.has(&network.task, &network.arch)) {
        match (criterion.holds(&truth, &network.detection), network.detection.module_count == modules) {
            (true, false) => panic!("{} {:?} {}", network.task, network.arch, network.seed),
            (false, true) => refuted.push((network.arch.as_slice(), network.seed)),
            _ => {}
        }
    }
    refuted
}

/// The number of modules that the criteria `modules` and `exact` require.
fn modules_of_a_success(cell: &Cell) -> Option<usize> {
    match (cell.criterion, cell.task.as_str(), cell.depths[0]) {
        ("modules", "4-2-4", _) => Some(2),
        ("modules", "6-3-3-3", _) => Some(6),
        ("modules", "4-1-4", _) => Some(1),
        ("modules", ..) => Some(3),
        ("exact", _, 2) => Some(3),
        ("exact", ..) => Some(5),
        _ => None,
    }
}
