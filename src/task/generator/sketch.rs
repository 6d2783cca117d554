//! Draws function graphs, before any rule is applied.

use std::collections::BTreeMap;

use crate::task::draws::Draws;
use crate::task::graph::{FunctionGraph, Gate};
use crate::task::{Task, Truth};

/// The shapes with 3, 4 and 5 levels, each equally likely.
const SHAPES: [&[Shape]; 3] = [
    &[Shape::Parallel { tops: 2, gated: false }, Shape::Parallel { tops: 3, gated: false }],
    &[Shape::Parallel { tops: 2, gated: true }, Shape::Reused, Shape::Mixed],
    &[
        Shape::Joined { parts: 2, separate: false },
        Shape::Joined { parts: 3, separate: false },
        Shape::Joined { parts: 2, separate: true },
    ],
];

/// The most output columns.
const MOST_OUTPUTS: usize = 16;

#[derive(Clone, Copy)]
enum Shape {
    /// Sub-functions side by side; two of them may share inputs. If `gated`, each has a gate before its outputs.
    Parallel { tops: usize, gated: bool },
    /// One sub-function; each of two others reads some of its terms.
    Reused,
    /// Two sub-functions; another reads terms of the first, and yet another reads terms of both.
    Mixed,
    /// Sub-functions of one bit each, and one that reads these bits. If `separate`, there is one more on its own.
    Joined { parts: usize, separate: bool },
}

/// A function graph while it is being drawn.
pub(super) struct Sketch {
    inputs: usize,
    gates: Vec<Gate>,
    subfunctions: BTreeMap<String, Vec<String>>,
    /// For each sub-function at the top: its name and what its outputs read.
    tops: Vec<(String, Source)>,
    copies: usize,
    shape: String,
}

/// What an output reads.
struct Source {
    gates: Vec<String>,
    /// Every second output of the sub-function is 1 if no gate is 1, instead of if any gate is 1.
    alternates: bool,
}

impl Sketch {
    /// Draws a function with 3, 4 or 5 levels; `None` if the draws make no function.
    pub(super) fn draw(draws: &mut Draws, levels: usize) -> Option<Self> {
        let shapes = SHAPES.get(levels.checked_sub(3)?)?;
        match shapes[draws.below(shapes.len())] {
            Shape::Parallel { tops, gated } => Self::parallel(draws, tops, gated),
            Shape::Reused => Self::reused(draws),
            Shape::Mixed => Self::mixed(draws),
            Shape::Joined { parts, separate } => Self::joined(draws, parts, separate),
        }
    }

    /// The graph, the task with its true modules, and the shape in words; `None` if a gate feeds nothing.
    pub(super) fn build(mut self, name: &str) -> Option<(FunctionGraph, Task, String)> {
        let outputs = self.add_outputs();
        let inputs: Vec<String> = (0..self.inputs).map(input).collect();
        let graph = FunctionGraph::new(&inputs, &outputs, &self.gates).ok()?;
        let truth = Truth::of_graph(&graph, &self.subfunctions).ok()?;
        let task = Task::of_graph(name, &graph, Some(truth)).ok()?;
        Some((graph, task, self.shape))
    }

    fn new(inputs: usize, shape: String) -> Self {
        let (gates, subfunctions, tops) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { inputs, gates, subfunctions, tops, copies: 0, shape }
    }

    fn parallel(draws: &mut Draws, tops: usize, gated: bool) -> Option<Self> {
        let widths: Vec<usize> = (0..tops).map(|_| between(draws, 5 - tops, 4)).collect();
        let sharing = tops == 2 && draws.below(2) == 1;
        let mut first = vec![0];
        for pair in widths.windows(2) {
            // Each sub-function keeps an input that its neighbor does not read.
            let common = if sharing { between(draws, 1, pair[0].min(pair[1]) - 1) } else { 0 };
            first.push(first[first.len() - 1] + pair[0] - common);
        }
        let inputs = first[tops - 1] + widths[tops - 1];
        let mut sketch =
            Self::new(inputs, format!("{tops} side by side{}", if sharing { ", sharing inputs" } else { "" }));
        let alternates = !gated && draws.below(2) == 1;
        for top in 0..tops {
            let name = format!("o{}", top + 1);
            let mut read = sketch.terms(draws, &name, first[top], widths[top])?;
            if gated {
                read = vec![sketch.any(&name, &format!("f{}", top + 1), read)];
            }
            sketch.tops.push((name, Source { gates: read, alternates }));
        }
        sketch.draw_copies(draws, if gated { &[4, 6, 8] } else { &[2, 4] });
        Some(sketch)
    }

    fn reused(draws: &mut Draws) -> Option<Self> {
        let mut sketch = Self::new(4, "one reused by 2".to_owned());
        let terms = sketch.terms(draws, "s", 0, 4)?;
        for top in 1..=2 {
            let taken = some_of(draws, &terms, 2)?;
            sketch.top(top, taken);
        }
        sketch.draw_copies(draws, &[4, 6, 8]);
        Some(sketch)
    }

    fn mixed(draws: &mut Draws) -> Option<Self> {
        let (first, second) = (between(draws, 3, 4), between(draws, 2, 4));
        let mut sketch = Self::new(first + second, "one reused by 2, one not".to_owned());
        let terms = sketch.terms(draws, "s1", 0, first)?;
        let others = sketch.terms(draws, "s2", first, second)?;
        let taken = some_of(draws, &terms, 2)?;
        sketch.top(1, taken);
        let taken = some_of(draws, &terms, 1)?;
        sketch.top(2, [taken, others].concat());
        sketch.draw_copies(draws, &[4, 6, 8]);
        Some(sketch)
    }

    fn joined(draws: &mut Draws, parts: usize, separate: bool) -> Option<Self> {
        // At most nine inputs: two blocks of 3 or 4 inputs, or three of 2 or 3.
        let blocks = parts + usize::from(separate);
        let widths: Vec<usize> = (0..blocks).map(|_| between(draws, 5 - blocks, 6 - blocks)).collect();
        let first = |block: usize| widths[..block].iter().sum();
        let shape = format!("{parts} joined by one{}", if separate { ", and one separate" } else { "" });
        let mut sketch = Self::new(first(blocks), shape);
        let mut bits = Vec::new();
        for (part, &width) in widths[..parts].iter().enumerate() {
            let name = format!("s{}", part + 1);
            let terms = sketch.terms(draws, &name, first(part), width)?;
            bits.push(sketch.any(&name, &format!("v{}", part + 1), terms));
        }
        let terms = sketch.patterns(draws, "o1", &bits, parts - 1, parts)?;
        sketch.tops.push(("o1".to_owned(), Source { gates: terms, alternates: false }));
        if separate {
            let terms = sketch.terms(draws, "o2", first(parts), widths[parts])?;
            sketch.top(2, terms);
        }
        sketch.draw_copies(draws, &[4, 6, 8]);
        Some(sketch)
    }

    /// Terms over `width` inputs starting at `first`: 1 or 2 terms over two inputs, 2 or 3 over three, 3 or 4 over
    /// four.
    fn terms(&mut self, draws: &mut Draws, subfunction: &str, first: usize, width: usize) -> Option<Vec<String>> {
        let inputs: Vec<String> = (first..first + width).map(input).collect();
        self.patterns(draws, subfunction, &inputs, width - 1, width)
    }

    /// AND gates over all of `reads`, between `least` and `most` of them, each 1 for one pattern. Any two patterns
    /// differ in at least two bits.
    fn patterns(
        &mut self,
        draws: &mut Draws,
        subfunction: &str,
        reads: &[String],
        least: usize,
        most: usize,
    ) -> Option<Vec<String>> {
        let count = between(draws, least, most);
        let mut chosen: Vec<u32> = Vec::new();
        for _ in 0..count {
            let apart = |pattern: &u32| chosen.iter().all(|other| (pattern ^ other).count_ones() >= 2);
            let open: Vec<u32> = (0..1 << reads.len()).filter(apart).collect();
            chosen.push(*open.get(draws.below(open.len().max(1)))?);
        }
        chosen.sort_unstable();
        let mut terms = Vec::new();
        for (number, pattern) in chosen.iter().enumerate() {
            let literal = |(at, name): (usize, &String)| {
                let sign = if pattern >> (reads.len() - 1 - at) & 1 == 1 { "" } else { "!" };
                format!("{sign}{name}")
            };
            let name = format!("{subfunction}t{}", number + 1);
            self.gate(subfunction, &name, "AND", reads.iter().enumerate().map(literal).collect());
            terms.push(name);
        }
        Some(terms)
    }

    /// A sub-function at the top: an OR of `terms`.
    fn top(&mut self, number: usize, terms: Vec<String>) {
        let name = format!("o{number}");
        let gate = self.any(&name, &format!("f{number}"), terms);
        self.tops.push((name, Source { gates: vec![gate], alternates: false }));
    }

    /// A gate that is 1 if any of `reads` is.
    fn any(&mut self, subfunction: &str, name: &str, reads: Vec<String>) -> String {
        let op = if reads.len() == 1 { "ID" } else { "OR" };
        self.gate(subfunction, name, op, reads);
        name.to_owned()
    }

    fn gate(&mut self, subfunction: &str, name: &str, op: &str, reads: Vec<String>) {
        self.gates.push(Gate { name: name.to_owned(), op: op.to_owned(), reads });
        self.subfunctions.entry(subfunction.to_owned()).or_default().push(name.to_owned());
    }

    /// Draws how many outputs each sub-function at the top has, from the choices that keep within the limit.
    fn draw_copies(&mut self, draws: &mut Draws, choices: &[usize]) {
        let open: Vec<usize> =
            choices.iter().copied().filter(|copies| copies * self.tops.len() <= MOST_OUTPUTS).collect();
        self.copies = open[draws.below(open.len())];
    }

    /// Adds outputs of the sub-functions at the top, in turn; returns their names.
    fn add_outputs(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        let tops = std::mem::take(&mut self.tops);
        for copy in 0..self.copies {
            for (subfunction, source) in &tops {
                let name = format!("y{}", names.len() + 1);
                if source.alternates && copy % 2 == 1 {
                    let none = source.gates.iter().map(|gate| format!("!{gate}")).collect();
                    self.gate(subfunction, &name, "AND", none);
                } else {
                    self.any(subfunction, &name, source.gates.clone());
                }
                names.push(name);
            }
        }
        names
    }
}

fn input(number: usize) -> String {
    format!("x{}", number + 1)
}

fn between(draws: &mut Draws, least: usize, most: usize) -> usize {
    least + draws.below(most - least + 1)
}

/// At least `least` of `terms`, but not all of them, in order; `None` if there are too few.
fn some_of(draws: &mut Draws, terms: &[String], least: usize) -> Option<Vec<String>> {
    let most = terms.len().checked_sub(least).filter(|most| *most > 0)?;
    let mut taken = terms.to_vec();
    for _ in 0..between(draws, 1, most) {
        taken.remove(draws.below(taken.len()));
    }
    Some(taken)
}
