//! The networks near the best of a trial, with their modules, and two ways to choose one of them.

use crate::detect::{Detection, DetectionSettings, detect};
use crate::network::{Architecture, Condensed};
use crate::prune::{Stages, WalkRecord, rank};

use super::ModuleGraph;

/// A sparse network that one or more walks of a trial ended in, and its modules.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The walks that ended in it, as indices into the walks given, best first.
    pub walks: Vec<usize>,
    /// Number of edges.
    pub edges: usize,
    /// The detection of its modules.
    pub detection: Detection,
    /// The structure of its modules.
    pub graph: ModuleGraph,
}

/// The networks of a trial with at most `allowance` edges more than its best (usually
/// [`NEAR_BEST_EDGES`](crate::prune::NEAR_BEST_EDGES)), best first. Networks that differ only in their weights count as
/// one, and their modules are detected once.
///
/// Only `walks` of the last of the `stages` count. Walks that do not fit `architecture` are skipped.
#[must_use]
pub fn near_best(
    walks: &[WalkRecord],
    stages: Stages,
    architecture: &Architecture,
    settings: &DetectionSettings,
    allowance: usize,
) -> Vec<Candidate> {
    let mut last: Vec<usize> =
        (0..walks.len()).filter(|&walk| walks[walk].p_e.is_some() == stages.has_edge_walks()).collect();
    // The sort is stable: ties stay in grid order.
    last.sort_by(|&a, &b| rank(&walks[a], &walks[b]));
    let limit = last.first().map_or(0, |&best| walks[best].edges.saturating_add(allowance));
    let mut networks: Vec<(Condensed, Vec<usize>)> = Vec::new();
    for walk in last.into_iter().filter(|&walk| walks[walk].edges <= limit) {
        let Some(network) = walks[walk].network.network(architecture) else { continue };
        let condensed = network.condense();
        match networks.iter_mut().find(|(known, _)| *known == condensed) {
            Some((_, same)) => same.push(walk),
            None => networks.push((condensed, vec![walk])),
        }
    }
    let candidate = |(network, walks): (Condensed, Vec<usize>)| {
        let detection = detect(&network, settings);
        Candidate { walks, edges: network.edges(), graph: ModuleGraph::of_detection(&detection), detection }
    };
    networks.into_iter().map(candidate).collect()
}

/// The blind choice: the best network, whatever its modules look like. `candidates` are best first.
#[must_use]
pub fn blind(candidates: &[Candidate]) -> Option<&Candidate> {
    candidates.first()
}

/// The published rule, behind the rates of the paper: of the networks that are as sparse as the best, the first that
/// shows the true modules, else the best. It looks at the answer, so it cannot be used if that is unknown. `candidates`
/// are best first.
#[must_use]
pub fn published(candidates: &[Candidate], succeeds: impl Fn(&Detection) -> bool) -> Option<&Candidate> {
    let best = candidates.first()?;
    let mut as_sparse = candidates.iter().take_while(|candidate| candidate.edges == best.edges);
    as_sparse.find(|candidate| succeeds(&candidate.detection)).or(Some(best))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Mask, Network};
    use crate::prune::{Trajectory, Walk, WalkKind};
    use crate::train::{Accuracy, Computed, Epoch, RoundResult};

    /// A walk to a network of two inputs, two hidden units and two outputs, by its two masks.
    fn walk(p_e: Option<f64>, hidden: [u8; 4], outputs: [u8; 4], loss: f64) -> WalkRecord {
        let architecture: Architecture = "2,2,2".parse().unwrap();
        let layers: Vec<Vec<bool>> = [hidden, outputs].iter().map(|bits| bits.map(|bit| bit == 1).to_vec()).collect();
        let mut network = Network::zeros(&architecture);
        for (weights, kept) in network.weights.iter_mut().zip(&layers) {
            weights.iter_mut().zip(kept).for_each(|(weight, &kept)| *weight = if kept { 1.0 } else { 0.0 });
        }
        network.mask = Mask::from_layers(&architecture, layers);
        let best = Epoch { epoch: 1, accuracy: Accuracy { right: 8, of: 8 }, loss };
        let kind = match p_e {
            Some(p_e) => WalkKind::Edge { p_u: Some(5.0), p_e },
            None => WalkKind::Unit { p_u: 5.0 },
        };
        Walk::new(kind, &RoundResult { network, best, engine: Computed::Edges }, &Trajectory::default()).into_record()
    }

    const APART: ([u8; 4], [u8; 4]) = ([1, 0, 0, 1], [1, 0, 0, 1]);
    const CROSSED: ([u8; 4], [u8; 4]) = ([1, 0, 0, 1], [0, 1, 1, 0]);
    const FULL: ([u8; 4], [u8; 4]) = ([1; 4], [1; 4]);

    fn found(walks: &[WalkRecord], allowance: usize) -> Vec<Candidate> {
        let architecture = "2,2,2".parse().unwrap();
        near_best(walks, Stages::UnitEdge, &architecture, &DetectionSettings::default(), allowance)
    }

    #[test]
    fn the_best_come_first_and_equal_networks_once() {
        let walks = [
            walk(None, APART.0, APART.1, 0.0),
            walk(Some(0.5), FULL.0, FULL.1, 0.0),
            walk(Some(1.0), CROSSED.0, CROSSED.1, 0.3),
            walk(Some(1.5), APART.0, APART.1, 0.2),
            walk(Some(2.0), CROSSED.0, CROSSED.1, 0.1),
        ];
        let near = found(&walks, 2);
        assert_eq!(near.iter().map(|candidate| &candidate.walks[..]).collect::<Vec<_>>(), [&[4, 2][..], &[3]]);
        assert!(near.iter().all(|candidate| candidate.edges == 4));
        let all = found(&walks, 4);
        assert_eq!((all.len(), all[2].edges, &all[2].walks[..]), (3, 8, &[1][..]));
        assert_eq!(near[0].graph.modules()[0].outputs, [1], "x1 with y2");
        assert!(found(&walks[..1], 9).is_empty(), "a unit walk is not in the last stage");
    }

    #[test]
    fn edges_into_or_out_of_dead_units_are_not_counted() {
        let edges = |hidden, outputs| walk(Some(0.5), hidden, outputs, 0.0).edges;
        assert_eq!(edges([1, 0, 0, 1], [1, 0, 1, 0]), 3, "of four: the second unit leads nowhere");
        assert_eq!(edges([1, 0, 0, 0], [1, 1, 1, 1]), 3, "of five: the second unit is fed by nothing");
        assert_eq!(edges(FULL.0, FULL.1), 8);
    }

    #[test]
    fn blind_and_published_choices() {
        let walks = [
            walk(Some(0.5), APART.0, APART.1, 0.2),
            walk(Some(1.0), CROSSED.0, CROSSED.1, 0.1),
            walk(Some(1.5), FULL.0, FULL.1, 0.0),
        ];
        let all = found(&walks, 9);
        let chosen = |candidate: Option<&Candidate>| candidate.unwrap().walks[0];
        let with = |module_count| move |detection: &Detection| detection.module_count == module_count;
        assert_eq!(chosen(blind(&all)), 1);
        let apart = |detection: &Detection| detection.modules[0] == detection.modules[2];
        assert_eq!(chosen(published(&all, apart)), 0, "as sparse, and with the true modules");
        assert_eq!(chosen(published(&all, with(1))), 1, "the dense one does not count");
        assert!(blind(&[]).is_none() && published(&[], with(1)).is_none());
    }
}
