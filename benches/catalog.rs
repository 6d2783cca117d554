//! The catalog with many trials: refreshing and querying the index.

#![allow(clippy::pedantic)] // pedantic lints are for the program, not for its tests

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use neural_sculpting::catalog::{Catalog, Filter, Index, Key, Page, Scope, Sort};

#[path = "../tests/program/catalog/fixture.rs"]
#[allow(dead_code)]
mod fixture;

use fixture::fill;

/// Number of trials; `CATALOG_TRIALS` overrides it.
const TRIALS: u64 = 10_000;

fn bench(criterion: &mut Criterion) {
    let count = std::env::var("CATALOG_TRIALS").ok().and_then(|count| count.parse().ok()).unwrap_or(TRIALS);
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let catalog = Catalog::open(Some(folder.path())).unwrap();
    fill(&catalog, count);
    let mut group = criterion.benchmark_group(format!("catalog of {count}"));
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group.bench_function("first refresh", |bencher| {
        bencher.iter(|| Index::in_memory(&catalog).unwrap().refresh(Scope::All).unwrap());
    });
    let mut index = Index::open_in(&catalog, cache.path()).unwrap();
    index.refresh(Scope::All).unwrap();
    // Recent changes are read again until the file system's clock has advanced.
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
    // What a key press queries: a few screens of rows, near the start of the list and deep in it.
    for (name, filter) in [("all", ""), ("filtered", "task=4-2-4 density<0.5 depth>=2 modules!=3"), ("word", "2-4")] {
        let filter: Filter = filter.parse().unwrap();
        let total = index.count(&filter).unwrap();
        for sort in ["-density", "density", "task", "arch", "-created"] {
            let sort: Sort = sort.parse().unwrap();
            for (place, offset) in [("first", 0), ("middle", total / 2), ("deep", total.saturating_sub(1000))] {
                group.bench_function(
                    format!("{name}, {}{:?}, {place} 424", sort.key.name(), sort.direction),
                    |bencher| {
                        let page = Page { offset, limit: Some(424) };
                        bencher.iter(|| index.query(black_box(&filter), Some(sort), page).unwrap());
                    },
                );
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
