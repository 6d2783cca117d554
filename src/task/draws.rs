//! Random integers from streams that are named by their purpose.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A random stream: ChaCha8, seeded by a hash of its name. Different names give unrelated streams.
pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    /// The stream of this name.
    pub(crate) fn named(name: &[u8]) -> Self {
        Self(ChaCha8Rng::from_seed(*blake3::hash(name).as_bytes()))
    }

    /// A uniformly distributed number below `bound`: the high half of a product, drawn again in the rare cases that
    /// would favor some numbers.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        let unfair = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(bound);
            #[allow(clippy::cast_possible_truncation)] // the halves of the product; the high one is below bound
            let (high, low) = ((product >> 64) as usize, product as u64);
            if low >= unfair {
                return high;
            }
        }
    }
}
