//! Functional decomposition of complete truth tables: which patterns of some inputs act alike.
//!
//! Let `S` be a set of inputs. Two patterns of `S` *act alike* if the outputs are the same for all values of the other
//! inputs; in a chart with the patterns of `S` across and those of the other inputs down, their columns are equal. The
//! number of different columns is the *column multiplicity* of `S`. A function can be written as `g(h(S), other
//! inputs)`, where `h` has `b` bits, if and only if the multiplicity is at most `2^b` (for one bit: R. L. Ashenhurst,
//! "The decomposition of switching functions", Proc. Int. Symp. Theory of Switching 1957; for several: H. A. Curtis, "A
//! new approach to the design of switching circuits", 1962). All outputs of a table are considered together.
//!
//! A set of inputs is a word in which bit `i` stands for input `i`, counted from 0.

use std::collections::{HashMap, HashSet};

use super::{InputKind, MAX_TABLE_INPUTS, Task};

/// The patterns of some inputs, divided into classes.
///
/// Patterns are in binary counting order, with the first input as the most significant bit. Classes are numbered by
/// first appearance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patterns {
    inputs: usize,
    class_of: Vec<u32>,
    count: usize,
}

impl Patterns {
    /// Puts patterns with equal keys into one class; there must be `2^inputs` keys.
    pub(crate) fn by_key<K: std::hash::Hash + Eq>(inputs: usize, keys: impl Iterator<Item = K>) -> Self {
        let mut seen = HashMap::new();
        let class_of: Vec<u32> = keys.map(|key| number(&mut seen, key)).collect();
        debug_assert_eq!(class_of.len(), 1 << inputs);
        Self { inputs, class_of, count: seen.len() }
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of classes.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The class of each pattern.
    #[must_use]
    pub fn class_of(&self) -> &[u32] {
        &self.class_of
    }

    /// All patterns of some inputs, each in a class of its own.
    #[must_use]
    pub(crate) fn whole(inputs: usize) -> Self {
        Self::by_key(inputs, 0..1_usize << inputs)
    }

    /// All patterns of some inputs; those that agree on the inputs in `set` are in one class.
    #[must_use]
    pub(crate) fn equal_in(set: u32, inputs: usize) -> Self {
        Self::whole(set.count_ones() as usize).spread(set, inputs)
    }

    /// Extends classes of patterns of the inputs in `set` to classes of patterns of all `inputs`. `set` must have as
    /// many inputs as these patterns.
    #[must_use]
    pub(crate) fn spread(&self, set: u32, inputs: usize) -> Self {
        let all = all_inputs(inputs);
        let (across, down) = (offsets(set & all, inputs), offsets(all & !set, inputs));
        let mut class_of = vec![0; 1 << inputs];
        for (pattern, &class) in across.iter().zip(&self.class_of) {
            for other in &down {
                class_of[(pattern | other) as usize] = class;
            }
        }
        Self::by_key(inputs, class_of.into_iter())
    }

    /// The common refinement: patterns are in one class if they are so in both. Both must be of the same inputs.
    #[must_use]
    pub(crate) fn joined(&self, other: &Self) -> Self {
        Self::by_key(self.inputs, self.class_of.iter().zip(&other.class_of))
    }

    /// The patterns of the inputs in `set`; those that act alike are in one class. The number of classes is the column
    /// multiplicity of `set`.
    #[must_use]
    pub fn acting_alike(&self, set: u32) -> Self {
        let mut class_of = Vec::with_capacity(1 << set.count_ones());
        let mut seen: HashMap<Box<[u32]>, u32> = HashMap::new();
        self.each_column(set, |column| {
            let class = seen.get(column).copied();
            class_of.push(class.unwrap_or_else(|| number(&mut seen, column.into())));
            true
        });
        Self { inputs: set.count_ones() as usize, class_of, count: seen.len() }
    }

    /// The column multiplicity of `set` if it is at most `limit`; stops as soon as it is not.
    #[must_use]
    pub fn multiplicity_within(&self, set: u32, limit: usize) -> Option<usize> {
        let mut seen: HashSet<Box<[u32]>> = HashSet::new();
        self.each_column(set, |column| {
            if !seen.contains(column) {
                seen.insert(column.into());
            }
            seen.len() <= limit
        });
        (seen.len() <= limit).then_some(seen.len())
    }

    /// Calls `each` with the column of each pattern of `set` until it returns false.
    fn each_column(&self, set: u32, mut each: impl FnMut(&[u32]) -> bool) {
        let all = all_inputs(self.inputs);
        let (across, down) = (offsets(set & all, self.inputs), offsets(all & !set, self.inputs));
        let mut column = vec![0; down.len()];
        for pattern in across {
            for (cell, other) in column.iter_mut().zip(&down) {
                *cell = self.class_of[(pattern | other) as usize];
            }
            if !each(&column) {
                return;
            }
        }
    }
}

/// The number of a key; a new key gets the next one.
#[allow(clippy::cast_possible_truncation)] // there are at most 2^20 patterns
fn number<K: std::hash::Hash + Eq>(seen: &mut HashMap<K, u32>, key: K) -> u32 {
    let next = seen.len() as u32;
    *seen.entry(key).or_insert(next)
}

/// The set of the first `inputs` inputs.
#[must_use]
pub(crate) fn all_inputs(inputs: usize) -> u32 {
    u32::MAX.checked_shr(u32::BITS.saturating_sub(u32::try_from(inputs).unwrap_or(u32::BITS))).unwrap_or(0)
}

/// The set of these inputs.
#[must_use]
pub(crate) fn set_of(inputs: &[usize]) -> u32 {
    inputs.iter().fold(0, |set, &input| set | 1 << input)
}

/// The inputs in a set, ascending.
pub(crate) fn members(set: u32) -> impl Iterator<Item = usize> {
    (0..u32::BITS as usize).filter(move |&input| set >> input & 1 == 1)
}

/// For each pattern of the inputs in `set`: the row of a table of `inputs` inputs with this pattern in which all other
/// inputs are 0.
#[must_use]
pub(crate) fn offsets(set: u32, inputs: usize) -> Vec<u32> {
    let mut rows = vec![0];
    for input in members(set) {
        let bit = 1 << (inputs - 1 - input);
        rows = rows.iter().flat_map(|&row| [row, row | bit]).collect();
    }
    rows
}

/// The complete truth table of a Boolean task.
///
/// ```
/// use neural_sculpting::task::builtin;
/// use neural_sculpting::task::columns::CompleteTable;
///
/// // y1 and y2 depend on x1 and x2 only, y3 and y4 on x3 and x4.
/// let table = CompleteTable::new(&builtin::get("4-2-4")?).unwrap();
/// assert_eq!(table.dependence(0), 0b0011);
/// // The four patterns of x1 and x2 act in two ways: one bit is passed on.
/// assert_eq!(table.patterns().acting_alike(0b0011).count(), 2);
/// # Ok::<(), builtin::UnknownTask>(())
/// ```
#[derive(Clone, Debug)]
pub struct CompleteTable {
    patterns: Patterns,
    /// For each output, the inputs it depends on.
    dependence: Vec<u32>,
    /// For each output, its values: one bit per row.
    columns: Vec<Vec<u64>>,
}

impl CompleteTable {
    /// The table of a task; `None` if it is partial, has real inputs, or more than [`MAX_TABLE_INPUTS`].
    #[must_use]
    pub fn new(task: &Task) -> Option<Self> {
        let inputs = task.inputs.len();
        if task.kind != InputKind::Boolean || !task.is_complete() || inputs > MAX_TABLE_INPUTS {
            return None;
        }
        let mut columns = vec![vec![0_u64; task.rows.count.div_ceil(64)]; task.outputs.len()];
        for row in 0..task.rows.count {
            for (column, &value) in columns.iter_mut().zip(task.rows.output(row)) {
                column[row / 64] |= u64::from(value == 1.0) << (row % 64);
            }
        }
        Some(Self::of_columns(inputs, columns))
    }

    fn of_columns(inputs: usize, columns: Vec<Vec<u64>>) -> Self {
        let different: Vec<usize> = (0..columns.len()).filter(|&at| !columns[..at].contains(&columns[at])).collect();
        let key = |outputs: &[usize], row: usize| {
            let bit = |&output: &usize| columns[output][row / 64] >> (row % 64) & 1;
            outputs.iter().fold(0_u64, |word, output| word << 1 | bit(output))
        };
        let rows = 0..1_usize << inputs;
        let patterns = if different.len() <= 64 {
            Patterns::by_key(inputs, rows.map(|row| key(&different, row)))
        } else {
            let keys = |row| different.chunks(64).map(|part| key(part, row)).collect::<Vec<u64>>();
            Patterns::by_key(inputs, rows.map(keys))
        };
        let dependence = columns.iter().map(|column| dependence(column, inputs)).collect();
        Self { patterns, dependence, columns }
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.patterns.inputs
    }

    /// Number of outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.columns.len()
    }

    /// The patterns of all inputs; those with the same outputs are in one class.
    #[must_use]
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// The inputs that an output depends on: those that change it in some row.
    #[must_use]
    pub fn dependence(&self, output: usize) -> u32 {
        self.dependence[output]
    }

    /// The outputs that depend on an input, ascending.
    #[must_use]
    pub fn dependents(&self, input: usize) -> Vec<usize> {
        (0..self.outputs()).filter(|&output| self.dependence[output] >> input & 1 == 1).collect()
    }

    /// The values of an output: one bit per row.
    #[must_use]
    pub fn column(&self, output: usize) -> &[u64] {
        &self.columns[output]
    }

    /// Number of rows in which an output is 1.
    #[must_use]
    pub fn ones(&self, output: usize) -> usize {
        self.columns[output].iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The table with these outputs only.
    #[must_use]
    pub(crate) fn of_outputs(&self, outputs: &[usize]) -> Self {
        Self::of_columns(self.inputs(), outputs.iter().map(|&output| self.columns[output].clone()).collect())
    }
}

/// The inputs that change the column in some row.
fn dependence(column: &[u64], inputs: usize) -> u32 {
    let changes = |input: &usize| {
        let bit = inputs - 1 - input;
        if let Some(&low) = LOW_HALVES.get(bit) {
            return column.iter().any(|word| (word >> (1 << bit)) & low != word & low);
        }
        // Rows that differ in this input are in words whose indices differ in one bit.
        let step = 1 << (bit - LOW_HALVES.len());
        (0..column.len()).any(|word| word & step == 0 && column[word] != column[word | step])
    };
    (0..inputs).filter(changes).fold(0, |set, input| set | 1 << input)
}

/// For each of the six lowest bits of a row number: the rows of a word in which that bit is 0.
const LOW_HALVES: [u64; 6] = [
    0x5555_5555_5555_5555,
    0x3333_3333_3333_3333,
    0x0f0f_0f0f_0f0f_0f0f,
    0x00ff_00ff_00ff_00ff,
    0x0000_ffff_0000_ffff,
    0x0000_0000_ffff_ffff,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::task::{TableSource, builtin};

    /// A task of random outputs.
    fn random_task() -> impl Strategy<Value = Task> {
        (1..9_usize, 1..4_usize).prop_flat_map(|(inputs, outputs)| {
            proptest::collection::vec(proptest::bool::weighted(0.3), outputs << inputs).prop_map(move |values| {
                let names = (1..=inputs).map(|i| format!("x{i}")).chain((1..=outputs).map(|o| format!("y{o}")));
                let mut csv = names.collect::<Vec<_>>().join(",") + "\n";
                for (row, values) in values.chunks(outputs).enumerate() {
                    let inputs = (0..inputs).map(|input| row >> (inputs - 1 - input) & 1);
                    let cells = inputs.chain(values.iter().map(|&value| usize::from(value)));
                    csv += &(cells.map(|cell| cell.to_string()).collect::<Vec<_>>().join(",") + "\n");
                }
                TableSource::parse("t.csv", csv.as_bytes(), &[]).unwrap().split(0)
            })
        })
    }

    /// The outputs for the inputs in `set` of row `a` and the other inputs of row `b`.
    fn mixed(task: &Task, set: u32, a: usize, b: usize) -> &[f32] {
        let inputs = task.inputs.len();
        let bit = |input: usize| {
            let from = if set >> input & 1 == 1 { a } else { b };
            (from >> (inputs - 1 - input) & 1) << (inputs - 1 - input)
        };
        task.rows.output((0..inputs).map(bit).sum())
    }

    proptest! {
        #[test]
        fn patterns_act_alike_by_definition(task in random_task(), set in any::<u32>()) {
            let table = CompleteTable::new(&task).unwrap();
            let set = set & all_inputs(task.inputs.len());
            let found = table.patterns().acting_alike(set);
            let rows = offsets(set, task.inputs.len());
            prop_assert_eq!(found.class_of().len(), rows.len());
            for (i, &a) in rows.iter().enumerate() {
                for (j, &b) in rows.iter().enumerate() {
                    let alike = (0..task.rows.count)
                        .all(|row| mixed(&task, set, a as usize, row) == mixed(&task, set, b as usize, row));
                    prop_assert_eq!(alike, found.class_of()[i] == found.class_of()[j]);
                }
            }
            prop_assert_eq!(table.patterns().multiplicity_within(set, found.count()), Some(found.count()));
            prop_assert_eq!(table.patterns().multiplicity_within(set, found.count() - 1), None);
        }

        #[test]
        fn an_output_depends_on_the_inputs_that_change_it(task in random_task()) {
            let table = CompleteTable::new(&task).unwrap();
            for output in 0..task.outputs.len() {
                for input in 0..task.inputs.len() {
                    let flip = 1 << (task.inputs.len() - 1 - input);
                    let value = |row: usize| task.rows.output(row)[output];
                    let changes = (0..task.rows.count).any(|row| value(row) != value(row ^ flip));
                    prop_assert_eq!(table.dependence(output) >> input & 1 == 1, changes);
                    prop_assert_eq!(table.dependents(input).contains(&output), changes);
                }
                let ones = (0..task.rows.count).filter(|&row| task.rows.output(row)[output] == 1.0).count();
                prop_assert_eq!(table.ones(output), ones);
            }
        }

        #[test]
        fn decomposing_twice_is_decomposing_once(task in random_task(), set in any::<u32>(), within in any::<u32>()) {
            // The columns of a subset of S are the same whether computed from the classes of S or from the outputs.
            let table = CompleteTable::new(&task).unwrap();
            let set = set & all_inputs(task.inputs.len());
            let part: Vec<usize> = members(set).enumerate().filter(|(at, _)| within >> at & 1 == 1).map(|(_, input)| input).collect();
            let within = within & all_inputs(set.count_ones() as usize);
            let nested = table.patterns().acting_alike(set).acting_alike(within);
            prop_assert_eq!(nested, table.patterns().acting_alike(set_of(&part)));
        }
    }

    #[test]
    fn classes_are_refined_and_extended() {
        let low = Patterns::by_key(2, [0, 1, 0, 1].into_iter());
        assert_eq!(low.joined(&Patterns::by_key(2, [0, 0, 0, 1].into_iter())).class_of(), [0, 1, 0, 2]);
        // x2 of x1, x2, x3: the second of three bits.
        assert_eq!(Patterns::whole(1).spread(0b010, 3).class_of(), [0, 0, 1, 1, 0, 0, 1, 1]);
        assert_eq!(Patterns::equal_in(0b101, 3).class_of(), [0, 1, 0, 1, 2, 3, 2, 3]);
        assert_eq!(Patterns::equal_in(0, 3).count(), 1);
    }

    #[test]
    fn sets_of_inputs() {
        assert_eq!([0, 1, 20, 32].map(all_inputs), [0, 1, 0xf_ffff, u32::MAX]);
        assert_eq!(members(set_of(&[0, 3, 5])).collect::<Vec<_>>(), [0, 3, 5]);
        assert_eq!(offsets(0b101, 3), [0, 1, 4, 5]);
    }

    #[test]
    fn multiplicities_of_a_task_of_the_paper() {
        // 8-2-1-2-2: a = ones 0011, 1010, 1100 of x1-x4; b = ones 0101, 1001, 1111 of x5-x8; y1 = a and not b, y2 = b and not a.
        let table = CompleteTable::new(&builtin::get("8-2-1-2-2").unwrap()).unwrap();
        let multiplicity = |inputs: &[usize]| table.patterns().acting_alike(set_of(inputs)).count();
        assert_eq!(multiplicity(&[0, 1, 2, 3]), 2);
        assert_eq!(multiplicity(&[4, 5, 6, 7]), 2);
        assert_eq!(multiplicity(&[0, 1, 2, 3, 4, 5, 6, 7]), 3, "neither, one, the other");
        assert_eq!(multiplicity(&[0, 1, 2, 3, 4]), 4, "a and x5");
        assert_eq!(multiplicity(&[0, 1, 2]), 3, "001, then 101 and 110, then the others");
        assert_eq!(multiplicity(&[]), 1);
        assert_eq!(table.of_outputs(&[0]).patterns().count(), 2);
    }
}
