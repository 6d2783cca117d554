//! Whole trials, run one job at a time, compared with known results.

use std::ops::ControlFlow;

use neural_sculpting::analysis::near_best::{blind, near_best, published};
use neural_sculpting::analysis::vote::{Ballot, BallotEntry, VoteSettings, vote};
use neural_sculpting::analysis::{Certificate, ModuleGraph, criteria};
use neural_sculpting::detect::{DetectionSettings, detect};
use neural_sculpting::network::{Architecture, Network};
use neural_sculpting::prune::{Advance, Grid, NEAR_BEST_EDGES, Plan, Required, Stages, Tree, TrialContext, WalkRecord};
use neural_sculpting::task::{Task, builtin};
use neural_sculpting::train::{EngineChoice, Hyperparameters};

fn plan(architecture: &str, seed: u64, learning_rate: f64, batch_size: usize, epochs: usize) -> Plan {
    Plan {
        architecture: architecture.parse::<Architecture>().unwrap(),
        seed,
        hyperparameters: Hyperparameters {
            learning_rate,
            batch_size,
            epochs,
            weight_decay: 1e-4,
            noise: 0.1,
            patience: None,
        },
        stages: Stages::UnitEdge,
        grid: Grid::paper(),
        required: Required::Perfect,
        regrow: false,
    }
}

/// Runs a trial, with the jobs in the order in which a single worker does them.
fn run(plan: &Plan, task: &Task) -> Tree {
    let engine = EngineChoice::Edges.engine().unwrap();
    let context = TrialContext { plan, task, engine: &*engine };
    let mut tree = Tree::new(plan);
    while let Some(job) = tree.ready(plan, &[]) {
        let mut work = tree.work(plan, job).unwrap();
        let required = tree.required(plan).unwrap_or(0);
        while work.advance(&context, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
        tree.finish(plan, job, work);
    }
    tree
}

fn network(walk: &WalkRecord, plan: &Plan) -> Network {
    walk.network.network(&plan.architecture).unwrap()
}

/// The number of output bits that are right, by plain sums over the weights, whatever the record of the walk says.
fn bits_right(network: &Network, task: &Task) -> usize {
    let rows = &task.validation;
    (0..rows.count)
        .map(|row| {
            let mut activations: Vec<f64> = rows.input(row).iter().map(|&x| f64::from(x)).collect();
            for (layer, (weights, biases)) in network.weights.iter().zip(&network.biases).enumerate() {
                let last = layer + 1 == network.weights.len();
                let sums = weights.chunks(activations.len()).zip(biases).map(|(weights, &bias)| {
                    let sum: f64 = weights.iter().zip(&activations).map(|(&weight, x)| f64::from(weight) * x).sum();
                    if last { sum + f64::from(bias) } else { (sum + f64::from(bias)).max(0.0) }
                });
                activations = sums.collect();
            }
            activations.iter().zip(rows.output(row)).filter(|(z, y)| (**z > 0.0) == (**y > 0.5)).count()
        })
        .sum()
}

/// The authors' networks of `4-2-4` with one hidden layer all have 16 edges (at 15 epochs per round; ours reach 100%
/// at 30 with each of these seeds). All trials find the true modules.
#[test]
fn separable_sub_functions_at_one_hidden_layer_reach_16_edges() {
    let task = builtin::get("4-2-4").unwrap();
    let mut ballots = Vec::new();
    for seed in [0, 1, 2, 5] {
        let plan = plan("4,24,4", seed, 0.05, 8, 30);
        let tree = run(&plan, &task);
        let best = tree.best(&plan).unwrap();
        assert_eq!((best.edges, best.hidden_units), (16, 4), "seed {seed}");
        let best = network(&best, &plan);
        let detection = detect(&best.condense(), &DetectionSettings::default());
        assert_eq!(criteria::finds_true_modules(&task, &detection), Some(true), "seed {seed}");

        let walks: Vec<WalkRecord> = tree.finished_walks().cloned().collect();
        let settings = DetectionSettings::default();
        let near = near_best(&walks, plan.stages, &plan.architecture, &settings, NEAR_BEST_EDGES);
        assert_eq!(blind(&near).unwrap().detection, detection, "the blind choice is the tree's best");
        let chosen =
            published(&near, |detection| criteria::finds_true_modules(&task, detection) == Some(true)).unwrap();
        assert_eq!(chosen.edges, 16);
        let entries = near.iter().map(|candidate| {
            let certificate = Certificate::of_task(&task, &candidate.graph).unwrap();
            assert!(!certificate.is_refuted(), "a network that is right on every row cannot be refuted");
            BallotEntry::new(candidate, Some(&certificate))
        });
        ballots.push(Ballot { widths: plan.architecture.widths().to_vec(), entries: entries.collect() });
    }
    let result = vote(&ballots, &VoteSettings::default());
    let winner = result.winner().unwrap();
    assert_eq!(Some(&winner.graph), ModuleGraph::of_truth(task.truth.as_ref().unwrap()).as_ref());
    assert_eq!((winner.trials, winner.edges, winner.certified), (4, 16, Some(true)));
}

#[test]
fn every_accepted_network_is_right_on_every_row() {
    let task = builtin::get("4-1-2-16").unwrap();
    let plan = Plan { grid: Grid { p_u: vec![35.0, 70.0], p_e: vec![1.0, 2.5] }, ..plan("4,24,24,16", 1, 0.1, 8, 40) };
    let tree = run(&plan, &task);
    let walks: Vec<&WalkRecord> = tree.finished_walks().collect();
    assert_eq!(walks.len(), 2 + 4);
    for walk in &walks {
        let network = network(walk, &plan);
        assert_eq!(bits_right(&network, &task), 16 * 16);
        assert_eq!(walk.edges, network.condense().edges());
    }
    let best = tree.best(&plan).unwrap();
    assert_eq!(best.edges, walks.iter().filter(|walk| walk.p_e.is_some()).map(|walk| walk.edges).min().unwrap());
}

#[test]
fn a_trajectory_replays_the_walk() {
    let task = builtin::get("4-2-4").unwrap();
    let plan = Plan { grid: Grid::quick(), ..plan("4,24,4", 0, 0.05, 8, 30) };
    let tree = run(&plan, &task);
    let best = tree.best(&plan).unwrap();
    let trajectory = best.trajectory.as_ref().unwrap();
    let full = neural_sculpting::network::Mask::full(&plan.architecture);
    let accepted = trajectory.rounds.iter().enumerate().filter(|(_, round)| round.accepted);
    let mut last = usize::MAX;
    for (number, round) in accepted {
        let mask = trajectory.mask_after(number, &full);
        let condensed = neural_sculpting::network::Condensed::new(&mask);
        assert_eq!((condensed.edges(), condensed.hidden_units()), (round.edges, round.hidden_units), "round {number}");
        assert!(round.edges <= last, "masks only shrink");
        last = round.edges;
    }
    assert_eq!(trajectory.mask_after(trajectory.rounds.len(), &full), network(&best, &plan).mask);
}

#[test]
fn stages_are_data() {
    let task = builtin::get("4-2-4").unwrap();
    for (stages, walks) in [(Stages::Dense, 0), (Stages::Unit, 1), (Stages::Edge, 1), (Stages::UnitEdge, 2)] {
        let mut plan = plan("4,24,4", 0, 0.05, 8, 30);
        plan.stages = stages;
        plan.grid = Grid::quick();
        let plan = plan.checked().unwrap();
        let tree = run(&plan, &task);
        assert!(tree.is_done(&plan));
        assert_eq!(tree.finished_walks().count(), walks, "{stages}");
        let best = tree.best(&plan).unwrap();
        assert_eq!(best.edges < plan.architecture.weights(), stages != Stages::Dense, "{stages}");
        assert_eq!(best.p_u.is_some(), stages.has_unit_walks());
        assert_eq!(best.p_e.is_some(), stages.has_edge_walks());
    }
}

#[test]
fn a_network_that_cannot_learn_the_task_is_untrained() {
    let task = builtin::get("4-1-2-16").unwrap();
    let plan = plan("4,24,24,16", 0, 0.1, 8, 1);
    let tree = run(&plan, &task);
    assert!(tree.is_untrained(&plan) && tree.is_done(&plan));
    assert_eq!((tree.rounds(), tree.finished_walks().count()), (1, 0));
}

#[test]
fn the_order_of_jobs_changes_nothing() {
    let task = builtin::get("4-2-4").unwrap();
    let plan = Plan { grid: Grid { p_u: vec![35.0, 70.0], p_e: vec![1.0, 2.5] }, ..plan("4,24,4", 2, 0.05, 8, 30) };
    let engine = EngineChoice::Edges.engine().unwrap();
    let context = TrialContext { plan: &plan, task: &task, engine: &*engine };
    let straight = run(&plan, &task);
    // Two jobs at a time, the later one first, up to three rounds per turn; every round goes through the tree.
    let mut tree = Tree::new(&plan);
    loop {
        let mut taken = Vec::new();
        while let Some(job) = tree.ready(&plan, &taken).filter(|_| taken.len() < 2) {
            taken.push(job);
        }
        let Some(&job) = taken.last() else { break };
        for _ in 0..3 {
            let mut work = tree.work(&plan, job).unwrap();
            let required = tree.required(&plan).unwrap_or(0);
            let advance = work.advance(&context, job, required, &mut |_| ControlFlow::Continue(()));
            match (advance, &work) {
                (Advance::Done, _) => {
                    tree.finish(&plan, job, work);
                    break;
                }
                (_, neural_sculpting::prune::Work::Walk(walk)) => tree.update(job, walk),
                _ => unreachable!("only walks take more than one round"),
            }
        }
    }
    assert_eq!(straight, tree);
}
