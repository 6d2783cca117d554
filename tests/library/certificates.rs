//! Certificates of the paper's tasks: every true structure is certified, no wrong partition of the inputs is.
//!
//! A partition of the inputs into groups is *wrong* if it cuts a true group: two inputs that are read by the same
//! sub-functions are in different groups. Unions of true groups are coarser than the truth, but not wrong. A partition
//! becomes a structure in one of two ways:
//!
//! - *generous*: each group is a module that feeds every sub-function with outputs that depend on it. So no dependency
//!   is denied, and only multiplicities can refuse the structure;
//! - *moved*: the true structure, with the groups as the inputs of its modules; only if there are as many groups as
//!   modules with inputs.

use neural_sculpting::analysis::certificate::{self, Certificate, Refusal, certify};
use neural_sculpting::analysis::{GraphModule, ModuleGraph};
use neural_sculpting::task::columns::CompleteTable;
use neural_sculpting::task::generator::NAMES;
use neural_sculpting::task::{Task, Truth, builtin};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn truth(task: &Task) -> &Truth {
    task.truth.as_ref().unwrap()
}

#[test]
fn every_true_structure_holds() {
    for name in builtin::names().chain(NAMES) {
        let task = builtin::get(name).unwrap();
        let graph = ModuleGraph::of_truth(truth(&task)).unwrap();
        let certificate = Certificate::of_task(&task, &graph).unwrap();
        assert!(certificate.holds(), "{name}: {:?}", certificate.refusals);
    }
}

/// All partitions of this many inputs: the group of each input, numbered by first appearance.
fn partitions(inputs: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..inputs {
        let longer = |partition: &Vec<usize>| {
            let groups = partition.iter().max().map_or(0, |last| last + 1);
            let partition = partition.clone();
            (0..=groups).map(move |group| [&partition[..], &[group]].concat())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

fn is_wrong(truth: &Truth, partition: &[usize]) -> bool {
    truth.input_groups.iter().any(|group| group.iter().any(|&input| partition[input] != partition[group[0]]))
}

fn groups(partition: &[usize]) -> Vec<Vec<usize>> {
    let count = partition.iter().max().unwrap() + 1;
    let members = |group: usize| (0..partition.len()).filter(|&input| partition[input] == group).collect();
    (0..count).map(members).collect()
}

fn generous(task: &Task, table: &CompleteTable, partition: &[usize]) -> ModuleGraph {
    let groups = groups(partition);
    let mut edges = Vec::new();
    let mut modules: Vec<GraphModule> =
        groups.iter().map(|group| GraphModule { inputs: group.clone(), ..GraphModule::default() }).collect();
    for outputs in &truth(task).output_groups {
        for (number, group) in groups.iter().enumerate() {
            let depends = |input: &usize| outputs.iter().any(|&output| table.dependence(output) >> input & 1 == 1);
            if group.iter().any(depends) {
                edges.push((number, modules.len()));
            }
        }
        modules.push(GraphModule { outputs: outputs.clone(), ..GraphModule::default() });
    }
    ModuleGraph::new(modules, edges).unwrap()
}

fn moved(task: &Task, partition: &[usize]) -> Option<ModuleGraph> {
    let graph = ModuleGraph::of_truth(truth(task)).unwrap();
    let groups = groups(partition);
    let holding: Vec<usize> = (0..graph.modules().len()).filter(|&m| !graph.modules()[m].inputs.is_empty()).collect();
    if holding.len() != groups.len() {
        return None;
    }
    let mut modules = graph.modules().to_vec();
    for (&module, group) in holding.iter().zip(groups) {
        modules[module].inputs = group;
    }
    Some(ModuleGraph::new(modules, graph.edges().to_vec()).unwrap())
}

#[test]
fn a_hundred_wrong_partitions_are_refused_for_a_good_reason() {
    let mut rng = ChaCha8Rng::seed_from_u64(20230);
    let mut below = |bound: usize| (rng.next_u64() % bound as u64) as usize;
    let names: Vec<&str> = builtin::names().collect();
    let (mut drawn, mut denied) = (0, 0);
    while drawn < 100 {
        let task = builtin::get(names[below(names.len())]).unwrap();
        let mut next = 0;
        let partition: Vec<usize> = (0..task.inputs.len())
            .map(|_| {
                let group = below(next + 1);
                next += usize::from(group == next);
                group
            })
            .collect();
        if !is_wrong(truth(&task), &partition) {
            continue;
        }
        let table = certificate::table(&task).unwrap();
        let as_true = moved(&task, &partition).filter(|_| drawn % 2 == 0);
        let graph = as_true.unwrap_or_else(|| generous(&task, &table, &partition));
        let certificate = certify(&table, &graph).unwrap();
        assert!(!certificate.holds(), "{}: {partition:?} is certified", task.name);
        let is_good = |refusal: &Refusal| !matches!(refusal, Refusal::Insufficient { .. });
        assert!(certificate.refusals.iter().any(is_good), "{}: {partition:?}: {:?}", task.name, certificate.refusals);
        denied += usize::from(certificate.is_refuted());
        drawn += 1;
    }
    assert!((10..90).contains(&denied), "{denied} of 100 deny a dependency");
}

#[test]
fn no_wrong_partition_is_certified() {
    let mut seen: Vec<(usize, Vec<Vec<u64>>)> = Vec::new();
    let (mut wrong, mut coarse) = (0, 0);
    for name in builtin::names() {
        let task = builtin::get(name).unwrap();
        let table = certificate::table(&task).unwrap();
        // Tasks that differ only in how often they repeat an output count once.
        let mut columns: Vec<Vec<u64>> = (0..table.outputs()).map(|output| table.column(output).to_vec()).collect();
        columns.sort();
        columns.dedup();
        if seen.contains(&(table.inputs(), columns.clone())) {
            continue;
        }
        seen.push((table.inputs(), columns));
        for partition in partitions(task.inputs.len()) {
            let generous = generous(&task, &table, &partition);
            if !is_wrong(truth(&task), &partition) {
                coarse += 1;
                assert!(!certify(&table, &generous).unwrap().is_refuted(), "{name}: {partition:?}");
                continue;
            }
            wrong += 1;
            for graph in [Some(generous), moved(&task, &partition)].into_iter().flatten() {
                assert!(!certify(&table, &graph).unwrap().holds(), "{name}: {partition:?} is certified");
            }
        }
    }
    // Bell numbers: four functions of 4 inputs, one of 5, two of 6, one of 7, two of 8; each with 1 to 3 true groups.
    assert_eq!(wrong + coarse, 4 * 15 + 52 + 2 * 203 + 877 + 2 * 4140);
    assert_eq!(coarse, 3 + 3 * 2 + 4 * 5, "three tasks with one group, three with two, four with three");
}

#[test]
fn other_decompositions_of_the_generated_tasks_save_less() {
    // Some partitions that cut a true group are certified. They are decompositions, too, but save less.
    let mut others = 0;
    for name in NAMES {
        let task = builtin::get(name).unwrap();
        let table = certificate::table(&task).unwrap();
        let claimed = |partition: &[usize]| certify(&table, &generous(&task, &table, partition)).unwrap();
        let mut own = vec![0; task.inputs.len()];
        for (group, inputs) in truth(&task).input_groups.iter().enumerate() {
            inputs.iter().for_each(|&input| own[input] = group);
        }
        let saved = claimed(&own).saved_bits;
        for partition in partitions(task.inputs.len()) {
            let certificate = claimed(&partition);
            if is_wrong(truth(&task), &partition) && certificate.holds() {
                assert!(certificate.saved_bits < saved, "{name}: {partition:?}");
                others += 1;
            }
        }
    }
    assert!(others > 0, "otherwise this test compares nothing");
}
