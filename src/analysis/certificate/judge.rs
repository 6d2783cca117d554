//! The four questions of a certificate, asked of a table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Certificate, ModuleFacts, Refusal};
use crate::analysis::{GraphModule, ModuleGraph};
use crate::task::columns::{CompleteTable, Patterns, all_inputs, members, set_of};

/// What the table says to a structure; `None` where the structure has inputs or outputs that the table does not have.
#[must_use]
pub fn certify(table: &CompleteTable, graph: &ModuleGraph) -> Option<Certificate> {
    let fits = |module: &GraphModule| {
        module.inputs.iter().all(|&input| input < table.inputs())
            && module.outputs.iter().all(|&output| output < table.outputs())
    };
    if !graph.modules().iter().all(fits) {
        return None;
    }
    let judge = Judge::new(table, graph);
    let mut about = Vec::new();
    let mut facts = vec![None; graph.modules().len()];
    let states: Vec<Patterns> = (0..judge.groups.len()).map(|group| judge.state(group)).collect();
    for (number, group) in judge.groups.iter().enumerate() {
        let found = [judge.insufficient(number, &states), judge.saving(group), judge.merging(number, &states)];
        about.extend(found.into_iter().flatten().map(|refusal| (group.modules[0], refusal)));
        for &module in &group.modules {
            facts[module] = Some(judge.facts(module, &states[number]));
        }
    }
    about.sort_by_key(|(module, _)| *module);
    let refusals = judge.denied().into_iter().chain(about.into_iter().map(|(_, refusal)| refusal)).collect();
    let saved_bits = judge.groups.iter().map(|group| judge.saved_bits(group)).sum();
    Some(Certificate { modules: facts.into_iter().flatten().collect(), refusals, saved_bits })
}

/// Modules that are taken as one: a single one, or a circle.
struct Group {
    modules: Vec<usize>,
    /// I(M), as a set of inputs.
    own: u32,
    /// A(M).
    above: u32,
    /// Y(M).
    outputs: BTreeSet<usize>,
    /// O(M).
    reached: BTreeSet<usize>,
    /// The groups that feed it.
    feeders: BTreeSet<usize>,
}

struct Judge<'a> {
    table: &'a CompleteTable,
    graph: &'a ModuleGraph,
    /// Each after those that feed it.
    groups: Vec<Group>,
    /// Outputs of modules, with the table of these alone.
    parts: BTreeMap<Vec<usize>, CompleteTable>,
}

impl<'a> Judge<'a> {
    fn new(table: &'a CompleteTable, graph: &'a ModuleGraph) -> Self {
        let mut groups = groups(graph);
        for at in 0..groups.len() {
            // A group comes after those that feed it, so theirs are known.
            let above = groups[at].feeders.iter().fold(groups[at].own, |set, &feeder| set | groups[feeder].above);
            groups[at].above = above;
        }
        for at in (0..groups.len()).rev() {
            let reached = groups[at].reached.clone();
            for feeder in groups[at].feeders.clone() {
                groups[feeder].reached.extend(&reached);
            }
        }
        let sets = groups.iter().flat_map(|group| [&group.outputs, &group.reached]);
        let sets: BTreeSet<Vec<usize>> = sets.map(|set| set.iter().copied().collect()).collect();
        let parts = sets.into_iter().map(|outputs| (outputs.clone(), table.of_outputs(&outputs))).collect();
        Self { table, graph, groups, parts }
    }

    fn part(&self, outputs: &BTreeSet<usize>) -> &CompleteTable {
        let outputs: Vec<usize> = outputs.iter().copied().collect();
        &self.parts[&outputs]
    }

    /// The state of a group for each pattern of A(M).
    fn state(&self, group: usize) -> Patterns {
        let group = &self.groups[group];
        self.part(&group.reached).patterns().acting_alike(group.above)
    }

    /// Dependencies that the structure denies, outputs with the same ones together.
    fn denied(&self) -> Vec<Refusal> {
        let mut denied: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for output in 0..self.table.outputs() {
            let holder = self.groups.iter().find(|group| group.outputs.contains(&output));
            let missing = self.table.dependence(output) & !holder.map_or(0, |group| group.above);
            if missing != 0 {
                denied.entry(missing).or_default().push(output);
            }
        }
        let refusal = |(inputs, outputs)| Refusal::Denied { inputs: members(inputs).collect(), outputs };
        denied.into_iter().map(refusal).collect()
    }

    /// Are the states of the feeders too little? Where the parts that a group is fed with have no input in common, they
    /// never are, but for what is denied.
    fn insufficient(&self, number: usize, states: &[Patterns]) -> Option<Refusal> {
        let group = &self.groups[number];
        let mut seen = group.own;
        let mut shared = 0;
        for &feeder in &group.feeders {
            shared |= seen & self.groups[feeder].above;
            seen |= self.groups[feeder].above;
        }
        if shared == 0 {
            return None;
        }
        let inputs = self.table.inputs();
        let mut known = Patterns::equal_in(group.own | all_inputs(inputs) & !group.above, inputs);
        for &feeder in &group.feeders {
            known = known.joined(&states[feeder].spread(self.groups[feeder].above, inputs));
        }
        let wanted = self.part(&group.outputs).patterns().joined(&states[number].spread(group.above, inputs));
        let suffices = known.joined(&wanted).count() == known.count();
        (!suffices).then(|| Refusal::Insufficient { modules: group.modules.clone() })
    }

    /// Is nothing gained by holding these inputs together?
    fn saving(&self, group: &Group) -> Option<Refusal> {
        if group.own == 0 || !group.outputs.is_empty() || self.is_read_alone(group.own) {
            return None;
        }
        let modules = group.modules.clone();
        let patterns = self.table.patterns().acting_alike(group.own);
        let action = action(&patterns);
        if action.bits() >= action.inputs {
            return Some(Refusal::SavesNothing { modules, action });
        }
        let idle = members(group.own).enumerate().find(|(at, _)| {
            // The others within the patterns of all: their ways are those they have in the whole table.
            let others = all_inputs(action.inputs) & !(1 << at);
            patterns.multiplicity_within(others, action.ways / 2).is_some()
        });
        idle.map(|(_, input)| Refusal::Idle { modules, input, action })
    }

    /// Does a module between only hand on what it is fed with?
    fn merging(&self, number: usize, states: &[Patterns]) -> Option<Refusal> {
        let group = &self.groups[number];
        let between = group.own == 0 && group.outputs.is_empty() && !group.feeders.is_empty();
        if !between {
            return None;
        }
        let inputs = self.table.inputs();
        let spread = |&feeder: &usize| states[feeder].spread(self.groups[feeder].above, inputs);
        let fed = group.feeders.iter().map(spread).reduce(|known, more| known.joined(&more))?.count();
        let ways = states[number].count();
        (ways >= fed).then(|| Refusal::HandsOn { modules: group.modules.clone(), fed, ways })
    }

    /// The bits that a group with inputs and without outputs saves.
    fn saved_bits(&self, group: &Group) -> usize {
        let action = action(&self.table.patterns().acting_alike(group.own));
        if group.outputs.is_empty() { action.inputs - action.bits() } else { 0 }
    }

    /// Are these all inputs that one set of outputs depends on?
    fn is_read_alone(&self, inputs: u32) -> bool {
        let readers = members(inputs).next().map(|first| self.table.dependents(first));
        let same = (0..self.table.inputs()).filter(|&input| Some(self.table.dependents(input)) == readers);
        set_of(&same.collect::<Vec<_>>()) == inputs
    }

    fn facts(&self, module: usize, state: &Patterns) -> ModuleFacts {
        let module = &self.graph.modules()[module];
        let own = set_of(&module.inputs);
        let depends_on = module.outputs.iter().fold(0, |set, &output| set | self.table.dependence(output));
        ModuleFacts {
            own: (own != 0).then(|| action(&self.table.patterns().acting_alike(own))),
            states: action(state),
            depends_on: members(depends_on).collect(),
        }
    }
}

fn action(patterns: &Patterns) -> Action {
    Action { inputs: patterns.inputs(), ways: patterns.count() }
}

fn groups(graph: &ModuleGraph) -> Vec<Group> {
    let order = graph.in_order();
    let mut group_of = vec![0; graph.modules().len()];
    for (number, group) in order.iter().enumerate() {
        for &module in group {
            group_of[module] = number;
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for modules in order {
        let held = modules.iter().map(|&module| &graph.modules()[module]);
        let own = held.clone().fold(0, |set, module| set | set_of(&module.inputs));
        let outputs: BTreeSet<usize> = held.flat_map(|module| module.outputs.iter().copied()).collect();
        groups.push(Group { modules, own, above: own, reached: outputs.clone(), outputs, feeders: BTreeSet::new() });
    }
    for &(from, to) in graph.edges() {
        if group_of[from] != group_of[to] {
            groups[group_of[to]].feeders.insert(group_of[from]);
        }
    }
    groups
}
