//! Each criterion on hand-made modules.

use super::*;
use crate::detect::{Hierarchy, ModuleEdge};

/// A detection of these modules, with all units kept and these edges between modules.
fn detection(modules: &[&[usize]], edges: &[(usize, usize)]) -> Detection {
    let widths: Vec<usize> = modules.iter().map(|layer| layer.len()).collect();
    let edges = edges.iter().map(|&(from, to)| ModuleEdge { from, to, edges: 1 }).collect();
    Detection {
        kept_units: widths.iter().map(|&width| (0..width).collect()).collect(),
        condensed_arch: widths,
        tied: false,
        layers: Vec::new(),
        modules: modules.iter().map(|layer| layer.to_vec()).collect(),
        module_count: modules.iter().flat_map(|layer| layer.iter()).max().map_or(0, |last| last + 1),
        hierarchy: Hierarchy { nodes: Vec::new(), edges },
    }
}

fn found(task: &str, modules: &[&[usize]]) -> bool {
    finds_true_modules(&builtin::get(task).unwrap(), &detection(modules, &[])).unwrap()
}

fn holds(task: &str, criterion: &str, detection: &Detection) -> bool {
    let truth = builtin::get(task).unwrap().truth.unwrap();
    by_name(task).iter().find(|known| known.name == criterion).unwrap().holds(&truth, detection)
}

/// The truth of two images of four pixels, with outputs in these groups.
fn images_truth(output_groups: &[&[usize]]) -> Truth {
    Truth {
        input_groups: vec![vec![0, 1, 4, 5], vec![2, 3, 6, 7]],
        output_groups: output_groups.iter().map(|group| group.to_vec()).collect(),
        subfunctions: Vec::new(),
        hierarchy: Vec::new(),
        input_readers: Vec::new(),
        output_owners: Vec::new(),
    }
}

#[test]
fn digits_are_separate_if_most_pixels_and_all_outputs_are() {
    let truth = images_truth(&[&[0, 1], &[2, 3]]);
    let holds = |modules: &[&[usize]]| holds::digits(&truth, &detection(modules, &[]));
    assert!(holds(&[&[0, 0, 1, 1, 0, 0, 1, 1], &[0, 1], &[0, 0, 1, 1]]));
    assert!(holds(&[&[0, 1, 1, 1, 0, 0, 1, 1], &[0, 1], &[0, 0, 1, 1]]), "one pixel of four on the other side");
    assert!(!holds(&[&[0, 1, 1, 1, 0, 1, 1, 1], &[0, 1], &[0, 0, 1, 1]]), "half of them");
    assert!(!holds(&[&[0, 0, 1, 1, 0, 0, 1, 1], &[0, 1], &[1, 1, 0, 0]]), "outputs of the other image");
    assert!(!holds(&[&[0, 0, 1, 1, 0, 0, 1, 2], &[0, 1], &[0, 0, 1, 1]]), "a third module");
}

#[test]
fn digits_and_their_exclusive_or() {
    let truth = images_truth(&[&[0], &[1], &[2]]);
    let holds = |modules: &[&[usize]]| {
        let detection = detection(modules, &[]);
        DIGITS_XOR.iter().map(|criterion| criterion.holds(&truth, &detection)).collect::<Vec<bool>>()
    };
    let pixels: &[usize] = &[0, 0, 1, 1, 0, 0, 1, 1];
    assert_eq!(holds(&[pixels, &[0, 1, 2], &[2, 3, 4], &[2, 3, 4]]), [true, true, true]);
    assert_eq!(holds(&[pixels, &[0, 1, 5], &[2, 3, 4], &[2, 3, 4]]), [true, true, false], "a module between");
    assert_eq!(holds(&[&[0; 8], &[0, 1, 2], &[2, 3, 4], &[2, 3, 4]]), [false, true, false]);
    assert_eq!(holds(&[pixels, &[0, 1, 2], &[2, 3, 3], &[2, 3, 3]]), [true, false, false]);
}

#[test]
fn separate_sub_functions() {
    assert!(found("4-2-4", &[&[0, 0, 1, 1], &[1, 0, 0], &[0, 0, 1, 1]]));
    assert!(!found("4-2-4", &[&[0, 0, 1, 1], &[1, 2, 0], &[0, 0, 1, 1]]), "a third module");
    assert!(!found("4-2-4", &[&[0, 1, 1, 0], &[1, 0, 0], &[0, 0, 1, 1]]), "other inputs");
    assert!(!found("4-2-4", &[&[0, 0, 0, 0], &[0], &[0, 0, 0, 0]]), "not divided");
    assert!(!found("4-2-4", &[&[0, 0, 1, 1], &[1, 0, 0], &[2, 2, 3, 3]]), "other modules");
}

#[test]
fn a_unit_that_is_not_kept_fails() {
    let mut pruned = detection(&[&[0, 0, 1], &[1, 0], &[0, 0, 1, 1]], &[]);
    pruned.kept_units[0] = vec![0, 1, 3];
    assert_eq!(finds_true_modules(&builtin::get("4-2-4").unwrap(), &pruned), Some(false));
    let empty = detection(&[], &[]);
    for name in builtin::names() {
        assert_eq!(finds_true_modules(&builtin::get(name).unwrap(), &empty), Some(false), "{name}");
        assert!(by_name(name).iter().all(|known| !holds(name, known.name, &empty)), "{name}");
    }
}

#[test]
fn reused_sub_functions() {
    assert!(found("4-1-2-4", &[&[0, 0, 0, 0], &[0, 0, 0], &[1, 2], &[1, 2, 1, 2]]));
    assert!(!found("4-1-2-4", &[&[0, 0, 0, 0], &[0, 0, 0], &[1, 2], &[1, 1, 2, 2]]));
    assert!(!found("4-1-2-4", &[&[0, 0, 0, 0], &[0, 0, 0], &[0, 1], &[0, 1, 0, 1]]), "with the inputs");
    assert!(found("6-3-3-3", &[&[0, 0, 1, 1, 2, 2], &[0, 1, 2], &[3, 4, 5]]));
    assert!(!found("6-3-3-3", &[&[0, 0, 1, 1, 2, 2], &[0, 1, 2], &[3, 4, 4]]));
    assert!(found("4-1-4", &[&[0, 0, 0, 0], &[0, 0], &[0, 0, 0, 0]]));
    assert!(!found("4-1-4", &[&[0, 0, 0, 0], &[0, 0], &[0, 0, 0, 1]]));
}

#[test]
fn overlapping_inputs() {
    let right = detection(&[&[0, 1, 1, 1, 2], &[3, 4], &[3, 4, 3, 4]], &[]);
    let swapped = detection(&[&[0, 0, 0, 1, 2], &[3, 4], &[3, 4, 3, 4]], &[]);
    let shared = detection(&[&[0, 1, 1, 1, 2], &[5, 4], &[3, 4, 3, 4]], &[]);
    for (name, expected) in [
        ("inputs", [true, false, true]),
        ("input sizes", [true, true, true]),
        ("outputs", [true, true, true]),
        ("hidden", [true, true, false]),
        ("all", [true, false, false]),
    ] {
        assert_eq!([&right, &swapped, &shared].map(|found| holds("5-3-2-4", name, found)), expected, "{name}");
    }
}

#[test]
fn levels_of_a_hierarchy() {
    let inputs = &[0, 0, 0, 0, 1, 1, 1, 1][..];
    let deep = detection(&[inputs, &[0, 1], &[2, 2], &[3, 4], &[3, 4, 3, 4]], &[(0, 2), (1, 2), (2, 3), (2, 4)]);
    let shallow = detection(&[inputs, &[0, 1], &[2, 2], &[2, 2, 2, 2]], &[(0, 2), (1, 2)]);
    let split = detection(&[inputs, &[0, 1], &[2, 3], &[4, 5], &[4, 5, 4, 5]], &[(0, 2), (1, 3), (2, 4), (3, 5)]);
    for (name, expected) in [
        ("inputs", [true, true, true]),
        ("intermediate", [true, true, false]),
        ("outputs", [true, false, true]),
        ("exact", [true, true, false]),
    ] {
        assert_eq!([&deep, &shallow, &split].map(|found| holds("8-2-1-2-4", name, found)), expected, "{name}");
    }
}

#[test]
fn tasks_that_are_not_the_papers() {
    let paper = builtin::get("4-2-4").unwrap();
    let renamed = Task { name: "mine".into(), ..paper.clone() };
    assert_eq!(strictest(&renamed).unwrap().name, "structure");
    assert_eq!(finds_true_modules(&renamed, &detection(&[&[0, 0, 1, 1], &[0, 0, 1, 1]], &[])), Some(true));
    let longer = detection(&[&[0, 0, 1, 1], &[2, 2, 3, 3]], &[(0, 2), (1, 3)]);
    assert_eq!(finds_true_modules(&renamed, &longer), Some(false), "the groups hold, but there are more modules");
    assert!(of(&renamed)[2].holds(renamed.truth.as_ref().unwrap(), &longer));
    let unknown = Task { truth: None, ..paper };
    assert!(strictest(&unknown).is_none());
    assert_eq!(finds_true_modules(&unknown, &detection(&[&[0, 0, 1, 1], &[0, 0, 1, 1]], &[])), None);
    assert!(by_name("4-1-2-5").is_empty());
    let generated = builtin::get("generated-01").unwrap();
    assert_eq!(strictest(&generated).unwrap().name, "structure");
}

#[test]
fn tables_require_what_the_depth_has_room_for() {
    let task = builtin::get("4-1-2-4").unwrap();
    let room = of_tables(&task).last().unwrap();
    let holds = |modules: &[&[usize]]| room.holds(task.truth.as_ref().unwrap(), &detection(modules, &[]));
    let single = [&[0; 4][..], &[0; 3], &[0; 4]];
    assert!(holds(&single) && !found("4-1-2-4", &single));
    assert!(!holds(&[&[0; 4], &[0, 1], &[1, 2, 1, 2]]));
    assert!(!holds(&[&[0; 4], &[0; 3], &[0; 2], &[0; 4]]), "two layers have room");
    assert!(holds(&[&[0; 4], &[0; 3], &[1, 2], &[1, 2, 1, 2]]));
    for other in ["4-2-4", "6-3-3-3", "4-1-4", "4-1-2-2-4", "8-2-1-2-4"] {
        let task = builtin::get(other).unwrap();
        let names = |criteria: &[Criterion]| criteria.iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(names(of_tables(&task)), names(of(&task)), "{other}");
    }
}

#[test]
fn every_task_of_the_paper_has_criteria() {
    assert!(builtin::names().all(|name| !by_name(name).is_empty()));
}
