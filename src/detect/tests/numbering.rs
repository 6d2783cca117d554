//! The result of detection does not depend on how hidden units are numbered.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::super::order::UnitOrder;
use super::super::testing::network;
use super::super::{Detection, DetectionSettings, Distance, Linkage, Quality, detect};
use crate::network::{Architecture, Condensed, Mask};

/// The mask after renumbering: unit `u` of layer `l` becomes `renumber[l][u]`.
fn renumbered(mask: &Mask, renumber: &[Vec<usize>]) -> Mask {
    let widths = mask.architecture().widths();
    let layers = (0..widths.len() - 1).map(|layer| {
        let mut bits = vec![false; widths[layer] * widths[layer + 1]];
        for to in 0..widths[layer + 1] {
            for from in 0..widths[layer] {
                bits[renumber[layer + 1][to] * widths[layer] + renumber[layer][from]] = mask.is_kept(layer, from, to);
            }
        }
        bits
    });
    Mask::from_layers(mask.architecture(), layers.collect())
}

/// Modules as sets of (layer, original unit).
fn partition(found: &Detection, renumber: &[Vec<usize>]) -> BTreeSet<BTreeSet<(usize, usize)>> {
    let mut groups = vec![BTreeSet::new(); found.module_count];
    for (layer, (units, modules)) in found.kept_units.iter().zip(&found.modules).enumerate() {
        for (&unit, &module) in units.iter().zip(modules) {
            groups[module].insert((layer, renumber[layer][unit]));
        }
    }
    groups.into_iter().collect()
}

/// What must not depend on numbering: K, M and the tests of each layer, the number of modules, and the edges between
/// modules.
fn essence(found: &Detection) -> (String, usize, Vec<usize>) {
    let layers: Vec<String> = found
        .layers
        .iter()
        .map(|layer| format!("{} {:?} {:?} {:?}", layer.k, layer.quality, layer.separate, layer.single))
        .collect();
    let mut edges: Vec<usize> = found.hierarchy.edges.iter().map(|edge| edge.edges).collect();
    edges.sort_unstable();
    (layers.join("\n"), found.module_count, edges)
}

/// Compares a network with a renumbered one.
fn compare(mask: &Mask, renumber: &[Vec<usize>], settings: &DetectionSettings) -> Result<(), TestCaseError> {
    let straight: Vec<Vec<usize>> = renumber.iter().map(|layer| (0..layer.len()).collect()).collect();
    let one = detect(&Condensed::new(mask), settings);
    let two = detect(&Condensed::new(&renumbered(mask, renumber)), settings);
    prop_assert_eq!(one.tied, two.tied);
    prop_assert_eq!(essence(&one), essence(&two));
    if !one.tied {
        prop_assert_eq!(partition(&one, renumber), partition(&two, &straight));
    }
    Ok(())
}

fn permutations(widths: &[usize]) -> impl Strategy<Value = Vec<Vec<usize>>> + use<> {
    let last = widths.len() - 1;
    let layers: Vec<_> = widths
        .iter()
        .enumerate()
        .map(|(layer, &width)| {
            let straight: Vec<usize> = (0..width).collect();
            if layer == 0 || layer == last { Just(straight).boxed() } else { Just(straight).prop_shuffle().boxed() }
        })
        .collect();
    layers
}

/// A mask that keeps about one in `sparseness` weights.
fn masks(widths: Vec<usize>, sparseness: u8) -> impl Strategy<Value = Mask> {
    let architecture = Architecture::new(widths).unwrap();
    let bits = proptest::collection::vec((0..sparseness).prop_map(|draw| draw == 0), architecture.weights());
    bits.prop_map(move |bits| {
        let mut bits = bits.into_iter();
        let layers = architecture.matrices().map(|(outputs, inputs)| bits.by_ref().take(outputs * inputs).collect());
        let layers = layers.collect();
        Mask::from_layers(&architecture, layers)
    })
}

fn cases() -> impl Strategy<Value = (Mask, Vec<Vec<usize>>)> {
    let widths = (1..6_usize, proptest::collection::vec(1..9_usize, 1..4), 1..6_usize);
    let widths = widths.prop_map(|(inputs, hidden, outputs)| [vec![inputs], hidden, vec![outputs]].concat());
    (widths, 1..5_u8).prop_flat_map(|(widths, sparseness)| {
        let permutations = permutations(&widths);
        (masks(widths, sparseness), permutations)
    })
}

/// Copies of one hidden part between the same inputs and outputs: symmetric, but few units are twins.
fn symmetric_cases() -> impl Strategy<Value = (Mask, Vec<Vec<usize>>)> {
    let widths = (1..4_usize, 1..4_usize, 1..4_usize, 1..4_usize, 2..5_usize);
    let base = widths.prop_flat_map(|(a, b, c, d, copies)| (masks(vec![a, b, c, d], 2), Just(copies)));
    base.prop_flat_map(|(base, copies)| {
        let mask = copied(&base, copies);
        let permutations = permutations(mask.architecture().widths());
        (Just(mask), permutations)
    })
}

fn copied(base: &Mask, copies: usize) -> Mask {
    let widths = base.architecture().widths();
    let wide: Vec<usize> =
        (0..4).map(|layer| if [1, 2].contains(&layer) { widths[layer] * copies } else { widths[layer] }).collect();
    let layers = (0..3).map(|layer| {
        let (inputs, outputs) = (wide[layer], wide[layer + 1]);
        let kept = |to: usize, from: usize| {
            let same_copy = layer != 1 || to / widths[layer + 1] == from / widths[layer];
            same_copy && base.is_kept(layer, from % widths[layer], to % widths[layer + 1])
        };
        (0..outputs).flat_map(|to| (0..inputs).map(move |from| (to, from))).map(|(to, from)| kept(to, from)).collect()
    });
    let layers = layers.collect();
    Mask::from_layers(&Architecture::new(wide).unwrap(), layers)
}

/// Two layers of hidden units that form a ring: each unit feeds two neighboring units. Refinement distinguishes none of
/// them.
fn ring(units: usize, outputs: usize) -> Mask {
    let architecture = Architecture::new(vec![1, units, units, outputs]).unwrap();
    let pairs = (0..units).flat_map(|to| (0..units).map(move |from| from == to || (from + 1) % units == to));
    Mask::from_layers(&architecture, vec![vec![true; units], pairs.collect(), vec![true; units * outputs]])
}

fn ring_cases() -> impl Strategy<Value = (Mask, Vec<Vec<usize>>)> {
    (3..12_usize, 1..3_usize).prop_flat_map(|(units, outputs)| {
        let mask = ring(units, outputs);
        let permutations = permutations(mask.architecture().widths());
        (Just(mask), permutations)
    })
}

/// Settings under which ties occur at different steps.
fn settings() -> impl Strategy<Value = DetectionSettings> {
    let choices = vec![
        (Linkage::Average, Distance::Cosine, Quality::Modularity, 0.9),
        (Linkage::Single, Distance::Jaccard, Quality::Silhouette, 0.6),
        (Linkage::Ward, Distance::Euclidean, Quality::CalinskiHarabasz, 0.3),
        (Linkage::Complete, Distance::Cosine, Quality::DaviesBouldin, 0.5),
    ];
    subsequence(choices, 1).prop_map(|choice| DetectionSettings {
        linkage: choice[0].0,
        distance: choice[0].1,
        quality: choice[0].2,
        merge_threshold: choice[0].3,
        ..DetectionSettings::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn random_networks((mask, renumber) in cases(), settings in settings()) {
        compare(&mask, &renumber, &settings)?;
    }

    #[test]
    fn symmetric_networks((mask, renumber) in symmetric_cases(), settings in settings()) {
        compare(&mask, &renumber, &settings)?;
    }

    #[test]
    fn rings((mask, renumber) in ring_cases(), settings in settings()) {
        compare(&mask, &renumber, &settings)?;
    }
}

#[test]
fn a_ring_of_four_has_a_tie() {
    // One of four equal pairs is merged.
    let found = detect(&Condensed::new(&ring(4, 1)), &DetectionSettings::default());
    assert_eq!((found.layers[1].k, found.tied), (3, true));
}

#[test]
fn a_symmetry_that_keeps_the_modules_is_not_a_tie() {
    // Two chains between the same input and output can be swapped, but all units are in one module.
    let network = network(&[1, 2, 2, 1], &[&["1", "1"], &["10", "01"], &["11"]]);
    assert!(!detect(&network, &DetectionSettings::default()).tied);
}

#[test]
fn the_order_of_inputs_decides_ties() {
    // This ring could be cut in several places too, but its inputs have names.
    let network = network(&[4, 4, 1], &[&["1100", "0110", "0011", "1001"], &["1111"]]);
    let found = detect(&network, &DetectionSettings::default());
    assert_eq!((found.layers[0].k, found.tied), (3, false));
}

#[test]
fn a_search_without_budget_reports_a_tie() {
    let network = Condensed::new(&ring(6, 1));
    let groups = vec![0; 14];
    assert!(UnitOrder::within(&network, 10).leaves_open(&groups));
    assert!(!UnitOrder::new(&network).leaves_open(&groups));
}

#[test]
fn large_symmetric_networks_are_ordered_within_the_budget() {
    let network = Condensed::new(&ring(60, 2));
    let groups = vec![0; 123];
    assert!(!UnitOrder::new(&network).leaves_open(&groups));
    let copies = copied(&Mask::full(&Architecture::new(vec![2, 1, 1, 2]).unwrap()), 100);
    assert!(!UnitOrder::new(&Condensed::new(&copies)).leaves_open(&vec![0; 204]));
}
