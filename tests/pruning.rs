//! Whole trials, run one job at a time, against what is known of them.

use std::ops::ControlFlow;

use neural_sculpting::detect::{DetectionSettings, detect};
use neural_sculpting::network::{Architecture, Condensed};
use neural_sculpting::prune::{Advance, Grid, Plan, Required, Setting, Stages, Tree};
use neural_sculpting::task::{Task, builtin};
use neural_sculpting::train::{EngineChoice, Hyperparameters};

fn plan(architecture: &str, seed: u64, learning_rate: f64, batch_size: usize, epochs: usize) -> Plan {
    Plan {
        architecture: architecture.parse::<Architecture>().unwrap(),
        seed,
        hyperparameters: Hyperparameters { learning_rate, batch_size, epochs, weight_decay: 1e-4, noise: 0.1 },
        stages: Stages::UnitEdge,
        grid: Grid::paper(),
        required: Required::Perfect,
    }
}

fn run(plan: &Plan, task: &Task, engine: EngineChoice) -> Tree {
    let setting = Setting { plan, task, engine: &engine };
    let mut tree = Tree::new(plan);
    while let Some(job) = tree.ready(plan, &[]) {
        let mut work = tree.work(plan, job).unwrap();
        let required = tree.required(plan).unwrap_or(0);
        while work.advance(&setting, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
        tree.finish(plan, job, work);
    }
    tree
}

#[test]
fn separable_sub_functions_at_one_hidden_layer_reach_16_edges() {
    let task = builtin::get("4-2-4").unwrap();
    for seed in [0, 1, 2, 5] {
        let start = std::time::Instant::now();
        let plan = plan("4,24,4", seed, 0.05, 8, 20);
        let tree = run(&plan, &task, EngineChoice::BurnNdarray);
        let best = tree.best(&plan).unwrap();
        let network = best.network.network(&plan.architecture).unwrap();
        let detection = detect(&Condensed::new(&network.mask), &DetectionSettings::default());
        println!(
            "{seed}: {} edges {} units {} modules, rounds {}, {:.1}s",
            best.edges,
            best.hidden_units,
            detection.module_count,
            tree.rounds(),
            start.elapsed().as_secs_f64()
        );
    }
}
#[test]
fn reuse() {
    let task = builtin::get("4-1-2-16").unwrap();
    for seed in [0, 1, 2, 5] {
        let start = std::time::Instant::now();
        let plan = plan("4,24,24,16", seed, 0.1, 8, 40);
        let tree = run(&plan, &task, EngineChoice::BurnNdarray);
        let best = tree.best(&plan).unwrap();
        let network = best.network.network(&plan.architecture).unwrap();
        let detection = detect(&Condensed::new(&network.mask), &DetectionSettings::default());
        println!(
            "{seed}: {} edges {} units {} modules, rounds {}, {:.1}s",
            best.edges,
            best.hidden_units,
            detection.module_count,
            tree.rounds(),
            start.elapsed().as_secs_f64()
        );
    }
}
