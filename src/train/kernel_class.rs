//! Classes of vector instructions. Results are equal bit for bit within a class, but not between classes.

use std::fmt;
use std::str::FromStr;

use pulp::{Simd, WithSimd};
use serde::{Deserialize, Serialize};

/// A class of vector instructions. Classes differ in the last bits of results, because they sum in different orders.
///
/// ```
/// use neural_sculpting::train::KernelClass;
///
/// assert!(KernelClass::detect().is_here() && KernelClass::Plain.is_here());
/// assert_eq!("avx2".parse(), Ok(KernelClass::Avx2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KernelClass {
    /// x86-64 with AVX-512.
    #[serde(rename = "avx-512")]
    Avx512,
    /// x86-64 with AVX2 and fused multiply-add.
    #[serde(rename = "avx2")]
    Avx2,
    /// 64-bit Arm.
    #[serde(rename = "neon")]
    Neon,
    /// No vector instructions.
    #[serde(rename = "plain")]
    Plain,
}

impl KernelClass {
    /// All classes, the fastest first.
    pub const ALL: [Self; 4] = [Self::Avx512, Self::Avx2, Self::Neon, Self::Plain];

    /// The class of this processor: the first of [`Self::ALL`] that it has.
    #[must_use]
    pub fn detect() -> Self {
        Self::ALL.into_iter().find(|class| class.is_here()).unwrap_or(Self::Plain)
    }

    /// Whether this processor has the instructions of the class.
    #[must_use]
    pub fn is_here(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => pulp::x86::V4::try_new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => pulp::x86::V3::try_new().is_some(),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => pulp::aarch64::Neon::try_new().is_some(),
            Self::Plain => true,
            #[allow(unreachable_patterns)] // depends on the architecture built for
            _ => false,
        }
    }

    /// The vectors of the class; with `narrow`, those of 8 lanes for a class with 16 lanes. [`Self::Plain`]'s vectors
    /// for a class that this processor lacks.
    pub(super) fn vectors(self, narrow: bool) -> Vectors {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 if !narrow => pulp::x86::V4::try_new().map_or(Vectors::Plain, Vectors::Avx512),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 | Self::Avx2 => pulp::x86::V3::try_new().map_or(Vectors::Plain, Vectors::Avx2),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => pulp::aarch64::Neon::try_new().map_or(Vectors::Plain, Vectors::Neon),
            _ => Vectors::Plain,
        }
    }

    /// The name used in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "avx-512",
            Self::Avx2 => "avx2",
            Self::Neon => "neon",
            Self::Plain => "plain",
        }
    }
}

/// Vector instructions that this processor has, so that work can run with them without detecting them again.
#[derive(Clone, Copy)]
pub(super) enum Vectors {
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    #[cfg(target_arch = "aarch64")]
    Neon(pulp::aarch64::Neon),
    Plain,
}

impl Vectors {
    /// Number of lanes of a vector of `f32`.
    pub(super) fn lanes(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => 16,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => 8,
            #[cfg(target_arch = "aarch64")]
            Self::Neon(_) => 4,
            Self::Plain => 1,
        }
    }

    /// Runs `work` with these vectors.
    #[inline]
    pub(super) fn run<W: WithSimd>(self, work: W) -> W::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(simd) => Simd::vectorize(simd, work),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(simd) => Simd::vectorize(simd, work),
            #[cfg(target_arch = "aarch64")]
            Self::Neon(simd) => Simd::vectorize(simd, work),
            Self::Plain => Simd::vectorize(pulp::Scalar::new(), work),
        }
    }
}

/// A text that is not the name of a kernel class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kernel class is called `{0}`; choose one of {names}", names = KernelClass::ALL.map(KernelClass::name).join(", "))]
pub struct UnknownKernelClass(String);

impl FromStr for KernelClass {
    type Err = UnknownKernelClass;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|class| class.name() == text).ok_or_else(|| UnknownKernelClass(text.to_owned()))
    }
}

impl fmt::Display for KernelClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
