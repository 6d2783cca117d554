//! Detection against the authors' own results for their published networks, if the reference data is available.
//!
//! Partitions are compared up to numbering, and only for networks without ties.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::slice;

use neural_sculpting::detect::{Detection, DetectionSettings, LayerClusters, SeparabilityTest, detect};
use neural_sculpting::network::{Network, files, safetensors};
use serde::Deserialize;

use super::networks::fixture::reference;

#[derive(Deserialize)]
struct Expected {
    id: String,
    tie_free: bool,
    condensed_arch: Vec<usize>,
    kept_units: Vec<Vec<usize>>,
    layers: Vec<ExpectedLayer>,
    modules: Vec<Vec<usize>>,
}

#[derive(Deserialize)]
struct ExpectedLayer {
    layer: usize,
    k: usize,
    clusters: Vec<usize>,
    tie_free: bool,
    #[serde(default)]
    modularity: Vec<ExpectedMetric>,
    separate: Option<ExpectedTest>,
    single: Option<ExpectedTest>,
}

#[derive(Deserialize)]
struct ExpectedMetric {
    k: usize,
    m: f64,
}

#[derive(Deserialize)]
struct ExpectedTest {
    z: f64,
    positive: bool,
}

fn expected(folder: &Path) -> Vec<Expected> {
    let text = fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn networks(file: &Path) -> HashMap<String, Network> {
    files::read(file).unwrap().map(Result::unwrap).collect()
}

/// Groups renumbered by first appearance.
fn canonical(groups: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut seen = HashMap::new();
    let number = |seen: &mut HashMap<usize, usize>, group: usize| {
        let next = seen.len();
        *seen.entry(group).or_insert(next)
    };
    groups.iter().map(|row| row.iter().map(|&group| number(&mut seen, group)).collect()).collect()
}

fn compare_test(found: Option<SeparabilityTest>, expected: Option<&ExpectedTest>, context: &str) {
    if let Some(expected) = expected {
        let found = found.unwrap_or_else(|| panic!("{context}: no test"));
        assert!((found.z - expected.z).abs() < 1e-6, "{context}: Z {} for {}", found.z, expected.z);
        assert_eq!(found.positive, expected.positive, "{context}");
    }
}

fn compare_layer(found: &LayerClusters, expected: &ExpectedLayer, context: &str) {
    if expected.tie_free {
        assert_eq!(found.k, expected.k, "{context}");
        assert_eq!(
            canonical(slice::from_ref(&found.clusters)),
            canonical(slice::from_ref(&expected.clusters)),
            "{context}"
        );
    }
    for value in &expected.modularity {
        let metric = found.quality[value.k - 1].m.unwrap();
        assert!((metric - value.m).abs() < 1e-6, "{context}: M {metric} for {} at k = {}", value.m, value.k);
    }
    compare_test(found.separate, expected.separate.as_ref(), context);
    compare_test(found.single, expected.single.as_ref(), context);
}

fn compare(found: &Detection, expected: &Expected) {
    assert_eq!(found.condensed_arch, expected.condensed_arch, "{}", expected.id);
    assert_eq!(found.kept_units, expected.kept_units, "{}", expected.id);
    for layer in &expected.layers {
        compare_layer(&found.layers[layer.layer], layer, &format!("{} layer {}", expected.id, layer.layer));
    }
    if expected.tie_free {
        assert_eq!(canonical(&found.modules), canonical(&expected.modules), "{}", expected.id);
        assert!(!found.tied, "{}", expected.id);
    }
}

#[test]
fn published_networks_have_the_modules_of_their_authors() {
    let Some(folder) = reference("detection") else {
        return;
    };
    let networks = networks(&folder.join("networks.jsonl"));
    let expected = expected(&folder);
    assert_eq!((networks.len(), expected.len()), (763, 763));
    for expected in &expected {
        compare(&detect(&networks[&expected.id].condense(), &DetectionSettings::default()), expected);
    }
}

#[test]
fn published_weights_are_read_and_written_unchanged() {
    let (Some(models), Some(folder)) = (reference("models"), reference("detection")) else {
        return;
    };
    let masks = networks(&folder.join("networks.jsonl"));
    let (mut count, mut beside_masks) = (0, 0);
    for entry in fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "safetensors") {
            continue;
        }
        count += 1;
        let bytes = fs::read(&path).unwrap();
        let (id, network) = safetensors::read(&path).unwrap();
        if let Some(mask) = masks.get(&id) {
            assert_eq!(network.condense(), mask.condense(), "{id}");
            beside_masks += 1;
        }
        let written = safetensors::to_bytes(&network, &id);
        let (start, written_start) = (data_start(&bytes), data_start(&written));
        assert_eq!(numbers(&bytes[start..]), numbers(&written[written_start..]), "{id}");
        assert_eq!(safetensors::from_bytes(&written).unwrap(), (Some(id), network));
    }
    assert_eq!((count, beside_masks), (20, 15));
}

/// The offset of the numbers, after the header.
fn data_start(bytes: &[u8]) -> usize {
    8 + usize::try_from(u64::from_le_bytes(*bytes.first_chunk().unwrap())).unwrap()
}

/// The numbers as values, so that -0 equals 0.
fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}
