//! A training round per engine and size, and a whole trial.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use neural_sculpting::network::Architecture;
use neural_sculpting::prune::{Advance, Grid, Plan, Required, Setting, Stages, Tree};
use neural_sculpting::task::builtin;
use neural_sculpting::train::{EngineChoice, Hyperparameters, Stage, Stream, StreamName, initial_network, round};

fn hyperparameters(batch_size: usize, epochs: usize) -> Hyperparameters {
    Hyperparameters { learning_rate: 0.05, batch_size, epochs, weight_decay: 1e-4, noise: 0.1 }
}

/// A round of ten epochs on dense networks.
fn rounds(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("round of 10 epochs");
    let name = StreamName { seed: 0, stage: Stage::Dense, p_u: 0.0, p_e: 0.0, round: 0 };
    for (task, architecture, batch_size) in
        [("4-2-4", "4,24,4", 8), ("4-1-2-16", "4,24,24,16", 8), ("8-2-1-2-16", "8,48,48,48,48,16", 32)]
    {
        let task = builtin::get(task).expect("a built-in task");
        let architecture: Architecture = architecture.parse().expect("an architecture");
        let start = initial_network(&architecture, &mut Stream::new(&name));
        for engine in EngineChoice::ALL {
            group.bench_function(BenchmarkId::new(engine.name(), &architecture), |bencher| {
                bencher.iter(|| {
                    let mut stream = Stream::new(&name);
                    let settings = hyperparameters(batch_size, 10);
                    round(&engine, &task, black_box(&start), &settings, &mut stream, &mut |_| ControlFlow::Continue(()))
                });
            });
        }
    }
}

/// A trial with one walk of each kind.
fn trial(criterion: &mut Criterion) {
    let task = builtin::get("4-1-2-16").expect("a built-in task");
    let plan = Plan {
        architecture: "4,24,24,16".parse().expect("an architecture"),
        seed: 0,
        hyperparameters: hyperparameters(8, 40),
        stages: Stages::UnitEdge,
        grid: Grid::quick(),
        required: Required::Perfect,
    };
    let setting = Setting { plan: &plan, task: &task, engine: &EngineChoice::BurnNdarray };
    let mut group = criterion.benchmark_group("trial");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("4-1-2-16, 4,24,24,16, quick grid", |bencher| {
        bencher.iter(|| {
            let mut tree = Tree::new(&plan);
            while let Some(job) = tree.ready(&plan, &[]) {
                let mut work = tree.work(&plan, job).expect("a ready job has work");
                let required = tree.required(&plan).unwrap_or(0);
                while work.advance(&setting, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
                tree.finish(&plan, job, work);
            }
            tree
        });
    });
}

criterion_group!(benches, rounds, trial);
criterion_main!(benches);
