//! How lines go between two levels: straight down, or across on a track of their own.

use super::layout::Placed;
use super::levels::{Line, Node};

/// Where a line leaves, where it arrives, and on which track it goes across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub line: Line,
    /// Column above.
    pub from: usize,
    /// Column below.
    pub to: usize,
    /// Row between the levels, from 0.
    pub track: usize,
}

/// All lines between two levels. No two share a column, so they meet only in crossings.
#[derive(Default)]
pub(super) struct Routes {
    pub ends: Vec<Ends>,
    /// Rows that the lines need.
    pub tracks: usize,
}

impl Routes {
    pub(super) fn new(lines: &[Line], upper: &[Placed], lower: &[Placed]) -> Self {
        let mut ends: Vec<Ends> = lines
            .iter()
            .map(|&line| {
                let from =
                    port(line.from, &upper[line.from], lines, |other| (other.from, lower[other.to].middle()), line);
                let to = port(line.to, &lower[line.to], lines, |other| (other.to, upper[other.from].middle()), line);
                Ends { line, from, to, track: 0 }
            })
            .collect();
        straighten(&mut ends, lower);
        separate(&mut ends, lower);
        let tracks = assign_tracks(&mut ends);
        Self { ends, tracks }
    }
}

/// The column at which `line` joins a box: its lines are spread evenly, in the order of where they lead.
fn port(place: usize, placed: &Placed, lines: &[Line], key: impl Fn(&Line) -> (usize, usize), line: Line) -> usize {
    let mut here: Vec<(usize, usize)> =
        lines.iter().filter(|other| key(other).0 == place).map(|other| (key(other).1, other.edge)).collect();
    here.sort_unstable();
    let index = here.iter().position(|&(_, edge)| edge == line.edge).unwrap_or(0);
    placed.left + (index + 1) * placed.width / (here.len() + 1)
}

/// Room that an arrow and its count take to the right.
const ARROW: usize = 5;

/// May a line arrive at column `to` of the box it leads to?
fn fits(ends: &[Ends], index: usize, to: usize, lower: &[Placed]) -> bool {
    let placed = &lower[ends[index].line.to];
    let inside = match placed.node {
        Node::Module(_) => to > placed.left && to < placed.right(),
        Node::Pass(_) => to.abs_diff(placed.left) <= 1,
    };
    let free = ends.iter().enumerate().all(|(other, end)| {
        other == index || end.from != to && (end.line.to != ends[index].line.to || apart(end.to, to, ends[index].to))
    });
    inside && free
}

/// Is `to` clear of another arrow of the same box, on the side where the line arrived before?
fn apart(other: usize, to: usize, before: usize) -> bool {
    to.abs_diff(other) >= ARROW && (to < other) == (before < other)
}

/// Lets lines arrive right below where they leave, if the box is there and has room.
fn straighten(ends: &mut [Ends], lower: &[Placed]) {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by_key(|&index| ends[index].from.abs_diff(ends[index].to));
    for index in order {
        if fits(ends, index, ends[index].from, lower) {
            ends[index].to = ends[index].from;
        }
    }
}

/// Moves arrivals that are in the column of another line's departure a little aside.
fn separate(ends: &mut [Ends], lower: &[Placed]) {
    for index in 0..ends.len() {
        let taken = |to: usize| ends.iter().enumerate().any(|(other, end)| other != index && end.from == to);
        if !taken(ends[index].to) {
            continue;
        }
        let to = ends[index].to;
        let near = [to + 1, to.saturating_sub(1), to + 2, to.saturating_sub(2), to + 3];
        let free = |&near: &usize| {
            let placed = &lower[ends[index].line.to];
            let inside = matches!(placed.node, Node::Pass(_)) || near > placed.left && near < placed.right();
            inside && !taken(near) && ends.iter().all(|end| end.to != near)
        };
        if let Some(near) = near.into_iter().find(free) {
            ends[index].to = near;
        }
    }
}

/// Gives each line that goes across the highest track on which it is below those it must be below; returns how many
/// tracks there are. Of lines to the right the rightmost is highest, of lines to the left the leftmost, so that lines
/// that leave side by side do not cross.
fn assign_tracks(ends: &mut [Ends]) -> usize {
    let mut order: Vec<usize> = (0..ends.len()).filter(|&index| ends[index].from != ends[index].to).collect();
    order.sort_by_key(|&index| {
        let Ends { from, to, .. } = ends[index];
        if to > from { (0, usize::MAX - from) } else { (1, from) }
    });
    let mut placed: Vec<usize> = Vec::new();
    let mut tracks = 0;
    for index in order {
        let (low, high) = span(&ends[index]);
        let meets = |other: &&usize| {
            let (other_low, other_high) = span(&ends[**other]);
            low <= other_high && other_low <= high
        };
        let track = placed.iter().filter(meets).map(|&other| ends[other].track + 1).max().unwrap_or(0);
        ends[index].track = track;
        tracks = tracks.max(track + 1);
        placed.push(index);
    }
    tracks
}

fn span(ends: &Ends) -> (usize, usize) {
    (ends.from.min(ends.to), ends.from.max(ends.to))
}
