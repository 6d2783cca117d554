//! Twelve modular Boolean functions that are not in the paper, drawn from a fixed seed: `generated-01` to
//! `generated-12`.
//!
//! They test the method on functions for which nothing was tuned: they were drawn, and committed, before any network
//! was trained on one of them. They are built like those of the paper (section 2; figures 2, 7, 9 and 11).
//! Sub-functions are ORs of AND gates. Each AND gate reads all inputs of its sub-function and is 1 for one pattern, and
//! no two of these patterns differ in a single input only. The outputs take turns, so that each sub-function at the top
//! has 2 to 8 columns.
//!
//! | shape | levels | sub-functions |
//! |---|---|---|
//! | side by side | 3, or 4 with a gate before the outputs | 2 or 3, each over 2 to 4 inputs; half of the pairs share inputs |
//! | reused | 4 | one over 4 inputs, read by 2 others |
//! | mixed | 4 | two; one sub-function reads the first, another reads both |
//! | joined | 5 | 2 or 3 over 2 to 4 inputs, one bit each, read by one other; or 2 of these and one on its own |
//!
//! Levels are those of the function graph, including inputs and outputs. The twelve have 3, 4, 5, 3, 4, 5 levels and so
//! on, and the shape is drawn from those with that number. A drawn function is discarded if it breaks one of these
//! rules, which depend on its truth table and true modules only:
//!
//! - *size*: it has 4 to 9 inputs.
//! - *dependence*: every output depends on exactly the inputs of its sub-function.
//! - *balance*: every output is 1 in at least an eighth of the rows and 0 in at least an eighth (the extreme in the
//!   paper).
//! - *difference*: outputs of different sub-functions are neither equal nor negations of each other.
//! - *prime*: no set of two or more inputs passes just a single bit on to all outputs together ([`super::columns`]),
//!   unless it is the inputs of a sub-function; otherwise there would be an unnamed sub-function. The same must hold
//!   for each sub-function that reads inputs and has outputs, taken by itself.
//! - *savings*: the sub-functions are visible in the table. If a sub-function without outputs is the only reader of
//!   some inputs, their patterns act in at most half as many ways as there are patterns, and leaving out any of these
//!   inputs leaves more than half as many ways. Any other group of inputs is exactly what some set of outputs depends
//!   on.
//! - *novelty*: no function of the paper, and no function drawn before, has both the same number of inputs and the same
//!   numbers of ones in its different outputs.

mod rules;
mod sketch;

use std::sync::OnceLock;

use super::draws::Draws;
use super::{FunctionGraph, Task, paper};
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

/// One of the twelve functions.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The task, with its truth table and true modules.
    pub task: Task,
    /// The function graph.
    pub graph: FunctionGraph,
    /// The shape in a few words.
    pub shape: String,
    /// How many functions were drawn and discarded before it.
    pub discarded: usize,
}

/// The function of that name. The first call draws all twelve, which takes a few milliseconds.
///
/// ```
/// use neural_sculpting::task::generator;
///
/// let generated = generator::find("generated-01").unwrap();
/// assert_eq!(generated.graph.level_count(), 3);
/// assert!(generated.task.truth.is_some());
/// ```
#[must_use]
pub fn find(name: &str) -> Option<&'static Generated> {
    static DRAWN: OnceLock<Vec<Generated>> = OnceLock::new();
    let number = NAMES.iter().position(|known| *known == name)?;
    DRAWN.get_or_init(draw_all).get(number)
}

fn draw_all() -> Vec<Generated> {
    // A new function must differ from those of the paper and from those drawn before it.
    let paper = paper::names().filter_map(paper::task);
    let mut known: Vec<rules::Signature> = paper.filter_map(|task| rules::signature(&task)).collect();
    let mut drawn = Vec::new();
    for (number, name) in NAMES.iter().enumerate() {
        let generated = draw(name, 3 + number % 3, &known);
        known.extend(rules::signature(&generated.task));
        drawn.push(generated);
    }
    drawn
}

/// Draws until a function breaks no rule. A test ensures that this ends for all twelve.
fn draw(name: &str, levels: usize, known: &[rules::Signature]) -> Generated {
    let mut discarded = 0;
    loop {
        let mut draws = Draws::named(format!("neural-sculpting generated task 1: {name}, draw {discarded}").as_bytes());
        let found = Sketch::draw(&mut draws, levels).and_then(|sketch| sketch.build(name));
        if let Some((graph, task, shape)) = found
            && graph.level_count() == levels
            && rules::broken(&task, known).is_none()
        {
            return Generated { task, graph, shape, discarded };
        }
        discarded += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twelve_are_as_documented() {
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
        assert!(sharing >= 2, "{sharing}");
        assert!(find("generated-13").is_none());
    }

    #[test]
    fn the_twelve_never_change() {
        let hashes = NAMES.map(|name| find(name).unwrap().task.content_hash());
        let expected = [
            "5ca6d0fcd9b95a8bef306ef81133986dc5c15bf438d7f8229af1296904091e42",
            "aca7796cae5d8402eb7573b044c938daadb66de5c75c54c91bfb866c79202fb2",
            "c9d57d2885cd1ada037fea25bb6f670dd17718389320f8542c2b2caa39896765",
            "8da50b5d2327e2a3f799c4c97ff8eefb6245540fe86fca6c6ce266cca02d6a9b",
            "777c440dc1ba2c06cfdf283a7b1327df5bd2f46e8578cff32e130c2530425355",
            "a0032ebd417a98356018d54c6ff5bad4d482154ec18e6cf606bf413032e6dac5",
            "8fef125691fffbaf00fe78f17237eda6d90285ca48b5dc16d1c5e96d33c3decf",
            "f14b5bc0d2b602c39248794ef47ba820af4839d5dcd35ae8f42d2398f0e5fb1b",
            "7b0cf6517af4c01d05cb37a8ecfa5c23ac7eb2e0f64aa701ff7dac6c37ed8a66",
            "fb713de0f35d74c79f214a08159c5954c7f1780bde1b17e8535b8cb3dd0dfd6b",
            "1a838604d92724475743f0535baecb50289d99a7d41098bf3291f3a1d5dce0ff",
            "6319ca0bd099521548ceae22416ed3346e1700e16bfd82726190416e41820771",
        ];
        assert_eq!(hashes, expected);
    }
}
