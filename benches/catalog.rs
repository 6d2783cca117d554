//! The catalog with many trials: refreshing the index and asking it.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use neural_sculpting::catalog::{
    About, Catalog, Completion, FORMAT, Filter, Index, Key, Page, Scope, Sort, Specification, Trial, TrialResult, Utc,
};
use neural_sculpting::prune::{Grid, Plan, Required, Stages};
use neural_sculpting::train::{EngineChoice, Hyperparameters};

/// How many trials; `CATALOG_TRIALS` for another number.
const TRIALS: u64 = 10_000;

fn specification(seed: u64) -> Specification {
    Specification {
        format: FORMAT,
        task: "0123abcd".to_owned(),
        plan: Plan {
            architecture: ["4,24,4", "4,24,24,4"][(seed % 2) as usize].parse().unwrap(),
            seed,
            hyperparameters: Hyperparameters {
                learning_rate: 0.001,
                batch_size: 4,
                epochs: 60,
                weight_decay: 1e-4,
                noise: 0.1,
            },
            stages: Stages::UnitEdge,
            grid: Grid { p_u: vec![5.0, 10.0], p_e: vec![0.5] },
            required: Required::Perfect,
        },
        engine: EngineChoice::BurnNdarray,
    }
}

fn about() -> About {
    About {
        task: "4-2-4".to_owned(),
        inputs: vec!["x1".to_owned()],
        outputs: vec!["y1".to_owned()],
        kernel: "avx2".to_owned(),
        program: "0.1.0".to_owned(),
        created: Utc::now(),
        host: "here".to_owned(),
        truth: None,
    }
}

fn result(seed: u64) -> TrialResult {
    TrialResult {
        format: FORMAT,
        status: Completion::Finished,
        kernel: "avx2".to_owned(),
        accuracy: 1.0,
        loss: 0.001,
        density: (seed % 1000) as f64 / 1000.0,
        edges: 20,
        hidden_units: 6,
        weights_dense: 192,
        p_u: Some(5.0),
        p_e: Some(0.5),
        rounds: 900,
        walks: 84,
        required_accuracy: 1.0,
        module_count: Some(seed % 5),
    }
}

/// Finished trials, written without a sync for each.
fn fill(catalog: &Catalog, count: u64) {
    for seed in 0..count {
        let specification = specification(seed).canonical().unwrap();
        let trial = catalog.trial(&specification.id());
        std::fs::create_dir_all(trial.path()).unwrap();
        let file = Trial { format: FORMAT, id: specification.id(), specification, about: about() };
        std::fs::write(trial.path().join("trial.json"), serde_json::to_vec(&file).unwrap()).unwrap();
        std::fs::write(trial.path().join("result.json"), serde_json::to_vec(&result(seed)).unwrap()).unwrap();
    }
}

fn bench(criterion: &mut Criterion) {
    let count = std::env::var("CATALOG_TRIALS").ok().and_then(|count| count.parse().ok()).unwrap_or(TRIALS);
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let catalog = Catalog::open(Some(folder.path())).unwrap();
    fill(&catalog, count);
    let mut group = criterion.benchmark_group(format!("catalog of {count}"));
    group.sample_size(10);
    group.bench_function("first refresh", |bencher| {
        bencher.iter(|| Index::in_memory(&catalog).unwrap().refresh(Scope::All).unwrap());
    });
    let mut index = Index::open_in(&catalog, cache.path()).unwrap();
    index.refresh(Scope::All).unwrap();
    // What has just changed is read again until the clock of the file system has moved on.
    std::thread::sleep(Duration::from_millis(2100));
    index.refresh(Scope::All).unwrap();
    for scope in [Scope::All, Scope::Live] {
        group.bench_function(format!("refresh, {scope:?}"), |bencher| {
            bencher.iter(|| index.refresh(black_box(scope)).unwrap());
        });
    }
    group.bench_function("open a built index, first page", |bencher| {
        bencher.iter(|| {
            let mut index = Index::open_in(&catalog, cache.path()).unwrap();
            index
                .query(&Filter::default(), Some("-created".parse().unwrap()), Page { offset: 0, limit: Some(424) })
                .unwrap()
        });
    });
    // What a key asks for: a few screens around what is shown, from the start of the list and from deep in it.
    for (name, filter) in [("all", ""), ("filtered", "task=4-2-4 density<0.5 depth>=2 modules!=3"), ("word", "2-4")] {
        let filter: Filter = filter.parse().unwrap();
        let total = index.count(&filter).unwrap();
        for sort in ["-density", "task", "arch", "-created"] {
            let sort: Sort = sort.parse().unwrap();
            for (place, offset) in [("first", 0), ("deep", total.saturating_sub(1000))] {
                group.bench_function(format!("{name}, {}, {place} 424", sort.key.name()), |bencher| {
                    let page = Page { offset, limit: Some(424) };
                    bencher.iter(|| index.query(black_box(&filter), Some(sort), page).unwrap());
                });
            }
        }
        group.bench_function(format!("{name}, count"), |bencher| {
            bencher.iter(|| index.count(black_box(&filter)).unwrap())
        });
    }
    for key in [Key::Task, Key::Status, Key::Experiment] {
        group.bench_function(format!("groups by {}", key.name()), |bencher| {
            bencher.iter(|| index.groups(black_box(&Filter::default()), key).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
