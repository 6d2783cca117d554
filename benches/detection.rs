//! Detection: a network as the paper prunes them, and a wide one layer by layer.

#![allow(clippy::pedantic)] // pedantry helps in the program, not in its tests

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use neural_sculpting::detect::{DetectionSettings, detect};
use neural_sculpting::network::{Architecture, Condensed, Mask};

/// A network that keeps about one weight of `sparseness`, in a fixed pattern.
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

fn detection(criterion: &mut Criterion) {
    let settings = DetectionSettings::default();
    for (name, widths, sparseness) in [
        ("boolean 4,24,24,24,16", vec![4, 24, 24, 24, 16], 6),
        ("digits 1568,200,200,20", vec![1568, 200, 200, 20], 50),
        ("wide 1568,1500,1500,20", vec![1568, 1500, 1500, 20], 100),
    ] {
        let network = sparse(&widths, sparseness);
        let mut group = criterion.benchmark_group("detect");
        group.sample_size(10);
        group.bench_function(name, |bencher| bencher.iter(|| detect(black_box(&network), &settings)));
        group.finish();
    }
}

criterion_group!(benches, detection);
criterion_main!(benches);
