//! The difference between two hierarchies: modules, and edges between modules, that only one of them has.
//!
//! Hidden units of different networks have no names in common. So a module is identified by the inputs and outputs that
//! it holds, the inputs it depends on, and the outputs it leads to.

use std::collections::{BTreeMap, BTreeSet};

use crate::detect::{Detection, Hierarchy};

/// What identifies a module: inputs and outputs, by their index in the original network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role {
    /// The inputs that the module holds.
    pub inputs: BTreeSet<usize>,
    /// The outputs that the module holds.
    pub outputs: BTreeSet<usize>,
    /// The inputs that lead to it, including its own.
    pub from: BTreeSet<usize>,
    /// The outputs that it leads to, including its own.
    pub to: BTreeSet<usize>,
}

/// The difference between two hierarchies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HierarchyDifference {
    /// The modules that both hierarchies have.
    pub common: Vec<Role>,
    /// The modules that only the first has, and those that only the second has.
    pub only: [Vec<Role>; 2],
    /// The edges between common modules that only the first has, and those that only the second has.
    pub edges: [Vec<(Role, Role)>; 2],
}

impl HierarchyDifference {
    /// Compares the hierarchies of `a` and `b`.
    #[must_use]
    pub fn new(a: &Detection, b: &Detection) -> Self {
        let roles = [roles(&a.hierarchy), roles(&b.hierarchy)];
        let counts = [counted(&roles[0]), counted(&roles[1])];
        let edges = [edges(&a.hierarchy, &roles[0]), edges(&b.hierarchy, &roles[1])];
        let more = |one: usize, other: usize| {
            let surplus = |(role, count): (&Role, &usize)| {
                let other = counts[other].get(role).copied().unwrap_or(0);
                std::iter::repeat_n(role.clone(), count.saturating_sub(other))
            };
            counts[one].iter().flat_map(surplus).collect()
        };
        let shared = |role: &Role| counts.iter().all(|counts| counts.contains_key(role));
        let lone = |one: usize, other: usize| {
            let fits = |edge: &&(Role, Role)| !edges[other].contains(edge) && shared(&edge.0) && shared(&edge.1);
            edges[one].iter().filter(fits).cloned().collect()
        };
        let both = |(role, count): (&Role, &usize)| {
            let other = counts[1].get(role).copied().unwrap_or(0);
            std::iter::repeat_n(role.clone(), (*count).min(other))
        };
        Self {
            common: counts[0].iter().flat_map(both).collect(),
            only: [more(0, 1), more(1, 0)],
            edges: [lone(0, 1), lone(1, 0)],
        }
    }

    /// Whether the two hierarchies are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.only.iter().all(Vec::is_empty) && self.edges.iter().all(Vec::is_empty)
    }
}

fn counted(roles: &[Role]) -> BTreeMap<Role, usize> {
    let mut counts = BTreeMap::new();
    for role in roles {
        *counts.entry(role.clone()).or_insert(0) += 1;
    }
    counts
}

fn edges(hierarchy: &Hierarchy, roles: &[Role]) -> BTreeSet<(Role, Role)> {
    hierarchy.edges.iter().map(|edge| (roles[edge.from].clone(), roles[edge.to].clone())).collect()
}

/// The role of each module, in their order.
fn roles(hierarchy: &Hierarchy) -> Vec<Role> {
    let held = |module: usize, last: bool| -> BTreeSet<usize> {
        let units = &hierarchy.nodes[module].units;
        let layer = if last { units.last() } else { units.first() };
        layer.into_iter().flatten().copied().collect()
    };
    let count = hierarchy.nodes.len();
    let mut roles: Vec<Role> = (0..count)
        .map(|module| {
            let (inputs, outputs) = (held(module, false), held(module, true));
            Role { from: inputs.clone(), to: outputs.clone(), inputs, outputs }
        })
        .collect();
    // Passed on along the edges until nothing changes, because there can be cycles.
    let mut changes = true;
    while changes {
        changes = false;
        for edge in &hierarchy.edges {
            let (from, to) = (roles[edge.from].from.clone(), roles[edge.to].to.clone());
            let before = (roles[edge.to].from.len(), roles[edge.from].to.len());
            roles[edge.to].from.extend(from);
            roles[edge.from].to.extend(to);
            changes |= before != (roles[edge.to].from.len(), roles[edge.from].to.len());
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{DetectionSettings, detect};
    use crate::network::{Architecture, Condensed, Mask};

    fn found(widths: &[usize], layers: &[&[&str]]) -> Detection {
        let architecture = Architecture::new(widths.to_vec()).unwrap();
        let layers = layers.iter().map(|rows| rows.concat().chars().map(|c| c == '1').collect()).collect();
        detect(&Condensed::new(&Mask::from_layers(&architecture, layers)), &DetectionSettings::default())
    }

    /// Inputs 1 and 2 to output 1, inputs 3 and 4 to output 2, through hidden units in the given order.
    fn apart(swapped: bool) -> Detection {
        let [first, second] = if swapped { ["0011", "1100"] } else { ["1100", "0011"] };
        let rows: &[&str] = if swapped { &["01", "10"] } else { &["10", "01"] };
        found(&[4, 2, 2], &[&[first, second], rows])
    }

    #[test]
    fn the_order_of_hidden_units_makes_no_difference() {
        let difference = HierarchyDifference::new(&apart(false), &apart(true));
        assert!(difference.is_empty(), "{difference:?}");
        assert_eq!(difference.common.len(), 2);
    }

    #[test]
    fn modules_of_only_one_hierarchy_are_found() {
        let together = found(&[4, 2, 2], &[&["1111", "1111"], &["11", "11"]]);
        let difference = HierarchyDifference::new(&apart(false), &together);
        let sets = |roles: &[Role]| roles.iter().map(|role| role.inputs.len()).collect::<Vec<_>>();
        assert!(difference.common.is_empty());
        assert_eq!(sets(&difference.only[0]), [2, 2]);
        assert!(difference.only[1].iter().any(|role| role.inputs.len() == 4));
        let back = HierarchyDifference::new(&together, &apart(false));
        assert_eq!(back.only[0], difference.only[1]);
    }

    #[test]
    fn an_edge_between_common_modules_can_be_the_only_difference() {
        let hierarchy = |edges: &[(usize, usize)]| {
            let mut found = apart(false);
            let node =
                |module: usize, units: [Vec<usize>; 3]| crate::detect::ModuleNode { module, units: units.into() };
            found.hierarchy.nodes = vec![
                node(0, [vec![0], vec![], vec![]]),
                node(1, [vec![], vec![0], vec![]]),
                node(2, [vec![], vec![], vec![0]]),
            ];
            let edge = |&(from, to): &(usize, usize)| crate::detect::ModuleEdge { from, to, edges: 1 };
            found.hierarchy.edges = edges.iter().map(edge).collect();
            found
        };
        let difference = HierarchyDifference::new(&hierarchy(&[(0, 1), (1, 2)]), &hierarchy(&[(0, 1), (1, 2), (0, 2)]));
        assert_eq!((difference.common.len(), difference.edges[0].len(), difference.edges[1].len()), (3, 0, 1));
    }
}
