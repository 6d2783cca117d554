//! Dots finer than characters: braille, or the closest ASCII characters.

use super::Charset;

/// A field of dots, several per character: two across and four down in Unicode, one across and three down in ASCII.
#[derive(Clone, Debug)]
pub struct Dots {
    width: usize,
    height: usize,
    charset: Charset,
    cells: Vec<u8>,
}

/// The bit of each dot in a braille character: the left column from the top, then the right one.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

impl Dots {
    /// An empty field of `width` by `height` characters.
    #[must_use]
    pub fn new((width, height): (usize, usize), charset: Charset) -> Self {
        Self { width, height, charset, cells: vec![0; width * height] }
    }

    /// Dots per character, across and down.
    #[must_use]
    pub fn fineness(charset: Charset) -> (usize, usize) {
        match charset {
            Charset::Unicode => (2, 4),
            Charset::Ascii => (1, 3),
        }
    }

    /// Sets a dot, counted from the left and the top. Returns the index of its character, or `None` outside the field.
    pub fn set(&mut self, x: usize, y: usize) -> Option<usize> {
        let (across, down) = Self::fineness(self.charset);
        let (column, row) = (x / across, y / down);
        if column >= self.width || row >= self.height {
            return None;
        }
        let cell = row * self.width + column;
        self.cells[cell] |= BITS[x % across][y % down];
        Some(cell)
    }

    /// The characters, row by row.
    #[must_use]
    pub fn rows(&self) -> Vec<String> {
        (0..self.height)
            .map(|row| (0..self.width).map(|column| self.symbol(row * self.width + column)).collect())
            .collect()
    }

    /// The character at an index that [`Self::set`] returned.
    #[must_use]
    pub fn symbol(&self, cell: usize) -> char {
        match (self.cells[cell], self.charset) {
            (0, _) => ' ',
            (dots, Charset::Unicode) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
            (dots, Charset::Ascii) => match dots {
                0x01 => '\'',
                0x02 => '-',
                0x04 => '.',
                _ => '|',
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_have_the_bits_of_braille() {
        let mut dots = Dots::new((2, 1), Charset::Unicode);
        for (x, y) in [(0, 0), (1, 3), (2, 1), (3, 0)] {
            assert_eq!(dots.set(x, y), Some(x / 2));
        }
        assert_eq!(dots.rows(), ["\u{2881}\u{280a}"]);
        assert_eq!((dots.set(4, 0), dots.set(0, 4)), (None, None));
    }

    #[test]
    fn ascii_approximates() {
        let mut dots = Dots::new((4, 1), Charset::Ascii);
        for (x, y) in [(0, 0), (1, 1), (2, 2), (3, 0), (3, 1)] {
            dots.set(x, y);
        }
        assert_eq!(dots.rows(), ["'-.|"]);
    }
}
