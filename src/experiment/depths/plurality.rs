//! The structure that most trials of a group have.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Said};
use crate::catalog::{Completion, Result};
use crate::detect::Detection;
use crate::experiment::runner::settings_hash;

/// The structure that most trials of the group have, each finished trial one vote; of equally many, that of the trial with
/// the fewest edges, and then of the first. `None` where no trial was finished.
///
/// A structure is which modules there are, which inputs and outputs each holds and which feeds which. How many layers or
/// hidden units a module has does not count: deeper networks would never say the same.
///
/// # Errors
/// A trial cannot be read.
pub fn plurality(group: &Group<'_>) -> Result<Option<Said>> {
    let settings = settings_hash(group.detection);
    // Of each structure: its votes, and the fewest edges and the place of a trial that has it.
    let mut votes: BTreeMap<String, (usize, (u64, usize))> = BTreeMap::new();
    for (place, id) in group.trials.iter().enumerate() {
        let folder = group.catalog.trial(id);
        let Some(result) = folder.result()?.filter(|result| result.status == Completion::Finished) else { continue };
        let Some(bytes) = folder.detection(&settings)? else { continue };
        let Ok(detection) = serde_json::from_slice::<Detection>(&bytes) else { continue };
        let best = (result.edges, place);
        let structure = structure(&detection, &group.task.inputs, &group.task.outputs);
        let vote = votes.entry(structure).or_insert((0, best));
        *vote = (vote.0 + 1, vote.1.min(best));
    }
    let total: usize = votes.values().map(|(count, _)| count).sum();
    let winner = votes.into_iter().max_by_key(|(_, (count, best))| (*count, Reverse(*best)));
    Ok(winner.map(|(text, (count, _))| Said { told: format!("{text} ({count} of {total} trials)"), key: text }))
}

/// The structure as text: modules in an order that does not depend on how they are numbered (told apart by what they hold
/// and by what they feed, as far as that goes), then who feeds whom.
fn structure(detection: &Detection, inputs: &[String], outputs: &[String]) -> String {
    let nodes = &detection.hierarchy.nodes;
    let names = |units: Option<&Vec<usize>>, names: &[String]| -> Vec<String> {
        units.into_iter().flatten().filter_map(|&unit| names.get(unit).cloned()).collect()
    };
    let holds: Vec<String> = nodes
        .iter()
        .map(|node| {
            let (first, last) = (names(node.units.first(), inputs), names(node.units.last(), outputs));
            let all = [first, last].concat();
            if all.is_empty() { "hidden units".to_owned() } else { all.join(",") }
        })
        .collect();
    let edges: Vec<(usize, usize)> = detection.hierarchy.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let mut colours = ranks(&holds);
    for _ in 0..nodes.len() {
        let refined: Vec<_> = (0..nodes.len())
            .map(|module| {
                let mut above: Vec<usize> =
                    edges.iter().filter(|edge| edge.1 == module).map(|edge| colours[edge.0]).collect();
                let mut below: Vec<usize> =
                    edges.iter().filter(|edge| edge.0 == module).map(|edge| colours[edge.1]).collect();
                above.sort_unstable();
                below.sort_unstable();
                (colours[module], above, below)
            })
            .collect();
        colours = ranks(&refined);
    }
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|&module| colours[module]);
    let number = |module: usize| 1 + order.iter().position(|&other| other == module).unwrap_or(0);
    let modules = order.iter().map(|&module| format!("M{} {{{}}}", number(module), holds[module]));
    let feeds: BTreeSet<(usize, usize)> = edges.iter().map(|&(from, to)| (number(from), number(to))).collect();
    let feeds = feeds.into_iter().map(|(from, to)| format!("M{from} > M{to}"));
    let text = [modules.collect::<Vec<_>>().join(" "), feeds.collect::<Vec<_>>().join(", ")];
    text.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

/// The rank of each key among all of them, equal keys having the same.
fn ranks<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut sorted: Vec<&K> = keys.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    keys.iter().map(|key| sorted.partition_point(|other| *other < key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Hierarchy, ModuleEdge, ModuleNode};

    fn detection(nodes: &[[&[usize]; 3]], edges: &[(usize, usize)]) -> Detection {
        let node = |(module, units): (usize, &[&[usize]; 3])| ModuleNode {
            module,
            units: units.iter().map(|units| units.to_vec()).collect(),
        };
        let edge = |&(from, to): &(usize, usize)| ModuleEdge { from, to, edges: from + 1 };
        Detection {
            condensed_arch: Vec::new(),
            kept_units: Vec::new(),
            tied: false,
            layers: Vec::new(),
            modules: Vec::new(),
            module_count: nodes.len(),
            hierarchy: Hierarchy {
                nodes: nodes.iter().enumerate().map(node).collect(),
                edges: edges.iter().map(edge).collect(),
            },
        }
    }

    fn text(nodes: &[[&[usize]; 3]], edges: &[(usize, usize)]) -> String {
        let names = |letter: char| (1..=4).map(|number| format!("{letter}{number}")).collect::<Vec<_>>();
        structure(&detection(nodes, edges), &names('x'), &names('y'))
    }

    #[test]
    fn numbers_of_modules_and_hidden_units_do_not_matter() {
        let first = text(&[[&[0, 1], &[], &[]], [&[], &[3], &[0]], [&[], &[4], &[1]]], &[(0, 1), (0, 2)]);
        let renamed = text(&[[&[], &[9], &[1]], [&[0, 1], &[5, 6], &[]], [&[], &[], &[0]]], &[(1, 0), (1, 2)]);
        assert_eq!(first, renamed);
        assert_eq!(first, "M1 {x1,x2} M2 {y1} M3 {y2}: M1 > M2, M1 > M3");
    }

    #[test]
    fn who_feeds_whom_does() {
        let nodes: [[&[usize]; 3]; 4] = [[&[0], &[], &[]], [&[1], &[], &[]], [&[], &[0], &[]], [&[], &[1], &[0]]];
        let through = text(&nodes, &[(0, 2), (1, 2), (2, 3)]);
        let past = text(&nodes, &[(0, 2), (1, 3), (2, 3)]);
        assert_ne!(through, past);
        assert!(through.contains("M1 {hidden units}") && through.contains("M1 > M4"), "{through}");
    }

    #[test]
    fn hidden_modules_are_told_apart_by_their_neighbours() {
        let nodes: [[&[usize]; 3]; 4] = [[&[0], &[], &[]], [&[1], &[], &[]], [&[], &[0], &[]], [&[], &[1], &[]]];
        let one = text(&nodes, &[(0, 2), (1, 3)]);
        assert_eq!(one, text(&nodes, &[(0, 3), (1, 2)]), "renamed");
        assert_ne!(one, text(&nodes, &[(0, 2), (1, 2), (1, 3)]));
    }
}
