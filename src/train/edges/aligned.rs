//! Floats that begin on a cache line.

use std::ops::{Deref, DerefMut};

/// Number of floats in a cache line of 64 bytes.
const LINE: usize = 16;

/// A slice of fixed length that begins on a cache line, so that no vector is split between two lines, which costs up to
/// a third of the speed of a block.
pub(in crate::train) struct Aligned {
    values: Vec<f32>,
    start: usize,
    length: usize,
}

impl Aligned {
    /// `length` zeros.
    pub(in crate::train) fn zeros(length: usize) -> Self {
        let values = vec![0.0; length + LINE];
        let start = values.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
        Self { values, start, length }
    }
}

impl Deref for Aligned {
    type Target = [f32];

    #[inline(always)]
    fn deref(&self) -> &[f32] {
        &self.values[self.start..self.start + self.length]
    }
}

impl DerefMut for Aligned {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..self.start + self.length]
    }
}
