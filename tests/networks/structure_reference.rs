//! Path products, Welch tests and N90 beside those of the authors' networks, where the reference data is there.

use std::collections::HashMap;
use std::fs;

use neural_sculpting::analysis::structure::{Structure, StructureSettings, structure};
use neural_sculpting::network::Network;
use serde::Deserialize;

use crate::fixture::{networks, reference};

#[derive(Deserialize)]
struct Expected {
    id: String,
    pi: Vec<Vec<f64>>,
    /// Of the groups 1,2:1,2 and 3,4:3,4.
    #[serde(default)]
    welch_tests: Vec<ExpectedTest>,
    #[serde(rename = "N90_per_hidden_layer")]
    n90: Option<Vec<usize>>,
}

#[derive(Deserialize)]
struct ExpectedTest {
    t: f64,
    p: f64,
    df: f64,
    reject_at_0_05: bool,
}

fn compare(found: &Structure, expected: &Expected) {
    assert_eq!(found.pi.len(), expected.pi.len());
    for (row, expected_row) in found.pi.iter().zip(&expected.pi) {
        assert_eq!(row.len(), expected_row.len());
        for (product, expected) in row.iter().zip(expected_row) {
            assert!((product - expected).abs() <= 1e-5 * expected.abs(), "pi {product} for {expected}");
        }
    }
    for (test, expected) in found.welch.iter().zip(&expected.welch_tests) {
        let near = |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 1e-6);
        assert!(near(test.t, expected.t) && near(test.p, expected.p) && near(test.df, expected.df), "{test:?}");
        assert_eq!(test.reject, expected.reject_at_0_05);
    }
    if let Some(expected) = &expected.n90 {
        assert_eq!(&found.n90, expected);
    }
}

#[test]
fn networks_with_weights_have_the_structure_that_is_known_of_them() {
    let Some(folder) = reference("structure") else {
        return;
    };
    let file = folder.join("structure.jsonl");
    let networks: HashMap<String, Network> = networks(&file).into_iter().collect();
    let settings = StructureSettings {
        groups: ["1,2:1,2", "3,4:3,4"].map(|group| group.parse().unwrap()).to_vec(),
        percent: 90.0,
    };
    let (mut all, mut tests, mut layers) = (0, 0, 0);
    for line in fs::read_to_string(&file).unwrap().lines() {
        let expected: Expected = serde_json::from_str(line).unwrap();
        eprintln!("{}", expected.id);
        compare(&structure(&networks[&expected.id], &settings).unwrap(), &expected);
        all += 1;
        tests += expected.welch_tests.len();
        layers += expected.n90.map_or(0, |n90| n90.len());
    }
    assert_eq!((all, networks.len(), tests), (264, 264, 282));
    assert!(layers > 123, "{layers}");
}
