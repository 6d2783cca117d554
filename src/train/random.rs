//! Random draws: every draw comes from a named stream, in a fixed order.
//!
//! So neither the number of threads, nor the order of jobs, nor interruptions can change a result.

use std::fmt;

use pulp::{Simd, WithSimd};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::kernel_class::{KernelClass, Vectors};
use super::math;

/// The name of a stream: what its draws are for. Names that differ in any part give unrelated streams.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamName {
    /// Seed of the trial.
    pub seed: u64,
    /// The part of the trial that draws.
    pub stage: Stage,
    /// Initial step of the unit walk, in percent of the hidden units; 0 if there is none.
    pub p_u: f64,
    /// Initial step of the edge walk, in percent of the weights; 0 if there is none.
    pub p_e: f64,
    /// Number of the pruning step in its walk, from 0.
    pub round: u32,
}

/// The parts of a trial that draw at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The initial weights and the training of the dense network.
    Dense,
    /// A unit walk.
    Unit,
    /// The retraining between a unit walk and its edge walks.
    Retrain,
    /// An edge walk.
    Edge,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dense => "dense",
            Self::Unit => "unit",
            Self::Retrain => "retrain",
            Self::Edge => "edge",
        })
    }
}

/// Number of words that are drawn from the generator at once: four of its blocks.
const DRAWN: usize = 64;

/// A stream of random draws.
///
/// ```
/// use neural_sculpting::train::{Stage, Stream, StreamName};
///
/// let name = StreamName { seed: 7, stage: Stage::Edge, p_u: 5.0, p_e: 0.5, round: 3 };
/// let (mut one, mut same) = (Stream::new(&name), Stream::new(&name));
/// assert_eq!(one.below(1000), same.below(1000));
/// ```
pub struct Stream {
    generator: ChaCha8Rng,
    /// Words drawn from the generator, and the index of the next one.
    drawn: [u32; DRAWN],
    next: usize,
    words: Vec<u32>,
    vectors: Vectors,
}

impl Stream {
    /// The stream of this name: ChaCha8, keyed by a hash of the name.
    #[must_use]
    pub fn new(name: &StreamName) -> Self {
        let StreamName { seed, stage, p_u, p_e, round } = name;
        let name = format!("neural-sculpting stream 1: seed {seed}, {stage}, p_u {p_u}, p_e {p_e}, round {round}");
        let generator = ChaCha8Rng::from_seed(*blake3::hash(name.as_bytes()).as_bytes());
        Self {
            generator,
            drawn: [0; DRAWN],
            next: DRAWN,
            words: Vec::new(),
            vectors: KernelClass::detect().vectors(false),
        }
    }

    /// The generator's next word.
    #[inline]
    fn word(&mut self) -> u32 {
        if self.next == DRAWN {
            let mut bytes = [0; 4 * DRAWN];
            self.generator.fill_bytes(&mut bytes);
            for (word, bytes) in self.drawn.iter_mut().zip(bytes.as_chunks().0) {
                *word = u32::from_le_bytes(*bytes);
            }
            self.next = 0;
        }
        self.next += 1;
        self.drawn[self.next - 1]
    }

    /// An integer below `bound`, each equally likely (Lemire's multiplication with rejection).
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        loop {
            let product = u64::from(self.word()) * u64::from(bound);
            #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
            let (high, low) = ((product >> 32) as u32, product as u32);
            // The threshold is below the bound, so the division is rarely needed.
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return high;
            }
        }
    }

    /// Shuffles `order` (Fisher and Yates, from the end).
    ///
    /// # Panics
    /// If `order` has more than 2^32 - 1 entries.
    pub fn shuffle(&mut self, order: &mut [u32]) {
        for last in (1..order.len()).rev() {
            let bound = u32::try_from(last + 1).expect("rows fit in 32 bits");
            order.swap(last, self.below(bound) as usize);
        }
    }

    /// Fills `normals` with independent draws from the standard normal distribution (Box and Muller).
    ///
    /// The first half are cosines, the second half sines, so that the arithmetic can be vectorized.
    pub fn normals(&mut self, normals: &mut [f32]) {
        let pairs = normals.len().div_ceil(2);
        self.words.clear();
        while self.words.len() < 2 * pairs {
            let word = self.word();
            self.words.push(word);
            let rest = (2 * pairs - self.words.len()).min(DRAWN - self.next);
            self.words.extend_from_slice(&self.drawn[self.next..self.next + rest]);
            self.next += rest;
        }
        self.vectors.run(BoxMuller { words: &self.words, normals });
    }
}

/// A pair of normals from each pair of words, one word from each half of `words`.
struct BoxMuller<'a> {
    words: &'a [u32],
    normals: &'a mut [f32],
}

impl WithSimd for BoxMuller<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        box_muller(self.words, self.normals);
    }
}

#[inline(always)]
fn box_muller(words: &[u32], normals: &mut [f32]) {
    let pairs = words.len() / 2;
    let (radii, angles) = words.split_at(pairs);
    let (cosines, sines) = normals.split_at_mut(pairs);
    for (((cosine, sine), &radius), &angle) in cosines.iter_mut().zip(&mut *sines).zip(radii).zip(angles) {
        (*cosine, *sine) = pair(radius, angle);
    }
    // If their number is odd, the last cosine has no sine.
    if sines.len() < pairs
        && let (Some(cosine), Some(&radius), Some(&angle)) = (cosines.last_mut(), radii.last(), angles.last())
    {
        *cosine = pair(radius, angle).0;
    }
}

#[inline(always)]
fn pair(radius: u32, angle: u32) -> (f32, f32) {
    let radius = (-2.0 * math::ln(unit_interval(radius) + UNIT)).sqrt();
    let (sine, cosine) = math::sin_cos_turns(unit_interval(angle));
    (radius * cosine, radius * sine)
}

/// The spacing of the results of [`unit_interval`].
const UNIT: f32 = 1.0 / 16_777_216.0;

/// The high 24 bits of a word as a number in `[0, 1)`.
#[inline(always)]
fn unit_interval(word: u32) -> f32 {
    (word >> 8) as f32 * UNIT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(seed: u64, round: u32) -> StreamName {
        StreamName { seed, stage: Stage::Edge, p_u: 5.0, p_e: 0.5, round }
    }

    #[test]
    fn normals_have_the_moments_of_the_normal_distribution() {
        let mut normals = vec![0.0; 400_001];
        Stream::new(&name(7, 0)).normals(&mut normals);
        let n = normals.len() as f64;
        let moment = |power: i32| normals.iter().map(|&x| f64::from(x).powi(power)).sum::<f64>() / n;
        // Standard errors: 1, sqrt 2, sqrt 15 and sqrt 96 over sqrt n; four of them allowed.
        assert!(moment(1).abs() < 4.0 / n.sqrt());
        assert!((moment(2) - 1.0).abs() < 4.0 * 2.0_f64.sqrt() / n.sqrt());
        assert!(moment(3).abs() < 4.0 * 15.0_f64.sqrt() / n.sqrt());
        assert!((moment(4) - 3.0).abs() < 4.0 * 96.0_f64.sqrt() / n.sqrt());
        let neighbors = normals.windows(2).map(|pair| f64::from(pair[0] * pair[1])).sum::<f64>() / n;
        assert!(neighbors.abs() < 4.0 / n.sqrt());
    }

    #[test]
    fn words_are_those_of_the_generator_in_order() {
        let name = name(5, 0);
        let text = "neural-sculpting stream 1: seed 5, edge, p_u 5, p_e 0.5, round 0";
        let mut generator = ChaCha8Rng::from_seed(*blake3::hash(text.as_bytes()).as_bytes());
        let mut stream = Stream::new(&name);
        let words: Vec<u32> = (0..200).map(|_| stream.word()).collect();
        assert_eq!(words, (0..200).map(|_| generator.next_u32()).collect::<Vec<_>>());
        // Normals continue with the next words, whatever was drawn before.
        stream.normals(&mut [0.0; 99]);
        assert_eq!(stream.word(), (0..101).map(|_| generator.next_u32()).last().unwrap());
    }

    #[test]
    fn bounded_draws_are_uniform() {
        let mut stream = Stream::new(&name(1, 0));
        let mut counts = [0_f64; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1.0;
        }
        let chi_square: f64 = counts.iter().map(|count| (count - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi_square < 22.46, "the 0.1% point of chi-square with 6 degrees of freedom: {chi_square}");
    }

    #[test]
    fn a_shuffle_is_a_permutation_and_names_make_streams() {
        let draw = |name: &StreamName| {
            let mut order: Vec<u32> = (0..16).collect();
            Stream::new(name).shuffle(&mut order);
            order
        };
        let order = draw(&name(3, 1));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..16).collect::<Vec<_>>());
        assert_eq!(order, draw(&name(3, 1)));
        assert_ne!(order, draw(&name(3, 2)));
        assert_ne!(order, draw(&name(4, 1)));
    }
}
