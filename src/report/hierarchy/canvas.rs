//! A grid of characters on which lines join where they meet.

use super::super::Charset;

/// Directions in which a line leaves a cell.
const NORTH: u8 = 1;
const EAST: u8 = 2;
const SOUTH: u8 = 4;
const WEST: u8 = 8;

const LEVEL: u8 = EAST | WEST;
const UPRIGHT: u8 = NORTH | SOUTH;
const CROSSING: u8 = LEVEL | UPRIGHT;

/// By the sum of directions.
const UNICODE: [char; 16] = [' ', '╵', '╶', '└', '╷', '│', '┌', '├', '╴', '┘', '─', '┴', '┐', '┤', '┬', '┼'];

#[derive(Clone, Copy, Default)]
struct Cell {
    lines: u8,
    text: Option<char>,
}

/// A drawing of fixed width that grows downward.
pub(super) struct Canvas {
    width: usize,
    cells: Vec<Cell>,
    charset: Charset,
}

impl Canvas {
    pub(super) fn new(width: usize, charset: Charset) -> Self {
        Self { width, cells: Vec::new(), charset }
    }

    fn cell(&mut self, x: usize, y: usize) -> Option<&mut Cell> {
        if x >= self.width {
            return None;
        }
        if self.cells.len() < (y + 1) * self.width {
            self.cells.resize((y + 1) * self.width, Cell::default());
        }
        self.cells.get_mut(y * self.width + x)
    }

    fn join(&mut self, x: usize, y: usize, lines: u8) {
        if let Some(cell) = self.cell(x, y) {
            cell.lines |= lines;
        }
    }

    /// Writes over what is there.
    pub(super) fn text(&mut self, x: usize, y: usize, text: &str) {
        for (place, character) in text.chars().enumerate() {
            if let Some(cell) = self.cell(x + place, y) {
                cell.text = Some(character);
            }
        }
    }

    /// A line from column `a` to column `b`.
    pub(super) fn across(&mut self, y: usize, a: usize, b: usize) {
        for x in a.min(b)..a.max(b) {
            self.join(x, y, EAST);
            self.join(x + 1, y, WEST);
        }
    }

    /// A line from row `top` to row `bottom`.
    pub(super) fn down(&mut self, x: usize, top: usize, bottom: usize) {
        for y in top..bottom {
            self.join(x, y, SOUTH);
            self.join(x, y + 1, NORTH);
        }
    }

    /// A frame; left, right, top and bottom are part of it.
    pub(super) fn frame(&mut self, left: usize, top: usize, right: usize, bottom: usize) {
        self.across(top, left, right);
        self.across(bottom, left, right);
        self.down(left, top, bottom);
        self.down(right, top, bottom);
    }

    /// An arrow's head.
    pub(super) fn arrow(&mut self, x: usize, y: usize) {
        self.text(x, y, if self.charset == Charset::Ascii { "v" } else { "▼" });
    }

    /// The lines of the drawing without trailing spaces.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |cells: &[Cell]| {
            let line: String = cells.iter().map(|cell| cell.text.unwrap_or_else(|| self.joined(cell.lines))).collect();
            line.trim_end().to_owned()
        };
        self.cells.chunks(self.width.max(1)).map(line).collect()
    }

    fn joined(&self, lines: u8) -> char {
        if self.charset == Charset::Unicode {
            return UNICODE[usize::from(lines)];
        }
        match lines {
            0 => ' ',
            EAST | WEST | LEVEL => '-',
            // Where two lines cross, the upright one passes over the other.
            NORTH | SOUTH | UPRIGHT | CROSSING => '|',
            _ => '+',
        }
    }
}
