//! Which module is above which, and the order within a level.

use super::describe::is_back;
use crate::detect::{Hierarchy, ModuleEdge};

/// An element of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// The box of a module.
    Module(usize),
    /// The line of the edge with this index, passing on to a lower level.
    Pass(usize),
}

/// Modules by level, sources first; every edge leads downward.
pub(super) struct Levels {
    /// The nodes of each level, from left to right.
    pub rows: Vec<Vec<Node>>,
    /// The edges that are drawn: those that do not lead back in a circle.
    pub edges: Vec<ModuleEdge>,
    /// The level of each module.
    level: Vec<usize>,
}

impl Levels {
    /// Arranges all modules but those marked in `left_out`.
    pub(super) fn new(hierarchy: &Hierarchy, left_out: &[bool]) -> Self {
        let circles = hierarchy.cycles();
        let leads_back = |edge: &&ModuleEdge| !circles.iter().any(|circle| is_back(edge, circle));
        let edges: Vec<ModuleEdge> = hierarchy.edges.iter().filter(leads_back).copied().collect();
        let level = lowest_levels(hierarchy, &edges);
        let depth = level.iter().max().map_or(0, |&lowest| lowest + 1);
        let mut rows = vec![Vec::new(); depth];
        for (module, &level) in level.iter().enumerate().filter(|(module, _)| !left_out[*module]) {
            rows[level].push(Node::Module(module));
        }
        for (index, edge) in edges.iter().enumerate() {
            for row in &mut rows[level[edge.from] + 1..level[edge.to]] {
                row.push(Node::Pass(index));
            }
        }
        rows.retain(|row| !row.is_empty());
        let mut levels = Self { rows, edges, level };
        levels.untangle();
        levels
    }

    /// The lines between level `upper` and the next.
    pub(super) fn lines(&self, upper: usize) -> Vec<Line> {
        let crosses = |edge: &ModuleEdge| self.level[edge.from] <= upper && self.level[edge.to] > upper;
        let line = |(index, edge): (usize, &ModuleEdge)| {
            let end = |row: usize, module: usize| {
                let here = |node: &Node| *node == Node::Module(module) || *node == Node::Pass(index);
                self.rows[row].iter().position(here)
            };
            Some(Line { edge: index, from: end(upper, edge.from)?, to: end(upper + 1, edge.to)? })
        };
        self.edges.iter().enumerate().filter(|(_, edge)| crosses(edge)).filter_map(line).collect()
    }

    /// The number of digits of the greatest number of edges.
    pub(super) fn widest_count(&self) -> usize {
        self.edges.iter().map(|edge| edge.edges).max().unwrap_or(0).to_string().len()
    }

    /// Orders each level by the mean position of its neighbors, downward and upward in turn, and keeps the order with the
    /// fewest crossings.
    fn untangle(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        for sweep in 0..SWEEPS {
            for row in 1..self.rows.len() {
                if sweep % 2 == 0 {
                    self.order_row(row, row - 1);
                } else {
                    let row = self.rows.len() - 1 - row;
                    self.order_row(row, row + 1);
                }
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    /// Orders `row` by the mean position of each node's neighbors in the adjacent row `fixed`.
    fn order_row(&mut self, row: usize, fixed: usize) {
        let lines = self.lines(row.min(fixed));
        let middle = |place: usize| {
            let joined = lines.iter().filter_map(|line| {
                let (own, other) = if row > fixed { (line.to, line.from) } else { (line.from, line.to) };
                (own == place).then_some(other)
            });
            let joined: Vec<usize> = joined.collect();
            if joined.is_empty() { place as f64 } else { joined.iter().sum::<usize>() as f64 / joined.len() as f64 }
        };
        let mut order: Vec<(f64, Node)> =
            self.rows[row].iter().enumerate().map(|(place, &node)| (middle(place), node)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.rows[row] = order.into_iter().map(|(_, node)| node).collect();
    }

    fn crossings(&self) -> usize {
        let between = |upper: usize| {
            let lines = self.lines(upper);
            let crossed = |a: &Line| lines.iter().filter(|b| a.from < b.from && a.to > b.to).count();
            lines.iter().map(crossed).sum::<usize>()
        };
        (0..self.rows.len().saturating_sub(1)).map(between).sum()
    }
}

/// Sweeps down and up; more gain nothing for a handful of modules.
const SWEEPS: usize = 8;

/// A line between two levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The index of the edge.
    pub edge: usize,
    /// Position in the upper level.
    pub from: usize,
    /// Position in the lower level.
    pub to: usize,
}

/// The level of each module: the longest path down to it. A source without inputs is just above what it feeds.
fn lowest_levels(hierarchy: &Hierarchy, edges: &[ModuleEdge]) -> Vec<usize> {
    let count = hierarchy.nodes.len();
    let mut level = vec![0; count];
    // Without edges that lead back, no path has more modules than there are.
    for _ in 0..count {
        for edge in edges {
            level[edge.to] = level[edge.to].max(level[edge.from] + 1);
        }
    }
    for node in &hierarchy.nodes {
        let fed = edges.iter().filter(|edge| edge.from == node.module).map(|edge| level[edge.to]).min();
        let source = edges.iter().all(|edge| edge.to != node.module);
        if let (true, true, Some(fed)) = (source, node.units[0].is_empty(), fed) {
            level[node.module] = fed - 1;
        }
    }
    level
}
