//! Twelve modular Boolean functions that are not in the paper, drawn from a fixed seed: `generated-01` to
//! `generated-12`.
//!
//! They are there to try on functions that nobody has tuned anything to what was tuned on the paper's: they were drawn,
//! and committed, before any network was trained on one of them. They are built as the paper's are (section 2; figures
//! 2, 7, 9 and 11): AND gates over all inputs of a sub-function, each 1 for one pattern, no two of them for patterns that
//! differ in one input only; sub-functions that are ORs of such gates; outputs in turn, so that every sub-function at the
//! top has 2 to 8 columns:
//!
//! | shape | levels | sub-functions |
//! |---|---|---|
//! | side by side | 3, or 4 with a gate before the outputs | 2 or 3, each over 2 to 4 inputs; half of the draws share inputs |
//! | reused | 4 | one of 4 inputs, read by 2 or 3 others |
//! | mixed | 4, 5 | two; the first has a reader of its own, and another reader reads both |
//! | joined | 5 | 2 or 3, each of 2 to 4 inputs, one bit each, read by one |
//!
//! Levels are those of the function graph, inputs and outputs counted; the twelve have 3, 4, 5, 3, 4, 5 and so on, and
//! the shape is drawn among those that have that number. What is drawn is kept if it breaks none of these rules, which
//! look at the truth table only; else the next is drawn:
//!
//! - *size*: 4 to 9 inputs;
//! - *dependence*: every output depends on all inputs of its sub-function, and on no other;
//! - *balance*: every output is 1 in an eighth of the rows at least, and 0 in an eighth at least (the paper's extreme);
//! - *difference*: outputs of different sub-functions are neither equal nor each other's negation;
//! - *prime*: no two inputs or more pass a single bit on to all outputs together ([`super::columns`]), but for all inputs
//!   of one sub-function: else there would be a sub-function that is not named. A sub-function that reads inputs and has
//!   outputs is looked at by itself too;
//! - *savings*: what is claimed can be seen. Inputs that a sub-function without outputs reads alone save a bit: they act
//!   in at most half as many ways as they have patterns; and each takes part: without it, the others act in more than
//!   half as many ways. Any other group of inputs is all that one set of outputs depends on;
//! - *novelty*: the number of inputs and the numbers of ones of the different outputs are not, together, those of a
//!   function of the paper or of one drawn before.

mod rules;
mod sketch;

use std::sync::OnceLock;

use super::draws::Draws;
use super::{FunctionGraph, Task, builtin};
use sketch::Sketch;

/// The names of the twelve.
pub const NAMES: [&str; 12] = [
    "generated-01",
    "generated-02",
    "generated-03",
    "generated-04",
    "generated-05",
    "generated-06",
    "generated-07",
    "generated-08",
    "generated-09",
    "generated-10",
    "generated-11",
    "generated-12",
];

/// A function of the twelve.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Its truth table and its true modules.
    pub task: Task,
    /// Its function graph.
    pub graph: FunctionGraph,
    /// Its shape in a few words.
    pub shape: String,
    /// How many were drawn before it and broke a rule.
    pub refused: usize,
}

/// The function of that name; the first call draws all twelve, in some milliseconds.
#[must_use]
pub fn find(name: &str) -> Option<&'static Generated> {
    static DRAWN: OnceLock<Vec<Generated>> = OnceLock::new();
    let number = NAMES.iter().position(|known| *known == name)?;
    DRAWN.get_or_init(draw_all).get(number)
}

fn draw_all() -> Vec<Generated> {
    // What each must differ from: the paper's functions and those drawn before it.
    let paper = builtin::names().filter_map(|name| builtin::get(name).ok());
    let mut known: Vec<rules::Signature> = paper.filter_map(|task| rules::signature(&task)).collect();
    let mut drawn = Vec::new();
    for (number, name) in NAMES.iter().enumerate() {
        let generated = draw(name, 3 + number % 3, &known);
        known.extend(rules::signature(&generated.task));
        drawn.push(generated);
    }
    drawn
}

/// Draws until a function breaks no rule; a test draws all twelve, so there is one.
fn draw(name: &str, levels: usize, known: &[rules::Signature]) -> Generated {
    for refused in 0.. {
        let mut draws = Draws::named(format!("neural-sculpting generated task 1: {name}, draw {refused}").as_bytes());
        let found = Sketch::draw(&mut draws, levels).and_then(|sketch| sketch.build(name));
        if let Some((graph, task, shape)) = found
            && graph.level_count() == levels
            && rules::broken(&task, known).is_none()
        {
            return Generated { task, graph, shape, refused };
        }
    }
    unreachable!("draws do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twelve_are_as_they_were_told_to_be() {
        let mut sharing = 0;
        for (number, name) in NAMES.iter().enumerate() {
            let Generated { task, graph, .. } = find(name).unwrap();
            let truth = task.truth.as_ref().unwrap();
            assert_eq!(task.name, *name);
            assert_eq!(graph.level_count(), 3 + number % 3, "{name}");
            assert!((2..=4).contains(&truth.subfunctions.len()), "{name}");
            assert!((4..=9).contains(&task.inputs.len()), "{name}");
            for (at, group) in truth.output_groups.iter().enumerate() {
                let in_turn = (at..task.outputs.len()).step_by(truth.output_groups.len());
                assert!(group.len() >= 2 && in_turn.eq(group.iter().copied()), "{name}");
            }
            sharing += usize::from(truth.input_readers.iter().any(|readers| readers.len() > 1));
        }
        assert!(sharing >= 3, "{sharing}");
        assert!(find("generated-13").is_none());
    }

    #[test]
    fn the_twelve_never_change() {
        let hashes = NAMES.map(|name| find(name).unwrap().task.content_hash());
        let expected = [
            "9c8ad3f21b61d272d57095590766a2fb3e0c758fa73304526f5d43e89d233b44",
            "aca7796cae5d8402eb7573b044c938daadb66de5c75c54c91bfb866c79202fb2",
            "3494cf6916ee9096b6f7cccf590ad1bb88eaadd55f37f32565a9a5af07015d38",
            "14a0a712a7ab5108c57649c5e0e5a32b9ca15425b4a05bb6271c24874e2a8f30",
            "1f9050726c895470f85b9f5eaf1175e4f3d31e9601d2ca573d9d1aa1f91c0adb",
            "a0032ebd417a98356018d54c6ff5bad4d482154ec18e6cf606bf413032e6dac5",
            "9cc335bf300a0d4dc11db39fefc00d8ac995f23b3977d538c586caa9fd4a204a",
            "f14b5bc0d2b602c39248794ef47ba820af4839d5dcd35ae8f42d2398f0e5fb1b",
            "78211bd131acaaa6dabbeea6bc29e7ebc5dfc46bfc9445caef0cbcd26026e094",
            "fb713de0f35d74c79f214a08159c5954c7f1780bde1b17e8535b8cb3dd0dfd6b",
            "1a838604d92724475743f0535baecb50289d99a7d41098bf3291f3a1d5dce0ff",
            "689111c71c2e6a8d95d34e3d379e809f7c188c3f431838205536704cf84b0337",
        ];
        assert_eq!(hashes, expected);
    }
}
