//! Rows of bits, 64 per word.
//!
//! `fixedbitset` would need a set per row, each with its own allocation. Here all rows of a layer are in one
//! allocation, and the innermost loop of detection, which counts common bits of two rows, works on plain slices.

/// A matrix of bits with one row per unit and one column per unit of later layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BitRows {
    words: usize,
    bits: Vec<u64>,
}

impl BitRows {
    /// A matrix of zeros.
    pub(crate) fn zeros(rows: usize, columns: usize) -> Self {
        let words = columns.div_ceil(64);
        Self { words, bits: vec![0; rows * words] }
    }

    /// The words of a row. Bits after the last column are 0.
    pub(crate) fn row(&self, row: usize) -> &[u64] {
        &self.bits[row * self.words..(row + 1) * self.words]
    }

    /// Sets one bit.
    pub(crate) fn set(&mut self, row: usize, column: usize) {
        self.bits[row * self.words + column / 64] |= 1 << (column % 64);
    }

    /// Sets the bits of a row that are set in `other`, which may be shorter.
    pub(crate) fn union(&mut self, row: usize, other: &[u64]) {
        for (word, more) in self.bits[row * self.words..].iter_mut().zip(other) {
            *word |= more;
        }
    }

    /// Clears the first `columns` bits of each row.
    pub(crate) fn clear_first(&mut self, columns: usize) {
        for row in self.bits.chunks_exact_mut(self.words.max(1)) {
            row[..columns / 64].fill(0);
            if !columns.is_multiple_of(64) {
                row[columns / 64] &= u64::MAX << (columns % 64);
            }
        }
    }
}

/// Number of bits set.
pub(crate) fn count(row: &[u64]) -> usize {
    row.iter().map(|word| word.count_ones() as usize).sum()
}

/// Number of bits set in both.
pub(crate) fn count_common(first: &[u64], second: &[u64]) -> usize {
    first.iter().zip(second).map(|(a, b)| (a & b).count_ones() as usize).sum()
}

/// The columns whose bits are set, ascending.
pub(crate) fn ones(row: &[u64]) -> impl Iterator<Item = usize> + '_ {
    row.iter().enumerate().flat_map(|(index, &word)| {
        std::iter::successors((word != 0).then_some(word), |rest| Some(rest & (rest - 1)).filter(|rest| *rest != 0))
            .map(move |rest| index * 64 + rest.trailing_zeros() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_across_words() {
        let mut rows = BitRows::zeros(2, 130);
        for column in [0, 63, 64, 129] {
            rows.set(0, column);
        }
        rows.set(1, 64);
        assert_eq!(count(rows.row(0)), 4);
        assert_eq!(count_common(rows.row(0), rows.row(1)), 1);
        assert_eq!(ones(rows.row(0)).collect::<Vec<_>>(), [0, 63, 64, 129]);
        rows.clear_first(64);
        assert_eq!(ones(rows.row(0)).collect::<Vec<_>>(), [64, 129]);
        rows.clear_first(65);
        assert_eq!(count(rows.row(0)), 1);
        assert_eq!(count(rows.row(1)), 0);
    }
}
