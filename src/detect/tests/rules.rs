//! Rules of design 3.5, each at its edge.

use super::super::layer::cluster;
use super::super::quality::rounded;
use super::super::testing::{network, rows};
use super::super::{DecidedBy, Detection, DetectionSettings, Quality, QualityAt, detect};
use super::indices::EIGHT_UNITS;

fn defaults() -> DetectionSettings {
    DetectionSettings::default()
}

fn cuts(values: &[f64]) -> Vec<QualityAt> {
    values.iter().zip(1..).map(|(&value, k)| QualityAt { k, m: Some(rounded(value)) }).collect()
}

#[test]
fn ties_go_to_the_larger_k_within_2_and_n_minus_1() {
    let best = |values: &[f64]| Quality::Modularity.best(&cuts(values)).map(|best| best.k);
    assert_eq!(best(&[-9.0, -0.3, -0.3, -0.1, -9.0]), Some(3));
    assert_eq!(best(&[0.0, -0.1]), None);
    let most = Quality::Silhouette.best(&cuts(&[0.0, 0.4, 0.5, 0.5, 9.0]));
    assert_eq!(most.map(|best| best.k), Some(4));
}

#[test]
fn values_are_compared_to_8_decimals() {
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
fn a_weak_metric_asks_the_tests() {
    // The least metric of these units is -0.20246822, at k = 3; their sides at k = 2 pass the test for one cluster.
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
fn with_another_index_a_weak_value_asks_no_test() {
    let rows = rows(&EIGHT_UNITS);
    let rows: Vec<&[u64]> = rows.iter().map(Vec::as_slice).collect();
    let settings = DetectionSettings { quality: Quality::CalinskiHarabasz, modularity_threshold: -0.9, ..defaults() };
    let found = cluster(&rows, 20, &settings);
    assert_eq!((found.k, found.decided_by), (3, DecidedBy::Quality));
}

#[test]
fn one_unit_is_one_cluster_without_tests() {
    let rows = rows(&["101"]);
    let found = cluster(&[&rows[0]], 3, &defaults());
    assert_eq!((found.k, found.clusters.as_slice(), found.decided_by), (1, &[0][..], DecidedBy::Single));
    assert!(found.separate.is_none() && found.single.is_none());
}

#[test]
fn two_units_are_for_the_tests() {
    let k = |first: &str, second: &str| {
        let rows = rows(&[first, second]);
        let found = cluster(&[&rows[0], &rows[1]], first.len(), &defaults());
        (found.k, found.decided_by)
    };
    assert_eq!(k("1100", "0011"), (2, DecidedBy::Separate));
    assert_eq!(k("1110", "1110"), (1, DecidedBy::Single));
    // One common successor, 2 * 2 / 4 = 1 expected: both tests hold with Z = 0, and the tie is one cluster.
    assert_eq!(k("1100", "0110"), (1, DecidedBy::Single));
    // One common successor, 3 * 2 / 5 = 1.2 expected: separable.
    assert_eq!(k("11100", "00110"), (2, DecidedBy::Separate));
}

#[test]
fn nothing_left_means_each_output_is_a_module() {
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
fn features_can_look_a_few_layers_ahead() {
    // One layer ahead the inputs have nothing in common; over all layers x1 and x2 reach the same outputs.
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

/// Two columns of fully connected layers of four units; one edge leads from the left to the right column after the
/// inputs, one from the right to the left before the last hidden layer.
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
fn a_circle_of_modules_is_kept() {
    let found = two_columns();
    assert_eq!(found.modules, vec![vec![0, 0, 0, 0, 1, 1, 1, 1]; 5]);
    let edges: Vec<_> = found.hierarchy.edges.iter().map(|edge| (edge.from, edge.to, edge.edges)).collect();
    assert_eq!(edges, [(0, 1, 1), (1, 0, 1)]);
    assert_eq!(found.hierarchy.cycles(), [[0, 1]]);
    let drawing = crate::report::hierarchy::draw(&found, &[], &[], 80, crate::report::Charset::Unicode).join("\n");
    assert!(drawing.contains("Circle of M1, M2: M2 also feeds M1 (1 edge)"), "{drawing}");
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    use super::super::{Distance, Linkage};
    let message = |settings: DetectionSettings| settings.checked().unwrap_err().to_string();
    assert!(message(DetectionSettings { linkage: Linkage::Ward, ..defaults() }).contains("choose euclidean distances"));
    assert!(message(DetectionSettings { feature_steps: Some(0), ..defaults() }).contains("1 or more"));
    assert!(message(DetectionSettings { merge_threshold: 1.1, ..defaults() }).contains("at most 1"));
    assert!(message(DetectionSettings { merge_threshold: f64::NAN, ..defaults() }).contains("at most 1"));
    assert!(message(DetectionSettings { modularity_threshold: f64::NAN, ..defaults() }).contains("number"));
    let ward = DetectionSettings { linkage: Linkage::Ward, distance: Distance::Euclidean, ..defaults() };
    assert!(ward.checked().is_ok());
}

#[test]
fn settings_are_written_with_the_names_of_the_command_line() {
    let text = serde_json::to_string(&DetectionSettings { quality: Quality::CalinskiHarabasz, ..defaults() }).unwrap();
    assert!(text.contains(r#""quality":"calinski-harabasz""#) && text.contains(r#""feature-steps":null"#), "{text}");
    let read: DetectionSettings = serde_json::from_str(r#"{"merge-threshold": 0.6, "distance": "jaccard"}"#).unwrap();
    assert_eq!((read.merge_threshold, read.modularity_threshold), (0.6, -0.2));
    assert!(serde_json::from_str::<DetectionSettings>(r#"{"linkge": "ward"}"#).is_err());
}
