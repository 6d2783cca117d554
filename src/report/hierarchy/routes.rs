//! How lines run between two levels: straight down, or across on a track of their own.

use std::cmp::Ordering;

use super::levels::{Line, Node};
use super::placed::Placed;

/// Where a line leaves and arrives, and the track on which it runs across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub line: Line,
    /// Column in the upper level.
    pub from: usize,
    /// Column in the lower level.
    pub to: usize,
    /// Row between the levels, from 0.
    pub track: usize,
}

/// All lines between two levels. No two share a column, so they meet only in crossings.
#[derive(Default)]
pub(super) struct Routes {
    pub ends: Vec<Ends>,
    /// The number of rows that the lines need.
    pub tracks: usize,
}

impl Routes {
    pub(super) fn new(lines: &[Line], upper: &[Placed], lower: &Lower<'_>) -> Self {
        let mut ends: Vec<Ends> = lines
            .iter()
            .map(|&line| {
                let from =
                    port(line.from, &upper[line.from], lines, |other| (other.from, lower.row[other.to].middle()), line);
                let to =
                    port(line.to, &lower.row[line.to], lines, |other| (other.to, upper[other.from].middle()), line);
                Ends { line, from, to, track: 0 }
            })
            .collect();
        straighten(&mut ends, lower);
        separate(&mut ends, lower);
        let tracks = assign_tracks(&mut ends);
        Self { ends, tracks }
    }
}

/// The column at which `line` joins a box. The lines of a box are spread evenly, in the order of their other ends.
fn port(place: usize, placed: &Placed, lines: &[Line], key: impl Fn(&Line) -> (usize, usize), line: Line) -> usize {
    let mut here: Vec<(usize, usize)> =
        lines.iter().filter(|other| key(other).0 == place).map(|other| (key(other).1, other.edge)).collect();
    here.sort_unstable();
    let index = here.iter().position(|&(_, edge)| edge == line.edge).unwrap_or(0);
    placed.left + (index + 1) * placed.width / (here.len() + 1)
}

/// The lower level and its dimensions.
pub(super) struct Lower<'a> {
    pub row: &'a [Placed],
    /// Columns of an arrow with its count.
    pub arrow: usize,
    /// Columns of the whole drawing.
    pub width: usize,
}

impl Lower<'_> {
    /// Whether column `to` has room for an arrow with its count inside a box, or for a line between two boxes.
    fn has_room(&self, place: usize, to: usize) -> bool {
        let placed = &self.row[place];
        if let Node::Module(_) = placed.node {
            return to > placed.left && to + self.arrow <= placed.right() + 2;
        }
        let after_left = place == 0 || to >= self.row[place - 1].right() + 2;
        after_left && self.row.get(place + 1).map_or(to < self.width, |right| to + 2 <= right.left)
    }
}

/// Whether a line may arrive at column `to`.
fn fits(ends: &[Ends], index: usize, to: usize, lower: &Lower<'_>) -> bool {
    let place = ends[index].line.to;
    let clear = |(other, end): (usize, &Ends)| {
        other == index
            || end.from != to
                && match end.line.to.cmp(&place) {
                    Ordering::Less => end.to + 2 <= to,
                    Ordering::Equal => end.to.abs_diff(to) >= lower.arrow && (to < end.to) == (ends[index].to < end.to),
                    Ordering::Greater => to + 2 <= end.to,
                }
    };
    lower.has_room(place, to) && ends.iter().enumerate().all(clear)
}

/// Lets lines arrive right below where they leave, if their box is there and has room.
fn straighten(ends: &mut [Ends], lower: &Lower<'_>) {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by_key(|&index| ends[index].from.abs_diff(ends[index].to));
    for index in order {
        if fits(ends, index, ends[index].from, lower) {
            ends[index].to = ends[index].from;
        }
    }
}

/// Moves arrivals aside if they share a column with the departure of another line.
fn separate(ends: &mut [Ends], lower: &Lower<'_>) {
    for index in 0..ends.len() {
        let taken = |to: usize| ends.iter().enumerate().any(|(other, end)| other != index && end.from == to);
        if !taken(ends[index].to) {
            continue;
        }
        let to = ends[index].to;
        let near = [to + 1, to.saturating_sub(1), to + 2, to.saturating_sub(2), to + 3];
        let free = |&near: &usize| {
            lower.has_room(ends[index].line.to, near) && !taken(near) && ends.iter().all(|end| end.to != near)
        };
        if let Some(near) = near.into_iter().find(free) {
            ends[index].to = near;
        }
    }
}

/// Gives each line that runs across the highest free track below the lines that it must not cross, and returns the number of
/// tracks. Among lines to the right the rightmost is highest, among lines to the left the leftmost, so that lines that leave
/// side by side do not cross.
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
