//! A search for a canonical order where color refinement does not distinguish units: each is tried as the first of its
//! class.
//!
//! The canonical order is the one with the least renumbered list of edges. Two orders with the same list differ by a
//! symmetry of the network. A unit that a known symmetry maps to one already tried need not be tried, so symmetric
//! networks cost little, however large they are. A budget bounds the remaining cost.

use petgraph::unionfind::UnionFind;

use super::graph::UnitGraph;
use super::refine::{by_color, refine, single_out};

/// How many edges are visited before the search is given up: about a second.
pub(super) const BUDGET: u64 = 100_000_000;

/// A canonical order and the symmetries of the network.
pub(super) struct CanonicalOrder {
    /// All units in canonical order, inputs first.
    pub order: Vec<u32>,
    /// Permutations that generate all symmetries.
    pub symmetries: Vec<Vec<u32>>,
}

/// Searches from refined `colors`; `None` if the budget is exceeded.
pub(super) fn canonical(graph: &UnitGraph, colors: &[u32], budget: u64) -> Option<CanonicalOrder> {
    let mut search = Search { graph, budget };
    let (order, mut symmetries) = if search.undecided(colors).is_none() {
        (by_color(colors), Vec::new())
    } else {
        let branch = search.explore(colors)?;
        (branch.least.order, branch.symmetries)
    };
    symmetries.extend(twin_swaps(graph, colors));
    Some(CanonicalOrder { order, symmetries })
}

/// A complete order and the edges renumbered by it.
struct Leaf {
    order: Vec<u32>,
    edges: Vec<u64>,
}

impl Leaf {
    fn new(graph: &UnitGraph, colors: &[u32]) -> Self {
        let order = by_color(colors);
        let mut position_of = vec![0_u32; order.len()];
        for (position, &unit) in order.iter().enumerate() {
            position_of[unit as usize] = position as u32;
        }
        let mut edges: Vec<u64> = Vec::with_capacity(graph.edges);
        for (unit, feeders) in graph.feeders.iter().enumerate() {
            let to = u64::from(position_of[unit]) << 32;
            edges.extend(feeders.iter().map(|&from| to | u64::from(position_of[from as usize])));
        }
        edges.sort_unstable();
        Self { order, edges }
    }

    /// The permutation that maps this order to the other.
    fn to(&self, other: &Self) -> Vec<u32> {
        let mut image = vec![0; self.order.len()];
        for (&from, &to) in self.order.iter().zip(&other.order) {
            image[from as usize] = to;
        }
        image
    }
}

/// The results below a choice: the leaf reached by always choosing the first unit, the leaf with the least edges, and
/// symmetries that respect all choices made before.
struct Branch {
    first: Leaf,
    least: Leaf,
    symmetries: Vec<Vec<u32>>,
}

struct Search<'a> {
    graph: &'a UnitGraph,
    budget: u64,
}

impl Search<'_> {
    /// The first class of units of the same color that are not all twins.
    fn undecided(&self, colors: &[u32]) -> Option<Vec<u32>> {
        let order = by_color(colors);
        order
            .chunk_by(|&a, &b| colors[a as usize] == colors[b as usize])
            .find(|class| class.iter().any(|&unit| !self.graph.are_twins(class[0], unit)))
            .map(<[u32]>::to_vec)
    }

    fn single_out(&mut self, colors: &[u32], unit: u32) -> Option<Vec<u32>> {
        let mut colors = single_out(colors, unit);
        let rounds = refine(self.graph, &mut colors);
        let cost = (rounds + 1) * (self.graph.edges + self.graph.units()) as u64;
        self.budget = self.budget.checked_sub(cost)?;
        Some(colors)
    }

    /// The leaf below `colors` reached by always choosing the first unit.
    fn first_leaf(&mut self, colors: &[u32]) -> Option<Leaf> {
        let mut colors = colors.to_vec();
        while let Some(class) = self.undecided(&colors) {
            colors = self.single_out(&colors, class[0])?;
        }
        Some(Leaf::new(self.graph, &colors))
    }

    /// The least leaf below `colors`, and symmetries that generate all those that keep `colors`, except swaps of twins.
    fn explore(&mut self, colors: &[u32]) -> Option<Branch> {
        let Some(class) = self.undecided(colors) else {
            let leaf = || Leaf::new(self.graph, colors);
            return Some(Branch { first: leaf(), least: leaf(), symmetries: Vec::new() });
        };
        let mut symmetries = Symmetries::new(self.graph.units());
        let mut branches: Vec<Branch> = Vec::new();
        for (tried, &unit) in class.iter().enumerate() {
            if class[..tried].iter().any(|&before| symmetries.map(before, unit)) {
                continue;
            }
            let chosen = self.single_out(colors, unit)?;
            let first = self.first_leaf(&chosen)?;
            if let Some(known) = branches.iter().find(|branch| branch.first.edges == first.edges) {
                symmetries.add(known.first.to(&first));
                continue;
            }
            let mut below = self.explore(&chosen)?;
            below.symmetries.drain(..).for_each(|symmetry| symmetries.add(symmetry));
            for equal in branches.iter().filter(|branch| branch.least.edges == below.least.edges) {
                symmetries.add(equal.least.to(&below.least));
            }
            branches.push(Branch { first, ..below });
        }
        let least = branches.into_iter().min_by(|a, b| a.least.edges.cmp(&b.least.edges))?;
        Some(Branch { symmetries: symmetries.found, ..least })
    }
}

/// The symmetries found so far, and which units they map to each other.
struct Symmetries {
    found: Vec<Vec<u32>>,
    orbits: UnionFind<u32>,
}

impl Symmetries {
    fn new(units: usize) -> Self {
        Self { found: Vec::new(), orbits: UnionFind::new(units) }
    }

    fn add(&mut self, symmetry: Vec<u32>) {
        for (from, &to) in symmetry.iter().enumerate() {
            self.orbits.union(from as u32, to);
        }
        self.found.push(symmetry);
    }

    /// Does a combination of the symmetries map one unit to the other?
    fn map(&self, from: u32, to: u32) -> bool {
        self.orbits.equiv(from, to)
    }
}

/// Swaps of two units with the same neighbors.
fn twin_swaps(graph: &UnitGraph, colors: &[u32]) -> Vec<Vec<u32>> {
    let order = by_color(colors);
    let mut swaps = Vec::new();
    for class in order.chunk_by(|&a, &b| colors[a as usize] == colors[b as usize]) {
        let mut kinds: Vec<u32> = Vec::new();
        for &unit in class {
            match kinds.iter_mut().find(|kind| graph.are_twins(**kind, unit)) {
                Some(kind) => {
                    let mut swap: Vec<u32> = (0..colors.len() as u32).collect();
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
