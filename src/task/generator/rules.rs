//! The rules that a drawn function must obey; the parent module explains them.

use crate::task::columns::{CompleteTable, all_inputs, set_of};
use crate::task::{Task, Truth};

/// A rule that a function can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Size,
    Dependence,
    Balance,
    Difference,
    Prime,
    Savings,
    Novelty,
}

/// Number of inputs, and the numbers of ones of the different outputs, ascending. Functions that differ only in names
/// have the same signature.
pub(super) type Signature = (usize, Vec<usize>);

/// The signature of a task with a complete truth table.
pub(super) fn signature(task: &Task) -> Option<Signature> {
    let table = CompleteTable::new(task)?;
    let different = (0..table.outputs()).filter(|&at| (0..at).all(|other| table.column(other) != table.column(at)));
    let mut ones: Vec<usize> = different.map(|output| table.ones(output)).collect();
    ones.sort_unstable();
    Some((task.inputs.len(), ones))
}

/// A rule that the function breaks, if any.
pub(super) fn broken(task: &Task, known: &[Signature]) -> Option<Rule> {
    let (Some(table), Some(truth)) = (CompleteTable::new(task), &task.truth) else { return Some(Rule::Size) };
    let rules = [
        (Rule::Size, (4..=9).contains(&table.inputs())),
        (Rule::Dependence, dependence(&table, truth)),
        (Rule::Balance, balance(&table)),
        (Rule::Difference, difference(&table, truth)),
        (Rule::Novelty, signature(task).is_some_and(|own| !known.contains(&own))),
        (Rule::Savings, savings(&table, truth)),
        (Rule::Prime, prime(&table, truth)),
    ];
    rules.iter().find(|(_, holds)| !holds).map(|(rule, _)| *rule)
}

fn dependence(table: &CompleteTable, truth: &Truth) -> bool {
    let mut groups = truth.output_groups.iter().zip(&truth.output_owners);
    groups.all(|(outputs, &owner)| {
        let inputs = set_of(&truth.inputs_of(owner));
        outputs.iter().all(|&output| table.dependence(output) == inputs)
    })
}

fn balance(table: &CompleteTable) -> bool {
    let rows = 1_usize << table.inputs();
    (0..table.outputs()).all(|output| (rows / 8..=rows - rows / 8).contains(&table.ones(output)))
}

fn difference(table: &CompleteTable, truth: &Truth) -> bool {
    let groups = &truth.output_groups;
    let rows = 1_usize << table.inputs();
    let alike = |a: usize, b: usize| {
        let (a, b) = (table.column(a).iter(), table.column(b));
        let different: usize = a.zip(b).map(|(a, b)| (a ^ b).count_ones() as usize).sum();
        different == 0 || different == rows
    };
    groups.iter().enumerate().all(|(at, group)| groups[..at].iter().all(|other| !alike(group[0], other[0])))
}

fn savings(table: &CompleteTable, truth: &Truth) -> bool {
    let groups = &truth.input_groups;
    groups.iter().enumerate().all(|(number, group)| {
        let reader_has_outputs = truth.input_readers[number].iter().any(|reader| truth.output_owners.contains(reader));
        if truth.is_sole_source(number) && !reader_has_outputs {
            let set = set_of(group);
            let patterns = table.patterns().acting_alike(set);
            let takes_part =
                |&input: &usize| 2 * table.patterns().acting_alike(set & !(1 << input)).count() > patterns.count();
            2 * patterns.count() <= 1 << group.len() && group.iter().all(takes_part)
        } else {
            let outputs = table.dependents(group[0]);
            let same = (0..table.inputs()).filter(|&input| table.dependents(input) == outputs);
            same.eq(group.iter().copied())
        }
    })
}

fn prime(table: &CompleteTable, truth: &Truth) -> bool {
    let claimed: Vec<u32> = (0..truth.subfunctions.len()).map(|number| set_of(&truth.inputs_of(number))).collect();
    let every = all_inputs(table.inputs());
    if !one_bit_sets_are_claimed(table, every, &claimed) {
        return false;
    }
    let mut tops = truth.output_groups.iter().zip(&truth.output_owners);
    tops.all(|(outputs, owner)| {
        let reads_inputs = truth.input_readers.iter().any(|readers| readers.contains(owner));
        !reads_inputs || one_bit_sets_are_claimed(&table.of_outputs(&outputs[..1]), claimed[*owner], &claimed)
    })
}

/// Is each set of two or more of the `inputs` that passes on a single bit either claimed or all of `inputs`?
fn one_bit_sets_are_claimed(table: &CompleteTable, inputs: u32, claimed: &[u32]) -> bool {
    let sets = (0..=inputs).filter(|set| set & !inputs == 0 && set.count_ones() >= 2 && *set != inputs);
    let mut unclaimed = sets.filter(|set| !claimed.contains(set));
    unclaimed.all(|set| table.patterns().multiplicity_within(set, 2).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{builtin, graph_file};

    /// The rule that a function graph breaks; `rest` has gates and sub-functions as in a file.
    fn broken_by(inputs: usize, outputs: &[&str], rest: &str, known: &[Signature]) -> Option<Rule> {
        let inputs: Vec<String> = (1..=inputs).map(|input| format!("x{input}")).collect();
        let toml = format!("inputs = {inputs:?}\noutputs = {outputs:?}\n[gates]\n{rest}");
        broken(&graph_file::parse("t.toml", "t", toml.as_bytes()).unwrap(), known)
    }

    /// Exclusive or of x1 and x2, and of x3 and x4.
    const PAIRS: &str = r#"
        p = ["AND", "x1", "!x2"]
        q = ["AND", "!x1", "x2"]
        r = ["AND", "x3", "!x4"]
        s = ["AND", "!x3", "x4"]
        y1 = ["OR", "p", "q"]
        y2 = ["OR", "r", "s"]
        [subfunctions]
    "#;

    #[test]
    fn a_good_function_breaks_no_rule() {
        let two = format!("{PAIRS}a = [\"p\", \"q\", \"y1\"]\nb = [\"r\", \"s\", \"y2\"]");
        assert_eq!(broken_by(4, &["y1", "y2"], &two, &[]), None);
        assert_eq!(broken_by(4, &["y1", "y2"], &two, &[(4, vec![8, 8])]), Some(Rule::Novelty));
        let one = format!("{PAIRS}a = [\"p\", \"q\", \"r\", \"s\", \"y1\", \"y2\"]");
        assert_eq!(broken_by(4, &["y1", "y2"], &one, &[]), Some(Rule::Dependence), "y1 does not depend on x3");
    }

    #[test]
    fn a_single_gate_has_too_few_inputs_or_is_too_often_0() {
        let and = |inputs: usize| {
            let inputs: Vec<String> = (1..=inputs).map(|input| format!("\"x{input}\"")).collect();
            format!("y1 = [\"AND\", {}]\n[subfunctions]\na = [\"y1\"]", inputs.join(", "))
        };
        assert_eq!(broken_by(3, &["y1"], &and(3), &[]), Some(Rule::Size));
        assert_eq!(broken_by(4, &["y1"], &and(4), &[]), Some(Rule::Balance));
    }

    #[test]
    fn sub_functions_are_not_negations_of_each_other() {
        let rest = r#"
            p = ["AND", "x1", "x2", "x3"]
            q = ["AND", "!x1", "!x2", "x4"]
            y1 = ["OR", "p", "q"]
            y2 = ["AND", "!p", "!q"]
            [subfunctions]
            s = ["p", "q"]
            a = ["y1"]
            b = ["y2"]
        "#;
        assert_eq!(broken_by(4, &["y1", "y2"], rest, &[]), Some(Rule::Difference));
    }

    #[test]
    fn every_sub_function_is_named() {
        let rest = r#"
            p = ["AND", "x1", "x2"]
            q = ["AND", "x3", "x4"]
            y1 = ["OR", "p", "q"]
            [subfunctions]
            a = ["p", "q", "y1"]
        "#;
        assert_eq!(broken_by(4, &["y1"], rest, &[]), Some(Rule::Prime));
    }

    #[test]
    fn two_inputs_that_act_in_three_ways_save_nothing() {
        let rest = r#"
            p = ["AND", "x1", "x2"]
            q = ["AND", "x1", "!x2"]
            u = ["AND", "x3", "x4"]
            y1 = ["OR", "p", "u"]
            y2 = ["OR", "q", "u"]
            [subfunctions]
            s = ["p", "q"]
            t = ["u"]
            a = ["y1"]
            b = ["y2"]
        "#;
        assert_eq!(broken_by(4, &["y1", "y2"], rest, &[]), Some(Rule::Savings));
    }

    #[test]
    fn signatures_do_not_depend_on_names_or_copies() {
        let of = |name: &str| signature(&builtin::get(name).unwrap()).unwrap();
        assert_eq!(of("4-1-2-2"), of("4-1-2-16"));
        assert_eq!(of("4-1-2-2"), (4, vec![2, 2]));
        assert_eq!(of("6-3-3-3"), (6, vec![28, 28, 28]));
    }
}
