//! What the criteria ask of the modules of a network.

use std::collections::BTreeSet;

use crate::analysis::ModuleGraph;
use crate::detect::Detection;
use crate::task::Truth;

pub(super) fn separate(truth: &Truth, detection: &Detection) -> bool {
    let inputs = input_modules(truth, detection);
    inputs.is_some() && inputs == output_modules(truth, detection) && detection.module_count == truth.input_groups.len()
}

pub(super) fn layered(truth: &Truth, detection: &Detection) -> bool {
    let (Some(inputs), Some(outputs)) = (input_modules(truth, detection), output_modules(truth, detection)) else {
        return false;
    };
    outputs.iter().all(|module| !inputs.contains(module)) && detection.module_count == inputs.len() + outputs.len()
}

pub(super) fn layered_with_room(truth: &Truth, detection: &Detection) -> bool {
    let hidden_layers = detection.modules.len().saturating_sub(2);
    if hidden_layers > 1 { layered(truth, detection) } else { single(truth, detection) }
}

pub(super) fn single(_: &Truth, detection: &Detection) -> bool {
    detection.module_count == 1
}

pub(super) fn inputs(truth: &Truth, detection: &Detection) -> bool {
    input_modules(truth, detection).is_some()
}

pub(super) fn outputs(truth: &Truth, detection: &Detection) -> bool {
    output_modules(truth, detection).is_some()
}

pub(super) fn groups(truth: &Truth, detection: &Detection) -> bool {
    inputs(truth, detection) && outputs(truth, detection)
}

pub(super) fn structure(truth: &Truth, detection: &Detection) -> bool {
    let found = ModuleGraph::of_detection(detection).without_layers();
    ModuleGraph::of_truth(truth).is_some_and(|expected| found == expected)
}

pub(super) fn input_sizes(truth: &Truth, detection: &Detection) -> bool {
    let modules = detection.modules.first().map_or(&[][..], Vec::as_slice);
    let size = |module: &usize| modules.iter().filter(|other| *other == module).count();
    let mut found: Vec<usize> = with_inputs(detection).iter().map(size).collect();
    let mut wanted: Vec<usize> = truth.input_groups.iter().map(Vec::len).collect();
    found.sort_unstable();
    wanted.sort_unstable();
    found == wanted
}

pub(super) fn hidden(truth: &Truth, detection: &Detection) -> bool {
    output_modules(truth, detection).is_some_and(|outputs| hidden_within(detection, &outputs))
}

pub(super) fn overlap(truth: &Truth, detection: &Detection) -> bool {
    groups(truth, detection) && hidden(truth, detection)
}

pub(super) fn intermediate(_: &Truth, detection: &Detection) -> bool {
    let with_inputs = with_inputs(detection);
    let edges = detection.hierarchy.edges.iter().filter(|edge| edge.edges > 0);
    let leaving = edges.filter(|edge| with_inputs.contains(&edge.from) && !with_inputs.contains(&edge.to));
    leaving.map(|edge| edge.to).collect::<BTreeSet<usize>>().len() == 1
}

pub(super) fn apart_outputs(truth: &Truth, detection: &Detection) -> bool {
    let with_inputs = with_inputs(detection);
    output_modules(truth, detection).is_some_and(|outputs| outputs.iter().all(|module| !with_inputs.contains(module)))
}

pub(super) fn exact(truth: &Truth, detection: &Detection) -> bool {
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

pub(super) fn digits(truth: &Truth, detection: &Detection) -> bool {
    let images = image_modules(truth, detection);
    images.is_some() && images == output_modules(truth, detection) && detection.module_count == truth.input_groups.len()
}

pub(super) fn images(truth: &Truth, detection: &Detection) -> bool {
    image_modules(truth, detection).is_some()
}

pub(super) fn images_and_bits(truth: &Truth, detection: &Detection) -> bool {
    let Some(images) = image_modules(truth, detection) else { return false };
    let Some(outputs) = output_modules(truth, detection).filter(|_| apart_outputs(truth, detection)) else {
        return false;
    };
    hidden_within(detection, &[images, outputs].concat())
}

/// Is every hidden unit in one of these modules?
fn hidden_within(detection: &Detection, modules: &[usize]) -> bool {
    let last = detection.modules.len().saturating_sub(1);
    detection.modules[..last].iter().skip(1).flatten().all(|module| modules.contains(module))
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
