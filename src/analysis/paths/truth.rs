//! The groups that belong together according to a task's true modules.

use super::UnitGroup;
use crate::task::Task;

/// For each true group of inputs, the group to test: these inputs and the outputs that depend on any of them. Groups
/// with all outputs are left out, because no other outputs remain to compare with. Empty if the task's true modules or
/// its complete table are not known. For `4-2-4` these are the two tests of the paper (section 2), `1,2:1,2` and
/// `3,4:3,4`.
#[must_use]
pub fn true_groups(task: &Task) -> Vec<UnitGroup> {
    let Some(truth) = task.truth.as_ref().filter(|_| task.is_complete()) else { return Vec::new() };
    let depends = dependences(task);
    let numbered = |units: &[usize]| units.iter().map(|unit| (unit + 1).to_string()).collect::<Vec<_>>().join(",");
    let group = |inputs: &Vec<usize>| {
        let outputs: Vec<usize> =
            (0..task.outputs.len()).filter(|&output| inputs.iter().any(|&input| depends[input][output])).collect();
        let some = !outputs.is_empty() && outputs.len() < task.outputs.len();
        some.then(|| format!("{}:{}", numbered(inputs), numbered(&outputs)).parse().ok()).flatten()
    };
    truth.input_groups.iter().filter_map(group).collect()
}

/// For each input, which outputs depend on it, according to the complete table.
fn dependences(task: &Task) -> Vec<Vec<bool>> {
    let (inputs, outputs) = (task.inputs.len(), task.outputs.len());
    let rows = &task.rows;
    let key = |row: usize| rows.input(row).iter().fold(0_usize, |key, &bit| 2 * key + usize::from(bit > 0.5));
    let mut row_of = vec![0; rows.count];
    (0..rows.count).for_each(|row| row_of[key(row)] = row);
    let output = |key: usize| &rows.outputs[row_of[key] * outputs..(row_of[key] + 1) * outputs];
    let depends = |input: usize| {
        let bit = 1 << (inputs - 1 - input);
        let mut found = vec![false; outputs];
        for key in (0..rows.count).filter(|key| key & bit == 0) {
            for (found, (with, without)) in found.iter_mut().zip(output(key | bit).iter().zip(output(key))) {
                *found |= with != without;
            }
        }
        found
    };
    (0..inputs).map(depends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::builtin;

    fn groups(name: &str) -> Vec<String> {
        true_groups(&builtin::get(name).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn inputs_are_grouped_with_the_outputs_that_depend_on_them() {
        assert_eq!(groups("4-2-4"), ["1,2:1,2", "3,4:3,4"], "the two tests of the paper");
        assert_eq!(groups("8-2-4"), ["1,2,3,4:1,3", "5,6,7,8:2,4"]);
        assert_eq!(groups("7-3-2-2"), ["1,2,3:1", "5,6,7:2"], "all outputs depend on the shared input");
        assert_eq!(groups("4-1-2-16"), Vec::<String>::new());
    }

    #[test]
    fn without_truth_there_is_nothing_to_test() {
        let task = Task { truth: None, ..builtin::get("4-2-4").unwrap() };
        assert_eq!(true_groups(&task), []);
    }
}
