//! Whether a network shows the true modules: the criteria of the paper's Boolean figures (sections 5.1 to 5.4).
//!
//! A criterion compares the detected modules with the [`Truth`] of the task. It is about modules after merging, over
//! the units that are kept. *Inputs (outputs) equal their true groups* means that all of them are kept, each group is
//! in one module, and different groups are in different modules.
//!
//! ```
//! use neural_sculpting::analysis::success;
//! use neural_sculpting::detect::{DetectionSettings, detect};
//! use neural_sculpting::network::{Architecture, Condensed, Mask};
//! use neural_sculpting::task::builtin;
//!
//! // x1 and x2 to y1 and y2 through one hidden unit, x3 and x4 to y3 and y4 through another.
//! let architecture: Architecture = "4,2,4".parse()?;
//! let layers = ["11000011", "10100101"].map(|bits| bits.chars().map(|bit| bit == '1').collect());
//! let network = Condensed::new(&Mask::from_layers(&architecture, layers.into()));
//! let detection = detect(&network, &DetectionSettings::default());
//! assert_eq!(success::success(&builtin::get("4-2-4")?, &detection), Some(true));
//! assert_eq!(success::success(&builtin::get("4-1-4")?, &detection), Some(false));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;

use super::ModuleGraph;
use crate::detect::Detection;
use crate::task::{Task, Truth, builtin, digits};

/// A criterion for finding the true modules.
#[derive(Clone, Copy, Debug)]
pub struct Criterion {
    /// Short name, used in files and on screen.
    pub name: &'static str,
    /// The figures or tables of the paper that report its rate; empty if there are none.
    pub figure: &'static str,
    /// What must be true, in one sentence.
    pub meaning: &'static str,
    holds: fn(&Truth, &Detection) -> bool,
}

impl Criterion {
    /// Whether these modules meet the criterion. `truth` is that of the task; a detection with too few layers or units
    /// fails.
    #[must_use]
    pub fn holds(&self, truth: &Truth, detection: &Detection) -> bool {
        (self.holds)(truth, detection)
    }
}

/// Figure 6, `4-2-4`: two sub-functions side by side.
const SEPARATE: &[Criterion] = &[Criterion {
    name: "modules",
    figure: "6",
    meaning: "inputs and outputs equal their true groups, in the same modules, and there is no other module",
    holds: separate,
}];

/// Figure 6, `6-3-3-3`, and figures 6 and 8, `4-1-2-k`: sub-functions that feed others.
const LAYERED: &[Criterion] = &[Criterion {
    name: "modules",
    figure: "6, 8",
    meaning: "inputs and outputs equal their true groups, in different modules, and there is no other module",
    holds: layered,
}];

/// Tables 2 and 4, `4-1-2-16`: a network with one hidden layer has no room for both the reused sub-function and those
/// that reuse it, and counts if it shows one module. Only with this rule do the authors' networks give the rates of
/// table 4.
const REUSED_WITH_ROOM: &[Criterion] = &[
    LAYERED[0],
    Criterion {
        name: "room",
        figure: "table 2, table 4",
        meaning: "as modules; with one hidden layer, which has no room for them, there is exactly one module (what the \
                  paper's tables count)",
        holds: layered_with_room,
    },
];

/// Figure 6, `4-1-4`: a single sub-function.
const SINGLE: &[Criterion] =
    &[Criterion { name: "modules", figure: "6", meaning: "there is exactly one module", holds: single }];

/// Figure 10: two sub-functions that share some inputs.
const OVERLAP: &[Criterion] = &[
    INPUTS,
    Criterion {
        name: "input sizes",
        figure: "10",
        meaning: "the modules of the inputs have the sizes of the true groups (what the paper's rates count)",
        holds: input_sizes,
    },
    OUTPUTS,
    Criterion {
        name: "hidden",
        figure: "10",
        meaning: "outputs equal their true groups and every hidden unit is in one of their modules",
        holds: hidden,
    },
    Criterion { name: "all", figure: "", meaning: "inputs, outputs and hidden hold", holds: overlap },
];

/// Figure 12: a hierarchy of three levels.
const LEVELS: &[Criterion] = &[
    Criterion { figure: "12a", ..INPUTS },
    Criterion {
        name: "intermediate",
        figure: "12a",
        meaning: "exactly one module without inputs receives edges from the modules of the inputs",
        holds: intermediate,
    },
    Criterion {
        name: "outputs",
        figure: "12a",
        meaning: "outputs equal their true groups, in modules without inputs",
        holds: apart_outputs,
    },
    Criterion {
        name: "exact",
        figure: "12b",
        meaning: "the hierarchy that the depth has room for: with more than two hidden layers, inputs and outputs hold \
                  and there is one module per sub-function; otherwise inputs hold and one other module has all outputs",
        holds: exact,
    },
];

/// Section 5.2, two digits side by side.
const DIGITS: &[Criterion] = &[Criterion {
    name: "modules",
    figure: "section 5.2",
    meaning: "there are exactly two modules; each has most of the kept pixels of one image, and all of its outputs",
    holds: digits,
}];

/// Figure 13b: the exclusive or of two digits.
const DIGITS_XOR: &[Criterion] = &[
    Criterion {
        name: "inputs",
        figure: "13b",
        meaning: "exactly two modules have pixels, each most of the kept pixels of one image",
        holds: images,
    },
    Criterion {
        name: "outputs",
        figure: "13b",
        meaning: "each output has a module of its own, without pixels",
        holds: apart_outputs,
    },
    Criterion {
        name: "middle",
        figure: "13b",
        meaning: "inputs and outputs hold, and every hidden unit is in one of their modules",
        holds: images_and_bits,
    },
];

/// Any other task whose true modules are known.
const GENERAL: &[Criterion] = &[
    INPUTS,
    OUTPUTS,
    Criterion { name: "groups", figure: "", meaning: "inputs and outputs equal their true groups", holds: groups },
    Criterion {
        name: "structure",
        figure: "",
        meaning: "the modules, their inputs and outputs, and which feeds which equal the truth",
        holds: structure,
    },
];

const INPUTS: Criterion =
    Criterion { name: "inputs", figure: "10", meaning: "inputs equal their true groups", holds: inputs };
const OUTPUTS: Criterion =
    Criterion { name: "outputs", figure: "10", meaning: "outputs equal their true groups", holds: outputs };

/// The criteria for a task of the paper, by its name, the strictest last; empty for other names.
#[must_use]
pub fn criteria_by_name(name: &str) -> &'static [Criterion] {
    if !builtin::names().any(|known| known == name) {
        return &[];
    }
    match name {
        "4-2-4" => return SEPARATE,
        "6-3-3-3" => return LAYERED,
        "4-1-4" => return SINGLE,
        _ => {}
    }
    match name.rsplit_once('-').map(|(family, _)| family) {
        Some("4-1-2") => LAYERED,
        Some("8-2" | "7-3-2" | "6-3-2" | "5-3-2" | "4-1-2-2") => OVERLAP,
        Some("8-2-1-2") => LEVELS,
        _ => &[],
    }
}

/// The criteria for a task, the strictest last: for a task of the paper, its own; for any other task whose true modules
/// are known, general ones; empty if they are not known.
#[must_use]
pub fn criteria(task: &Task) -> &'static [Criterion] {
    if task.truth.is_none() {
        return &[];
    }
    match digits::base(&task.name) {
        Some("digits-xor") => return DIGITS_XOR,
        Some(_) => return DIGITS,
        None => {}
    }
    let of_paper = criteria_by_name(&task.name);
    match builtin::get(&task.name) {
        Ok(known) if known.truth == task.truth && !of_paper.is_empty() => of_paper,
        _ => GENERAL,
    }
}

/// The criteria for tables 2 to 4, of which the tables count the last: as [`criteria`], except for `4-1-2-k`.
#[must_use]
pub fn criteria_of_tables(task: &Task) -> &'static [Criterion] {
    let known = criteria(task);
    let is_reused = known.len() == LAYERED.len() && task.name.starts_with("4-1-2-");
    if is_reused { REUSED_WITH_ROOM } else { known }
}

/// The strictest criterion for a task; `None` if its true modules are not known.
#[must_use]
pub fn strictest(task: &Task) -> Option<&'static Criterion> {
    criteria(task).last()
}

/// Whether a detection shows the true modules, by the strictest criterion; `None` if they are not known.
#[must_use]
pub fn success(task: &Task, detection: &Detection) -> Option<bool> {
    let truth = task.truth.as_ref()?;
    Some(strictest(task)?.holds(truth, detection))
}

fn separate(truth: &Truth, detection: &Detection) -> bool {
    let inputs = input_modules(truth, detection);
    inputs.is_some() && inputs == output_modules(truth, detection) && detection.module_count == truth.input_groups.len()
}

fn layered(truth: &Truth, detection: &Detection) -> bool {
    let (Some(inputs), Some(outputs)) = (input_modules(truth, detection), output_modules(truth, detection)) else {
        return false;
    };
    outputs.iter().all(|module| !inputs.contains(module)) && detection.module_count == inputs.len() + outputs.len()
}

fn layered_with_room(truth: &Truth, detection: &Detection) -> bool {
    let hidden_layers = detection.modules.len().saturating_sub(2);
    if hidden_layers > 1 { layered(truth, detection) } else { single(truth, detection) }
}

fn single(_: &Truth, detection: &Detection) -> bool {
    detection.module_count == 1
}

fn inputs(truth: &Truth, detection: &Detection) -> bool {
    input_modules(truth, detection).is_some()
}

fn outputs(truth: &Truth, detection: &Detection) -> bool {
    output_modules(truth, detection).is_some()
}

fn groups(truth: &Truth, detection: &Detection) -> bool {
    inputs(truth, detection) && outputs(truth, detection)
}

fn structure(truth: &Truth, detection: &Detection) -> bool {
    let found = ModuleGraph::of_detection(detection).without_layers();
    ModuleGraph::of_truth(truth).is_some_and(|expected| found == expected)
}

fn input_sizes(truth: &Truth, detection: &Detection) -> bool {
    let modules = detection.modules.first().map_or(&[][..], Vec::as_slice);
    let size = |module: &usize| modules.iter().filter(|other| *other == module).count();
    let mut found: Vec<usize> = with_inputs(detection).iter().map(size).collect();
    let mut wanted: Vec<usize> = truth.input_groups.iter().map(Vec::len).collect();
    found.sort_unstable();
    wanted.sort_unstable();
    found == wanted
}

fn hidden(truth: &Truth, detection: &Detection) -> bool {
    let Some(outputs) = output_modules(truth, detection) else { return false };
    let last = detection.modules.len().saturating_sub(1);
    detection.modules[..last].iter().skip(1).flatten().all(|module| outputs.contains(module))
}

fn overlap(truth: &Truth, detection: &Detection) -> bool {
    groups(truth, detection) && hidden(truth, detection)
}

fn intermediate(_: &Truth, detection: &Detection) -> bool {
    let with_inputs = with_inputs(detection);
    let edges = detection.hierarchy.edges.iter().filter(|edge| edge.edges > 0);
    let leaving = edges.filter(|edge| with_inputs.contains(&edge.from) && !with_inputs.contains(&edge.to));
    leaving.map(|edge| edge.to).collect::<BTreeSet<usize>>().len() == 1
}

fn apart_outputs(truth: &Truth, detection: &Detection) -> bool {
    let with_inputs = with_inputs(detection);
    output_modules(truth, detection).is_some_and(|outputs| outputs.iter().all(|module| !with_inputs.contains(module)))
}

fn exact(truth: &Truth, detection: &Detection) -> bool {
    let hidden_layers = detection.modules.len().saturating_sub(2);
    if hidden_layers > 2 {
        let all = detection.module_count == truth.subfunctions.len();
        return inputs(truth, detection) && apart_outputs(truth, detection) && all;
    }
    let with_inputs = with_inputs(detection);
    let with_outputs: BTreeSet<usize> = detection.modules.last().into_iter().flatten().copied().collect();
    inputs(truth, detection)
        && detection.module_count == with_inputs.len() + 1
        && with_outputs.len() == 1
        && with_outputs.is_disjoint(&with_inputs)
}

fn digits(truth: &Truth, detection: &Detection) -> bool {
    let images = image_modules(truth, detection);
    images.is_some() && images == output_modules(truth, detection) && detection.module_count == truth.input_groups.len()
}

fn images(truth: &Truth, detection: &Detection) -> bool {
    image_modules(truth, detection).is_some()
}

fn images_and_bits(truth: &Truth, detection: &Detection) -> bool {
    let Some(images) = image_modules(truth, detection) else { return false };
    let Some(outputs) = output_modules(truth, detection).filter(|_| apart_outputs(truth, detection)) else {
        return false;
    };
    let last = detection.modules.len().saturating_sub(1);
    let mut hidden = detection.modules[..last].iter().skip(1).flatten();
    hidden.all(|module| images.contains(module) || outputs.contains(module))
}

/// The module with most of the kept inputs of each true group; `None` if two groups have the same, a group has no kept
/// input or no such module, or another module has inputs.
fn image_modules(truth: &Truth, detection: &Detection) -> Option<Vec<usize>> {
    let (kept, modules) = (detection.kept_units.first()?, detection.modules.first()?);
    let mut found = Vec::new();
    for group in &truth.input_groups {
        let group: BTreeSet<usize> = group.iter().copied().collect();
        let of_group: Vec<usize> =
            kept.iter().zip(modules).filter(|(unit, _)| group.contains(unit)).map(|(_, &module)| module).collect();
        let count = |module: usize| of_group.iter().filter(|&&other| other == module).count();
        let most = of_group.iter().copied().find(|&module| 2 * count(module) > of_group.len())?;
        if found.contains(&most) {
            return None;
        }
        found.push(most);
    }
    modules.iter().all(|module| found.contains(module)).then_some(found)
}

/// The module of each true group of inputs; `None` if inputs do not equal their true groups.
fn input_modules(truth: &Truth, detection: &Detection) -> Option<Vec<usize>> {
    group_modules(&truth.input_groups, detection.kept_units.first()?, detection.modules.first()?)
}

/// The module of each true group of outputs; `None` if outputs do not equal their true groups.
fn output_modules(truth: &Truth, detection: &Detection) -> Option<Vec<usize>> {
    group_modules(&truth.output_groups, detection.kept_units.last()?, detection.modules.last()?)
}

/// The module of each group, if each group has one of its own. `kept` and `modules` are the units of a layer and their
/// modules.
fn group_modules(groups: &[Vec<usize>], kept: &[usize], modules: &[usize]) -> Option<Vec<usize>> {
    let module_of = |unit: &usize| kept.iter().position(|other| other == unit).and_then(|at| modules.get(at)).copied();
    let mut found = Vec::with_capacity(groups.len());
    for group in groups {
        let module = module_of(group.first()?)?;
        if found.contains(&module) || group.iter().any(|unit| module_of(unit) != Some(module)) {
            return None;
        }
        found.push(module);
    }
    Some(found)
}

/// The modules that hold inputs.
fn with_inputs(detection: &Detection) -> BTreeSet<usize> {
    detection.modules.first().into_iter().flatten().copied().collect()
}

#[cfg(test)]
mod tests {
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

    fn success_of(task: &str, modules: &[&[usize]]) -> bool {
        success(&builtin::get(task).unwrap(), &detection(modules, &[])).unwrap()
    }

    fn holds(task: &str, criterion: &str, detection: &Detection) -> bool {
        let truth = builtin::get(task).unwrap().truth.unwrap();
        criteria_by_name(task).iter().find(|known| known.name == criterion).unwrap().holds(&truth, detection)
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
        let holds = |modules: &[&[usize]]| digits(&truth, &detection(modules, &[]));
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
        assert!(success_of("4-2-4", &[&[0, 0, 1, 1], &[1, 0, 0], &[0, 0, 1, 1]]));
        assert!(!success_of("4-2-4", &[&[0, 0, 1, 1], &[1, 2, 0], &[0, 0, 1, 1]]), "a third module");
        assert!(!success_of("4-2-4", &[&[0, 1, 1, 0], &[1, 0, 0], &[0, 0, 1, 1]]), "other inputs");
        assert!(!success_of("4-2-4", &[&[0, 0, 0, 0], &[0], &[0, 0, 0, 0]]), "not divided");
        assert!(!success_of("4-2-4", &[&[0, 0, 1, 1], &[1, 0, 0], &[2, 2, 3, 3]]), "other modules");
    }

    #[test]
    fn a_unit_that_is_not_kept_fails() {
        let mut pruned = detection(&[&[0, 0, 1], &[1, 0], &[0, 0, 1, 1]], &[]);
        pruned.kept_units[0] = vec![0, 1, 3];
        assert_eq!(success(&builtin::get("4-2-4").unwrap(), &pruned), Some(false));
        let empty = detection(&[], &[]);
        for name in builtin::names() {
            assert_eq!(success(&builtin::get(name).unwrap(), &empty), Some(false), "{name}");
            assert!(criteria_by_name(name).iter().all(|known| !holds(name, known.name, &empty)), "{name}");
        }
    }

    #[test]
    fn reused_sub_functions() {
        assert!(success_of("4-1-2-4", &[&[0, 0, 0, 0], &[0, 0, 0], &[1, 2], &[1, 2, 1, 2]]));
        assert!(!success_of("4-1-2-4", &[&[0, 0, 0, 0], &[0, 0, 0], &[1, 2], &[1, 1, 2, 2]]));
        assert!(!success_of("4-1-2-4", &[&[0, 0, 0, 0], &[0, 0, 0], &[0, 1], &[0, 1, 0, 1]]), "with the inputs");
        assert!(success_of("6-3-3-3", &[&[0, 0, 1, 1, 2, 2], &[0, 1, 2], &[3, 4, 5]]));
        assert!(!success_of("6-3-3-3", &[&[0, 0, 1, 1, 2, 2], &[0, 1, 2], &[3, 4, 4]]));
        assert!(success_of("4-1-4", &[&[0, 0, 0, 0], &[0, 0], &[0, 0, 0, 0]]));
        assert!(!success_of("4-1-4", &[&[0, 0, 0, 0], &[0, 0], &[0, 0, 0, 1]]));
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
        assert_eq!(success(&renamed, &detection(&[&[0, 0, 1, 1], &[0, 0, 1, 1]], &[])), Some(true));
        let longer = detection(&[&[0, 0, 1, 1], &[2, 2, 3, 3]], &[(0, 2), (1, 3)]);
        assert_eq!(success(&renamed, &longer), Some(false), "the groups hold, but there are more modules");
        assert!(criteria(&renamed)[2].holds(renamed.truth.as_ref().unwrap(), &longer));
        let unknown = Task { truth: None, ..paper };
        assert!(strictest(&unknown).is_none());
        assert_eq!(success(&unknown, &detection(&[&[0, 0, 1, 1], &[0, 0, 1, 1]], &[])), None);
        assert!(criteria_by_name("4-1-2-5").is_empty());
        let generated = builtin::get("generated-01").unwrap();
        assert_eq!(strictest(&generated).unwrap().name, "structure");
    }

    #[test]
    fn tables_require_what_the_depth_has_room_for() {
        let task = builtin::get("4-1-2-4").unwrap();
        let room = criteria_of_tables(&task).last().unwrap();
        let holds = |modules: &[&[usize]]| room.holds(task.truth.as_ref().unwrap(), &detection(modules, &[]));
        let single = [&[0; 4][..], &[0; 3], &[0; 4]];
        assert!(holds(&single) && !success_of("4-1-2-4", &single));
        assert!(!holds(&[&[0; 4], &[0, 1], &[1, 2, 1, 2]]));
        assert!(!holds(&[&[0; 4], &[0; 3], &[0; 2], &[0; 4]]), "two layers have room");
        assert!(holds(&[&[0; 4], &[0; 3], &[1, 2], &[1, 2, 1, 2]]));
        for other in ["4-2-4", "6-3-3-3", "4-1-4", "4-1-2-2-4", "8-2-1-2-4"] {
            let task = builtin::get(other).unwrap();
            let names = |criteria: &[Criterion]| criteria.iter().map(|one| one.name).collect::<Vec<_>>();
            assert_eq!(names(criteria_of_tables(&task)), names(criteria(&task)), "{other}");
        }
    }

    #[test]
    fn every_task_of_the_paper_has_criteria() {
        assert!(builtin::names().all(|name| !criteria_by_name(name).is_empty()));
    }
}
