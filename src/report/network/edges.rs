//! The lines between two layers.

use std::collections::BTreeMap;

use super::drawing::Cell;
use super::layout::Layout;
use crate::network::Condensed;
use crate::report::Charset;
use crate::report::dots::Dots;
use crate::report::numbers::counted;

/// The most edges between two layers that are drawn: more would fill the space.
const MOST: usize = 5_000;

/// The number of edges from layer `layer` to the next.
fn count(network: &Condensed, layer: usize) -> usize {
    network.feeders(layer).iter().map(Vec::len).sum()
}

/// Whether the edges from layer `layer` to the next are drawn, not only counted.
pub(super) fn are_drawn(network: &Condensed, layer: usize) -> bool {
    count(network, layer) <= MOST
}

/// Draws the edges from layer `layer` to the next on `width` by `height` characters.
///
/// Edges between the same two columns are one line. A character belongs to the module that its line comes from; if lines
/// cross, those within a module are on top.
pub(super) fn draw(
    network: &Condensed,
    layout: &Layout,
    layer: usize,
    (width, height): (usize, usize),
    charset: Charset,
) -> Vec<Vec<Cell>> {
    if !are_drawn(network, layer) {
        return number(count(network, layer), width, height);
    }
    let (from, to) = (&layout.layers[layer], &layout.layers[layer + 1]);
    // Keyed by whether the line stays within its module and by its ends; the value is the module that it comes from.
    let mut lines: BTreeMap<(bool, usize, usize), usize> = BTreeMap::new();
    for (target, feeders) in network.feeders(layer).iter().enumerate() {
        for &source in feeders {
            let within = from.modules.get(source) == to.modules.get(target);
            let module = from.modules.get(source).copied().unwrap_or(0);
            lines.insert((within, from.columns[source], to.columns[target]), module);
        }
    }
    match charset {
        Charset::Unicode => dotted(&lines, width, height),
        Charset::Ascii => typed(&lines, width, height),
    }
}

/// The number of edges in the middle of `width` by `height` characters.
fn number(edges: usize, width: usize, height: usize) -> Vec<Vec<Cell>> {
    let mut rows = vec![vec![Cell::EMPTY; width]; height];
    let text = format!("{:^width$}", counted(edges, "edge"));
    for (cell, symbol) in rows[height / 2].iter_mut().zip(text.chars()) {
        cell.symbol = symbol;
    }
    rows
}

type Lines = BTreeMap<(bool, usize, usize), usize>;

fn dotted(lines: &Lines, width: usize, height: usize) -> Vec<Vec<Cell>> {
    let (across, down) = Dots::fineness(Charset::Unicode);
    let mut dots = Dots::new((width, height), Charset::Unicode);
    let mut modules = vec![None; width * height];
    for (&(_, start, end), &module) in lines {
        for (x, y) in steps(start * across, end * across, height * down) {
            if let Some(cell) = dots.set(x, y) {
                modules[cell] = Some(module);
            }
        }
    }
    let cell = |index: usize| Cell::new(dots.symbol(index), modules[index]);
    (0..height).map(|row| (0..width).map(|column| cell(row * width + column)).collect()).collect()
}

/// Lines of characters, one per row, or more if a line is flat.
fn typed(lines: &Lines, width: usize, height: usize) -> Vec<Vec<Cell>> {
    let mut rows = vec![vec![Cell::EMPTY; width]; height];
    for (&(_, start, end), &module) in lines {
        let mut before: Option<usize> = None;
        for (x, y) in steps(start, end, height) {
            let symbol = match before {
                Some(last) if last == y => '-',
                _ if start.abs_diff(end) * 2 < height => '|',
                _ if end > start => '\\',
                _ => '/',
            };
            before = Some(y);
            if let Some(cell) = rows.get_mut(y).and_then(|row| row.get_mut(x)) {
                let crossed = cell.symbol != ' ' && cell.symbol != symbol;
                *cell = Cell::new(if crossed { 'x' } else { symbol }, Some(module));
            }
        }
    }
    rows
}

/// The points of a line without gaps, from column `start` at the top to column `end` at the bottom of `height` rows.
fn steps(start: usize, end: usize, height: usize) -> impl Iterator<Item = (usize, usize)> {
    let rows = height.saturating_sub(1);
    let count = start.abs_diff(end).max(rows).max(1);
    (0..=count).map(move |step| {
        // Rounded to the nearest, in whole numbers.
        let part = |whole: usize| (2 * whole * step + count) / (2 * count);
        let across = part(start.abs_diff(end));
        (if end >= start { start + across } else { start - across }, part(rows))
    })
}
