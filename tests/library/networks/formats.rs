//! Every file format gives the same modules, and so does every numbering of the hidden units.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use neural_sculpting::detect::{Detection, DetectionSettings, detect};
use neural_sculpting::network::{Mask, Network, files, safetensors};
use proptest::prelude::*;
use proptest::sample::Index;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::fixture::{TWO_CHAINS, files_of, masks_line, networks, reference, weights_line};

fn found(network: &Network) -> Detection {
    detect(&network.condense(), &DetectionSettings::default())
}

/// Writes `network` in each format that can be written, reads it back and compares its detection with `expected`.
fn check_round_trips(network: &Network, expected: &Detection, folder: &Path) {
    let written = [
        ("masks.jsonl", masks_line("net", network).into_bytes()),
        ("weights.jsonl", weights_line("net", network).into_bytes()),
        ("net.safetensors", safetensors::to_bytes(network, "net")),
    ];
    for (name, bytes) in written {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let (id, read) = networks(&path).remove(0);
        assert_eq!((id.as_str(), &found(&read)), ("net", expected), "{name}");
        if name != "masks.jsonl" {
            assert_eq!(&read, network, "{name}");
        }
    }
}

#[test]
fn a_state_dict_has_the_same_modules_in_other_formats() {
    let (id, network) = networks(Path::new(TWO_CHAINS)).remove(0);
    assert_eq!(id, "two_chains");
    let expected = found(&network);
    assert_eq!(expected.modules, [vec![0, 0, 1, 1], vec![0, 1], vec![0, 1]]);
    check_round_trips(&network, &expected, tempfile::tempdir().unwrap().path());
}

#[test]
fn published_networks_have_the_same_modules_in_every_format() {
    let (Some(models), Some(detection)) = (reference("models"), reference("detection")) else {
        return;
    };
    let masks: HashMap<String, Network> = networks(&detection.join("networks.jsonl")).into_iter().collect();
    let folder = tempfile::tempdir().unwrap();
    let (mut count, mut beside_masks) = (0, 0);
    for path in files_of(&models, &["pth"]) {
        let (id, network) = networks(&path).remove(0);
        let twin = safetensors::read(&path.with_extension("safetensors")).unwrap();
        assert_eq!(twin.0, id);
        assert_eq!((&twin.1.weights, &twin.1.biases), (&network.weights, &network.biases), "{id}");
        let expected = found(&network);
        assert_eq!(found(&twin.1), expected, "{id}");
        if let Some(mask) = masks.get(&id) {
            assert_eq!(found(mask), expected, "{id}");
            beside_masks += 1;
        }
        check_round_trips(&network, &expected, folder.path());
        count += 1;
    }
    assert_eq!((count, beside_masks), (20, 15));
}

#[test]
fn torch_files_have_two_extensions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chains.PT");
    fs::copy(TWO_CHAINS, &path).unwrap();
    let (id, network) = networks(&path).remove(0);
    assert_eq!((id.as_str(), network), ("chains", networks(Path::new(TWO_CHAINS)).remove(0).1));
    let missing = files::read(Path::new("nowhere.pth")).unwrap().next().unwrap();
    assert!(missing.unwrap_err().to_string().starts_with("nowhere.pth: cannot be read"));
}

/// The tie-free networks of the reference data.
fn tie_free() -> Option<Vec<(String, Network)>> {
    #[derive(Deserialize)]
    struct Expected {
        id: String,
        tie_free: bool,
    }
    let folder = reference("detection")?;
    let expected = fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    let expected = expected.lines().map(|line| serde_json::from_str(line).unwrap());
    let tie_free: HashMap<String, bool> = expected.map(|e: Expected| (e.id, e.tie_free)).collect();
    let all = networks(&folder.join("networks.jsonl"));
    Some(all.into_iter().filter(|(id, _)| tie_free[id]).collect())
}

/// New numbers for the units of each layer; inputs and outputs keep theirs.
fn shuffled(widths: &[usize], seed: u64) -> Vec<Vec<usize>> {
    let mut draws = ChaCha8Rng::seed_from_u64(seed);
    let mut numbers: Vec<Vec<usize>> = widths.iter().map(|&width| (0..width).collect()).collect();
    let hidden = 1..widths.len() - 1;
    numbers[hidden].iter_mut().for_each(|layer| layer.shuffle(&mut draws));
    numbers
}

/// The mask after unit `u` of layer `l` has become unit `numbers[l][u]`.
fn renumbered(mask: &Mask, numbers: &[Vec<usize>]) -> Mask {
    let widths = mask.architecture().widths();
    let layers = (0..widths.len() - 1).map(|layer| {
        let mut bits = vec![false; widths[layer] * widths[layer + 1]];
        for (to, &new_to) in numbers[layer + 1].iter().enumerate() {
            for (from, &new_from) in numbers[layer].iter().enumerate() {
                bits[new_to * widths[layer] + new_from] = mask.is_kept(layer, from, to);
            }
        }
        bits
    });
    Mask::from_layers(mask.architecture(), layers.collect())
}

/// The module of each unit, by layer and the number in `numbers`. Modules are numbered by first appearance.
fn modules(found: &Detection, numbers: &[Vec<usize>]) -> Vec<((usize, usize), usize)> {
    let mut all: Vec<((usize, usize), usize)> = Vec::new();
    for (layer, (units, modules)) in found.kept_units.iter().zip(&found.modules).enumerate() {
        all.extend(units.iter().zip(modules).map(|(&unit, &module)| ((layer, numbers[layer][unit]), module)));
    }
    all.sort_unstable();
    let mut seen = HashMap::new();
    for (_, module) in &mut all {
        let next = seen.len();
        *module = *seen.entry(*module).or_insert(next);
    }
    all
}

/// Compares the detection of a network with that after renumbering its hidden units.
fn check_renumbered(id: &str, network: &Network, seed: u64) {
    let widths = network.architecture().widths();
    let numbers = shuffled(widths, seed);
    let straight: Vec<Vec<usize>> = widths.iter().map(|&width| (0..width).collect()).collect();
    let mut other = Network::zeros(network.architecture());
    other.weights.iter_mut().flatten().for_each(|weight| *weight = 1.0);
    other.apply_mask(renumbered(&network.mask, &numbers));
    let (one, two) = (found(network), found(&other));
    assert!(!one.tied && !two.tied, "{id}");
    for (layer, after) in one.layers.iter().zip(&two.layers) {
        assert_eq!((layer.k, &layer.quality), (after.k, &after.quality), "{id}, layer {}", layer.layer);
        assert_eq!((layer.separate, layer.single), (after.separate, after.single), "{id}, layer {}", layer.layer);
    }
    assert_eq!(modules(&one, &numbers), modules(&two, &straight), "{id}");
}

#[test]
fn renumbering_keeps_the_modules_of_each_tie_free_network() {
    let Some(networks) = tie_free() else { return };
    assert!(networks.len() > 500, "{}", networks.len());
    for (seed, (id, network)) in (0..).zip(&networks) {
        check_renumbered(id, network, seed);
    }
}

#[test]
fn any_renumbering_keeps_the_modules_of_tie_free_networks() {
    let Some(networks) = tie_free() else { return };
    let config = ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() };
    let checked = |(place, seed): (Index, u64)| {
        let (id, network) = place.get(&networks);
        check_renumbered(id, network, seed);
        Ok(())
    };
    proptest::test_runner::TestRunner::new(config).run(&(any::<Index>(), any::<u64>()), checked).unwrap();
}
