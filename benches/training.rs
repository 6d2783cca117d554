//! A training round of each engine for several sizes and densities, a whole trial, and the speedup by a second worker.

#![allow(clippy::pedantic)] // pedantic lints are for the program, not for its tests

use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use neural_sculpting::network::Architecture;
use neural_sculpting::prune::{Advance, Grid, Plan, Required, Stages, Tree, TrialContext};
use neural_sculpting::task::builtin;
use neural_sculpting::train::measure::Case;
use neural_sculpting::train::{EngineChoice, Hyperparameters};

/// One round of each engine. A case is widths, rows, batch size, epochs, and densities.
fn rounds(criterion: &mut Criterion) {
    let cases: [(&str, usize, usize, usize, &[f64]); 4] = [
        ("4,24,24,16", 16, 8, 40, &[1.0, 0.3, 0.05]),
        ("8,48,48,48,48,16", 256, 32, 30, &[1.0, 0.3, 0.05]),
        ("1568,392,392,20", 512, 512, 1, &[1.0, 0.1, 0.01]),
        ("1568,1568,1568,20", 256, 256, 1, &[1.0, 0.1]),
    ];
    let mut group = criterion.benchmark_group("round");
    group.sample_size(10);
    for (widths, rows, batch_size, epochs, densities) in cases {
        let architecture: Architecture = widths.parse().expect("an architecture");
        for &density in densities {
            let case = Case::new(&architecture, rows, batch_size, epochs, density);
            for choice in [EngineChoice::Edges, EngineChoice::BurnNdarray, EngineChoice::BurnFlex] {
                let Ok(engine) = choice.engine() else { continue };
                let name = BenchmarkId::new(choice.name(), format!("{widths} at {density}"));
                group.bench_function(name, |bencher| bencher.iter(|| case.time(&*engine)));
            }
        }
    }
}

/// A trial with the paper's grid.
fn trial(criterion: &mut Criterion) {
    let task = builtin::get("4-1-2-16").expect("a built-in task");
    let plan = Plan {
        architecture: "4,24,24,16".parse().expect("an architecture"),
        seed: 0,
        hyperparameters: Hyperparameters {
            learning_rate: 0.05,
            batch_size: 8,
            epochs: 40,
            weight_decay: 1e-4,
            noise: 0.1,
            patience: None,
        },
        stages: Stages::UnitEdge,
        grid: Grid::paper(),
        required: Required::Perfect,
        regrow: false,
    };
    let engine = EngineChoice::Auto.engine().expect("every build has the edge engine");
    let context = TrialContext { plan: &plan, task: &task, engine: &*engine };
    let mut group = criterion.benchmark_group("trial");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("4-1-2-16, 4,24,24,16, paper grid", |bencher| {
        bencher.iter(|| {
            let mut tree = Tree::new(&plan);
            while let Some(job) = tree.ready(&plan, &[]) {
                let mut work = tree.work(&plan, job).expect("a ready job has work");
                let required = tree.required(&plan).unwrap_or(0);
                while work.advance(&context, job, required, &mut |_| ControlFlow::Continue(())) != Advance::Done {}
                tree.finish(&plan, job, work);
            }
            tree
        });
    });
}

/// A small experiment run by the command, with one worker and with two.
fn workers(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut group = criterion.benchmark_group("workers");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    for jobs in ["1", "2"] {
        let catalog = folder.path().join(jobs);
        group.bench_function(BenchmarkId::from_parameter(jobs), |bencher| {
            bencher.iter(|| {
                let arguments = ["run", "figure-6", "--only", "task=4-1-2-16 depth=2", "--force", "--jobs", jobs];
                let mut command = Command::new(env!("CARGO_BIN_EXE_sculpt"));
                command.args(arguments).arg("--hyperparameters").arg("published").arg("--catalog").arg(&catalog);
                assert!(command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("sculpt runs").success());
            });
        });
    }
}

criterion_group!(benches, rounds, trial, workers);
criterion_main!(benches);
