//! The 38 Boolean tasks of the paper, against hand-written values, a fixed hash and, if they are available, the
//! published truth tables.

use std::path::PathBuf;

use neural_sculpting::task::{TableOptions, TableSource, builtin};

/// The folder of reference data, if it is available.
fn reference() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    folder.is_dir().then_some(folder)
}

#[test]
fn every_task_equals_its_published_truth_table() {
    let Some(reference) = reference() else { return };
    let folders = ["exemplar", "input_overlap_exp", "increasing_reuse_non_separable", "increasing_hierarchical_levels"];
    let mut compared = 0;
    for name in builtin::names() {
        let task = builtin::get(name).unwrap();
        for folder in folders {
            let path = reference.join("truth_tables").join(folder).join(format!("{name}.csv"));
            if !path.exists() {
                continue;
            }
            compared += 1;
            let published = TableSource::read(&path, &TableOptions::default()).unwrap();
            assert_eq!(published.split(0).content_hash(), task.content_hash(), "{}", path.display());
            assert_eq!(std::fs::read_to_string(&path).unwrap().replace('\r', ""), task.to_csv(), "{}", path.display());
        }
    }
    assert_eq!(compared, 39, "one of the 38 tasks is published twice");
}

#[test]
fn the_task_4_2_4_is_exclusive_or_and_its_negation() {
    let task = builtin::get("4-2-4").unwrap();
    assert_eq!(task.rows.count, 16);
    for n in 0..16_u8 {
        let (x1, x2, x3, x4) = (n >> 3 & 1, n >> 2 & 1, n >> 1 & 1, n & 1);
        let row = usize::from(n);
        assert_eq!(*task.rows.input(row), [x1, x2, x3, x4].map(f32::from));
        assert_eq!(task.rows.output(row), [x1 ^ x2, 1 - (x1 ^ x2), x3 ^ x4, 1 - (x3 ^ x4)].map(f32::from));
    }
}

#[test]
fn tasks_never_change() {
    let mut all = String::new();
    for name in builtin::names() {
        all += &format!("{name} {}\n", builtin::get(name).unwrap().content_hash());
    }
    assert_eq!(
        blake3::hash(all.as_bytes()).to_hex().as_str(),
        "2071cd6d8ed2f332bf6e1c20d06bf4a7d7ec12621ab7456e4555e9db34efbf58"
    );
}

#[test]
fn the_true_modules_of_a_task_of_each_kind() {
    let truth = |name: &str| builtin::get(name).unwrap().truth.unwrap();

    let separable = truth("4-2-4");
    assert_eq!(separable.input_groups, [[0, 1], [2, 3]]);
    assert_eq!(separable.output_groups, [[0, 1], [2, 3]]);
    assert!(separable.hierarchy.is_empty());

    let reused = truth("4-1-2-4");
    assert_eq!(reused.input_groups, [[0, 1, 2, 3]]);
    assert_eq!(reused.output_groups, [[0, 2], [1, 3]]);
    assert_eq!(reused.subfunctions, ["s", "o1", "o2"]);
    assert_eq!(reused.hierarchy, [(0, 1), (0, 2)]);

    let both = truth("6-3-3-3");
    assert_eq!(both.input_groups, [[0, 1], [2, 3], [4, 5]]);
    assert_eq!(both.output_groups, [[0], [1], [2]]);
    assert_eq!(both.hierarchy, [(0, 3), (0, 4), (1, 3), (1, 5), (2, 4), (2, 5)]);

    let overlap = truth("5-3-2-2");
    assert_eq!(overlap.input_groups, vec![vec![0], vec![1, 2, 3], vec![4]]);
    assert_eq!(overlap.output_groups, [[0], [1]]);

    let levels = truth("8-2-1-2-4");
    assert_eq!(levels.input_groups, [[0, 1, 2, 3], [4, 5, 6, 7]]);
    assert_eq!(levels.output_groups, [[0, 2], [1, 3]]);
    assert_eq!(levels.subfunctions, ["s1", "s2", "c", "o1", "o2"]);
    assert_eq!(levels.hierarchy, [(0, 2), (1, 2), (2, 3), (2, 4)]);
}
