//! The modularity tables of figures 38 to 40.

use super::super::testing::network;
use super::super::{DecidedBy, Detection, DetectionSettings, detect};
use crate::network::Condensed;

/// The metric of a layer at each k, rounded to the decimals printed in the paper.
fn metric(found: &Detection, layer: usize, decimals: i32) -> Vec<f64> {
    let scale = 10_f64.powi(decimals);
    found.layers[layer].quality.iter().map(|cut| (cut.m.unwrap() * scale).round() / scale).collect()
}

fn found(network: &Condensed) -> Detection {
    detect(network, &DetectionSettings::default())
}

/// Figure 38: one of the authors' networks for 4-1-2-16 with 3 hidden layers of 24 units (seed 0), condensed.
fn figure_38() -> Condensed {
    let outputs = ["01", "10"].repeat(8);
    network(&[4, 3, 3, 2, 16], &[&["0100", "1110", "0111"], &["111", "011", "011"], &["101", "010"], &outputs])
}

#[test]
fn figure_38_reused_sub_function() {
    let found = found(&figure_38());
    assert_eq!(metric(&found, 0, 2), [0.0, -0.16, -0.24, -0.26]);
    assert_eq!(metric(&found, 1, 3), [0.0, -0.5, -0.375]);
    assert_eq!(metric(&found, 2, 3), [0.0, -0.5, -0.375]);
    assert_eq!(metric(&found, 3, 1), [0.0, -0.5]);
    let k: Vec<usize> = found.layers.iter().map(|layer| layer.k).collect();
    assert_eq!(k, [1, 1, 2, 2]);
    assert_eq!(found.module_count, 3);
    assert_eq!(found.modules[0], [0; 4]);
    assert_eq!(found.modules[4], [2, 1].repeat(8));
}

#[test]
fn figure_39_three_separable_sub_functions() {
    // Three chains: x1 and x2 feed h1, then g1, k1 and y1, and so on.
    let each: [&str; 3] = ["100", "010", "001"];
    let found = found(&network(&[6, 3, 3, 3, 3], &[&["110000", "001100", "000011"], &each, &each, &each]));
    assert_eq!(metric(&found, 0, 2), [0.0, -0.22, -0.33, -0.28, -0.22, -0.17]);
    for layer in 1..4 {
        assert_eq!(metric(&found, layer, 2), [0.0, -0.22, -0.33]);
        assert_eq!((found.layers[layer].k, found.layers[layer].decided_by), (3, DecidedBy::Separate));
    }
    assert_eq!(found.layers[0].k, 3);
    assert_eq!(found.modules[0], [0, 0, 1, 1, 2, 2]);
    assert_eq!(found.module_count, 3);
    assert!(found.hierarchy.edges.is_empty());
}

#[test]
fn figure_40_one_dense_sub_function() {
    let found = found(&network(&[4, 3, 2, 4], &[&["1111"; 3], &["111"; 2], &["11"; 4]]));
    for layer in 0..3 {
        assert!(metric(&found, layer, 8).iter().all(|&metric| metric == 0.0));
        assert_eq!((found.layers[layer].k, found.layers[layer].decided_by), (1, DecidedBy::Single));
    }
    assert_eq!(found.module_count, 1);
}
