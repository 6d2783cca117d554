//! A canonical order where colour refinement leaves units alike: try each as the first of its class.
//!
//! The order wanted is the one that makes the renumbered list of edges least. Two orders with the same list differ by
//! a symmetry of the network. A unit that a symmetry takes to one already tried needs no trying, so that symmetric
//! networks, however large, cost little; the rest is bounded by a budget.

use super::graph::UnitGraph;
use super::refine::{by_colour, refine, single_out};

/// Visits of edges before the search is given up: about a second.
pub(super) const BUDGET: u64 = 100_000_000;

/// A canonical order and the symmetries of the network.
pub(super) struct Found {
    /// All units in canonical order, inputs first.
    pub order: Vec<u32>,
    /// Permutations that generate the symmetries.
    pub symmetries: Vec<Vec<u32>>,
}

/// Completes the refined `colours`; `None` when the budget is spent.
pub(super) fn canonical(graph: &UnitGraph, colours: &[u32], budget: u64) -> Option<Found> {
    let mut search = Search { graph, budget };
    let (order, mut symmetries) = match search.undecided(colours) {
        None => (by_colour(colours), Vec::new()),
        Some(_) => {
            let branch = search.explore(colours)?;
            (branch.leaf.order, branch.symmetries)
        }
    };
    symmetries.extend(twin_swaps(graph, colours));
    Some(Found { order, symmetries })
}

/// An order with nothing left to decide, and the edges renumbered by it.
struct Leaf {
    order: Vec<u32>,
    edges: Vec<u64>,
}

impl Leaf {
    fn new(graph: &UnitGraph, colours: &[u32]) -> Self {
        let order = by_colour(colours);
        let mut place = vec![0_u32; order.len()];
        for (position, &unit) in order.iter().enumerate() {
            place[unit as usize] = position as u32;
        }
        let mut edges: Vec<u64> = Vec::with_capacity(graph.edges);
        for (unit, feeders) in graph.feeders.iter().enumerate() {
            let to = u64::from(place[unit]) << 32;
            edges.extend(feeders.iter().map(|&from| to | u64::from(place[from as usize])));
        }
        edges.sort_unstable();
        Self { order, edges }
    }

    /// The permutation that takes this order to the other.
    fn to(&self, other: &Self) -> Vec<u32> {
        let mut image = vec![0; self.order.len()];
        for (&from, &to) in self.order.iter().zip(&other.order) {
            image[from as usize] = to;
        }
        image
    }
}

/// The best leaf below a choice and the symmetries that keep the choice.
struct Branch {
    /// The leaf reached by always taking the first unit.
    first: Leaf,
    /// The leaf with the least edges.
    leaf: Leaf,
    symmetries: Vec<Vec<u32>>,
    /// First leaves of the units that a symmetry takes to this one.
    mates: Vec<Leaf>,
}

struct Search<'a> {
    graph: &'a UnitGraph,
    budget: u64,
}

impl Search<'_> {
    /// The units of the first colour that several share that are not all twins.
    fn undecided(&self, colours: &[u32]) -> Option<Vec<u32>> {
        let order = by_colour(colours);
        order
            .chunk_by(|&a, &b| colours[a as usize] == colours[b as usize])
            .find(|class| class.iter().any(|&unit| !self.graph.are_twins(class[0], unit)))
            .map(<[u32]>::to_vec)
    }

    fn single_out(&mut self, colours: &[u32], unit: u32) -> Option<Vec<u32>> {
        let mut colours = single_out(colours, unit);
        let rounds = refine(self.graph, &mut colours);
        let cost = (rounds + 1) * (self.graph.edges + self.graph.units()) as u64;
        self.budget = self.budget.checked_sub(cost)?;
        Some(colours)
    }

    /// The leaf below `colours` when the first unit is always taken.
    fn first_leaf(&mut self, colours: &[u32]) -> Option<Leaf> {
        let mut colours = colours.to_vec();
        while let Some(class) = self.undecided(&colours) {
            colours = self.single_out(&colours, class[0])?;
        }
        Some(Leaf::new(self.graph, &colours))
    }

    /// The best leaf below `colours`.
    fn explore(&mut self, colours: &[u32]) -> Option<Branch> {
        let Some(class) = self.undecided(colours) else {
            let leaf = || Leaf::new(self.graph, colours);
            return Some(Branch { first: leaf(), leaf: leaf(), symmetries: Vec::new(), mates: Vec::new() });
        };
        let mut branches: Vec<Branch> = Vec::new();
        for unit in class {
            let chosen = self.single_out(colours, unit)?;
            let first = self.first_leaf(&chosen)?;
            match branches.iter_mut().find(|branch| branch.first.edges == first.edges) {
                Some(known) => known.mates.push(first),
                None => {
                    let below = self.explore(&chosen)?;
                    branches.push(Branch { first, mates: Vec::new(), ..below });
                }
            }
        }
        best(branches)
    }
}

/// The branch with the least edges, its symmetries joined by those that lead to its equals.
fn best(mut branches: Vec<Branch>) -> Option<Branch> {
    let least = (0..branches.len()).min_by(|&a, &b| branches[a].leaf.edges.cmp(&branches[b].leaf.edges))?;
    let mut best = branches.swap_remove(least);
    for equal in branches.iter().filter(|branch| branch.leaf.edges == best.leaf.edges) {
        best.symmetries.push(best.leaf.to(&equal.leaf));
        best.symmetries.extend(equal.mates.iter().map(|mate| equal.first.to(mate)));
    }
    let to_mates: Vec<Vec<u32>> = best.mates.iter().map(|mate| best.first.to(mate)).collect();
    best.symmetries.extend(to_mates);
    Some(best)
}

/// Swaps of two units with the same neighbours.
fn twin_swaps(graph: &UnitGraph, colours: &[u32]) -> Vec<Vec<u32>> {
    let order = by_colour(colours);
    let mut swaps = Vec::new();
    for class in order.chunk_by(|&a, &b| colours[a as usize] == colours[b as usize]) {
        let mut kinds: Vec<u32> = Vec::new();
        for &unit in class {
            match kinds.iter_mut().find(|kind| graph.are_twins(**kind, unit)) {
                Some(kind) => {
                    let mut swap: Vec<u32> = (0..colours.len() as u32).collect();
                    swap.swap(*kind as usize, unit as usize);
                    swaps.push(swap);
                    *kind = unit;
                }
                None => kinds.push(unit),
            }
        }
    }
    swaps
}
