//! Structures: which modules there are and which feeds which, in a canonical form.
//!
//! A [`Detection`] numbers its modules in the order it finds them. Here, modules are identified by the inputs and
//! outputs that they hold. Modules that hold neither are put into a canonical order by color refinement and a search
//! among those that remain alike (`detect::order`; B. D. McKay, "Practical graph isomorphism", 1981). So two
//! [`ModuleGraph`]s are equal if and only if renumbering their modules makes them the same, and they can be counted,
//! sorted and stored.
//!
//! A structure consists of its modules, their inputs and outputs, and which module feeds which. It leaves out the
//! number of units in a module and the number of edges between two modules, because these differ between seeds and
//! widths. It keeps the number of layers of a module, but the vote ignores it ([`ModuleGraph::without_layers`]),
//! because in a deeper network every module has more layers.

use std::collections::BTreeSet;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use serde::{Deserialize, Serialize};

use crate::detect::Detection;
use crate::detect::order::canonical_order;
use crate::task::Truth;

/// A module of a structure.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GraphModule {
    /// The inputs that the module holds, as columns counted from 0, ascending.
    pub inputs: Vec<usize>,
    /// The outputs that the module holds, as columns counted from 0, ascending.
    pub outputs: Vec<usize>,
    /// In how many layers the module has units; `None` if that is left out.
    pub layers: Option<usize>,
}

/// A structure in canonical form: modules with their inputs and outputs, and which module feeds which.
///
/// Modules with inputs come first, ordered by first input; then those with neither inputs nor outputs; then those with
/// outputs only, ordered by first output.
///
/// ```
/// use neural_sculpting::analysis::{GraphModule, ModuleGraph};
/// use neural_sculpting::task::builtin;
///
/// // x1 to x4 feed two modules, of y1 and y3 and of y2 and y4, given in any order.
/// let module = |inputs: &[usize], outputs: &[usize]| GraphModule {
///     inputs: inputs.to_vec(),
///     outputs: outputs.to_vec(),
///     layers: None,
/// };
/// let modules = vec![module(&[], &[1, 3]), module(&[], &[0, 2]), module(&[0, 1, 2, 3], &[])];
/// let graph = ModuleGraph::new(modules, vec![(2, 0), (2, 1)])?;
/// assert_eq!(graph.modules()[0].inputs, [0, 1, 2, 3]);
///
/// let truth = builtin::get("4-1-2-4")?.truth.expect("the paper's tasks have true modules");
/// assert_eq!(ModuleGraph::of_truth(&truth), Some(graph));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct ModuleGraph {
    modules: Vec<GraphModule>,
    edges: Vec<(usize, usize)>,
}

/// A stored structure, before it is checked.
#[derive(Deserialize)]
struct Parts {
    modules: Vec<GraphModule>,
    edges: Vec<(usize, usize)>,
}

/// Why modules and edges are not a structure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModuleGraphError {
    /// An edge to or from a module that does not exist.
    #[error("an edge leads from module {from} to module {to}, but there are only {modules} modules, numbered from 0")]
    NoSuchModule {
        /// The module that feeds.
        from: usize,
        /// The module that is fed.
        to: usize,
        /// Number of modules.
        modules: usize,
    },
    /// Two modules hold the same input or output.
    #[error("{kind} {column} is in two modules; it can only be in one")]
    Shared {
        /// `input` or `output`.
        kind: &'static str,
        /// Its column, counted from 0.
        column: usize,
    },
}

impl TryFrom<Parts> for ModuleGraph {
    type Error = ModuleGraphError;

    fn try_from(parts: Parts) -> Result<Self, ModuleGraphError> {
        Self::new(parts.modules, parts.edges)
    }
}

impl ModuleGraph {
    /// The structure of these modules. An edge leads from the module that feeds to the one that is fed, as indices into
    /// `modules`. Repeated edges count once; edges from a module to itself are dropped.
    ///
    /// # Errors
    /// If an edge names a module that does not exist, or an input or output is in two modules.
    pub fn new(modules: Vec<GraphModule>, edges: Vec<(usize, usize)>) -> Result<Self, ModuleGraphError> {
        let count = modules.len();
        if let Some(&(from, to)) = edges.iter().find(|(from, to)| *from >= count || *to >= count) {
            return Err(ModuleGraphError::NoSuchModule { from, to, modules: count });
        }
        let kinds: [(&str, Columns); 2] = [("input", |module| &module.inputs), ("output", |module| &module.outputs)];
        for (kind, columns) in kinds {
            let mut seen = BTreeSet::new();
            if let Some(&column) = modules.iter().flat_map(columns).find(|column| !seen.insert(**column)) {
                return Err(ModuleGraphError::Shared { kind, column });
            }
        }
        Ok(Self::canonical(modules, edges))
    }

    /// The structure found by a detection.
    #[must_use]
    pub fn of_detection(detection: &Detection) -> Self {
        Self::placed(detection).0
    }

    /// The structure found by a detection, and the index in it of each of the detection's modules.
    #[must_use]
    pub fn placed(detection: &Detection) -> (Self, Vec<usize>) {
        let last = detection.modules.len().saturating_sub(1);
        let mut modules = vec![GraphModule::default(); detection.module_count];
        for (layer, (units, of_unit)) in detection.kept_units.iter().zip(&detection.modules).enumerate() {
            for module in of_unit.iter().copied().collect::<BTreeSet<usize>>() {
                *modules[module].layers.get_or_insert(0) += 1;
            }
            for (&unit, &module) in units.iter().zip(of_unit) {
                if layer == 0 {
                    modules[module].inputs.push(unit);
                } else if layer == last {
                    modules[module].outputs.push(unit);
                }
            }
        }
        let edges = detection.hierarchy.edges.iter().filter(|edge| edge.edges > 0);
        Self::ordered(modules, edges.map(|edge| (edge.from, edge.to)).collect())
    }

    /// The structure of the true modules, without layers: a module for each sub-function. A group of inputs belongs to
    /// the sub-function that reads it if that reads nothing else; otherwise it is a module of its own, which feeds its
    /// readers. `None` if the truth does not name the readers (files of earlier versions).
    #[must_use]
    pub fn of_truth(truth: &Truth) -> Option<Self> {
        let named = (truth.input_readers.len(), truth.output_owners.len());
        if named != (truth.input_groups.len(), truth.output_groups.len()) {
            return None;
        }
        let mut modules = vec![GraphModule::default(); truth.subfunctions.len()];
        let mut edges = truth.hierarchy.clone();
        for (group, readers) in truth.input_readers.iter().enumerate() {
            let inputs = truth.input_groups[group].clone();
            if truth.is_sole_source(group) {
                modules[readers[0]].inputs = inputs;
            } else {
                edges.extend(readers.iter().map(|&reader| (modules.len(), reader)));
                modules.push(GraphModule { inputs, ..GraphModule::default() });
            }
        }
        for (outputs, &owner) in truth.output_groups.iter().zip(&truth.output_owners) {
            modules[owner].outputs.extend(outputs);
        }
        Some(Self::canonical(modules, edges))
    }

    /// The same structure, without the number of layers of each module.
    #[must_use]
    pub fn without_layers(&self) -> Self {
        let bare = |module: &GraphModule| GraphModule { layers: None, ..module.clone() };
        Self::canonical(self.modules.iter().map(bare).collect(), self.edges.clone())
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &[GraphModule] {
        &self.modules
    }

    /// Which module feeds which, as indices into [`Self::modules`], ascending. There can be cycles.
    #[must_use]
    pub fn edges(&self) -> &[(usize, usize)] {
        &self.edges
    }

    /// The strongly connected components, each after those that feed it: single modules, or the modules of a cycle.
    #[must_use]
    pub fn components(&self) -> Vec<Vec<usize>> {
        let mut graph = DiGraphMap::<usize, ()>::new();
        for module in 0..self.modules.len() {
            graph.add_node(module);
        }
        for &(from, to) in &self.edges {
            graph.add_edge(from, to, ());
        }
        // Tarjan's algorithm returns components in reverse topological order.
        let mut components = tarjan_scc(&graph);
        components.reverse();
        for component in &mut components {
            component.sort_unstable();
        }
        components
    }

    fn canonical(modules: Vec<GraphModule>, edges: Vec<(usize, usize)>) -> Self {
        Self::ordered(modules, edges).0
    }

    /// The structure of these modules, and the index in it of each.
    fn ordered(mut modules: Vec<GraphModule>, mut edges: Vec<(usize, usize)>) -> (Self, Vec<usize>) {
        for module in &mut modules {
            module.inputs.sort_unstable();
            module.outputs.sort_unstable();
        }
        edges.retain(|(from, to)| from != to);
        edges.sort_unstable();
        edges.dedup();
        let keys: Vec<Key<'_>> = modules.iter().map(GraphModule::key).collect();
        let color = |key: &Key<'_>| u32::try_from(keys.iter().filter(|other| *other < key).count());
        let colors: Vec<u32> = keys.iter().map(|key| color(key).unwrap_or(u32::MAX)).collect();
        let order = canonical_order(&colors, &edges);
        let mut index = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, &module)| index[module] = at);
        let modules = order.iter().map(|&module| modules[module].clone()).collect();
        let mut edges: Vec<(usize, usize)> = edges.iter().map(|&(from, to)| (index[from], index[to])).collect();
        edges.sort_unstable();
        (Self { modules, edges }, index)
    }
}

/// The inputs, or the outputs, of a module.
type Columns = fn(&GraphModule) -> &Vec<usize>;

/// What identifies a module by itself. Modules are listed in ascending order of it.
type Key<'a> = (u8, &'a [usize], &'a [usize], Option<usize>);

impl Default for GraphModule {
    /// A module that holds nothing, without layers.
    fn default() -> Self {
        Self { inputs: Vec::new(), outputs: Vec::new(), layers: None }
    }
}

impl GraphModule {
    fn key(&self) -> Key<'_> {
        let rank = match (self.inputs.is_empty(), self.outputs.is_empty()) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 2,
        };
        (rank, &self.inputs, &self.outputs, self.layers)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::{DetectionSettings, detect};
    use crate::network::{Architecture, Condensed, Mask};
    use crate::task::builtin;

    fn module(inputs: &[usize], outputs: &[usize], layers: Option<usize>) -> GraphModule {
        GraphModule { inputs: inputs.to_vec(), outputs: outputs.to_vec(), layers }
    }

    fn graph(modules: &[GraphModule], edges: &[(usize, usize)]) -> ModuleGraph {
        ModuleGraph::new(modules.to_vec(), edges.to_vec()).unwrap()
    }

    /// Modules, some with inputs or outputs, and edges; few enough to try all orders.
    fn random() -> impl Strategy<Value = (Vec<GraphModule>, Vec<(usize, usize)>)> {
        (0..3_usize, 0..5_usize, 0..3_usize)
            .prop_filter("at least one module", |(a, b, c)| a + b + c > 0)
            .prop_flat_map(|(with_inputs, anonymous, with_outputs)| {
                let count = with_inputs + anonymous + with_outputs;
                let layers = proptest::collection::vec(proptest::option::of(1..3_usize), count);
                let edges = proptest::collection::vec((0..count, 0..count), 0..2 * count);
                (layers, edges).prop_map(move |(layers, edges)| {
                    let named = |at: usize| match at {
                        at if at < with_inputs => module(&[2 * at, 2 * at + 1], &[], layers[at]),
                        at if at < with_inputs + anonymous => module(&[], &[], layers[at]),
                        at => module(&[], &[at], layers[at]),
                    };
                    ((0..count).map(named).collect(), edges)
                })
            })
    }

    /// The same modules and edges in another order.
    fn reordered(
        (modules, edges): &(Vec<GraphModule>, Vec<(usize, usize)>),
        order: &[usize],
    ) -> (Vec<GraphModule>, Vec<(usize, usize)>) {
        let place = |module: usize| order.iter().position(|&other| other == module).unwrap();
        let edges = edges.iter().map(|&(from, to)| (place(from), place(to))).collect();
        (order.iter().map(|&at| modules[at].clone()).collect(), edges)
    }

    fn permutations(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let shorter = permutations(count - 1);
        let with = |order: &Vec<usize>| {
            let order = order.clone();
            (0..count).map(move |at| [&order[..at], &[count - 1], &order[at..]].concat())
        };
        shorter.iter().flat_map(with).collect()
    }

    /// Whether some order of the modules of one makes it the other.
    fn are_the_same(a: &(Vec<GraphModule>, Vec<(usize, usize)>), b: &(Vec<GraphModule>, Vec<(usize, usize)>)) -> bool {
        let edges = |edges: &[(usize, usize)]| edges.iter().copied().filter(|(f, t)| f != t).collect::<BTreeSet<_>>();
        permutations(a.0.len()).iter().any(|order| {
            let (modules, renamed) = reordered(a, order);
            modules == b.0 && edges(&renamed) == edges(&b.1)
        })
    }

    proptest! {
        #[test]
        fn equal_exactly_when_isomorphic(a in random(), b in random(), seed in any::<prop::sample::Index>(), change in any::<bool>()) {
            let orders = permutations(a.0.len());
            let mut other = reordered(&a, &orders[seed.index(orders.len())]);
            if change && !other.1.is_empty() {
                // With one edge moved it is often another structure, but not always.
                let (at, to) = (seed.index(other.1.len()), seed.index(other.0.len()));
                other.1[at].1 = to;
            }
            for other in [&other, &b] {
                let same = a.0.len() == other.0.len() && are_the_same(&a, other);
                prop_assert_eq!(graph(&a.0, &a.1) == graph(&other.0, &other.1), same);
            }
        }

        #[test]
        fn the_canonical_form_is_a_fixed_point_and_survives_storing(a in random()) {
            let form = graph(&a.0, &a.1);
            prop_assert_eq!(&graph(form.modules(), form.edges()), &form);
            let stored = serde_json::to_string(&form).unwrap();
            prop_assert_eq!(serde_json::from_str::<ModuleGraph>(&stored).unwrap(), form.clone());
            prop_assert_eq!(form.components().concat().len(), a.0.len());
            for (at, component) in form.components().iter().enumerate() {
                for later in form.components()[at + 1..].iter().flatten() {
                    prop_assert!(component.iter().all(|&module| !form.edges().contains(&(*later, module))));
                }
            }
        }

        #[test]
        fn the_numbering_of_hidden_units_makes_no_difference(bits in proptest::collection::vec(proptest::bool::weighted(0.4), 4 * 5 + 5 * 4 + 4 * 3), seed in any::<usize>()) {
            let widths = [4, 5, 4, 3];
            let layers = vec![bits[..20].to_vec(), bits[20..40].to_vec(), bits[40..].to_vec()];
            let mut orders = Vec::new();
            for (layer, &width) in widths.iter().enumerate() {
                let all = permutations(width);
                let hidden = layer == 1 || layer == 2;
                let chosen = if hidden { (seed >> (8 * layer)) % all.len() } else { 0 };
                orders.push(if hidden { all[chosen].clone() } else { (0..width).collect() });
            }
            let renumbered = layers.iter().enumerate().map(|(layer, mask)| {
                let cell = |to: usize, from: usize| mask[orders[layer + 1][to] * widths[layer] + orders[layer][from]];
                (0..widths[layer + 1]).flat_map(|to| (0..widths[layer]).map(move |from| (to, from))).map(|(to, from)| cell(to, from)).collect()
            }).collect();
            let architecture = Architecture::new(widths.to_vec()).unwrap();
            let found = |layers: Vec<Vec<bool>>| {
                detect(&Condensed::new(&Mask::from_layers(&architecture, layers)), &DetectionSettings::default())
            };
            let (a, b) = (found(layers), found(renumbered));
            // If the numbering decided a tie, another numbering may cluster units differently.
            prop_assume!(!a.tied && !b.tied);
            prop_assert_eq!(ModuleGraph::of_detection(&a), ModuleGraph::of_detection(&b));
        }
    }

    #[test]
    fn modules_that_refinement_leaves_alike_are_told_apart_by_search() {
        // Two cycles of three anonymous modules, and one of six: every module has one feeder and feeds one.
        let anonymous = vec![module(&[], &[], None); 6];
        let cycle = |members: &[usize]| -> Vec<(usize, usize)> {
            (0..members.len()).map(|at| (members[at], members[(at + 1) % members.len()])).collect()
        };
        let two = graph(&anonymous, &[cycle(&[0, 2, 4]), cycle(&[1, 3, 5])].concat());
        let same = graph(&anonymous, &[cycle(&[0, 1, 2]), cycle(&[5, 4, 3])].concat());
        let one = graph(&anonymous, &cycle(&[0, 1, 2, 3, 4, 5]));
        assert_eq!(two, same);
        assert_ne!(two, one);
        assert_eq!((two.components().len(), one.components().len()), (2, 1));
    }

    #[test]
    fn layers_can_be_left_out() {
        let deep = graph(&[module(&[0], &[], Some(2)), module(&[], &[0], Some(1))], &[(0, 1)]);
        let shallow = graph(&[module(&[0], &[], Some(1)), module(&[], &[0], Some(1))], &[(0, 1)]);
        assert_ne!(deep, shallow);
        assert_eq!(deep.without_layers(), shallow.without_layers());
    }

    #[test]
    fn the_structure_of_a_detection() {
        // x1-x4 in one module with the first hidden layer, y1 and y2 with a unit of the second each.
        let architecture = Architecture::new(vec![4, 2, 2, 2]).unwrap();
        let full = vec![true; 8];
        let layers = vec![full, vec![true, true, true, true], vec![true, false, false, true]];
        let network = Condensed::new(&Mask::from_layers(&architecture, layers));
        let detection = detect(&network, &DetectionSettings::default());
        let inputs = module(&[0, 1, 2, 3], &[], Some(2));
        let outputs = [module(&[], &[0], Some(2)), module(&[], &[1], Some(2))];
        let expected = graph(&[&outputs[..], &[inputs]].concat(), &[(2, 0), (2, 1)]);
        assert_eq!(ModuleGraph::of_detection(&detection), expected);
        let (graph, places) = ModuleGraph::placed(&detection);
        let y2 = detection.modules[3][1];
        assert_eq!(graph.modules()[places[y2]].outputs, [1]);
    }

    #[test]
    fn true_structures_follow_the_paper() {
        let truth = |name: &str| ModuleGraph::of_truth(&builtin::get(name).unwrap().truth.unwrap()).unwrap();
        let plain = |inputs: &[usize], outputs: &[usize]| module(inputs, outputs, None);
        assert_eq!(truth("4-2-4"), graph(&[plain(&[0, 1], &[0, 1]), plain(&[2, 3], &[2, 3])], &[]));
        assert_eq!(truth("4-1-4"), graph(&[plain(&[0, 1, 2, 3], &[0, 1, 2, 3])], &[]));
        let reused = [plain(&[0, 1, 2, 3], &[]), plain(&[], &[0, 2]), plain(&[], &[1, 3])];
        assert_eq!(truth("4-1-2-4"), graph(&reused, &[(0, 1), (0, 2)]));
        let levels =
            [plain(&[0, 1, 2, 3], &[]), plain(&[4, 5, 6, 7], &[]), plain(&[], &[]), plain(&[], &[0]), plain(&[], &[1])];
        assert_eq!(truth("8-2-1-2-2"), graph(&levels, &[(0, 2), (1, 2), (2, 3), (2, 4)]));
        // Inputs of two sub-functions, and those of a sub-function that reads others too, are modules of their own.
        let overlap =
            [plain(&[0, 1, 2], &[]), plain(&[3], &[]), plain(&[4, 5, 6], &[]), plain(&[], &[0]), plain(&[], &[1])];
        assert_eq!(truth("7-3-2-2"), graph(&overlap, &[(0, 3), (1, 3), (1, 4), (2, 4)]));
    }

    #[test]
    fn invalid_structures_are_refused() {
        let error = |modules: &[GraphModule], edges: &[(usize, usize)]| {
            ModuleGraph::new(modules.to_vec(), edges.to_vec()).unwrap_err()
        };
        let one = module(&[0], &[0], None);
        assert_eq!(
            error(std::slice::from_ref(&one), &[(0, 1)]),
            ModuleGraphError::NoSuchModule { from: 0, to: 1, modules: 1 }
        );
        let shared = error(&[one, module(&[1], &[0], None)], &[]);
        assert_eq!(shared, ModuleGraphError::Shared { kind: "output", column: 0 });
        let stored = r#"{"modules": [], "edges": [[0, 0]]}"#;
        assert!(serde_json::from_str::<ModuleGraph>(stored).unwrap_err().to_string().contains("there are only 0"));
    }
}
