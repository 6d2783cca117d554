//! Positions of boxes, and the drawing of boxes and lines.

use super::super::Charset;
use super::super::text::length;
use super::canvas::Canvas;
use super::describe::Describer;
use super::levels::{Levels, Node};
use super::placed::Placed;
use super::routes::{Lower, Routes};
use crate::detect::ModuleEdge;

/// Columns between two boxes.
const GAP: usize = 3;

/// Columns of an arrow and the gaps around its count.
const ARROW: usize = 3;

/// All nodes with their positions, level by level, and the total width.
pub(super) struct Layout {
    pub width: usize,
    rows: Vec<Vec<Placed>>,
}

impl Layout {
    /// Places boxes with the given lines of text, each level centered.
    pub(super) fn new(levels: &Levels, boxes: &[Vec<String>]) -> Self {
        let widths: Vec<Vec<usize>> =
            levels.rows.iter().map(|row| row.iter().map(|node| width_of(*node, levels, boxes)).collect()).collect();
        let total = |row: &Vec<usize>| row.iter().sum::<usize>() + GAP * row.len().saturating_sub(1);
        let width = widths.iter().map(total).max().unwrap_or(0);
        let mut rows = Vec::new();
        for (row, widths) in levels.rows.iter().zip(&widths) {
            // Spare columns go half into the gaps of a level and half around it.
            let free = width - total(widths);
            let spread = if row.len() > 1 { (free / (row.len() + 1)).min(2 * GAP) } else { 0 };
            let mut left = (free - spread * (row.len() - 1)) / 2;
            let mut placed = Vec::new();
            for (&node, &width) in row.iter().zip(widths) {
                placed.push(Placed { node, left, width });
                left += width + GAP + spread;
            }
            rows.push(placed);
        }
        Self { width, rows }
    }

    /// The drawing.
    pub(super) fn draw(mut self, levels: &Levels, boxes: &[Vec<String>], charset: Charset) -> Vec<String> {
        let mut canvas = Canvas::new(self.width, charset);
        let mut top = 0;
        for level in 0..self.rows.len() {
            let bottom = top + height(&self.rows[level], boxes) - 1;
            for placed in &self.rows[level] {
                draw_box(&mut canvas, placed, top, boxes);
            }
            let routes = self.routes(levels, level);
            for ends in &routes.ends {
                let from = &self.rows[level][ends.line.from];
                let start = match from.node {
                    Node::Module(module) => top + boxes[module].len() + 1,
                    Node::Pass(_) => top.saturating_sub(1),
                };
                canvas.down(ends.from, start, bottom);
            }
            top = self.draw_routes(&mut canvas, levels, level, &routes, bottom);
        }
        canvas.lines()
    }

    /// Routes of the lines below a level; passing lines of the next level move to where their lines arrive.
    fn routes(&mut self, levels: &Levels, level: usize) -> Routes {
        let Some(row) = self.rows.get(level + 1) else {
            return Routes::default();
        };
        let lower = Lower { row, arrow: levels.widest_count() + ARROW, width: self.width };
        let routes = Routes::new(&levels.lines(level), &self.rows[level], &lower);
        for ends in &routes.ends {
            let placed = &mut self.rows[level + 1][ends.line.to];
            if let Node::Pass(_) = placed.node {
                placed.left = ends.to;
            }
        }
        routes
    }

    /// Draws the lines below a level that ends at row `bottom`; returns the first row of the next level.
    fn draw_routes(&self, canvas: &mut Canvas, levels: &Levels, level: usize, routes: &Routes, bottom: usize) -> usize {
        if routes.ends.is_empty() {
            return bottom + 2;
        }
        let arrows = bottom + routes.tracks.max(1) + 1;
        for ends in &routes.ends {
            let turn = bottom + 1 + ends.track;
            canvas.down(ends.from, bottom, turn);
            canvas.across(turn, ends.from, ends.to);
            canvas.down(ends.to, turn, arrows);
            match self.rows[level + 1][ends.line.to].node {
                Node::Module(_) => {
                    canvas.arrow(ends.to, arrows);
                    canvas.text(ends.to + 2, arrows, &levels.edges[ends.line.edge].edges.to_string());
                }
                Node::Pass(_) => canvas.down(ends.to, arrows, arrows + 1),
            }
        }
        arrows + 1
    }
}

/// The width needed for the text and for the ends of all lines above and below with their counts.
fn width_of(node: Node, levels: &Levels, boxes: &[Vec<String>]) -> usize {
    let Node::Module(module) = node else {
        return 1;
    };
    let text = boxes[module].iter().map(|line| length(line)).max().unwrap_or(0).max(4) + 4;
    let ends = |joins: fn(&ModuleEdge) -> usize| levels.edges.iter().filter(|edge| joins(edge) == module).count();
    let arriving = (ends(|edge| edge.to) + 1) * (levels.widest_count() + ARROW);
    let leaving = (ends(|edge| edge.from) + 1) * 3;
    text.max(arriving).max(leaving)
}

/// The height of the tallest box of a level.
fn height(row: &[Placed], boxes: &[Vec<String>]) -> usize {
    let height = |placed: &Placed| match placed.node {
        Node::Module(module) => boxes[module].len() + 2,
        Node::Pass(_) => 1,
    };
    row.iter().map(height).max().unwrap_or(1)
}

fn draw_box(canvas: &mut Canvas, placed: &Placed, top: usize, boxes: &[Vec<String>]) {
    let Node::Module(module) = placed.node else {
        return;
    };
    canvas.frame(placed.left, top, placed.right(), top + boxes[module].len() + 1);
    canvas.text(placed.left + 2, top, &format!(" {} ", Describer::title(module)));
    for (line, text) in boxes[module].iter().enumerate() {
        canvas.text(placed.left + 2, top + 1 + line, text);
    }
}
