//! The four conditions of a certificate, checked on a table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Certificate, ModuleFacts, Refusal};
use crate::analysis::{GraphModule, ModuleGraph};
use crate::task::columns::{CompleteTable, Patterns, all_inputs, members, set_of};

/// Checks a structure against a complete table; `None` if the structure has inputs or outputs that the table does not
/// have.
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
    let states: Vec<Patterns> = (0..judge.components.len()).map(|component| judge.state(component)).collect();
    for (number, component) in judge.components.iter().enumerate() {
        let found = [judge.insufficient(number, &states), judge.saving(component), judge.merging(number, &states)];
        about.extend(found.into_iter().flatten().map(|refusal| (component.modules[0], refusal)));
        for &module in &component.modules {
            facts[module] = Some(judge.facts(module, &states[number]));
        }
    }
    about.sort_by_key(|(module, _)| *module);
    let refusals = judge.denied().into_iter().chain(about.into_iter().map(|(_, refusal)| refusal)).collect();
    let saved_bits = judge.components.iter().map(|component| judge.saved_bits(component)).sum();
    Some(Certificate { modules: facts.into_iter().flatten().collect(), refusals, saved_bits })
}

/// Modules that count as one: a single module, or all modules of a cycle.
struct Component {
    modules: Vec<usize>,
    /// I(M), as a set of inputs.
    own: u32,
    /// A(M).
    above: u32,
    /// Y(M).
    outputs: BTreeSet<usize>,
    /// O(M).
    reached: BTreeSet<usize>,
    /// The components that feed it.
    feeders: BTreeSet<usize>,
}

struct Judge<'a> {
    table: &'a CompleteTable,
    graph: &'a ModuleGraph,
    /// Each component comes after those that feed it.
    components: Vec<Component>,
    /// For sets of outputs that are needed, the table of these outputs only.
    parts: BTreeMap<Vec<usize>, CompleteTable>,
}

impl<'a> Judge<'a> {
    fn new(table: &'a CompleteTable, graph: &'a ModuleGraph) -> Self {
        let mut components = components(graph);
        for at in 0..components.len() {
            // A component comes after those that feed it, so their sets are complete.
            let above =
                components[at].feeders.iter().fold(components[at].own, |set, &feeder| set | components[feeder].above);
            components[at].above = above;
        }
        for at in (0..components.len()).rev() {
            let reached = components[at].reached.clone();
            for feeder in components[at].feeders.clone() {
                components[feeder].reached.extend(&reached);
            }
        }
        let sets = components.iter().flat_map(|component| [&component.outputs, &component.reached]);
        let sets: BTreeSet<Vec<usize>> = sets.map(|set| set.iter().copied().collect()).collect();
        let parts = sets.into_iter().map(|outputs| (outputs.clone(), table.of_outputs(&outputs))).collect();
        Self { table, graph, components, parts }
    }

    fn part(&self, outputs: &BTreeSet<usize>) -> &CompleteTable {
        let outputs: Vec<usize> = outputs.iter().copied().collect();
        &self.parts[&outputs]
    }

    /// The state of a component, for each pattern of A(M).
    fn state(&self, component: usize) -> Patterns {
        let component = &self.components[component];
        self.part(&component.reached).patterns().acting_alike(component.above)
    }

    /// Dependencies that the structure denies; outputs that miss the same inputs are listed together.
    fn denied(&self) -> Vec<Refusal> {
        let mut denied: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for output in 0..self.table.outputs() {
            let holder = self.components.iter().find(|component| component.outputs.contains(&output));
            let missing = self.table.dependence(output) & !holder.map_or(0, |component| component.above);
            if missing != 0 {
                denied.entry(missing).or_default().push(output);
            }
        }
        let refusal = |(inputs, outputs)| Refusal::Denied { inputs: members(inputs).collect(), outputs };
        denied.into_iter().map(refusal).collect()
    }

    /// Checks whether the states of the feeders are too little. They never are if no two feeders share an input, except
    /// for dependencies that are denied.
    fn insufficient(&self, number: usize, states: &[Patterns]) -> Option<Refusal> {
        let component = &self.components[number];
        let mut seen = component.own;
        let mut shared = 0;
        for &feeder in &component.feeders {
            shared |= seen & self.components[feeder].above;
            seen |= self.components[feeder].above;
        }
        if shared == 0 {
            return None;
        }
        let inputs = self.table.inputs();
        let mut known = Patterns::equal_in(component.own | all_inputs(inputs) & !component.above, inputs);
        for &feeder in &component.feeders {
            known = known.joined(&states[feeder].spread(self.components[feeder].above, inputs));
        }
        let wanted = self.part(&component.outputs).patterns().joined(&states[number].spread(component.above, inputs));
        let suffices = known.joined(&wanted).count() == known.count();
        (!suffices).then(|| Refusal::Insufficient { modules: component.modules.clone() })
    }

    /// Checks whether nothing is gained by holding these inputs together.
    fn saving(&self, component: &Component) -> Option<Refusal> {
        if component.own == 0 || !component.outputs.is_empty() || self.is_read_alone(component.own) {
            return None;
        }
        let modules = component.modules.clone();
        let patterns = self.table.patterns().acting_alike(component.own);
        let action = action(&patterns);
        if action.bits() >= action.inputs {
            return Some(Refusal::SavesNothing { modules, action });
        }
        let idle = members(component.own).enumerate().find(|(at, _)| {
            // Within the patterns of all inputs of the component, the others act as they do in the whole table.
            let others = all_inputs(action.inputs) & !(1 << at);
            patterns.multiplicity_within(others, action.multiplicity / 2).is_some()
        });
        idle.map(|(_, input)| Refusal::Idle { modules, input, action })
    }

    /// Checks whether a module without inputs and outputs only passes on what it is fed.
    fn merging(&self, number: usize, states: &[Patterns]) -> Option<Refusal> {
        let component = &self.components[number];
        let between = component.own == 0 && component.outputs.is_empty() && !component.feeders.is_empty();
        if !between {
            return None;
        }
        let inputs = self.table.inputs();
        let spread = |&feeder: &usize| states[feeder].spread(self.components[feeder].above, inputs);
        let fed = component.feeders.iter().map(spread).reduce(|known, more| known.joined(&more))?.count();
        let states = states[number].count();
        (states >= fed).then(|| Refusal::MergesNothing { modules: component.modules.clone(), fed, states })
    }

    /// The bits saved by a component with inputs and without outputs.
    fn saved_bits(&self, component: &Component) -> usize {
        let action = action(&self.table.patterns().acting_alike(component.own));
        if component.outputs.is_empty() { action.inputs - action.bits() } else { 0 }
    }

    /// Whether these are exactly the inputs that some set of outputs depends on.
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
    Action { inputs: patterns.inputs(), multiplicity: patterns.count() }
}

fn components(graph: &ModuleGraph) -> Vec<Component> {
    let order = graph.components();
    let mut component_of = vec![0; graph.modules().len()];
    for (number, component) in order.iter().enumerate() {
        for &module in component {
            component_of[module] = number;
        }
    }
    let mut components: Vec<Component> = Vec::new();
    for modules in order {
        let held = modules.iter().map(|&module| &graph.modules()[module]);
        let own = held.clone().fold(0, |set, module| set | set_of(&module.inputs));
        let outputs: BTreeSet<usize> = held.flat_map(|module| module.outputs.iter().copied()).collect();
        components.push(Component {
            modules,
            own,
            above: own,
            reached: outputs.clone(),
            outputs,
            feeders: BTreeSet::new(),
        });
    }
    for &(from, to) in graph.edges() {
        if component_of[from] != component_of[to] {
            components[component_of[to]].feeders.insert(component_of[from]);
        }
    }
    components
}
