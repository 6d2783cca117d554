//! The vote and certificates over the paper's published networks. Needs the reference data.

use std::collections::BTreeMap;
use std::path::PathBuf;

use neural_sculpting::analysis::certificate::{self, certify};
use neural_sculpting::analysis::vote::{Ballot, BallotEntry, VoteSettings, vote};
use neural_sculpting::analysis::{ModuleGraph, criteria};
use neural_sculpting::detect::{Detection, DetectionSettings, detect};
use neural_sculpting::network::files;
use neural_sculpting::task::builtin;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    id: String,
    task: String,
    arch: Vec<usize>,
    edges: usize,
    accuracy: f64,
    alternative: bool,
}

/// The published networks that the authors chose for their trials, with the modules that we detect.
fn networks() -> Option<Vec<(Expected, Detection)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/detection");
    let text = std::fs::read_to_string(folder.join("expected.jsonl")).ok()?;
    let read = files::read(&folder.join("networks.jsonl")).unwrap();
    let found: BTreeMap<String, Detection> = read
        .map(|network| network.unwrap())
        .map(|(id, network)| (id, detect(&network.condense(), &DetectionSettings::default())))
        .collect();
    let expected = text.lines().map(|line| serde_json::from_str::<Expected>(line).unwrap());
    let chosen = expected.filter(|expected| !expected.alternative && builtin::get(&expected.task).is_ok());
    Some(
        chosen
            .map(|expected| (found[&expected.id].clone(), expected))
            .map(|(found, expected)| (expected, found))
            .collect(),
    )
}

#[test]
fn no_published_network_without_error_is_refuted() {
    let Some(networks) = networks() else { return };
    let (mut right, mut certified, mut wrong) = (0, 0, 0);
    for (expected, detection) in &networks {
        let task = builtin::get(&expected.task).unwrap();
        let table = certificate::table(&task).unwrap();
        let certificate = certify(&table, &ModuleGraph::of_detection(detection)).unwrap();
        if expected.accuracy == 100.0 {
            assert!(!certificate.is_refuted(), "{}: {:?}", expected.id, certificate.refusals);
            right += 1;
            certified += usize::from(certificate.holds());
            let success = criteria::finds_true_modules(&task, detection) == Some(true);
            wrong += usize::from(!certificate.holds() && success);
        }
    }
    // Whatever shows the true modules is certified, too.
    assert_eq!(wrong, 0);
    assert!(right > 700 && certified < right, "{certified} of {right}");
}

#[test]
fn votes_over_the_published_networks() {
    let Some(networks) = networks() else { return };
    let mut cells: BTreeMap<(String, usize), Vec<&(Expected, Detection)>> = BTreeMap::new();
    for network in &networks {
        cells.entry((network.0.task.clone(), network.0.arch.len() - 2)).or_default().push(network);
    }
    let mut right = 0;
    for ((name, depth), cell) in cells {
        let task = builtin::get(&name).unwrap();
        let ballot = |(expected, detection): &&(Expected, Detection)| {
            let graph = ModuleGraph::of_detection(detection);
            let entry = BallotEntry { edges: expected.edges, walks: 1, graph, certified: None };
            Ballot { widths: expected.arch.clone(), entries: vec![entry] }
        };
        let ballots: Vec<Ballot> = cell.iter().map(ballot).collect();
        let result = vote(&ballots, &VoteSettings::default());
        let first = &result.standings[0];
        let judged = criteria::finds_true_modules(&task, &cell[first.representative.0].1) == Some(true);
        let successes =
            cell.iter().filter(|(_, detection)| criteria::finds_true_modules(&task, detection) == Some(true)).count();
        // The answer is what most trials find. It is wrong only if at most half of them find the true modules.
        assert!(judged || 2 * successes <= cell.len(), "{name} at depth {depth}: {result:?}");
        assert!(first.trials >= successes, "{name} at depth {depth}: {result:?}");
        right += usize::from(judged);
    }
    assert!(right > 70, "{right}");
}
