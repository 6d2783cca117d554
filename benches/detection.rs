//! Detection: networks as the paper prunes them, a wide network and its memory, growth with the width of a layer, and
//! a comparison of the quality indices.
//!
//! The wide network should take less than 2 s and 200 MB. The memory is checked (on Linux), the time is not.

#![allow(clippy::pedantic)] // pedantic lints are for the program, not for its tests

use std::fs;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use neural_sculpting::detect::{DetectionSettings, Distance, Quality, detect};
use neural_sculpting::network::{Architecture, Condensed, Mask};

/// 1,568 inputs (the pixels of two digits) followed by 3,000 units.
const WIDE: [usize; 4] = [1568, 1500, 1480, 20];

/// Memory limit for the wide network, in KiB.
const WIDE_MEMORY: u64 = 200_000_000 / 1024;

/// A network that keeps about one in `sparseness` weights, in a fixed pattern.
fn sparse(widths: &[usize], sparseness: u64) -> Condensed {
    let architecture = Architecture::new(widths.to_vec()).expect("the widths are fixed above");
    let mut state = 1_u64;
    let mut kept = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).is_multiple_of(sparseness)
    };
    let layers = architecture.matrices().map(|(outputs, inputs)| (0..outputs * inputs).map(|_| kept()).collect());
    let layers = layers.collect();
    Condensed::new(&Mask::from_layers(&architecture, layers))
}

/// Peak memory of the process in KiB; `None` if the system does not report it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Runs first, because the peak is that of the whole process.
fn wide(criterion: &mut Criterion) {
    let network = sparse(&WIDE, 100);
    let mut group = criterion.benchmark_group("wide");
    group.sample_size(10);
    group.bench_function("1568,1500,1480,20", |bencher| {
        bencher.iter(|| detect(black_box(&network), &DetectionSettings::default()));
    });
    group.finish();
    if let Some(peak) = peak_memory() {
        println!("wide: peak memory {} MB, including the network", peak * 1024 / 1_000_000);
        assert!(peak < WIDE_MEMORY, "{peak} KiB is more than 200 MB");
    }
}

fn usual(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("usual");
    group.sample_size(10);
    for (name, widths, sparseness) in [
        ("boolean 4,24,24,24,16", vec![4, 24, 24, 24, 16], 6),
        ("digits 1568,200,200,20", vec![1568, 200, 200, 20], 50),
    ] {
        let network = sparse(&widths, sparseness);
        let settings = DetectionSettings::default();
        group.bench_function(name, |bencher| bencher.iter(|| detect(black_box(&network), &settings)));
    }
    group.finish();
}

/// A layer of N units followed by 3,000 units: N^2 distances, and N^2 pairs over all merges, 47 words each.
fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for units in [100, 200, 400, 800, 1600, 3000] {
        let network = sparse(&[units, 3000], 100);
        let settings = DetectionSettings::default();
        group.bench_function(BenchmarkId::from_parameter(units), |bencher| {
            bencher.iter(|| detect(black_box(&network), &settings));
        });
    }
    group.finish();
}

/// The quality indices on the wide network.
fn indices(criterion: &mut Criterion) {
    let network = sparse(&WIDE, 100);
    let mut group = criterion.benchmark_group("indices");
    group.sample_size(10);
    for quality in [Quality::Modularity, Quality::Silhouette, Quality::CalinskiHarabasz, Quality::DaviesBouldin] {
        let settings = DetectionSettings { quality, distance: Distance::Euclidean, ..DetectionSettings::default() };
        group.bench_function(quality.name(), |bencher| bencher.iter(|| detect(black_box(&network), &settings)));
    }
    group.finish();
}

criterion_group!(benches, wide, usual, growth, indices);
criterion_main!(benches);
