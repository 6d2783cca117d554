//! Each rule of detection at its limits.

use super::super::layer::cluster;
use super::super::quality::rounded;
use super::super::testing::{network, rows};
use super::super::{DecidedBy, Detection, DetectionSettings, Distance, Linkage, Quality, QualityAt, detect};
use super::indices::EIGHT_UNITS;

fn defaults() -> DetectionSettings {
    DetectionSettings::default()
}

fn cuts(values: &[f64]) -> Vec<QualityAt> {
    values.iter().zip(1..).map(|(&value, k)| QualityAt { k, m: Some(rounded(value)) }).collect()
}

#[test]
fn the_largest_of_equally_good_k_between_2_and_n_minus_1_wins() {
    let best = |values: &[f64]| Quality::Modularity.best(&cuts(values)).map(|best| best.k);
    assert_eq!(best(&[-9.0, -0.3, -0.3, -0.1, -9.0]), Some(3));
    assert_eq!(best(&[0.0, -0.1]), None);
    let most = Quality::Silhouette.best(&cuts(&[0.0, 0.4, 0.5, 0.5, 9.0]));
    assert_eq!(most.map(|best| best.k), Some(4));
}

#[test]
fn values_are_compared_after_rounding_to_8_decimals() {
    let best = |values: &[f64]| Quality::Modularity.best(&cuts(values)).map(|best| best.k);
    assert_eq!(best(&[0.0, -0.300_000_001, -0.3, 0.0, 0.0]), Some(3));
    assert_eq!(best(&[0.0, -0.300_000_01, -0.3, 0.0, 0.0]), Some(2));
    assert!(rounded(-1e-12).is_sign_positive());
}

#[test]
fn undefined_values_are_never_chosen() {
    let at = |k, m| QualityAt { k, m };
    let cuts = [at(1, None), at(2, Some(0.7)), at(3, None), at(4, None)];
    assert_eq!(Quality::DaviesBouldin.best(&cuts).map(|best| best.k), Some(2));
}

#[test]
fn the_tests_decide_if_the_metric_is_weak() {
    // The lowest metric of these units is -0.20246822, at k = 3; the two clusters at k = 2 pass the test for one
    // cluster.
    let rows = rows(&EIGHT_UNITS);
    let rows: Vec<&[u64]> = rows.iter().map(Vec::as_slice).collect();
    let k = |threshold: f64| {
        let settings = DetectionSettings { modularity_threshold: threshold, ..defaults() };
        let found = cluster(&rows, 20, &settings);
        (found.k, found.decided_by)
    };
    assert_eq!(k(-0.2), (3, DecidedBy::Quality));
    assert_eq!(k(-0.202_468_22), (3, DecidedBy::Quality));
    assert_eq!(k(-0.202_468_23), (1, DecidedBy::Single));
    assert_eq!(k(-0.3), (1, DecidedBy::Single));
}

#[test]
fn the_threshold_applies_to_modularity_only() {
    let rows = rows(&EIGHT_UNITS);
    let rows: Vec<&[u64]> = rows.iter().map(Vec::as_slice).collect();
    let settings = DetectionSettings { quality: Quality::CalinskiHarabasz, modularity_threshold: -0.9, ..defaults() };
    let found = cluster(&rows, 20, &settings);
    assert_eq!((found.k, found.decided_by), (3, DecidedBy::Quality));
}

#[test]
fn a_single_unit_is_a_cluster_without_tests() {
    let rows = rows(&["101"]);
    let found = cluster(&[&rows[0]], 3, &defaults());
    assert_eq!((found.k, found.clusters.as_slice(), found.decided_by), (1, &[0][..], DecidedBy::Single));
    assert!(found.separate.is_none() && found.single.is_none());
}

#[test]
fn the_tests_decide_on_two_units() {
    let k = |first: &str, second: &str| {
        let rows = rows(&[first, second]);
        let found = cluster(&[&rows[0], &rows[1]], first.len(), &defaults());
        (found.k, found.decided_by)
    };
    assert_eq!(k("1100", "0011"), (2, DecidedBy::Separate));
    assert_eq!(k("1110", "1110"), (1, DecidedBy::Single));
    // One common successor, 2 * 2 / 4 = 1 expected: both tests are positive with Z = 0, and the tie means one cluster.
    assert_eq!(k("1100", "0110"), (1, DecidedBy::Single));
    // One common successor, 3 * 2 / 5 = 1.2 expected: separable.
    assert_eq!(k("11100", "00110"), (2, DecidedBy::Separate));
}

#[test]
fn without_paths_each_output_is_a_module() {
    let found = detect(&network(&[2, 2, 3], &[&["10", "01"], &["00", "00", "00"]]), &defaults());
    assert_eq!(found.condensed_arch, [0, 0, 3]);
    assert!(found.layers.is_empty());
    assert_eq!(found.modules, [vec![], vec![], vec![0, 1, 2]]);
    assert_eq!((found.module_count, found.hierarchy.nodes.len(), found.tied), (3, 3, false));
    assert!(found.hierarchy.edges.is_empty());
}

#[test]
fn an_output_without_edges_is_a_module_of_its_own() {
    let found = detect(&network(&[2, 2, 3], &[&["11", "11"], &["11", "00", "11"]]), &defaults());
    assert_eq!(found.modules[2], [0, 1, 0]);
    assert_eq!(found.module_count, 2);
}

#[test]
fn features_can_be_limited_to_the_next_layers() {
    // In the next layer the inputs have nothing in common; over all layers, x1 and x2 reach the same outputs.
    let each = ["1000", "0100", "0010", "0001"];
    let network = network(&[4, 4, 2, 4], &[&each, &["1100", "0011"], &["10", "10", "01", "01"]]);
    let k = |feature_steps| detect(&network, &DetectionSettings { feature_steps, ..defaults() }).layers[0].k;
    assert_eq!((k(Some(1)), k(None)), (4, 2));
    let g = |feature_steps| {
        let found = detect(&network, &DetectionSettings { feature_steps, ..defaults() });
        found.layers[0].single.unwrap().g
    };
    assert_eq!([g(Some(1)), g(Some(2)), g(Some(3)), g(Some(9)), g(None)], [4, 6, 10, 10, 10]);
}

/// Two columns of fully connected layers of four units. One edge leads from the left to the right column after the
/// inputs, and one from the right to the left before the last hidden layer.
fn two_columns() -> Detection {
    let (left, right) = ("11110000", "00001111");
    let straight = [left, left, left, left, right, right, right, right];
    let mut first = straight;
    first[4] = "10001111";
    let mut late = straight;
    late[0] = "11111000";
    detect(&network(&[8; 5], &[&first, &straight, &late, &straight]), &defaults())
}

#[test]
fn the_hierarchy_may_contain_a_cycle() {
    let found = two_columns();
    assert_eq!(found.modules, vec![vec![0, 0, 0, 0, 1, 1, 1, 1]; 5]);
    let edges: Vec<_> = found.hierarchy.edges.iter().map(|edge| (edge.from, edge.to, edge.edges)).collect();
    assert_eq!(edges, [(0, 1, 1), (1, 0, 1)]);
    assert_eq!(found.hierarchy.cycles(), [[0, 1]]);
}

#[test]
fn invalid_settings_are_refused() {
    let message = |settings: DetectionSettings| settings.checked().unwrap_err().to_string();
    assert!(message(DetectionSettings { linkage: Linkage::Ward, ..defaults() }).contains("choose euclidean distances"));
    assert!(message(DetectionSettings { feature_steps: Some(0), ..defaults() }).contains("at least 1"));
    assert!(message(DetectionSettings { merge_threshold: 1.1, ..defaults() }).contains("at most 1"));
    assert!(message(DetectionSettings { merge_threshold: f64::NAN, ..defaults() }).contains("at most 1"));
    assert!(message(DetectionSettings { modularity_threshold: f64::NAN, ..defaults() }).contains("number"));
    let ward = DetectionSettings { linkage: Linkage::Ward, distance: Distance::Euclidean, ..defaults() };
    assert!(ward.checked().is_ok());
}

#[test]
fn settings_in_json_have_the_names_of_the_command_line() {
    let text = serde_json::to_string(&DetectionSettings { quality: Quality::CalinskiHarabasz, ..defaults() }).unwrap();
    assert!(text.contains(r#""quality":"calinski-harabasz""#) && text.contains(r#""feature-steps":null"#), "{text}");
    let read: DetectionSettings = serde_json::from_str(r#"{"merge-threshold": 0.6, "distance": "jaccard"}"#).unwrap();
    assert_eq!((read.merge_threshold, read.modularity_threshold), (0.6, -0.2));
    assert!(serde_json::from_str::<DetectionSettings>(r#"{"linkge": "ward"}"#).is_err());
}
