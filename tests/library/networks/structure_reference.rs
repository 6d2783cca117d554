//! Path products, Welch tests and N90 beside those of the authors' networks, where the reference data is there.

use std::collections::{BTreeMap, HashMap};
use std::fs;

use neural_sculpting::analysis::paths::{PathAnalysis, PathSettings, analyze, true_groups};
use neural_sculpting::network::Network;
use neural_sculpting::task::builtin;
use serde::Deserialize;

use super::fixture::{networks, reference};

#[derive(Deserialize)]
struct Expected {
    id: String,
    kind: String,
    /// The task.
    modularity: Vec<usize>,
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

fn compare(found: &PathAnalysis, expected: &Expected) {
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
    let settings = PathSettings { groups: true_groups(&builtin::get("4-2-4").unwrap()), ..PathSettings::default() };
    let mut separable = BTreeMap::<(String, usize), (usize, usize)>::new();
    let (mut all, mut tests, mut layers) = (0, 0, 0);
    for line in fs::read_to_string(&file).unwrap().lines() {
        let expected: Expected = serde_json::from_str(line).unwrap();
        eprintln!("{}", expected.id);
        let found = analyze(&networks[&expected.id], &settings).unwrap();
        compare(&found, &expected);
        if expected.modularity == [4, 2, 4] {
            let (rejected, of) = separable.entry((expected.kind, found.n90.len())).or_default();
            (*rejected, *of) = (*rejected + usize::from(found.is_separable() == Some(true)), *of + 1);
        }
        all += 1;
        tests += expected.welch_tests.len();
        layers += expected.n90.map_or(0, |n90| n90.len());
    }
    assert_eq!((all, networks.len(), tests), (264, 264, 282));
    assert!(layers > 123, "{layers}");
    // Table 1, and section 3 on pruned networks: all are separable but the dense ones of more than one hidden layer.
    for ((kind, depth), (rejected, of)) in separable {
        let expected = if kind == "dense" && depth > 1 { 0 } else { of };
        assert_eq!(rejected, expected, "{kind}, {depth} hidden layers, {of} networks");
    }
}
