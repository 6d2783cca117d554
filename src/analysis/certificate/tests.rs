//! Certificates compared with their definitions, pattern by pattern, and cases worked out by hand.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::analysis::GraphModule;
use crate::task::TableSource;

fn module(inputs: &[usize], outputs: &[usize]) -> GraphModule {
    GraphModule { inputs: inputs.to_vec(), outputs: outputs.to_vec(), layers: None }
}

fn graph(modules: &[GraphModule], edges: &[(usize, usize)]) -> ModuleGraph {
    ModuleGraph::new(modules.to_vec(), edges.to_vec()).unwrap()
}

/// The task whose outputs are this function of row and output.
fn task(inputs: usize, outputs: usize, value: impl Fn(usize, usize) -> bool) -> Task {
    let names = (1..=inputs).map(|i| format!("x{i}")).chain((1..=outputs).map(|o| format!("y{o}")));
    let mut csv = names.collect::<Vec<_>>().join(",") + "\n";
    for row in 0..1 << inputs {
        let cells = (0..inputs).map(|input| row >> (inputs - 1 - input) & 1);
        let cells = cells.chain((0..outputs).map(|output| usize::from(value(row, output))));
        csv += &(cells.map(|cell| cell.to_string()).collect::<Vec<_>>().join(",") + "\n");
    }
    TableSource::parse("t.csv", csv.as_bytes(), &[]).unwrap().split(0)
}

/// Bit `input` of a row, x1 being input 0.
fn bit(row: usize, input: usize, inputs: usize) -> bool {
    row >> (inputs - 1 - input) & 1 == 1
}

fn certificate(task: &Task, graph: &ModuleGraph) -> Certificate {
    Certificate::of_task(task, graph).unwrap()
}

/// The definitions as they are written, however slow.
struct Naive<'a> {
    task: &'a Task,
    graph: &'a ModuleGraph,
}

impl Naive<'_> {
    fn inputs(&self) -> usize {
        self.task.inputs.len()
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = BTreeSet::from([from]);
        loop {
            let more: BTreeSet<usize> =
                self.graph.edges().iter().filter(|(a, _)| seen.contains(a)).map(|(_, b)| *b).collect();
            if more.is_subset(&seen) {
                return seen.contains(&to);
            }
            seen.extend(more);
        }
    }

    /// The modules of the cycle that a module is in, itself included.
    fn cycle(&self, module: usize) -> Vec<usize> {
        (0..self.graph.modules().len()).filter(|&m| self.leads(m, module) && self.leads(module, m)).collect()
    }

    /// The modules outside a cycle that feed it.
    fn feeders(&self, cycle: &[usize]) -> BTreeSet<usize> {
        let edges = self.graph.edges().iter();
        edges.filter(|(from, to)| cycle.contains(to) && !cycle.contains(from)).map(|(from, _)| *from).collect()
    }

    fn above(&self, module: usize) -> BTreeSet<usize> {
        let modules = self.graph.modules().iter().enumerate().filter(|(m, _)| self.leads(*m, module));
        modules.flat_map(|(_, m)| m.inputs.clone()).collect()
    }

    fn reached(&self, module: usize) -> BTreeSet<usize> {
        let modules = self.graph.modules().iter().enumerate().filter(|(m, _)| self.leads(module, *m));
        modules.flat_map(|(_, m)| m.outputs.clone()).collect()
    }

    fn value(&self, row: usize, outputs: &BTreeSet<usize>) -> Vec<bool> {
        outputs.iter().map(|&output| self.task.rows.output(row)[output] == 1.0).collect()
    }

    fn agree(&self, a: usize, b: usize, inputs: &BTreeSet<usize>) -> bool {
        inputs.iter().all(|&input| bit(a, input, self.inputs()) == bit(b, input, self.inputs()))
    }

    /// The row with the inputs of `set` as in `a`, the others as in `b`.
    fn mixed(&self, set: &BTreeSet<usize>, a: usize, b: usize) -> usize {
        (0..self.inputs()).fold(0, |row, input| {
            let from = if set.contains(&input) { a } else { b };
            row << 1 | usize::from(bit(from, input, self.inputs()))
        })
    }

    fn act_alike(&self, set: &BTreeSet<usize>, outputs: &BTreeSet<usize>, a: usize, b: usize) -> bool {
        let same = |row| self.value(self.mixed(set, a, row), outputs) == self.value(self.mixed(set, b, row), outputs);
        (0..self.task.rows.count).all(same)
    }

    fn ways(&self, set: &BTreeSet<usize>, outputs: &BTreeSet<usize>) -> usize {
        let mut found: Vec<usize> = Vec::new();
        for row in 0..self.task.rows.count {
            if !found.iter().any(|&other| self.act_alike(set, outputs, row, other)) {
                found.push(row);
            }
        }
        found.len()
    }

    fn depends(&self, output: usize, input: usize) -> bool {
        let (set, output) = (BTreeSet::from([input]), BTreeSet::from([output]));
        self.ways(&set, &output) > 1
    }

    fn denied(&self) -> BTreeSet<(usize, usize)> {
        let mut pairs = BTreeSet::new();
        for output in 0..self.task.outputs.len() {
            let holder = self.graph.modules().iter().position(|m| m.outputs.contains(&output));
            let above = holder.map(|holder| self.above(holder)).unwrap_or_default();
            pairs.extend(
                (0..self.inputs()).filter(|i| !above.contains(i) && self.depends(output, *i)).map(|i| (i, output)),
            );
        }
        pairs
    }

    fn is_sufficient(&self, module: usize) -> bool {
        let cycle = self.cycle(module);
        let own: BTreeSet<usize> = cycle.iter().flat_map(|&m| self.graph.modules()[m].inputs.clone()).collect();
        let outputs: BTreeSet<usize> = cycle.iter().flat_map(|&m| self.graph.modules()[m].outputs.clone()).collect();
        let feeders = self.feeders(&cycle);
        let above = self.above(module);
        let outside: BTreeSet<usize> = (0..self.inputs()).filter(|input| !above.contains(input)).collect();
        let rows = 0..self.task.rows.count;
        rows.clone().all(|a| {
            rows.clone().all(|b| {
                let known = self.agree(a, b, &own)
                    && self.agree(a, b, &outside)
                    && feeders.iter().all(|&f| self.act_alike(&self.above(f), &self.reached(f), a, b));
                !known
                    || self.value(a, &outputs) == self.value(b, &outputs)
                        && self.act_alike(&above, &self.reached(module), a, b)
            })
        })
    }

    /// Whether a cycle has inputs and no outputs, saves nothing, and does not hold exactly what some outputs depend on.
    fn gains_nothing(&self, module: usize) -> bool {
        let cycle = self.cycle(module);
        let own: BTreeSet<usize> = cycle.iter().flat_map(|&m| self.graph.modules()[m].inputs.clone()).collect();
        if own.is_empty() || cycle.iter().any(|&m| !self.graph.modules()[m].outputs.is_empty()) {
            return false;
        }
        let every: BTreeSet<usize> = (0..self.task.outputs.len()).collect();
        let dependents = |input: usize| every.iter().filter(|&&o| self.depends(o, input)).copied().collect::<Vec<_>>();
        let first = dependents(*own.first().unwrap());
        if (0..self.inputs()).filter(|&input| dependents(input) == first).collect::<BTreeSet<_>>() == own {
            return false;
        }
        let ways = self.ways(&own, &every);
        let bits = (0..64).find(|bits| 1_usize << bits >= ways).unwrap();
        let takes_part = |input: &usize| {
            let others = own.iter().filter(|other| *other != input).copied().collect();
            2 * self.ways(&others, &every) > ways
        };
        bits >= own.len() || !own.iter().all(takes_part)
    }
}

impl Naive<'_> {
    /// Whether a cycle holds neither inputs nor outputs, and has as many states as what feeds it.
    fn merges_nothing(&self, module: usize) -> bool {
        let cycle = self.cycle(module);
        let held = |m: &GraphModule| m.inputs.len() + m.outputs.len();
        let feeders = self.feeders(&cycle);
        if feeders.is_empty() || cycle.iter().any(|&m| held(&self.graph.modules()[m]) > 0) {
            return false;
        }
        let fed_alike =
            |a: usize, b: usize| feeders.iter().all(|&f| self.act_alike(&self.above(f), &self.reached(f), a, b));
        let mut fed: Vec<usize> = Vec::new();
        for row in 0..self.task.rows.count {
            if !fed.iter().any(|&other| fed_alike(row, other)) {
                fed.push(row);
            }
        }
        self.ways(&self.above(module), &self.reached(module)) >= fed.len()
    }
}

/// A random task and a random structure of it.
fn random() -> impl Strategy<Value = (Task, ModuleGraph)> {
    (1..5_usize, 1..4_usize, 1..6_usize).prop_flat_map(|(inputs, outputs, modules)| {
        let values = proptest::collection::vec(proptest::bool::weighted(0.35), outputs << inputs);
        // Holder `modules` stands for no module.
        let holders = proptest::collection::vec(0..=modules, inputs);
        let owners = proptest::collection::vec(0..modules, outputs);
        let edges = proptest::collection::vec((0..modules, 0..modules), 0..8);
        (values, holders, owners, edges).prop_map(move |(values, holders, owners, edges)| {
            let held = |of: &[usize], module: usize| (0..of.len()).filter(|&at| of[at] == module).collect::<Vec<_>>();
            let modules: Vec<GraphModule> =
                (0..modules).map(|number| module(&held(&holders, number), &held(&owners, number))).collect();
            (task(inputs, outputs, |row, output| values[row * outputs + output]), graph(&modules, &edges))
        })
    })
}

proptest! {
    #[test]
    fn certificates_follow_the_definitions((task, graph) in random()) {
        let found = certificate(&task, &graph);
        let naive = Naive { task: &task, graph: &graph };
        let mut denied = BTreeSet::new();
        let (mut insufficient, mut gainless, mut unmerged) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for refusal in &found.refusals {
            match refusal {
                Refusal::Denied { inputs, outputs } => {
                    denied.extend(inputs.iter().flat_map(|&input| outputs.iter().map(move |&output| (input, output))));
                }
                Refusal::Insufficient { modules } => insufficient.extend(modules.clone()),
                Refusal::SavesNothing { modules, .. } | Refusal::Idle { modules, .. } => gainless.extend(modules.clone()),
                Refusal::MergesNothing { modules, .. } => unmerged.extend(modules.clone()),
            }
        }
        prop_assert_eq!(denied, naive.denied());
        let every = 0..graph.modules().len();
        prop_assert_eq!(insufficient, every.clone().filter(|&module| !naive.is_sufficient(module)).collect::<BTreeSet<_>>());
        prop_assert_eq!(gainless, every.clone().filter(|&module| naive.gains_nothing(module)).collect::<BTreeSet<_>>());
        prop_assert_eq!(unmerged, every.clone().filter(|&module| naive.merges_nothing(module)).collect::<BTreeSet<_>>());
        let outputs: BTreeSet<usize> = (0..task.outputs.len()).collect();
        for module in every {
            let (facts, held) = (&found.modules[module], &graph.modules()[module]);
            let own: BTreeSet<usize> = held.inputs.iter().copied().collect();
            let action = (!own.is_empty()).then(|| Action { inputs: own.len(), multiplicity: naive.ways(&own, &outputs) });
            prop_assert_eq!(facts.own, action);
            let above = naive.above(module);
            let states = Action { inputs: above.len(), multiplicity: naive.ways(&above, &naive.reached(module)) };
            prop_assert_eq!(facts.states, states);
            let depends = |input: &usize| held.outputs.iter().any(|&output| naive.depends(output, *input));
            prop_assert_eq!(facts.depends_on.clone(), (0..task.inputs.len()).filter(depends).collect::<Vec<_>>());
        }
    }
}

/// y1 = (x1 xor x2) and x3.
fn gated() -> Task {
    task(3, 1, |row, _| (bit(row, 0, 3) ^ bit(row, 1, 3)) && bit(row, 2, 3))
}

#[test]
fn two_inputs_pass_on_one_bit() {
    let found = certificate(&gated(), &graph(&[module(&[0, 1], &[]), module(&[2], &[0])], &[(0, 1)]));
    assert!(found.holds() && !found.is_refuted());
    assert_eq!(found.modules[0].own, Some(Action { inputs: 2, multiplicity: 2 }));
    assert_eq!(found.modules[0].own.unwrap().bits(), 1);
    assert_eq!(found.modules[1].depends_on, [0, 1, 2]);
    // With x1 and x3 in place of x1 and x2: 00, 10, 01 and 11 give 0, 0, x2 and not x2.
    let found = certificate(&gated(), &graph(&[module(&[0, 2], &[]), module(&[1], &[0])], &[(0, 1)]));
    let action = Action { inputs: 2, multiplicity: 3 };
    assert_eq!(found.refusals, [Refusal::SavesNothing { modules: vec![0], action }]);
    assert!(!found.is_refuted());
}

#[test]
fn a_missing_path_refutes_the_structure() {
    let apart = graph(&[module(&[0, 1], &[]), module(&[2], &[0])], &[]);
    let found = certificate(&gated(), &apart);
    assert_eq!(found.refusals, [Refusal::Denied { inputs: vec![0, 1], outputs: vec![0] }]);
    assert!(found.is_refuted());
}

#[test]
fn an_input_that_passes_through_unchanged_is_refused() {
    // y1 = (x1 xor x2) and x3, y2 = x4: x4 contributes nothing to what x1 and x2 do.
    let both =
        task(
            4,
            2,
            |row, output| {
                if output == 0 { (bit(row, 0, 4) ^ bit(row, 1, 4)) && bit(row, 2, 4) } else { bit(row, 3, 4) }
            },
        );
    let found = certificate(&both, &graph(&[module(&[0, 1, 3], &[]), module(&[2], &[0, 1])], &[(0, 1)]));
    let action = Action { inputs: 3, multiplicity: 4 };
    assert_eq!(found.refusals, [Refusal::Idle { modules: vec![0], input: 3, action }]);
}

#[test]
fn a_module_between_that_merges_nothing_is_refused() {
    // y1 = x1 xor x2, y2 = x3 xor x4.
    let apart = |row: usize, at: usize| bit(row, 2 * at, 4) ^ bit(row, 2 * at + 1, 4);
    let parts = [module(&[0, 1], &[]), module(&[2, 3], &[]), module(&[], &[])];
    let edges = [(0, 2), (1, 2), (2, 3)];
    let with = |outputs: &[usize]| graph(&[&parts[..], &[module(&[], outputs)]].concat(), &edges);
    // It is fed two states by each of two modules, and has to pass on all four.
    let both = task(4, 2, apart);
    let found = certificate(&both, &with(&[0, 1]));
    assert_eq!(found.refusals, [Refusal::MergesNothing { modules: vec![2], fed: 4, states: 4 }]);
    assert!(!found.is_refuted());
    // With their conjunction as the only output, three of the four are merged.
    let and = task(4, 1, |row, _| apart(row, 0) && apart(row, 1));
    let found = certificate(&and, &with(&[0]));
    assert!(found.holds() && found.modules[2].states.multiplicity == 2, "{found:?}");
    // Two such modules in a row: the second has nothing left to merge.
    let modules = [&parts[..], &[module(&[], &[]), module(&[], &[0])]].concat();
    let found = certificate(&and, &graph(&modules, &[(0, 2), (1, 2), (2, 3), (3, 4)]));
    assert!(matches!(found.refusals[..], [Refusal::MergesNothing { fed: 2, states: 2, .. }]), "{found:?}");
}

#[test]
fn shared_inputs_differ_in_who_reads_them() {
    // y1 = x1 and x2, y2 = x2 and x3: both read x2.
    let both = task(3, 2, |row, output| bit(row, output, 3) && bit(row, output + 1, 3));
    let modules = [module(&[0], &[]), module(&[1], &[]), module(&[2], &[]), module(&[], &[0]), module(&[], &[1])];
    let found = certificate(&both, &graph(&modules, &[(0, 3), (1, 3), (1, 4), (2, 4)]));
    assert!(found.holds(), "{found:?}");
    // x1 and x2 are read by different outputs, so they do not belong together.
    let modules = [module(&[0, 1], &[]), module(&[2], &[]), module(&[], &[0]), module(&[], &[1])];
    let found = certificate(&both, &graph(&modules, &[(0, 2), (0, 3), (1, 3)]));
    assert!(matches!(found.refusals[..], [Refusal::SavesNothing { .. }]), "{found:?}");
}

#[test]
fn the_states_of_two_feeders_with_a_common_input_can_be_too_little() {
    // The parity of three inputs cannot be computed from those of x1 and x2 and of x2 and x3.
    let parity = task(3, 1, |row, _| row.count_ones() % 2 == 1);
    let modules = [
        module(&[0], &[]),
        module(&[1], &[]),
        module(&[2], &[]),
        module(&[], &[]),
        module(&[], &[]),
        module(&[], &[0]),
    ];
    let found = certificate(&parity, &graph(&modules, &[(0, 3), (1, 3), (1, 4), (2, 4), (3, 5), (4, 5)]));
    assert!(found.refusals.contains(&Refusal::Insufficient { modules: vec![5] }), "{found:?}");
    assert!(!found.is_refuted());
}

#[test]
fn a_cycle_counts_as_one_module() {
    let modules = [module(&[0, 1], &[]), module(&[], &[]), module(&[2], &[0])];
    let found = certificate(&gated(), &graph(&modules, &[(0, 1), (1, 0), (1, 2)]));
    assert!(found.holds(), "{found:?}");
    assert_eq!(
        found.modules[2].states,
        Action { inputs: 2, multiplicity: 2 },
        "the module of the cycle without inputs"
    );
}

#[test]
fn partial_and_real_tables_and_other_tasks_decide_nothing() {
    let one = graph(&[module(&[0, 1], &[0])], &[]);
    let of = |csv: &str| {
        let task = TableSource::parse("t.csv", csv.as_bytes(), &[]).unwrap().split(0);
        Certificate::of_task(&task, &one)
    };
    assert_eq!(of("x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n"), Err(NoCertificate::Partial));
    assert_eq!(of("x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,0.5,1\n1,1,0\n"), Err(NoCertificate::Real));
    assert_eq!(of("x1,y1\n0,0\n1,1\n"), Err(NoCertificate::Misfit));
    assert!(of("x1,x2,y1\n0,0,0\n0,1,1\n1,0,1\n1,1,1\n").unwrap().holds());
}
